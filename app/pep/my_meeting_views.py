"""The child's own pages of their meeting: when it is, the silent card, the cards of the room, and their PEP on a page."""

from __future__ import annotations

import uuid

from flask import Response, flash, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.web.pages import go, page
from app.people.models import Pep, Person, YoungPerson
from app.people.peps import current_pep, peps_of
from app.people.sessions import current_actor
from app.pep import meeting_cards, meeting_signals, meeting_wishes
from app.pep.meeting_coming import known_to_come
from app.pep.models import Meeting, Signal
from app.pep.on_a_page import of_child
from app.pep.views import bp


def _my_pep() -> Pep | None:
    """Return the PEP whose meeting is today, else the next one."""
    person_id, on = current_actor().person_id, clock.today()
    today = [pep for pep in peps_of(db.session, person_id) if meeting_signals.is_on(pep, on)]
    return today[0] if today else current_pep(db.session, person_id, on)


@bp.get("/my-meeting")
def my_meeting() -> Response:
    """Show the child their meeting: when, where, what became of their wishes, and the silent card on the day."""
    pep = _my_pep()
    if pep is None:
        return page("pep/meeting_mine.html", pep=None, meeting=None, coming=None, wishes=[], card=None)
    actor, tag = current_actor(), languages.current().tag
    person = db.session.get_one(Person, actor.person_id)
    return page(
        "pep/meeting_mine.html",
        pep=pep,
        meeting=db.session.get(Meeting, pep.id),
        coming=known_to_come(db.session, [pep.id], clock.today()).get(pep.id),
        wishes=meeting_wishes.of_the_child(db.session, person, _facts(person).place, pep.id, tag),
        card=_card(pep),
    )


def _facts(person: Person) -> YoungPerson:
    if person.young is None:
        raise NotFound
    return person.young


def _card(pep: Pep) -> dict[str, object] | None:
    if not meeting_signals.is_on(pep, clock.today()):
        return None
    return {"token": meeting_signals.token_for(pep), "latest": meeting_signals.latest(db.session, pep.id)}


@bp.post("/my-meeting/signal")
def signal() -> BaseResponse:
    """Show one signal to the organiser. Works on when the phone's session has run out, with the card and nothing else."""
    pep = meeting_signals.pep_of_token(db.session, request.form.get("card", ""))
    actor = g.actor if g.actor is not None and pep is not None and g.actor.person_id == pep.young_person_id else None
    if pep is None or not meeting_signals.is_on(pep, clock.today()) or request.form.get("signal") not in set(Signal):
        # TRANSLATORS: shown to a child who used the silent card when the meeting is over
        flash(_("The card does not work right now. If you need help, tap Help."), "calm")
        return go("pep.my_meeting" if g.actor is not None and g.actor.is_child else "home.welcome")
    meeting_signals.press(db.session, actor, pep, Signal(request.form["signal"]))
    if actor is not None:
        return go("pep.my_meeting", _anchor="card")
    return page("pep/meeting_card_alone.html", card=_card(pep))


@bp.get("/my-meeting/cards")
def my_cards() -> Response:
    """Show the child what everybody in the room will see, on their own phone."""
    pep = _my_pep()
    if pep is None:
        raise NotFound
    person = db.session.get_one(Person, current_actor().person_id)
    found = meeting_cards.cards(db.session, pep, person, _facts(person), clock.today())
    asked = request.args.get("card", "0")
    place = min(int(asked), max(len(found) - 1, 0)) if asked.isdecimal() and len(asked) < 5 else 0
    return page("pep/meeting_cards.html", pep=pep, name=person.name, cards=found, place=place, mine=True, signals=None)


@bp.get("/mine/peps/<uuid:pep_id>/page")
def on_a_page(pep_id: uuid.UUID) -> Response:
    """Show the child their PEP on a page, once the meeting is closed."""
    found = of_child(db.session, current_actor(), pep_id, languages.current().tag)
    return page("pep/meeting_on_a_page.html", found=found)
