"""Finding a drop-in: open to all, nothing personal on it, kept by caches while nobody is signed in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.core import calendar, clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.caching import keep_for
from app.core.web.pages import page
from app.dropins import finding, staff_calendar, wording
from app.dropins.calendar_files import booking_file, subscribed, uid_of
from app.dropins.finding import Found, Wanted
from app.dropins.models import SessionState
from app.dropins.states import state_now
from app.people.sessions import Actor

bp = Blueprint("dropins", __name__)

# Places go while somebody reads: the list may be half a minute old.
KEPT_FOR = 30


@bp.get("/dropins/")
def listed() -> Response:
    """What is on, by day, soonest first, and what of it I look for."""
    wanted, now = _wanted(), clock.now()
    everything = finding.coming(db.session, _actor(), now)
    found = finding.coming(db.session, _actor(), now, wanted) if wanted.narrow else everything
    shown = found if "later" in request.args else finding.nearest(found, now)
    context: dict[str, Any] = {
        "days": finding.by_day(db.session, shown),
        "more": len(found) - len(shown),
        "choices": finding.choices(everything),
        "wanted": wanted,
        "asked": _asked(wanted),
        "on_now": {each.dropin.id for each in found if state_now(each.dropin, now) == SessionState.running},
        "wording": wording,
    }
    return keep_for(page("dropins/listed.html", **context), KEPT_FOR)


def _wanted() -> Wanted:
    way = request.args.get("way", "")
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return Wanted(
        area=request.args.get("area", "")[:80],
        language=request.args.get("speaks", "")[:10],
        way=way if way in ("home", "place") else "",
        day=day,
    )


def _asked(wanted: Wanted) -> dict[str, str]:
    """Return the choices as they stand in an address; a link changes one of them and keeps the rest."""
    asked = {
        "area": wanted.area,
        "speaks": wanted.language,
        "way": wanted.way,
        "day": wanted.day.isoformat() if wanted.day else "",
    }
    return {name: value for name, value in asked.items() if value}


@bp.get("/dropins/calendar")
def calendar_page() -> Response:
    """A month at a time: on which days something is on."""
    today, now = clock.today(), clock.now()
    first = finding.month_of(request.args.get("month", ""), today)
    found = finding.in_month(db.session, _actor(), first, now)
    before, after = finding.months_around(first, today)
    answer = page(
        "dropins/calendar.html",
        first=first,
        weeks=finding.weeks(first, found),
        before=before,
        after=after,
        today_is=today,
        wording=wording,
    )
    return keep_for(answer, KEPT_FOR)


@bp.get("/dropins/<uuid:dropin_id>")
def one(dropin_id: uuid.UUID) -> Response:
    """One drop-in: when, where, how to get there, who it suits, and how many places are left."""
    found, now = _one(dropin_id), clock.now()
    return keep_for(
        page("dropins/one.html", each=found, state=state_now(found.dropin, now), wording=wording, signed_in=_actor()),
        KEPT_FOR,
    )


@bp.get("/dropins/<uuid:dropin_id>.ics")
def one_file(dropin_id: uuid.UUID) -> Response:
    """One drop-in for a calendar: what the open page says, and no more."""
    found = _one(dropin_id)
    dropin = found.dropin
    made = booking_file(
        uid_of(dropin.id),
        dropin.sequence,
        "CANCEL" if found.cancelled else "PUBLISH",
        dropin.starts_at,
        dropin.ends_at,
        dropin.title,
        where_words(found),
        address=_address(dropin.id),
    )
    return keep_for(_calendar(made, "drop-in.ics"), KEPT_FOR)


@bp.get("/dropins/calendar.ics")
def whole_file() -> Response:
    """Every open drop-in, for a calendar that follows it. Only what everybody may know, whoever asks."""
    events = [
        calendar.Event(
            uid=uid_of(each.dropin.id),
            summary=each.dropin.title,
            starts=each.dropin.starts_at,
            ends=each.dropin.ends_at,
            sequence=each.dropin.sequence,
            where=where_words(each),
            address=_address(each.dropin.id),
            cancelled=each.cancelled,
        )
        for each in finding.coming(db.session, None, clock.now())
    ]
    # TRANSLATORS: Name of a calendar that people can add to their phone: all the drop-ins there are.
    return keep_for(_calendar(subscribed(events, _("Drop-ins")), "drop-ins.ics"), 900)


@bp.get("/dropins/staff-calendar/<token>.ics")
def staff_feed(token: str) -> Response:
    """A worker's own sessions for their calendar, behind a secret address. Numbers, and no name of a young person."""
    owner_id = staff_calendar.owner_of(db.session, token)
    if owner_id is None:
        raise NotFound
    # TRANSLATORS: Name of a worker's calendar of the drop-ins that they run.
    name = _("My drop-ins")
    return _calendar(subscribed(staff_calendar.events(db.session, owner_id, clock.now()), name), "mine.ics")


def _one(dropin_id: uuid.UUID) -> Found:
    found = finding.one(db.session, _actor(), dropin_id, clock.now())
    if found is None:
        raise NotFound
    return found


def _actor() -> Actor | None:
    actor: Actor | None = g.get("actor")
    return actor


def where_words(found: Found) -> str:
    """Return where a session is, as far as whoever asks may know it: the whole address, or the part of the town."""
    if found.venue is None:
        return str(wording.MODES[found.dropin.mode])
    if found.whole_address:
        return f"{found.venue.name_public}, {found.venue.address}"
    return found.venue.area


def _address(dropin_id: uuid.UUID) -> str:
    return settings().public_url.rstrip("/") + url_for("dropins.one", dropin_id=dropin_id)


def _calendar(made: bytes, name: str) -> Response:
    response = make_response(made)
    response.headers["Content-Type"] = calendar.MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
