"""A decision of the meeting, carried on in the ledger of wishes: as a step that is promised, with its owner and its day."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from app.people.sessions import Actor
from app.pep.meeting import Room
from app.pep.models import MeetingDecision
from app.wishes import ledger
from app.wishes.ledger import WishView
from app.wishes.models import OPEN


def wishes(session: Session, actor: Actor, room: Room) -> list[WishView]:
    """Return the wishes of this PEP that this organiser may see."""
    seen = ledger.visible_to(session, actor.person_id, room.roles, room.young_person.id)
    return [view for view in seen if view.wish.pep_id == room.pep.id]


def carry_on(session: Session, actor: Actor, room: Room, decision: MeetingDecision) -> None:
    """Write a new decision beside the open wish it answers, so that the young person sees the wish move.

    The wish is the one that was named, or those that came from the same words. One that somebody has in hand keeps its owner.
    """
    for view in wishes(session, actor, room):
        wish = view.wish
        same_words = decision.sent_answer_id is not None and wish.sent_answer_id == decision.sent_answer_id
        if wish.state not in OPEN or not (same_words or wish.id == decision.wish_id):
            continue
        decision.wish_id = wish.id
        session.flush()
        try:
            if decision.owner_id and decision.due_on and view.waits_for_an_owner:
                ledger.own(session, actor, wish, decision.owner_id, decision.due_on)
            ledger.step(session, actor, wish, decision.words, done=False)
        except (ledger.NotAnOwner, ledger.Overtaken, Forbidden):
            continue  # the decision stands in any case; the wish has gone its own way meanwhile


def carry_words(
    session: Session, actor: Actor, room: Room, decision: MeetingDecision, words: str, language: str
) -> None:
    """Put the same words in the child's language beside the step that the decision was carried on as."""
    for view in wishes(session, actor, room):
        if view.wish.id != decision.wish_id:
            continue
        for step in view.steps:
            if step.words == decision.words and not step.reaches(language):
                with suppress(ledger.Overtaken, Forbidden):
                    ledger.translate_step(session, actor, view.wish, step.id, words, language)
