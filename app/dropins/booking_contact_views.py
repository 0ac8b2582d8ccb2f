"""How I am told about a meeting I have booked: changed at any time, and it holds at once (handbook 6)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.web.pages import go, page
from app.dropins import booking_forms, booking_telling
from app.dropins.booking_words import CONTACTS
from app.dropins.models import LIVE, Booking
from app.people.models import Person
from app.people.sessions import current_actor

bp = Blueprint("booking_contact", __name__)


@bp.route("/my-bookings/<uuid:booking_id>/remind", methods=["GET", "POST"])
def remind(booking_id: uuid.UUID) -> BaseResponse:
    """Choose another way to be reminded, or none. What was planned goes the new way."""
    actor = current_actor()
    booking = db.session.get(Booking, booking_id)
    if booking is None or booking.person_id != actor.person_id or booking.state not in LIVE:
        raise NotFound
    ways = booking_forms.contacts_for(db.session.get_one(Person, actor.person_id))
    chosen = request.form.get("contact", "")
    if request.method == "GET" or chosen not in ways:
        # Another adult's choice may be none of theirs; it stays until they choose.
        contacts = {code: CONTACTS[code] for code in ways}
        return page("dropins/remind.html", booking=booking, contacts=contacts)
    if chosen != booking.contact:
        booking.contact, booking.changed_at = chosen, clock.now()
        booking.version += 1
        db.session.flush()
        booking_telling.reached_otherwise(db.session, booking)
        audit.record(
            db.session, actor, "booking.contact", subject_id=actor.person_id, thing_id=booking.id, detail=chosen
        )
    # TRANSLATORS: after a young person chose how we remind them of a meeting
    flash(_("Saved."), "saved")
    return go("booking.my_booking", booking_id=booking.id)
