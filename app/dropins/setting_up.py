"""Staff set drop-ins up: one, again and again, somewhere else, called off; places, posters, calendars."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import finding, series, sessions, states, wording
from app.dropins.forms import DropInForm
from app.dropins.models import DropIn, DropInStaff, Series, SessionState, Slot, Venue
from app.dropins.sessions import Missing, NotReady, PlacesTaken
from app.dropins.states import Overtaken
from app.people.models import Person
from app.people.policy import VIRTUAL_SCHOOL
from app.people.sessions import current_actor

bp = Blueprint("dropins_setup", __name__)

# How far back the list goes: what has to be settled is a few days old.
_BACK = timedelta(days=30)
_MOST = 200


@bp.get("/staff/dropins")
def listed() -> Response:
    """What is coming, soonest first: all of it for the Virtual School, one's own for everybody else."""
    actor, now = current_actor(), clock.now()
    query = (
        select(DropIn, Venue)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .where(DropIn.starts_at > now - _BACK)
        .order_by(DropIn.starts_at)
        .limit(_MOST)
    )
    if actor.role not in VIRTUAL_SCHOOL:
        mine = select(DropInStaff.dropin_id).where(DropInStaff.person_id == actor.person_id)
        query = query.where(DropIn.id.in_(mine), DropIn.state != SessionState.draft)
    rows = [(dropin, venue) for dropin, venue in db.session.execute(query)]
    ids = [dropin.id for dropin, _venue in rows]
    return page(
        "dropins/setup_list.html",
        coming=[row for row in rows if row[0].ends_at > now],
        past=[row for row in reversed(rows) if row[0].ends_at <= now],
        counts=counts_of(ids),
        staff=staff_of(ids),
        may_edit=_may_edit(),
        state_now=lambda dropin: states.state_now(dropin, now),
        wording=wording,
    )


def _may_edit() -> bool:
    return current_actor().role in VIRTUAL_SCHOOL


def counts_of(ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Return (taken, places) of each session."""
    rows = db.session.execute(
        select(Slot.dropin_id, func.sum(Slot.taken), func.sum(Slot.capacity))
        .where(Slot.dropin_id.in_(ids))
        .group_by(Slot.dropin_id)
    )
    return {dropin_id: (int(taken), int(places)) for dropin_id, taken, places in rows}


def staff_of(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return the names of who is there; who has left is not."""
    today = clock.today()
    names: dict[uuid.UUID, list[str]] = {}
    rows = db.session.execute(
        select(DropInStaff.dropin_id, Person.name)
        .join(Person, Person.id == DropInStaff.person_id)
        .where(DropInStaff.dropin_id.in_(ids), Person.ended_on.is_(None) | (Person.ended_on > today))
        .order_by(Person.name)
    )
    for dropin_id, name in rows:
        names.setdefault(dropin_id, []).append(name)
    return names


@bp.get("/staff/dropins/<uuid:dropin_id>")
def one(dropin_id: uuid.UUID) -> Response:
    """One session: how it stands, what is missing, and everything that can be done with it."""
    return _show(theirs(dropin_id))


def theirs(dropin_id: uuid.UUID) -> DropIn:
    """Return a session that this worker is named for, or any for the Virtual School. Raises NotFound for another's."""
    dropin = db.session.get(DropIn, dropin_id)
    if dropin is None or not finding.works_there(db.session, current_actor(), dropin):
        raise NotFound
    return dropin


def _ours(dropin_id: uuid.UUID) -> DropIn:
    found = db.session.get(DropIn, dropin_id)
    if found is None:
        raise NotFound
    return found


def _show(dropin: DropIn, status: int = 200, **context: object) -> Response:
    shown: dict[str, object] = {"problem": "", "taken": 0, **context}
    return page(
        "dropins/setup_one.html",
        status=status,
        it=dropin,
        venue=sessions.venue_of(db.session, dropin),
        slots=sessions.slots_of(db.session, dropin.id),
        staff=staff_of([dropin.id]).get(dropin.id, []),
        missing=[missing_words(one) for one in sessions.missing(db.session, dropin)]
        if dropin.state == SessionState.draft
        else [],
        state=states.state_now(dropin, clock.now()),
        may_edit=_may_edit(),
        open_places=sessions.open_places,
        wording=wording,
        **shown,
    )


def missing_words(code: Missing) -> str:
    """Return what to do about something that keeps a session from being published."""
    return {
        # TRANSLATORS: to a worker: what a session still needs before people can find it
        Missing.no_title: _("Give it a title."),
        Missing.says_who: _("Take out of the title who it is for: titles show on phones and screens."),
        Missing.venue: _("Choose the place."),
        Missing.staff: _("Choose at least one adviser who is there."),
        Missing.too_short: _("Make it longer, or its slots shorter: not one slot fits."),
        Missing.over: _("Choose a day that is still to come."),
    }[code]


# -- making and changing ----------------------------------------------------------------------------------------------


@bp.route("/staff/dropins/new", methods=["GET", "POST"])
def new() -> BaseResponse:
    """Make a session, or a row of them; a row is shown as dates first."""
    form = DropInForm()
    form.offer(db.session)
    if request.method == "GET":
        return page("dropins/setup_form.html", form=form, it=None, once=new_id(), problem="", taken=None)
    once = _once()
    if not form.validate():
        return page("dropins/setup_form.html", status=422, form=form, it=None, once=once, problem="", taken=None)
    try:
        return _make_row(form, once) if form.repeats.data else _make_one(form, once)
    except IntegrityError:
        # The other press of a double tap was first: what it made is what this one meant.
        db.session.rollback()
        return go("dropins_setup.listed")


def _once() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("once", ""))
    except ValueError:
        return new_id()


def _make_one(form: DropInForm, once: uuid.UUID) -> BaseResponse:
    if db.session.get(DropIn, once) is None:
        dropin = DropIn(id=once)
        form.put(dropin, slots=True)
        db.session.add(dropin)
        db.session.flush()
        sessions.set_staff(db.session, current_actor(), dropin, form.people)
        audit.record(db.session, current_actor(), "dropin.made", thing_id=once)
    # TRANSLATORS: to a worker who made a session that nobody can see yet
    flash(_("Saved. Nobody can see it until you publish it."), "saved")
    return go("dropins_setup.one", dropin_id=once)


def _make_row(form: DropInForm, once: uuid.UUID) -> BaseResponse:
    rule = series.rule_for(series.Repeats(form.repeats.data), form.on.data)
    days = series.days(rule, form.on.data, form.until.data, form.at, skip_bank_holidays=form.skip_bank_holidays.data)
    held = set(request.form.getlist("held"))
    chosen = request.form.get("step") == "make"
    if not chosen or not held:
        return page(
            "dropins/setup_dates.html",
            status=422 if chosen else 200,
            days=days,
            fields=[
                pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "step", "held", "once")
            ],
            once=once,
            form=form,
            problem=_("Choose at least one day.") if chosen else "",
            wording=wording,
        )
    if db.session.get(Series, once) is None:
        like = DropIn()
        form.put(like, slots=True)
        planned = [
            series.Day(day.on, day.skipped or (None if day.on.isoformat() in held else series.CHOSEN)) for day in days
        ]
        minutes = round((form.ends_at - form.starts_at).total_seconds() / 60)
        series.make(
            db.session,
            current_actor(),
            like,
            form.people,
            rule,
            planned,
            at=form.at,
            minutes=minutes,
            skip_bank_holidays=form.skip_bank_holidays.data,
            series_id=once,
        )
    # TRANSLATORS: to a worker who made a row of sessions that nobody can see yet
    flash(_("Saved. Nobody can see them until you publish them."), "saved")
    return go("dropins_setup.series_one", series_id=once)


@bp.route("/staff/dropins/<uuid:dropin_id>/edit", methods=["GET", "POST"])
def edit(dropin_id: uuid.UUID) -> BaseResponse:
    """Change one session. Another time or place moves it, and everybody who is booked is told."""
    dropin = _ours(dropin_id)
    if dropin.state not in (SessionState.draft, SessionState.published):
        return _overtaken(dropin_id)
    form = DropInForm()
    form.offer(db.session, dropin)
    if request.method == "GET":
        form.show(dropin, series.staff_ids(db.session, dropin.id))
        return _form(form, dropin)
    if dropin.state == SessionState.published:
        # Slots and places are changed on a page of their own once people can book.
        form.slot_minutes.data = str(dropin.slot_minutes or "")
        form.capacity.data, form.capacity.raw_data = dropin.capacity, [str(dropin.capacity)]
        form.walk_in_hold.data, form.walk_in_hold.raw_data = dropin.walk_in_hold, [str(dropin.walk_in_hold)]
    form.repeats.data = ""
    if not form.validate():
        return _form(form, dropin, 422)
    try:
        _change(dropin, form)
    except Overtaken:
        db.session.rollback()
        return _overtaken(dropin_id)
    except PlacesTaken as refused:
        db.session.rollback()
        return _form(form, _ours(dropin_id), 422, taken=refused.taken)
    except (NotReady, ValueError) as refused:
        db.session.rollback()
        lacking = refused.missing[0] if isinstance(refused, NotReady) else Missing.over
        return _form(form, _ours(dropin_id), 422, problem=missing_words(lacking))
    # TRANSLATORS: to a worker who changed a session
    flash(_("Saved. If the time or the place changed, everybody who is booked is told."), "saved")
    return go("dropins_setup.one", dropin_id=dropin_id)


def _form(form: DropInForm, dropin: DropIn, status: int = 200, problem: str = "", taken: int | None = None) -> Response:
    return page("dropins/setup_form.html", status=status, form=form, it=dropin, once=None, problem=problem, taken=taken)


def _change(dropin: DropIn, form: DropInForm) -> None:
    actor, seen = current_actor(), _version()
    draft = dropin.state == SessionState.draft
    if draft:
        states.claim(db.session, dropin, seen, (SessionState.draft,))
        form.put(dropin, slots=True)
    else:
        lacking = Missing.venue if form.mode.data in sessions.AT_A_PLACE and form.place is None else None
        if lacking:
            raise NotReady([lacking])
        moved = sessions.rearrange(
            db.session,
            actor,
            dropin,
            form.starts_at,
            form.ends_at,
            venue_id=form.place,
            mode=form.mode.data,
            seen_version=seen,
        )
        if not moved:
            states.claim(db.session, dropin, seen, (SessionState.published,))
        title = dropin.title
        form.put(dropin, slots=False)
        dropin.sequence += not moved and dropin.title != title
    sessions.set_staff(db.session, actor, dropin, form.people)
    db.session.flush()
    audit.record(db.session, actor, "dropin.changed", thing_id=dropin.id)


def _version() -> int | None:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _overtaken(dropin_id: uuid.UUID) -> BaseResponse:
    # TRANSLATORS: to a worker, when a colleague changed a session while the worker's page was open
    flash(_("This changed while your page was open. Here is how it stands now."), "calm")
    return go("dropins_setup.one", dropin_id=dropin_id)


# -- its life ---------------------------------------------------------------------------------------------------------


@bp.post("/staff/dropins/<uuid:dropin_id>/publish")
def publish(dropin_id: uuid.UUID) -> BaseResponse:
    """Let people find it and book."""
    dropin = _ours(dropin_id)
    try:
        sessions.publish(db.session, current_actor(), dropin)
    except NotReady:
        # TRANSLATORS: to a worker who publishes a session that is not ready
        return _show(dropin, 422, problem=_("Something is missing. Put it right, then publish."))
    except Overtaken:
        return _overtaken(dropin_id)
    # TRANSLATORS: to a worker who published a session
    flash(_("Published. People can find it and book now."), "saved")
    return go("dropins_setup.one", dropin_id=dropin_id)


@bp.post("/staff/dropins/<uuid:dropin_id>/delete")
def delete(dropin_id: uuid.UUID) -> BaseResponse:
    """Take a draft away."""
    try:
        sessions.delete_draft(db.session, current_actor(), _ours(dropin_id))
    except Overtaken:
        return _overtaken(dropin_id)
    # TRANSLATORS: to a worker who took a session away that nobody had seen
    flash(_("Taken away."), "saved")
    return go("dropins_setup.listed")


@bp.route("/staff/dropins/<uuid:dropin_id>/cancel", methods=["GET", "POST"])
def cancel(dropin_id: uuid.UUID) -> BaseResponse:
    """Call a session off with a kind reason; everybody is told."""
    dropin = _ours(dropin_id)
    if dropin.state not in states.COMING:
        return _overtaken(dropin_id)
    reason = request.form.get("reason", "")
    own = request.form.get("own", "").strip()
    public = own if reason == "own" else reason if reason in wording.CANCEL_REASONS else ""
    if request.method == "GET" or not 0 < len(public) <= 300:
        taken = sum(slot.taken for slot in sessions.slots_of(db.session, dropin.id))
        return page(
            "dropins/setup_cancel.html",
            status=200 if request.method == "GET" else 422,
            it=dropin,
            taken=taken,
            kept=request.form,
            wording=wording,
        )
    try:
        sessions.cancel(db.session, current_actor(), dropin, public, request.form.get("staff_reason", "")[:500])
    except Overtaken:
        return _overtaken(dropin_id)
    # TRANSLATORS: to a worker who called a session off
    flash(_("Called off. Everybody who was booked or waiting is told."), "saved")
    return go("dropins_setup.one", dropin_id=dropin_id)


@bp.post("/staff/dropins/<uuid:dropin_id>/slot")
def change_places(dropin_id: uuid.UUID) -> BaseResponse:
    """Change how many places one slot has, and how many of them wait for walk-ins."""
    dropin = _ours(dropin_id)
    slot = next((s for s in sessions.slots_of(db.session, dropin.id) if str(s.id) == request.form.get("slot")), None)
    if slot is None:
        raise NotFound
    actor = current_actor()
    try:
        capacity, held = int(request.form.get("capacity", "")), int(request.form.get("held", "") or 0)
        if not 1 <= capacity <= 500 or not 0 <= held <= capacity:
            raise ValueError
        if slot.held_for_walk_in > held:
            sessions.hold_for_walk_ins(db.session, actor, slot, held)
        sessions.resize_slot(db.session, actor, slot, capacity)
        sessions.hold_for_walk_ins(db.session, actor, slot, held)
    except PlacesTaken as refused:
        db.session.rollback()
        return _show(_ours(dropin_id), 422, taken=refused.taken)
    except ValueError:
        # TRANSLATORS: to a worker who changed the number of places of a slot
        words = _("Put in at least one place, and no more places for walk-ins than there are.")
        return _show(dropin, 422, problem=words)
    # TRANSLATORS: to a worker who changed the number of places of a slot
    flash(_("Saved. Who waits for a place is asked as soon as there is one."), "saved")
    return go("dropins_setup.one", dropin_id=dropin_id)
