"""Wishes and new words follow the answers they came from: when one is sent again, is for other people, or is taken back."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Callable, Collection

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.messages import outbox
from app.people.sessions import Actor
from app.wishes import ledger, telling, watch
from app.wishes.hands import in_living_hands, owner_is_around
from app.wishes.models import OPEN, Raised, State, Wish


def key_of(source: str, words: str) -> str:
    """Return what makes the same words from the same answer one wish, however often they are sent, and other words another.

    ``source`` says which answer. The key tells nothing of the words to whoever reads the database.
    """
    said = f"{source}\n{' '.join(words.split())}"
    return f"words:{hmac.new(str(current_app.secret_key).encode(), said.encode(), hashlib.sha256).hexdigest()}"


def stands_in(quote: str, words: str) -> bool:
    """Return whether a quote is these very words, and not somebody's telling of them. Line breaks do not count."""
    tidy = " ".join(quote.split())
    return bool(tidy) and tidy in " ".join(words.split())


def sent_again(
    session: Session,
    actor: Actor,
    before_id: uuid.UUID,
    after_id: uuid.UUID,
    *,
    pep_id: uuid.UUID,
    question_id: str,
    share: str,
    chosen: Collection[str],
    words: Callable[[str], str] | None = None,
) -> None:
    """Let what came from an answer follow it: whoever the young person left out sees it no more, though they look after it.

    ``words`` gives the new words in a language (None: they are as they were): what a worker lifted from the older ones and does
    not stand there any more is taken back with them.
    """
    session.execute(
        update(Wish)
        .where(Wish.sent_answer_id == before_id)
        .values(sent_answer_id=after_id, share=share, chosen=list(chosen), version=Wish.version + 1)
    )
    _leave_hands_that_may_not_see(session, after_id)
    if words is not None:
        lifted = select(Wish).where(Wish.sent_answer_id == after_id, Wish.raised_by == Raised.worker)
        for wish in session.scalars(lifted).all():
            if not stands_in(wish.words, words(wish.language)):
                ledger.take_back(session, actor, wish)
    watch.words_follow(session, pep_id, question_id, share, chosen)


def _leave_hands_that_may_not_see(session: Session, answer_id: uuid.UUID) -> None:
    """Let wishes that their owner may not see any more wait for somebody else. What has ended keeps who looked after it."""
    left = select(Wish).where(
        Wish.sent_answer_id == answer_id, Wish.state != State.ended, owner_is_around(), ~in_living_hands()
    )
    for wish in session.scalars(left).all():
        wish.owner_id = wish.due_on = None
        if wish.state in OPEN:
            wish.state = State.seen
        outbox.take_back(session, telling.WAITS, wish.id)
    session.flush()


def taken_back(session: Session, actor: Actor, answer_id: uuid.UUID, *, pep_id: uuid.UUID, question_id: str) -> None:
    """Take back what came from an answer that its young person took back."""
    for wish in session.scalars(select(Wish).where(Wish.sent_answer_id == answer_id)).all():
        ledger.take_back(session, actor, wish)
    watch.words_follow(session, pep_id, question_id, None)
