"""Higher education events in figures, for the Virtual School, small numbers hidden. Who opened it is audited."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import func, select

from app.core import audit, clock
from app.core.db import db
from app.core.web.pages import page
from app.insight import periods, suppression
from app.insight.suppression import HIDDEN, Shown
from app.pathways.event_figures import YEARS, EventFigures, event_figures
from app.pathways.models import HeEvent, Opportunity
from app.people.sessions import current_actor

bp = Blueprint("evidence_events", __name__)


@bp.get("/staff/evidence/events")
def events() -> Response:
    """The figures of a school year."""
    first = db.session.scalar(select(func.min(Opportunity.starts_at)).join(HeEvent))
    today = clock.today()
    years = list(periods.since(min(clock.local(first).date(), today) if first else today, today))
    given = request.args.get("year", "")
    start = int(given) if given in {str(one) for one in years} else periods.school_year(today)
    audit.record(db.session, current_actor(), "evidence.read", detail=f"events {start}")
    year = periods.year(start)
    found = event_figures(db.session, year.begins, year.ends)
    came, by_year = went(found)
    said = suppression.share(found.could_see, found.answered)
    return page("insight/events.html", start=start, years=years, came=came, by_year=by_year, said=said)


def went(found: EventFigures) -> tuple[Shown, dict[int, Shown]]:
    """Return P5 in all and by year group as they may be shown: no sum gives a small year group away."""
    numbers, cohorts = [found.came[year] for year in YEARS], [found.of[year] for year in YEARS]
    total = suppression.share(sum(numbers), sum(cohorts))
    sizes = suppression.parts(cohorts)
    cells = [suppression.share(n, d) for n, d in zip(numbers, cohorts, strict=True)]
    small = {place for place, cell in enumerate(cells) if total.hidden or cell.hidden or sizes[place] == HIDDEN}
    small = suppression.second_hiding(numbers, small)
    shown = [Shown(HIDDEN, sizes[place], HIDDEN) if place in small else cell for place, cell in enumerate(cells)]
    return total, dict(zip(YEARS, shown, strict=True))
