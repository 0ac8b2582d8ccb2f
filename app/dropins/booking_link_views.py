"""One tap from a message, signed out: I can't come, another time, yes I want it. The page shows only a time
(handbook 8 and 12.19)."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import booking_links, booking_telling, waiting
from app.dropins.booking import Booked, Time, cancel, next_best, reschedule
from app.dropins.booking_links import works
from app.dropins.booking_reading import BookingView, view_of
from app.dropins.changes import confirm
from app.dropins.models import Booking, BookingLink, Slot
from app.dropins.moves import NotPossible, by

bp = Blueprint("booking_link", __name__)


def _find(token: str) -> tuple[BookingLink, Booking] | None:
    return booking_links.find(db.session, token[:64])


@bp.get("/dropins/b/<token>")
def look(token: str) -> Response:
    """Show the time, and what can be done with it. Looking uses nothing up: a preview of a message may look too."""
    found = _find(token)
    if found is None:
        return page("dropins/link_over.html", status=404, one=None, best=[])
    link, booking = found
    one = view_of(db.session, booking)
    if not works(link):
        return page("dropins/link_over.html", one=one, best=_best(one), used=link.used_at is not None)
    return page("dropins/by_link.html", one=one, token=token, best=_best(one) if one.is_over_too_soon else [])


def _best(one: BookingView) -> list[Time]:
    return next_best(db.session, one.booking.whose, one.dropin, one.slot)


@bp.route("/dropins/b/<token>/other", methods=["GET", "POST"])
def other(token: str) -> BaseResponse:
    """Another time: of the same session or of the next ones."""
    found = _find(token)
    if found is None or not works(found[0]):
        return go(".look", token=token)
    link, booking = found
    one = view_of(db.session, booking)
    gone = False
    if request.method == "POST":
        outcome = _move(link, booking)
        if outcome is not None:
            return page("dropins/link_done.html", what="moved", one=view_of(db.session, outcome))
        gone = True
    return page("dropins/other_by_link.html", one=one, token=token, times=_best_many(one), gone=gone, once=new_id())


def _best_many(one: BookingView) -> list[Time]:
    return next_best(db.session, one.booking.whose, one.dropin, one.slot, limit=10)


def _move(link: BookingLink, booking: Booking) -> Booking | None:
    """Change the booking to the chosen time. Returns the new one, or None when that time is not to be had."""
    try:
        chosen = uuid.UUID(request.form.get("slot", ""))
    except ValueError:
        return None
    slot = db.session.get(Slot, chosen)
    if slot is None:
        raise NotFound
    try:
        outcome = reschedule(db.session, booking, slot, f"link:{link.id}:{slot.id}", by(None, booking.whose))
    except NotPossible:
        return None
    if not isinstance(outcome, Booked):
        return None
    if outcome.fresh:
        booking_links.use(db.session, link)
        booking_telling.changed(db.session, booking, outcome.booking)
        audit.record(db.session, None, "booking.changed", subject_id=booking.person_id, thing_id=outcome.booking.id)
    return outcome.booking


@bp.post("/dropins/b/<token>/do")
def do(token: str) -> BaseResponse:
    """I can't come; yes, I want it; yes, I can still come."""
    found = _find(token)
    if found is None or not works(found[0]):
        return go(".look", token=token)
    link, booking = found
    wish = request.form.get("do", "")
    who = by(None, booking.whose)
    try:
        match wish:
            case "cancel":
                cancel(db.session, booking, who, "link")
                booking_telling.gone(db.session, booking, tell=False)
            case "take":
                if waiting.accept_offer(db.session, booking, who) is not None:
                    return go(".look", token=token)
                booking_telling.booked(db.session, booking)
            case "confirm":
                confirm(db.session, booking)
            case _:
                return go(".look", token=token)
    except NotPossible:
        one = view_of(db.session, booking)
        return page("dropins/link_over.html", one=one, best=_best(one), used=False)
    booking_links.use(db.session, link)
    audit.record(db.session, None, f"booking.{wish}", subject_id=booking.person_id, thing_id=booking.id, detail="link")
    return page("dropins/link_done.html", what=wish, one=view_of(db.session, booking))
