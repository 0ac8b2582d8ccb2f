"""Setting up, the rest: places, rows of sessions, a term copied, posters, calendars. Routes of ``setting_up``'s blueprint."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db, new_id
from app.core.settings import settings
from app.core.web.pages import go, page
from app.dropins import series, sessions, staff_calendar, states, wording
from app.dropins.forms import VenueForm
from app.dropins.models import DropIn, Series, SessionState, Venue
from app.dropins.setting_up import bp, counts_of, staff_of, theirs
from app.dropins.states import COMING
from app.people.qr import draw
from app.people.sessions import current_actor

# A term that ended longer ago is not the one somebody copies.
_COPIED_WITHIN = timedelta(days=150)


@bp.get("/staff/dropins/venues")
def venues() -> BaseResponse:
    """Every place, those in use first, with how many sessions are to come there."""
    counts = db.session.execute(
        select(DropIn.venue_id, func.count())
        .where(DropIn.venue_id.is_not(None), DropIn.state.in_(COMING), DropIn.ends_at > clock.now())
        .group_by(DropIn.venue_id)
    )
    every = db.session.scalars(select(Venue).order_by(Venue.active.desc(), Venue.name_public))
    return page("dropins/venues.html", venues=list(every), counts={row[0]: row[1] for row in counts}, wording=wording)


@bp.route("/staff/dropins/venues/new", methods=["GET", "POST"])
def new_venue() -> BaseResponse:
    """Add a place."""
    return _venue(None)


@bp.route("/staff/dropins/venues/<uuid:venue_id>", methods=["GET", "POST"])
def edit_venue(venue_id: uuid.UUID) -> BaseResponse:
    """Change a place, or take it out of use."""
    found = db.session.get(Venue, venue_id)
    if found is None:
        raise NotFound
    return _venue(found)


def _venue(venue: Venue | None) -> BaseResponse:
    form = VenueForm(obj=venue)
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return page("dropins/venue.html", status=status, form=form, venue=venue, once=_given("once") or new_id())
    if venue is None:
        # Pressed twice, it is one place.
        once = _given("once") or new_id()
        venue = db.session.get(Venue, once) or Venue(id=once)
        db.session.add(venue)
    form.populate_obj(venue)
    db.session.flush()
    audit.record(db.session, current_actor(), "venue.changed", thing_id=venue.id)
    # TRANSLATORS: to a worker who changed a place
    flash(_("Saved."), "saved")
    return go("dropins_setup.venues")


def _given(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError:
        return None


@bp.route("/staff/dropins/copy", methods=["GET", "POST"])
def copy() -> BaseResponse:
    """Copy a term: choose the rows and the days, look at the dates, make them."""
    rows = _recent()
    kept = request.form if request.method == "POST" else request.args
    first, last = _day(kept.get("first")), _day(kept.get("last"))
    picked = [row for row in rows if str(row.id) in kept.getlist("series")]
    problem = ""
    if "look" in kept or request.method == "POST":
        problem = _problem(first, last, picked)
    dates = {}
    if first and last and picked and not problem:
        dates = {row.id: series.planned_copy(row, first, last) for row in picked}
    if request.method == "POST" and dates and first and last:
        held = set(kept.getlist("held"))
        skip = {day.on for days in dates.values() for day in days if day.on.isoformat() not in held}
        made = series.copy_term(db.session, current_actor(), picked, first, last, skip)
        # TRANSLATORS: to a worker who copied a term of sessions
        words = ngettext("%(num)s session is made.", "%(num)s sessions are made.", len(made))
        # TRANSLATORS: to a worker who made a row of sessions that nobody can see yet
        flash(words + " " + _("Nobody can see them until you publish them."), "saved")
        if len({one.series_id for one in made}) == 1:
            return go("dropins_setup.series_one", series_id=made[0].series_id)
        return go("dropins_setup.listed")
    return page(
        "dropins/setup_copy.html",
        status=422 if problem else 200,
        rows=rows,
        picked={row.id for row in picked} if "look" in kept or picked else {row.id for row in rows},
        first=kept.get("first", ""),
        last=kept.get("last", ""),
        dates=dates,
        every=sorted({day for days in dates.values() for day in days}, key=lambda day: day.on),
        problem=problem,
        wording=wording,
    )


def _recent() -> list[Series]:
    since = clock.today() - _COPIED_WITHIN
    return list(
        db.session.scalars(select(Series).where(Series.last_on >= since).order_by(Series.title, Series.first_on))
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _problem(first: date | None, last: date | None, picked: list[Series]) -> str:
    if not picked:
        # TRANSLATORS: to a worker who copies a term and chose nothing to copy
        return _("Choose at least one row to copy.")
    if first is None or last is None:
        # TRANSLATORS: to a worker who copies a term
        return _("Choose the first and the last day of the new term.")
    if first < clock.today() or not timedelta() <= last - first <= series.LONGEST:
        # TRANSLATORS: to a worker who copies a term
        return _("Choose a first day that is still to come, and a last day after it, within a year.")
    return ""


# -- rows of them -----------------------------------------------------------------------------------------------------


@bp.get("/staff/dropins/series/<uuid:series_id>")
def series_one(series_id: uuid.UUID) -> Response:
    """A row of sessions: its days, those left out, and what is not published yet."""
    row = db.session.get(Series, series_id)
    if row is None:
        raise NotFound
    dropins = _of(series_id)
    ids = [dropin.id for dropin in dropins]
    return page(
        "dropins/setup_series.html",
        series=row,
        dropins=dropins,
        counts=counts_of(ids),
        staff=staff_of(ids),
        now=clock.now(),
        state_now=lambda dropin: states.state_now(dropin, clock.now()),
        wording=wording,
    )


def _of(series_id: uuid.UUID) -> list[DropIn]:
    return list(db.session.scalars(select(DropIn).where(DropIn.series_id == series_id).order_by(DropIn.starts_at)))


@bp.post("/staff/dropins/series/<uuid:series_id>/publish")
def publish_series(series_id: uuid.UUID) -> BaseResponse:
    """Publish every draft of a row that is ready; say how many are not."""
    done = 0
    drafts = [dropin for dropin in _of(series_id) if dropin.state == SessionState.draft]
    for dropin in drafts:
        if not sessions.missing(db.session, dropin):
            sessions.publish(db.session, current_actor(), dropin)
            done += 1
    # TRANSLATORS: to a worker who published a row of sessions
    flash(ngettext("%(num)s is published.", "%(num)s are published.", done), "saved")
    if done < len(drafts):
        # TRANSLATORS: to a worker: some sessions of a row could not be published
        flash(_("Some are not ready. Open them to see what is missing."), "problem")
    return go("dropins_setup.series_one", series_id=series_id)


# -- on paper and in calendars ----------------------------------------------------------------------------------------


@bp.get("/staff/dropins/poster")
def poster_of_all() -> Response:
    """A page for a wall that leads to every session: neutral words and a code to scan."""
    return _poster(None)


@bp.get("/staff/dropins/<uuid:dropin_id>/poster")
def poster(dropin_id: uuid.UUID) -> Response:
    """A page for a wall that leads to one session. It names nobody."""
    dropin = theirs(dropin_id)
    if dropin.visibility != "public_safe" or dropin.state == SessionState.draft:
        raise NotFound
    return _poster(dropin)


def _poster(dropin: DropIn | None) -> Response:
    path = url_for("dropins.one", dropin_id=dropin.id) if dropin else url_for("dropins.listed")
    address = settings().public_url.rstrip("/") + path
    venue = sessions.venue_of(db.session, dropin) if dropin else None
    return page(
        "dropins/poster.html",
        it=dropin,
        venue=venue,
        address=address.removeprefix("https://").removeprefix("http://"),
        code=draw(address),
        wording=wording,
    )


@bp.route("/staff/dropins/calendar", methods=["GET", "POST"])
def my_calendar() -> BaseResponse:
    """Make, or take back, the secret address of my own calendar. It is shown once."""
    actor, token = current_actor(), None
    if request.method == "POST" and request.form.get("do") == "stop":
        staff_calendar.take_back(db.session, actor)
        # TRANSLATORS: to a worker who stopped the address of their calendar
        flash(_("The address has stopped working."), "saved")
        return go("dropins_setup.my_calendar")
    if request.method == "POST":
        token = staff_calendar.make_address(db.session, actor)
    return page(
        "dropins/setup_calendar.html",
        address=settings().public_url.rstrip("/") + url_for("dropins.staff_feed", token=token) if token else "",
        has_one=staff_calendar.has_address(db.session, actor.person_id),
    )
