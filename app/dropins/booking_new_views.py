"""Booking without a card: a first name and a mobile number, checked by a worker before anything personal is shown."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass, replace

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, languages
from app.core.db import db
from app.core.settings import settings
from app.core.web.forms import tidy
from app.core.web.pages import go, page
from app.dropins import booking_forms, booking_links, booking_telling, new_faces
from app.dropins.booking import Booked, book
from app.dropins.booking_views import details, find_dropin
from app.dropins.free import free_times, next_best
from app.dropins.held import Whose
from app.dropins.models import DropIn, Slot
from app.dropins.moves import By, Hand
from app.dropins.numbers import read_mobile
from app.dropins.who_may import suits_of
from app.people import tries

bp = Blueprint("booking_new", __name__)
_LONGEST_NAME = 60
_NEW = By(Hand.self_, None, "new_face", signed_in=False)


@dataclass(frozen=True, slots=True)
class Face:
    """The two fields, as typed, and what to put right."""

    first_name: str = ""
    mobile: str = ""
    name_problem: str = ""
    mobile_problem: str = ""


@bp.route("/dropins/<uuid:dropin_id>/book/new", methods=["GET", "POST"])
def book_as_new(dropin_id: uuid.UUID) -> BaseResponse:
    """A time, then a first name and a mobile number."""
    dropin = find_dropin(dropin_id)
    if g.get("actor") is not None:
        return go("booking.book_a_time", dropin_id=dropin.id)
    suits = suits_of(db.session, None, _NEW)
    if dropin.visibility not in suits.shown or not suits.fits(dropin):
        raise NotFound
    chosen = booking_forms.slot_id()
    slot = db.session.get(Slot, chosen) if chosen else None
    if slot is not None and slot.dropin_id != dropin.id:
        raise NotFound
    here = url_for(".book_as_new", dropin_id=dropin.id)
    if slot is None:
        times = free_times(db.session, dropin=dropin, limit=40)
        others = [] if times else next_best(db.session, suits, dropin, None)
        return page("dropins/choose_time_new.html", dropin=dropin, times=times, others=others, gone=False)
    if request.method == "GET":
        return details(dropin, slot, booking_forms.Typed(contact="text"), None, action=here, face=Face())
    return _book(dropin, slot, here)


def _book(dropin: DropIn, slot: Slot, here: str) -> BaseResponse:
    typed = booking_forms.read()
    name, mobile = tidy(request.form.get("first_name", "")), tidy(request.form.get("mobile", ""))
    number = read_mobile(mobile)
    face = Face(
        name,
        mobile,
        # TRANSLATORS: the field for a first name is empty or no name
        "" if _is_a_name(name) else _("Tell us what to call you."),
        # TRANSLATORS: a mobile number could not be read
        "" if number else _("Check your mobile number. It looks like 07700 900123, or +48 for Poland."),
    )
    if number is None or face.name_problem or typed.too_long:
        return details(dropin, slot, typed, None, action=here, face=face, status=422)
    taken = tries.take(db.session, *new_faces.gates(number, request.remote_addr, settings()))
    if not taken.open:
        return page("dropins/too_often.html", status=429)
    language = languages.current().tag
    person = new_faces.face_of(db.session, name, number, language, settings())
    whose = Whose(new_face_id=person.id)
    asked = typed.asked(booking_forms.once(person.id))
    outcome = book(db.session, whose, dropin, slot, asked, replace(_NEW, person_id=person.id))
    if not isinstance(outcome, Booked):
        # Whether this number is booked already is nobody's business who only knows the number.
        times = next_best(db.session, suits_of(db.session, None, _NEW), dropin, slot, limit=8)
        return page("dropins/choose_time_new.html", dropin=dropin, times=[], others=times, gone=True)
    if outcome.fresh:
        booking_telling.booked(db.session, outcome.booking)
        audit.record(db.session, None, "booking.booked", thing_id=outcome.booking.id, detail="new-face")
    path = booking_links.make(db.session, outcome.booking.id, leaves_at=outcome.booking.made_at, until=slot.ends_at)
    return redirect(path, 303)


def _is_a_name(text: str) -> bool:
    """Return whether it could be what somebody is called, in any script."""
    return len(text) <= _LONGEST_NAME and any(unicodedata.category(mark).startswith("L") for mark in text)
