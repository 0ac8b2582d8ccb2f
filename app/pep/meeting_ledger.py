"""A decision of the meeting, carried on in the ledger of wishes: as a step that is promised, with its owner and its day."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from app.people.sessions import Actor
from app.pep.meeting import Room
from app.pep.models import MeetingDecision
from app.wishes import ledger
from app.wishes.models import OPEN, Wish, WishStep
from app.wishes.reading import StepView, WishView, visible_to


@dataclass(frozen=True, slots=True)
class Before:
    """Who had a decision to do, and by when, before it was changed; nobody and no day for a new one."""

    owner_id: uuid.UUID | None = None
    due_on: date | None = None


def visible(session: Session, actor: Actor, room: Room) -> list[WishView]:
    """Return every wish of the young person that this organiser may see."""
    return visible_to(session, actor.person_id, room.roles, room.young_person.id)


def on_the_table(views: list[WishView], room: Room) -> list[WishView]:
    """Return the wishes a meeting talks about: those of its PEP, and whatever else is open, whenever it was said."""
    return [view for view in views if view.wish.pep_id == room.pep.id or view.wish.state in OPEN]


def carry_on(session: Session, actor: Actor, room: Room, decision: MeetingDecision, before: Before) -> None:
    """Keep the wishes that a decision answers in step with it, so that the young person reads one thing in both places.

    They are those it has promised before, and of the open ones that which was named or those that came from the same words. One
    that somebody has in hand otherwise than by this decision keeps its owner and its day. Done twice, it changes nothing.
    """
    for view in visible(session, actor, room):
        wish = view.wish
        known = next((one for one in view.steps if str(one.id) in decision.step_ids), None)
        same_words = decision.sent_answer_id is not None and wish.sent_answer_id == decision.sent_answer_id
        answered_here = wish.state in OPEN and (same_words or wish.id == decision.wish_id)
        if known is None and not answered_here:
            continue
        decision.wish_id = decision.wish_id or wish.id
        try:
            _hand_out(session, actor, view, decision, before)
            _promise(session, actor, wish, decision, known)
        except (ledger.Overtaken, Forbidden):
            continue  # the decision stands in any case; the wish has gone its own way meanwhile
    session.flush()


def _hand_out(session: Session, actor: Actor, view: WishView, decision: MeetingDecision, before: Before) -> None:
    wish = view.wish
    given_here = before.owner_id is not None and (wish.owner_id, wish.due_on) == (before.owner_id, before.due_on)
    if decision.owner_id is None or decision.due_on is None or wish.state not in OPEN:
        return
    same = (wish.owner_id, wish.due_on) == (decision.owner_id, decision.due_on)
    if not view.waits_for_an_owner and (same or not given_here):
        return
    try:
        ledger.own(session, actor, wish, decision.owner_id, decision.due_on, handed_out_here=given_here)
    except ledger.NotAnOwner:
        return  # they may not see the wish, or the day has gone by: what was decided is told all the same


def _promise(session: Session, actor: Actor, wish: Wish, decision: MeetingDecision, known: StepView | None) -> None:
    """Promise the decision as a step of the wish. Other words take the place of those promised before, unless those are done."""
    if known is not None and (known.words, known.language) == (decision.words, decision.language):
        return
    step = ledger.step(session, actor, wish, decision.words, done=False, language=decision.language)
    kept = [one for one in decision.step_ids if known is None or one != str(known.id)]
    decision.step_ids = [*kept, str(step.id)]
    if known is not None and not known.done:
        session.get_one(WishStep, known.id).replaced_by_id = step.id


def carry_words(
    session: Session, actor: Actor, room: Room, decision: MeetingDecision, words: str, language: str
) -> None:
    """Put the same words in the child's language beside the steps that the decision was carried on as."""
    for view in visible(session, actor, room):
        for step in view.steps:
            if str(step.id) in decision.step_ids and step.words == decision.words and not step.reaches(language):
                with suppress(ledger.Overtaken, Forbidden):
                    ledger.translate_step(session, actor, view.wish, step.id, words, language)
