"""Booking in three taps: a time, what about, yes. And my bookings: look, change, cancel, take an offer."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.calendar import MEDIA_TYPE
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import booking_forms, booking_telling, waiting
from app.dropins.booking import Already, Asked, Booked, Clash, Closed, Full, NotForThem, Outcome, book, wait
from app.dropins.booking_forms import Typed
from app.dropins.booking_reading import BookingView, bookings_of, calendar_of, view_of
from app.dropins.booking_words import BRINGS, CONTACTS, FIRST_PURPOSES, LAST_PURPOSE
from app.dropins.changes import confirm
from app.dropins.free import Time, free_times, next_best
from app.dropins.giving_up import cancel, reschedule, swap
from app.dropins.held import Whose, clash_of
from app.dropins.holding import kept_apart_from
from app.dropins.models import Booking, DropIn, Slot
from app.dropins.moves import By, NotPossible, by
from app.dropins.visit_words import PICTURES, PURPOSES
from app.dropins.who_may import may_come, suits_of, was_asked
from app.people.models import Person
from app.people.sessions import Actor, current_actor

bp = Blueprint("booking", __name__)
COME_BACK = "book"
_WITH_SLOT = (
    select(DropIn, Slot)
    .join(Slot, Slot.dropin_id == DropIn.id)
    .where(DropIn.id == bindparam("dropin_id"), Slot.id == bindparam("slot_id"))
)


def find_dropin(dropin_id: uuid.UUID, *, whose: uuid.UUID | None = None, invited: bool = False) -> DropIn:
    """Return a session that people can book. Raises NotFound for a draft, or for one that only invited people know of:
    ``whose`` had a booking there, or a helper brings them in (``invited``)."""
    dropin = db.session.get(DropIn, dropin_id)
    if dropin is None or dropin.state in ("draft", "deleted"):
        raise NotFound
    if dropin.visibility == "invited" and not invited and not (whose and was_asked(db.session, whose, dropin)):
        raise NotFound
    return dropin


@bp.before_app_request
def come_back() -> BaseResponse | None:
    """Bring somebody who signed in to go on booking back to the time they were looking at."""
    if request.endpoint != "home.home" or COME_BACK not in cookie:
        return None
    actor: Actor | None = g.get("actor")
    if actor is None or not actor.is_child:
        return None
    return go("booking.book_a_time", dropin_id=cookie.pop(COME_BACK))


@bp.route("/dropins/<uuid:dropin_id>/book", methods=["GET", "POST"])
def book_a_time(dropin_id: uuid.UUID) -> BaseResponse:
    """Choose a time; say what about; book. Signed out: a card, or 'I am new'."""
    chosen = booking_forms.slot_id()
    # Both in one question; held here, so that the session still has them when they are asked for below.
    both = chosen and db.session.execute(_WITH_SLOT, {"dropin_id": dropin_id, "slot_id": chosen}).first()
    actor: Actor | None = g.get("actor")
    dropin = find_dropin(dropin_id, whose=actor.person_id if actor else None)
    if actor is None:
        cookie[COME_BACK] = str(dropin_id)
        return page("dropins/who_are_you.html", dropin=dropin)
    if actor.young is None:
        return page("dropins/not_for_adults.html", dropin=dropin)
    if not may_come(dropin, actor.young.year_group, actor.young.care, actor.young.flags):
        return _for_others(dropin)
    slot = both[1] if both else None
    if chosen and slot is None and db.session.get(Slot, chosen) is not None:
        raise NotFound
    if request.method == "GET" or slot is None:
        return _choose(actor, dropin, slot)
    return _book(actor, dropin, slot)


def _for_others(dropin: DropIn) -> Response:
    return page("dropins/for_others.html", dropin=dropin, times=[])


def _next_for(actor: Actor, dropin: DropIn, slot: Slot | None, *, limit: int = 4) -> list[Time]:
    """Return the next free times that are for somebody who is signed in."""
    suits = suits_of(db.session, Whose(actor.person_id), by(actor, actor.person_id))
    return next_best(db.session, suits, dropin, slot, limit=limit)


def _choose(actor: Actor, dropin: DropIn, slot: Slot | None) -> Response:
    if slot is not None:
        person = db.session.get_one(Person, actor.person_id)
        return details(
            dropin, slot, booking_forms.begin(person), person, action=url_for(".book_a_time", dropin_id=dropin.id)
        )
    apart = kept_apart_from(db.session, actor.person_id, clock.today())
    times = free_times(db.session, dropin=dropin, not_with=apart, limit=40)
    others = [] if times else _next_for(actor, dropin, None)
    return page("dropins/choose_time.html", dropin=dropin, times=times, others=others, first=_first_slot(dropin))


def _first_slot(dropin: DropIn) -> Slot | None:
    coming = select(Slot).where(Slot.dropin_id == dropin.id, Slot.starts_at > clock.now())
    return db.session.scalars(coming.order_by(Slot.starts_at).limit(1)).first()


def details(
    dropin: DropIn,
    slot: Slot,
    typed: Typed,
    person: Person | None,
    *,
    action: str,
    status: int = 200,
    problem: str = "",
    **more: Any,
) -> Response:
    """Show the second screen: what about, and what may help."""
    more.setdefault("once", request.form.get("once") or new_id())
    return page(
        "dropins/book.html",
        status=status,
        dropin=dropin,
        slot=slot,
        typed=typed,
        problem=problem or typed.too_long,
        action=action,
        contacts={code: CONTACTS[code] for code in booking_forms.contacts_for(person)},
        brings=BRINGS,
        purposes=PURPOSES,
        first=FIRST_PURPOSES,
        last=LAST_PURPOSE,
        drawings=PICTURES,
        speaks=languages.LANGUAGES,
        own_language=person.language if person else None,
        notice_over=waiting.notice_is_over(dropin),
        **more,
    )


def _book(actor: Actor, dropin: DropIn, slot: Slot) -> BaseResponse:
    typed = booking_forms.read()
    here = url_for(".book_a_time", dropin_id=dropin.id)
    if typed.too_long:
        return details(dropin, slot, typed, db.session.get_one(Person, actor.person_id), action=here, status=422)
    whose, who = Whose(actor.person_id), by(actor, actor.person_id)
    asked = typed.asked(booking_forms.once(actor.person_id), any_time=request.form.get("do") == "wait-any")
    try:
        outcome = _pressed(request.form.get("do", ""), whose, dropin, slot, asked, who)
    except NotPossible:
        # What they would have given up, or the line they stood in, changed at this moment.
        db.session.rollback()
        # TRANSLATORS: the booking has changed since the page was opened; it is shown as it is now
        flash(_("Something changed here. This is how it is now."), "calm")
        return go(".my_bookings")
    if isinstance(outcome, Booked):
        if outcome.fresh:
            after_booking(actor, outcome.booking)
        return go(".my_booking", booking_id=outcome.booking.id)
    return _not_booked(actor, dropin, slot, typed, outcome, here)


def _pressed(do: str, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By) -> Outcome:
    """Do what the pressed button says. Raises NotPossible when another booking is in the way of it."""
    if do.startswith("wait"):
        return wait(db.session, whose, dropin, slot, asked, who)
    if do == "swap":
        return swap(db.session, _mine(_uuid(request.form.get("instead", ""))).id, whose, slot, asked, who)
    return book(db.session, whose, dropin, slot, asked, who)


def after_booking(actor: Actor | None, made: Booking, template: str = "booking_made") -> None:
    """Write the audit and tell the person."""
    audit.record(db.session, actor, f"booking.{made.state}", subject_id=made.person_id, thing_id=made.id)
    if made.state == "booked":
        booking_telling.booked(db.session, made, template=template)


def _not_booked(actor: Actor, dropin: DropIn, slot: Slot, typed: Typed, outcome: Outcome, action: str) -> BaseResponse:
    if isinstance(outcome, Already):
        # TRANSLATORS: somebody pressed 'book' and has a time at this meeting already, which is shown
        flash(_("You're already booked. Here it is."), "calm")
        return go(".my_booking", booking_id=outcome.booking.id)
    if isinstance(outcome, NotForThem):
        return _for_others(dropin)
    if not isinstance(outcome, Full) or outcome.locked:
        # Nothing was kept: others need not wait for the lock while this page is drawn.
        db.session.rollback()
    return page(
        "dropins/just_gone.html",
        dropin=dropin,
        slot=slot,
        typed=typed,
        action=action,
        once=new_id(),
        best=_next_for(actor, dropin, slot),
        clash=view_of(db.session, outcome.other) if isinstance(outcome, Clash) else None,
        closed=isinstance(outcome, Closed),
        full=isinstance(outcome, Full),
    )


# -- my bookings ------------------------------------------------------------------------------------------------------


@bp.get("/my-bookings")
def my_bookings() -> Response:
    """Show my bookings: those to come, and those that were."""
    return page("dropins/my_bookings.html", mine=bookings_of(db.session, current_actor().person_id))


def _mine(booking_id: uuid.UUID | None) -> Booking:
    found = db.session.get(Booking, booking_id) if booking_id else None
    if found is None or found.person_id != current_actor().person_id:
        raise NotFound
    return found


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@bp.get("/my-bookings/<uuid:booking_id>")
def my_booking(booking_id: uuid.UUID) -> Response:
    """Show one booking: when, where, how to get there, and what I can do with it."""
    one = view_of(db.session, _mine(booking_id))
    best: list[Time] = []
    if one.is_over_too_soon:
        best = _next_for(current_actor(), one.dropin, one.slot)
    clash = clash_of(db.session, one.booking) if one.booking.confirm_by else None
    return page(
        "dropins/my_booking.html",
        one=one,
        best=best,
        clash=view_of(db.session, clash) if clash is not None else None,
        purposes=PURPOSES,
        once=new_id(),
    )


@bp.get("/my-bookings/<uuid:booking_id>/card")
def card(booking_id: uuid.UUID) -> Response:
    """A card to print: the day, the time, the place."""
    return page("dropins/booking_card.html", one=view_of(db.session, _mine(booking_id)))


@bp.get("/my-bookings/<uuid:booking_id>.ics")
def calendar(booking_id: uuid.UUID) -> Response:
    """The booking as a calendar file, with the same UID for ever and a SEQUENCE that rises."""
    content = calendar_of(view_of(db.session, _mine(booking_id)), languages.current().tag)
    return Response(
        content, content_type=MEDIA_TYPE, headers={"Content-Disposition": "attachment; filename=meeting.ics"}
    )


@bp.post("/my-bookings/<uuid:booking_id>/cancel")
def cancel_mine(booking_id: uuid.UUID) -> BaseResponse:
    """One tap: I can't come."""
    booking, actor = _mine(booking_id), current_actor()
    if booking.state != "cancelled":
        try:
            cancel(db.session, booking, by(actor, actor.person_id))
        except NotPossible:
            return _too_late(booking_id)
        booking_telling.gone(db.session, booking, tell=False)
        audit.record(db.session, actor, "booking.cancelled", subject_id=actor.person_id, thing_id=booking.id)
    # TRANSLATORS: after somebody cancelled their meeting. It is fine to cancel
    flash(_("It's cancelled. Thank you for telling us."), "saved")
    return go(".my_booking", booking_id=booking.id)


def _too_late(booking_id: uuid.UUID) -> BaseResponse:
    # A press that is refused keeps nothing.
    db.session.rollback()
    # TRANSLATORS: the booking has changed since the page was opened; it is shown as it is now
    flash(_("Something changed here. This is how it is now."), "calm")
    return go(".my_booking", booking_id=booking_id)


@bp.post("/my-bookings/<uuid:booking_id>/undo")
def undo(booking_id: uuid.UUID) -> BaseResponse:
    """Take a cancelling back: the same time again, if nobody else has it by now."""
    booking, actor = _mine(booking_id), current_actor()
    if booking.state != "cancelled":
        return go(".my_booking", booking_id=booking.id)
    slot = db.session.get_one(Slot, booking.slot_id)
    dropin = db.session.get_one(DropIn, booking.dropin_id)
    typed = Typed(
        purposes=list(booking.purposes),
        note=booking.note or "",
        brings=booking.brings,
        interpreter_language=booking.interpreter_language or "",
        needs=booking.needs or "",
        contact=booking.contact,
    )
    asked = typed.asked(f"undo:{booking.id}:{booking.version}", language=booking.language)
    outcome = book(db.session, Whose(actor.person_id), dropin, slot, asked, by(actor, actor.person_id))
    if isinstance(outcome, Booked):
        if outcome.fresh:
            after_booking(actor, outcome.booking)
        return go(".my_booking", booking_id=outcome.booking.id)
    return _not_booked(actor, dropin, slot, typed, outcome, url_for(".book_a_time", dropin_id=dropin.id))


@bp.route("/my-bookings/<uuid:booking_id>/change", methods=["GET", "POST"])
def change(booking_id: uuid.UUID) -> BaseResponse:
    """Another time: of the same session or of the next ones."""
    booking, actor = _mine(booking_id), current_actor()
    chosen = booking_forms.slot_id()
    gone = False
    if request.method == "POST" and chosen is not None:
        slot = db.session.get(Slot, chosen)
        if slot is None:
            raise NotFound
        try:
            outcome = reschedule(
                db.session, booking, slot, booking_forms.once(actor.person_id), by(actor, actor.person_id)
            )
        except NotPossible:
            return _too_late(booking_id)
        if isinstance(outcome, Booked):
            if outcome.fresh:
                booking_telling.changed(db.session, booking, outcome.booking)
                audit.record(
                    db.session, actor, "booking.changed", subject_id=actor.person_id, thing_id=outcome.booking.id
                )
                # TRANSLATORS: after somebody chose another time for their meeting
                flash(_("Your new time is booked. The old one is free again."), "saved")
            return go(".my_booking", booking_id=outcome.booking.id)
        gone = True
        # Nothing was kept: others need not wait for the lock while this page is drawn.
        db.session.rollback()
    one = view_of(db.session, booking)
    times = _next_for(actor, one.dropin, one.slot, limit=12)
    return page("dropins/change_time.html", one=one, times=times, gone=gone, once=new_id())


@bp.post("/my-bookings/<uuid:booking_id>/take")
def take(booking_id: uuid.UUID) -> BaseResponse:
    """Take the time that is offered to me."""
    booking, actor = _mine(booking_id), current_actor()
    try:
        clash = waiting.accept_offer(db.session, booking, by(actor, actor.person_id))
    except NotPossible:
        db.session.rollback()
        # TRANSLATORS: somebody took an offer too late
        flash(_("That time has gone to someone else. You did nothing wrong. Here are other times."), "calm")
        return go(".my_booking", booking_id=booking_id)
    if clash is not None:
        return _one_or_the_other()
    after_booking(actor, booking)
    return go(".my_booking", booking_id=booking.id)


def _one_or_the_other() -> BaseResponse:
    # TRANSLATORS: somebody wants a time at which they are booked somewhere else
    flash(_("You have another meeting at that time. Cancel one to have the other."), "calm")
    return go(".my_bookings")


@bp.post("/my-bookings/<uuid:booking_id>/confirm")
def still_coming(booking_id: uuid.UUID) -> BaseResponse:
    """Say that I can come to the session as it is now; with ``instead``, that I give up the other meeting for it."""
    booking, actor = _mine(booking_id), current_actor()
    other = _uuid(request.form.get("instead", ""))
    given_up = _mine(other) if other else None
    try:
        clash = confirm(db.session, booking, by(actor, actor.person_id), instead_of=other)
    except NotPossible:
        return _too_late(booking_id)
    if clash is not None:
        return _one_or_the_other()
    if given_up is not None and given_up.state == "cancelled":
        booking_telling.gone(db.session, given_up, tell=False)
        audit.record(db.session, actor, "booking.cancelled", subject_id=actor.person_id, thing_id=given_up.id)
    audit.record(db.session, actor, "booking.confirmed", subject_id=actor.person_id, thing_id=booking.id)
    # TRANSLATORS: after somebody said that they can still come to a meeting that was moved
    flash(_("Thank you. See you then."), "saved")
    return go(".my_booking", booking_id=booking.id)


def my_coming_bookings(actor: Actor) -> list[BookingView]:
    """Return what the card on the child's own page shows."""
    return bookings_of(db.session, actor.person_id, coming=True)
