"""What drop-ins lead to: a table for the Virtual School, and the same as a file. Who opened it is audited."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core import audit, clock
from app.core.db import db
from app.core.languages import find
from app.core.web.pages import page
from app.core.web.terms import term_name
from app.dropins.models import Visit
from app.dropins.visit_words import PURPOSES
from app.insight import dropin_facts, periods
from app.insight.dropin_table import Table, table
from app.people.sessions import current_actor

bp = Blueprint("insight", __name__)


def _year() -> int:
    given = request.args.get("year", "")
    now = periods.school_year(clock.today())
    return int(given) if given.isdecimal() and 2000 <= int(given[:4]) <= now and len(given) == 4 else now


def _table(start: int) -> Table:
    chosen = [periods.year(start), *periods.terms(start)]
    # Twelve months to the end of the first term reach back into the year before.
    begins = periods.year(start - 1).begins
    facts = dropin_facts.gather(db.session, begins, chosen[0].ends, clock.now())
    return table(facts, chosen, clock.today())


def _years() -> list[int]:
    first: datetime | None = db.session.scalar(select(func.min(Visit.started_at)))
    today = clock.today()
    return list(periods.since(clock.local(first).date() if first else today, today))


@bp.get("/staff/evidence/drop-ins")
def drop_ins() -> Response:
    """The figures of a school year and its terms, small numbers hidden."""
    start = _year()
    audit.record(db.session, current_actor(), "evidence.read", detail=f"drop-ins {start}")
    found = _table(start)
    return page(
        "insight/drop_ins.html",
        start=start,
        years=_years(),
        found=found,
        heads=[_whole_year(start), *(term_name(period.code) for period in found.periods[1:])],
        titles=_split_titles(),
        words=_group_words,
    )


def _whole_year(start: int) -> str:
    # TRANSLATORS: head of a column: a whole school year, such as 2026–27
    return _("Year %(from)s–%(to)s", **{"from": str(start), "to": f"{(start + 1) % 100:02d}"})


def _split_titles() -> dict[str, str]:
    return {
        # TRANSLATORS: captions of small tables: visits and people by something
        "topic": _("By what it was about"),
        "place": _("By place"),
        "language": _("By the language that was spoken"),
        "ucic": _("Came alone to this country"),
        "neet": _("In no education, work or training at the first visit"),
    }


def _group_words(split: str, key: str) -> str:
    if split == "topic":
        return str(PURPOSES.get(key, key))
    if split == "language":
        found = find(key)
        return found.english_name if found else key
    if split == "place":
        # TRANSLATORS: how a visit took place where there is no venue
        return {"online": _("Online"), "phone": _("By phone")}.get(key, key)
    # TRANSLATORS: groups of a small table
    return {"yes": _("Yes"), "no": _("No"), "unknown": _("Not known")}.get(key, key)


@bp.get("/staff/evidence/drop-ins.csv")
def drop_ins_file() -> Response:
    """The same as a file. It holds what the page shows and nothing more: no name, no id, no small number."""
    start = _year()
    audit.record(db.session, current_actor(), "evidence.exported", detail=f"drop-ins {start}")
    found = _table(start)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["measure", "label", "period", "numerator", "denominator", "rate"])
    for row in found.rows:
        for period, cell in zip(found.periods, row.cells, strict=True):
            rows.writerow([row.code, row.label, period.code, cell.n, cell.d, cell.rate])
    for name, groups in found.splits.items():
        for group in groups:
            label = _group_words(name, group.key)
            rows.writerow([f"visits-by-{name}", _plain(label), found.periods[0].code, group.visits, "", ""])
            rows.writerow([f"people-by-{name}", _plain(label), found.periods[0].code, group.people, "", ""])
    answer = make_response(out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="drop-ins-{found.periods[0].code}.csv"'
    return answer


def _plain(label: str) -> str:
    """Return a label that no spreadsheet takes for a formula: a place's name is what somebody typed."""
    return f"'{label}" if label[:1] in "=+-@\t\r" else label
