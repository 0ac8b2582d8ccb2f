"""Booking for a young person (handbook 4.5): they see who did, are told, and can change it. A helper sees day, time,
place and state."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.web.pages import go, page
from app.dropins import booking_forms, booking_telling
from app.dropins.booking import Already, Booked, book
from app.dropins.booking_reading import BookingView, bookings_of, view_of
from app.dropins.booking_views import details, find_dropin
from app.dropins.booking_words import BASES
from app.dropins.free import free_times
from app.dropins.giving_up import cancel
from app.dropins.held import Whose
from app.dropins.holding import kept_apart_from
from app.dropins.models import Booking, DropIn, Slot
from app.dropins.moves import NotPossible, by
from app.dropins.who_may import may_take, suits_of, young_person_to_book_for
from app.messages import stopping
from app.people.models import Person, Role
from app.people.sessions import current_actor

bp = Blueprint("booking_for", __name__)


@bp.route("/staff/young-people/<uuid:young_person_id>/dropins/book", methods=["GET", "POST"])
def book_for(young_person_id: uuid.UUID) -> BaseResponse:
    """Choose a time for a young person, say why, and book."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    chosen = booking_forms.slot_id()
    slot = db.session.get(Slot, chosen) if chosen else None
    if slot is None:
        return _choose(young)
    dropin = find_dropin(slot.dropin_id, invited=True)
    if not may_take(db.session, Whose(young.id), dropin, by(actor, young.id)):
        # TRANSLATORS: to an adult who books for a young person
        flash(_("That one is not for them. Pick one of these."), "calm")
        return _choose(young)
    here = url_for(".book_for", young_person_id=young.id)
    more: dict[str, Any] = {"young": young, "bases": BASES, "basis": request.form.get("basis", "")}
    if request.method == "GET":
        return details(dropin, slot, booking_forms.begin(young), young, action=here, **more)
    if request.form.get("basis") not in BASES:
        # TRANSLATORS: to an adult who books for a young person and did not say why
        return details(
            dropin, slot, booking_forms.read(), young, action=here, status=422, problem=_("Say why you book."), **more
        )
    return _book(young, dropin, slot, here)


def _choose(young: Person, *, gone: bool = False) -> BaseResponse:
    actor = current_actor()
    apart = kept_apart_from(db.session, young.id, clock.today())
    suits = suits_of(db.session, Whose(young.id), by(actor, young.id))
    times = free_times(db.session, suits=suits, not_with=apart, limit=30)
    mine = bookings_of(db.session, young.id, coming=True)
    return page(
        "dropins/book_for.html",
        young=young,
        times=times,
        mine=mine,
        gone=gone,
        stopped=None if actor.role is Role.carer else stopping.is_stopped(db.session, young.id),
        back=url_for("home.home")
        if actor.role is Role.carer
        else url_for("people.young_person", young_person_id=young.id),
    )


def _book(young: Person, dropin: DropIn, slot: Slot, here: str) -> BaseResponse:
    actor = current_actor()
    typed = booking_forms.read()
    if typed.too_long:
        more: dict[str, Any] = {"young": young, "bases": BASES, "basis": request.form.get("basis", "")}
        return details(dropin, slot, typed, young, action=here, status=422, **more)
    asked = typed.asked(booking_forms.once(young.id), basis=request.form["basis"], language=young.language or "en-GB")
    outcome = book(db.session, Whose(young.id), dropin, slot, asked, by(actor, young.id))
    if isinstance(outcome, Booked):
        if outcome.fresh:
            audit.record(
                db.session,
                actor,
                "booking.booked",
                subject_id=young.id,
                thing_id=outcome.booking.id,
                detail=asked.basis,
            )
            beside = asked.basis == "with_me_now"
            booking_telling.booked(db.session, outcome.booking, template="booked_for_you", seen=beside)
        # TRANSLATORS: to an adult who booked for a young person
        flash(_("It's booked. They are told, and see that you did it."), "saved")
        return go(".book_for", young_person_id=young.id)
    if isinstance(outcome, Already):
        # TRANSLATORS: to an adult: the young person has a time at this meeting already; it stands in the list
        flash(_("They're already booked. You see it below."), "calm")
        return go(".book_for", young_person_id=young.id)
    # TRANSLATORS: to an adult: the time they chose for a young person is taken, or the young person is elsewhere
    flash(_("That time is not free for them any more. Pick one of these."), "calm")
    return go(".book_for", young_person_id=young.id)


@bp.post("/staff/young-people/<uuid:young_person_id>/dropins/<uuid:booking_id>/cancel")
def cancel_for(young_person_id: uuid.UUID, booking_id: uuid.UUID) -> BaseResponse:
    """Cancel a young person's booking; they are told."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    booking = db.session.get(Booking, booking_id)
    if booking is None or booking.person_id != young.id:
        raise NotFound
    try:
        cancel(db.session, booking, by(actor, young.id))
    except NotPossible:
        db.session.rollback()
        # TRANSLATORS: to an adult: a booking has changed meanwhile
        flash(_("Something changed here. This is how it is now."), "calm")
    else:
        booking_telling.gone(db.session, booking, tell=True)
        audit.record(db.session, actor, "booking.cancelled", subject_id=young.id, thing_id=booking.id)
        # TRANSLATORS: to an adult who cancelled a young person's booking
        flash(_("It's cancelled. They are told."), "saved")
    return go(".book_for", young_person_id=young_person_id)


@bp.post("/staff/young-people/<uuid:young_person_id>/messages")
def no_messages(young_person_id: uuid.UUID) -> BaseResponse:
    """A worker was told 'stop' (or 'you can write again') on the phone: it holds at once."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    want = request.form.get("messages") == "yes"
    stopping.choose(db.session, actor, young.id, want=want)
    # TRANSLATORS: to a worker who wrote down that a young person wants texts and e-mails, or none
    flash(_("Saved. We write to them again.") if want else _("Saved. Nothing is sent to them any more."), "saved")
    return go(".book_for", young_person_id=young.id)


@bp.get("/staff/young-people/<uuid:young_person_id>/dropins/<uuid:booking_id>/card")
def card_for(young_person_id: uuid.UUID, booking_id: uuid.UUID) -> BaseResponse:
    """A card to print for somebody without a phone (handbook 12.17)."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    booking = db.session.get(Booking, booking_id)
    if booking is None or booking.person_id != young.id:
        raise NotFound
    one: BookingView = view_of(db.session, booking)
    audit.record(db.session, actor, "booking.printed", subject_id=young.id, thing_id=booking.id)
    return page("dropins/booking_card.html", one=one)
