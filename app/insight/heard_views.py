"""Heard, and answered: a term's figures for the Virtual School, small numbers hidden. Who opened it is audited."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core import audit, clock
from app.core.db import db
from app.core.web.pages import page
from app.insight import heard_figures, periods, suppression
from app.insight.heard_figures import Count
from app.insight.periods import Period
from app.insight.suppression import Shown
from app.people.sessions import current_actor

bp = Blueprint("evidence_heard", __name__)

# How many terms can be looked back at.
TERMS_BACK = 6

LABELS: dict[str, LazyString] = {
    # TRANSLATORS: rows of a table for the Virtual School: figures about children's voice in their PEPs
    "V1": _l("Children who gave their voice by the day of the meeting"),
    "V2": _l("… of them, two working days before it or earlier"),
    "V4": _l("Children who were at their meeting, at least for a part (as recorded here)"),
    "V5": _l("Children who took part in any way: there, in what they sent, or through somebody they chose"),
    "V6": _l("‘Was the meeting friendly?’ Really good or good, of those who answered"),
    "V7": _l("‘Was it about you?’ Really good or good, of those who answered"),
    "V7-say": _l("‘Did you get your say?’ Yes, of those who answered"),
    "V8": _l("Wishes of the term before that were answered by this term's meeting"),
    "V9": _l("PEPs with something from the people the child lives with, by the day"),
    "carers-there": _l("Meetings with a carer or key worker there, of those where it was recorded"),
    "home-informed": _l("Carers who feel informed by the school: mostly or very much"),
    "home-link": _l("Key workers who are well in touch with the school: mostly or very well"),
    "looked-in-time": _l("New words looked at within two working days"),
    "by-its-day": _l("Wishes answered by the day that was given"),
    "happened": _l("‘Did it happen?’ Yes, of those who were asked and answered"),
}


# V2 is a share of those counted in V1; whoever was there is also among those who took part.
FOLLOWS = ((("V2", "d"), ("V1", "n")),)
BESIDE = ((("V5", "n"), ("V4", "n")),)


def shown(found: Mapping[str, Count]) -> dict[str, Shown]:
    """Return the figures as they may be shown: small numbers hidden, and none to be read off another figure."""
    numbers = {(code, which): getattr(one, which) for code, one in found.items() for which in "nd"}
    cells = {code: suppression.share(one.n, one.d) for code, one in found.items()}
    return suppression.apart(cells, numbers, FOLLOWS, BESIDE)


def terms_to(today: Period) -> list[Period]:
    """Return a term and those before it, the newest first."""
    start = int(today.code[:4])
    every = [one for year in range(start - TERMS_BACK // 3, start + 1) for one in periods.terms(year)]
    return [one for one in reversed(every) if one.first <= today.first][: TERMS_BACK + 1]


@bp.get("/staff/evidence/heard")
def heard() -> Response:
    """The figures of a term."""
    session, on = db.session, clock.today()
    now_in = next(one for one in periods.terms(periods.school_year(on)) if on in one)
    known = terms_to(now_in)
    chosen = next((place for place, one in enumerate(known[:-1]) if one.code == request.args.get("term")), 0)
    audit.record(session, current_actor(), "evidence.read", detail=f"heard {known[chosen].code}")
    found = heard_figures.figures(session, known[chosen], known[chosen + 1], clock.now())
    cells = shown(found)
    rows = [(code, label, cells[code]) for code, label in LABELS.items()]
    return page("insight/heard.html", term=known[chosen].code, terms=[one.code for one in known[:-1]], rows=rows)
