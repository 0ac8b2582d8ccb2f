"""The pages of a day: the list, a person's code at the door, walking in, the screen on the wall."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import reach, room, running, walking_in
from app.dropins.booking_staff_views import said_who
from app.dropins.models import DropIn
from app.dropins.today_list import on_screen, pattern, todays
from app.dropins.visits import for_staff
from app.people.sessions import current_actor

bp = Blueprint("running", __name__)


def reasons() -> dict[str, str]:
    """Return why something is put right or added afterwards, in the page's language."""
    return {
        # TRANSLATORS: to a worker: why a record is put right
        "wrong_person": _("It was the wrong person"),
        "wrong_button": _("I pressed the wrong button"),
        "came_after_all": _("They came after all"),
        "no_signal": _("There was no signal"),
        "paper_list": _("It was on a paper list"),
        "other": _("Another reason"),
    }


def _key() -> str:
    """Return the key of this tap, as the page made it. Without one, the tap is its own."""
    given = request.form.get("key", "")
    return f"{current_actor().person_id}:{given[:36]}" if given else str(new_id())


@bp.get("/staff/dropins/today")
def today() -> Response:
    """The day's sessions, and who is booked, here, or walked in. Big, for one hand."""
    sessions = todays(db.session, clock.now())
    shown = [line.booking.person_id for one in sessions for line in one.lines if line.booking]
    audit.record_each(db.session, current_actor(), "young-person.listed", dict.fromkeys(shown), detail="drop-in")
    return page("dropins/today.html", sessions=sessions, key=new_id, reasons=reasons())


def _tapped(tap: Callable[[], object]) -> BaseResponse:
    """Do what a tap asks for, and go back to the list. What cannot be done now is said kindly, and nothing is changed."""
    try:
        tap()
    except running.NotNow as refused:
        # The rest of the transaction goes: a half-made tap is none.
        db.session.rollback()
        flash(_why(refused.why), "problem")
    return go("running.today")


def _why(code: str) -> str:
    words = {
        # TRANSLATORS: to a worker who says too early that somebody did not come
        "too-soon": _("Wait a little: you can say that from 15 minutes after the start of their time."),
        # TRANSLATORS: to a worker
        "not-running": _("This session has not begun yet. You can tap from 15 minutes before."),
        # TRANSLATORS: to a worker: the state of a booking does not allow it
        "settled": _("This is settled already. Put it right first, if it is wrong."),
        # TRANSLATORS: to a worker who wants to change an old record
        "too-long-ago": _("That was more than 5 working days ago. It cannot be changed here any more."),
        # TRANSLATORS: to a worker who changes a record
        "reason": _("Choose why, so that others can follow it."),
    }
    # TRANSLATORS: to a worker: a colleague did something with the same booking
    return words.get(code) or _("Somebody else was quicker. Here is how it stands now.")


@bp.post("/staff/dropins/bookings/<uuid:booking_id>/here")
def here(booking_id: uuid.UUID) -> BaseResponse:
    """Somebody who is booked is here."""
    shown = request.form.get("shows_name") == "yes"
    return _tapped(lambda: running.arrive(db.session, current_actor(), booking_id, key=_key(), shows_name=shown))


@bp.post("/staff/dropins/bookings/<uuid:booking_id>/late")
def late(booking_id: uuid.UUID) -> BaseResponse:
    """Somebody who is booked said that they come later."""
    return _tapped(lambda: running.running_late(db.session, current_actor(), booking_id, key=_key()))


@bp.post("/staff/dropins/bookings/<uuid:booking_id>/missed")
def missed(booking_id: uuid.UUID) -> BaseResponse:
    """Somebody who was booked did not come."""
    return _tapped(lambda: running.miss(db.session, current_actor(), booking_id, key=_key()))


@bp.post("/staff/dropins/bookings/<uuid:booking_id>/undo")
def undo(booking_id: uuid.UUID) -> BaseResponse:
    """Put right what was tapped, with a reason."""
    reason = request.form.get("reason", "")
    return _tapped(lambda: running.undo(db.session, current_actor(), booking_id, key=_key(), reason=reason))


@bp.post("/staff/dropins/bookings/<uuid:booking_id>/visit")
def begin(booking_id: uuid.UUID) -> BaseResponse:
    """Begin a visit with somebody who is booked, and open its note."""
    try:
        visit = running.attend(
            db.session, current_actor(), booking_id, key=_key(), reason=request.form.get("reason") or None
        )
    except running.NotNow as refused:
        db.session.rollback()
        flash(_why(refused.why), "problem")
        return go("running.today")
    return go("visits.visit", visit_id=visit.id)


@bp.post("/staff/dropins/arrivals/<uuid:arrival_id>/left")
def left(arrival_id: uuid.UUID) -> BaseResponse:
    """Somebody left."""
    return _tapped(lambda: running.leave(db.session, current_actor(), arrival_id, key=_key()))


@bp.post("/staff/dropins/arrivals/<uuid:arrival_id>/name")
def name_on_screen(arrival_id: uuid.UUID) -> BaseResponse:
    """Somebody agreed to their first name on the screen of the room, or does not want it there any more."""
    shown = request.form.get("shows_name") == "yes"
    whose = room.show_name(db.session, arrival_id, shown)
    detail = "yes" if shown else "no"
    audit.record(
        db.session, current_actor(), "drop-in.name-agreed", subject_id=whose, thing_id=arrival_id, detail=detail
    )
    return go("running.today")


@bp.post("/staff/dropins/visits/<uuid:visit_id>/undo")
def undo_visit(visit_id: uuid.UUID) -> BaseResponse:
    """Take back a visit that was recorded by mistake, with a reason."""
    visit = for_staff(db.session, visit_id)
    reason = request.form.get("reason", "")
    return _tapped(lambda: running.undo_visit(db.session, current_actor(), visit, key=_key(), reason=reason))


# -- a code at the door -----------------------------------------------------------------------------------------------


@bp.get("/staff/dropins/arrive/<uuid:booking_id>")
def arrive(booking_id: uuid.UUID) -> Response:
    """What a worker's phone shows who scanned a person's code: who it is, and one button. It signs nobody in."""
    booking, dropin, slot = running.booking_of(db.session, booking_id)
    audit.record(db.session, current_actor(), "booking.read", subject_id=booking.person_id, thing_id=booking.id)
    lines = [line for one in todays(db.session, clock.now()) for line in one.lines]
    line = next((one for one in lines if one.booking is not None and one.booking.id == booking.id), None)
    came, missed_before = pattern(db.session, booking.whose)
    return page(
        "dropins/arrive.html",
        booking=booking,
        dropin=dropin,
        slot=slot,
        line=line,
        came=came,
        missed_before=missed_before,
        key=new_id(),
    )


# -- walking in -------------------------------------------------------------------------------------------------------


@bp.route("/staff/dropins/<uuid:dropin_id>/walk-in", methods=["GET", "POST"])
def walk_in(dropin_id: uuid.UUID) -> BaseResponse:
    """Somebody walked in: tap who it is, or a first name alone. Two taps and they are on the list."""
    dropin = running.session_of(db.session, dropin_id)
    if request.method == "GET" or "find" in request.form:
        return _who_is_it(dropin, request.form.get("name", ""))
    person_id = _person()
    if person_id is None and not request.form.get("first_name", "").strip():
        # TRANSLATORS: to a worker: somebody walked in and nobody was chosen
        return _who_is_it(dropin, "", status=422, problem=_("Choose somebody, or write a first name."))
    language = languages.find(request.form.get("language")) or languages.ENGLISH
    try:
        visit = walking_in.walk_in(
            db.session,
            current_actor(),
            dropin,
            key=_key(),
            person_id=person_id,
            first_name=request.form.get("first_name", ""),
            language=language.tag,
            cohort="other" if request.form.get("cohort") == "other" else "ours",
            reason=request.form.get("reason") or None,
        )
    except running.NotNow as refused:
        db.session.rollback()
        return _who_is_it(db.session.get_one(DropIn, dropin_id), "", status=422, problem=_why(refused.why))
    except ValueError:
        # TRANSLATORS: to a worker who wrote a very long first name
        return _who_is_it(dropin, "", status=422, problem=_("A first name is enough, up to 60 letters."))
    if visit.cohort == "other":
        # TRANSLATORS: to a worker: a care leaver of another council walked in
        flash(
            _("They are welcome today. Tell them: the council that looked after them helps them from now on."), "calm"
        )
    else:
        # TRANSLATORS: to a worker after somebody walked in
        flash(_("They are on the list."), "saved")
    return go("running.today")


def _person() -> uuid.UUID | None:
    try:
        found = uuid.UUID(request.form.get("person", ""))
    except ValueError:
        return None
    return found if reach.may_pick(db.session, found) else None


def _who_is_it(dropin: DropIn, name: str, *, status: int = 200, problem: str = "") -> Response:
    actor = current_actor()
    found = reach.find(db.session, actor, name) if name else []
    return page(
        "dropins/walk_in.html",
        status=status,
        dropin=dropin,
        name=name,
        found=found,
        recent=[] if name else reach.recent(db.session, actor),
        over=clock.now() > dropin.ends_at + running.RUNS_BEFORE,
        reasons=reasons(),
        problem=problem,
        key=request.form.get("key") or new_id(),
        kept=request.form,
    )


@bp.post("/staff/dropins/<uuid:dropin_id>/happened")
def happened(dropin_id: uuid.UUID) -> BaseResponse:
    """A carer came alone, or an interpreter did not come: counted, with nothing about anybody."""
    dropin = running.session_of(db.session, dropin_id)
    kind = request.form.get("kind", "")

    def count() -> None:
        walking_in.happened(db.session, current_actor(), dropin, kind, key=_key())
        # TRANSLATORS: to a worker after they counted that a carer came alone or that no interpreter came
        flash(_("Counted. It is not a visit, and nothing about anybody is kept."), "saved")

    if kind not in walking_in.HAPPENINGS:
        return go("running.today")
    return _tapped(count)


@bp.route("/staff/dropins/visits/<uuid:visit_id>/who", methods=["GET", "POST"])
def who(visit_id: uuid.UUID) -> BaseResponse:
    """Say who a new face is, so that their next visit is counted as the same person's."""
    visit = for_staff(db.session, visit_id)
    if visit.new_face_id is None or visit.person_id is not None:
        return go("visits.visit", visit_id=visit.id)
    if request.method == "POST" and "find" not in request.form:
        person_id = _person()
        if person_id is not None:
            said_who(visit.new_face_id, person_id)
            return go("visits.visit", visit_id=visit.id)
    # A name never stands in an address: the search is a form that is sent.
    name = request.form.get("name", "")
    found = reach.find(db.session, current_actor(), name) if name else []
    return page("dropins/who.html", visit=visit, name=name, found=found)


@bp.get("/staff/dropins/<uuid:dropin_id>/screen")
def screen(dropin_id: uuid.UUID) -> Response:
    """The screen on the wall of the room: numbers and colours; a first name only where somebody agreed to it."""
    dropin = running.session_of(db.session, dropin_id)
    return page("dropins/screen.html", dropin=dropin, inside=on_screen(db.session, dropin_id))
