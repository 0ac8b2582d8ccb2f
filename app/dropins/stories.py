"""Legacy stories: a young person's own words, with their yes, apart from every figure (handbook, dropins 9)."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.dropins.models import Story
from app.people.sessions import Actor

LONGEST = 1500


def mine(session: Session, person_id: uuid.UUID) -> list[Story]:
    """Return the stories of a young person that they have not taken back, the newest first."""
    query = select(Story).where(Story.person_id == person_id, Story.taken_back_at.is_(None))
    return list(session.scalars(query.order_by(Story.yes_at.desc())))


def tell(session: Session, actor: Actor, words: str, language: str, *, key: str) -> None:
    """Keep a story in its own person's words; they say yes with the same press. Raises ValueError for no words, or too many."""
    tidy = words.strip()
    if not tidy or len(tidy) > LONGEST or not actor.is_child or actor.beside:
        raise ValueError("words")
    story_id = new_id()
    values = {"id": story_id, "key": key, "person_id": actor.person_id, "words": tidy, "language": language}
    if insert_if_absent(session, Story, {**values, "yes_at": clock.now()}):
        audit.record(session, actor, "story.told", subject_id=actor.person_id, thing_id=story_id)


def take_back(session: Session, actor: Actor, story_id: uuid.UUID) -> None:
    """Take a story back: nobody reads it any more. Raises NotFound for somebody else's."""
    story = session.get(Story, story_id)
    if story is None or story.person_id != actor.person_id:
        raise NotFound
    if story.taken_back_at is None:
        story.taken_back_at = clock.now()
        session.flush()
        audit.record(session, actor, "story.taken-back", subject_id=actor.person_id, thing_id=story.id)


def with_a_yes(session: Session) -> list[Story]:
    """Return every story whose yes stands, the newest first. They name nobody."""
    return list(session.scalars(select(Story).where(Story.taken_back_at.is_(None)).order_by(Story.yes_at.desc())))
