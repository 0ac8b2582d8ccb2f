"""The team's side of booking: new faces, who waits and why, fewer places, and whom to ring."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit
from app.core.db import db
from app.core.web.pages import go, page
from app.dropins import calls as whom_to_ring
from app.dropins import new_faces, reach
from app.dropins.booking_words import CALLS
from app.dropins.changes import fewer_places, who_would_move
from app.dropins.held import ELSEWHERE
from app.dropins.models import Booking, DropIn, NewFace, Slot
from app.dropins.moves import By, Hand
from app.dropins.today_list import names_of
from app.dropins.waiting import keeping_back, lines
from app.people.models import Person
from app.people.sessions import current_actor

bp = Blueprint("booking_staff", __name__)
_MOST_PLACES = 200


@bp.get("/staff/dropins/new-faces")
def new_faces_list() -> BaseResponse:
    """List who booked without a card and waits to be checked."""
    return _new_faces()


def _new_faces(looking_for: uuid.UUID | None = None, name: str = "") -> BaseResponse:
    """Show the new faces; beside one of them, whom a search by name found."""
    actor = current_actor()
    waiting = new_faces.unchecked(db.session)
    same_number = new_faces.possible(db.session, [face for face, _bookings in waiting])
    audit.record(db.session, actor, "new-face.listed", detail=str(len(waiting)))
    same = [one.id for people in same_number.values() for one in people]
    audit.record_each(db.session, actor, "young-person.listed", same, detail="new-face")
    found = reach.find(db.session, actor, name) if looking_for else []
    return page(
        "dropins/new_faces.html", rows=waiting, same_number=same_number, looking_for=looking_for, name=name, found=found
    )


@bp.post("/staff/dropins/new-faces/<uuid:face_id>")
def check_new_face(face_id: uuid.UUID) -> BaseResponse:
    """Keep who it is: a young person with a record, or somebody new. Or find them by name, which stands in no address."""
    if db.session.get(NewFace, face_id) is None:
        raise NotFound
    if request.form.get("do") == "new":
        new_faces.confirm_new(db.session, current_actor(), face_id)
        # TRANSLATORS: to a worker who checked somebody new
        flash(_("Kept. They are new here."), "saved")
        return go(".new_faces_list")
    chosen = request.form.get("person", "")
    if _is_id(chosen) and reach.may_pick(db.session, uuid.UUID(chosen)):
        said_who(face_id, uuid.UUID(chosen))
        return go(".new_faces_list")
    return _new_faces(face_id, request.form.get("name", ""))


def said_who(face_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Keep who a new face is, and say what became of their bookings."""
    given_up = new_faces.become(db.session, current_actor(), face_id, person_id)
    # TRANSLATORS: to a worker; %(name)s is a young person whom they recognised
    flash(_("Kept. What was booked and written down is %(name)s's now.", name=_name(person_id)), "saved")
    if given_up:
        # TRANSLATORS: to a worker: a booking was not needed twice
        flash(_("They had a booking for the same time already, or could not have it, so one was given up."), "calm")


def _name(person_id: uuid.UUID) -> str:
    return db.session.get_one(Person, person_id).name


@dataclass(frozen=True, slots=True)
class Place:
    """One slot on the team's page of places: who has one, who waits and what holds them back."""

    slot: Slot
    held: list[tuple[Booking, str]]
    waiting: list[tuple[Booking, str, str]]


@bp.route("/staff/dropins/<uuid:dropin_id>/places", methods=["GET", "POST"])
def places_of(dropin_id: uuid.UUID) -> BaseResponse:
    """Who has a place and who waits, slot by slot; give a slot fewer places, having seen who would lose one."""
    dropin = db.session.get(DropIn, dropin_id)
    if dropin is None:
        raise NotFound
    slots = list(db.session.scalars(select(Slot).where(Slot.dropin_id == dropin.id).order_by(Slot.starts_at)))
    if request.method == "POST":
        answer = _fewer(dropin, slots)
        if answer is not None:
            return answer
    audit.record(db.session, current_actor(), "booking.listed", thing_id=dropin.id)
    return page("dropins/places.html", dropin=dropin, places=_places(slots, dropin), cutting=None)


def _places(slots: list[Slot], dropin: DropIn) -> list[Place]:
    """Return every slot with its people, in the same few queries however many there are."""
    taken = select(Booking).where(Booking.dropin_id == dropin.id, Booking.state.in_(ELSEWHERE))
    held = db.session.scalars(taken.order_by(Booking.made_at)).all()
    waits = lines(db.session, [dropin.id])
    back = keeping_back(db.session, waits.waiting, dropin)
    names = names_of(db.session, {one.whose for one in (*held, *waits.waiting)})
    return [
        Place(
            slot,
            [(one, names.get(one.whose, "")) for one in held if one.slot_id == slot.id],
            [(one, names.get(one.whose, ""), back.why(one, slot) or "") for one in waits.of(slot.id, dropin.id)],
        )
        for slot in slots
    ]


def _fewer(dropin: DropIn, slots: list[Slot]) -> BaseResponse | None:
    """First show who would lose a place; with the second press move those who were chosen."""
    slot = next((one for one in slots if str(one.id) == request.form.get("slot")), None)
    wanted = request.form.get("capacity", "")
    if slot is None or not wanted.isdigit() or not slot.held_for_walk_in <= int(wanted) <= _MOST_PLACES:
        # TRANSLATORS: to a worker: a number of places cannot be
        flash(_("Give a number of places that is not smaller than those kept for walk-ins."), "problem")
        return None
    capacity, actor = int(wanted), current_actor()
    moving = [uuid.UUID(one) for one in request.form.getlist("moving") if _is_id(one)]
    who = By(Hand.staff, actor.person_id, str(actor.role))
    if slot.taken - capacity > len(moving):
        places = _places(slots, dropin)
        suggested = {one.id for one in who_would_move(db.session, slot, capacity)}
        cutting = {"slot": slot, "capacity": capacity, "suggested": suggested, "too_many": slot.taken - capacity}
        return page("dropins/places.html", dropin=dropin, places=places, cutting=cutting)
    if not fewer_places(db.session, slot, capacity, moving, who):
        db.session.rollback()
        # TRANSLATORS: to a worker: somebody booked a place at the same moment
        flash(_("Somebody booked just now. Look again who would lose a place."), "calm")
        return go(".places_of", dropin_id=dropin.id)
    audit.record(db.session, actor, "booking.capacity-cut", thing_id=slot.id, detail=str(len(moving)))
    # TRANSLATORS: to a worker who gave a session fewer places
    flash(_("Done. Everybody who lost a place is told, and is asked first next time."), "saved")
    return go(".places_of", dropin_id=dropin.id)


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@bp.get("/staff/dropins/calls")
def calls() -> BaseResponse:
    """Whom to ring or write to: no message could tell them, it came back, or nobody answered."""
    waiting = whom_to_ring.to_ring(db.session)
    people = [one.booking.person_id for one in waiting if one.booking.person_id]
    audit.record_each(db.session, current_actor(), "young-person.listed", people, detail="calls")
    return page("dropins/calls.html", listed=waiting, whys=CALLS)


@bp.post("/staff/dropins/calls/<uuid:call_id>")
def called(call_id: uuid.UUID) -> BaseResponse:
    """Tick a call off: somebody rang or wrote."""
    whom_to_ring.done(db.session, current_actor(), call_id)
    # TRANSLATORS: to a worker who rang a young person and ticked them off the list
    flash(_("Ticked off."), "saved")
    return go(".calls")
