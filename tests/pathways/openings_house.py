"""Opportunities and events for tests: plainly made up, with only what matters stated by each test."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.pathways.bank import Translated
from app.pathways.models import HeEvent, Opportunity
from app.pathways.publishing import put_in
from app.pathways.records import HeVisit, Opening
from app.people.models import Person, Role
from app.people.sessions import Actor, Look, YoungFacts


def opening(key: str = "made-up-bakery", **changes: Any) -> Opening:
    """Return the record of a plain opportunity that closes in ten days."""
    given = {
        "id": key,
        "title": "Bread and cakes",
        "plain": "You learn to bake.",
        "type": "work_experience",
        "provider": "Made-up Bakery",
        "provider_group": "external",
        "contact_role": "vs_eet",
        "closes_at": clock.now() + timedelta(days=10),
        **changes,
    }
    return Opening.model_validate(given)


def visit(key: str = "campus-day", starts: datetime | None = None, **changes: Any) -> HeVisit:
    """Return the record of an HE event of two hours in twenty days."""
    begins = starts or clock.now() + timedelta(days=20)
    given = {
        "id": key,
        "title": "A day on the campus",
        "plain": "You meet students.",
        "host": "Made-up University",
        "type": "campus_visit",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "year_groups": ("Y9", "Y10"),
        "capacity": 10,
        **changes,
    }
    return HeVisit.model_validate(given)


def published(session: Session, record: Opening | HeVisit, **translations: dict[str, str]) -> Opportunity:
    """Publish a record with translations by language, and return its row."""
    words = {
        language: {path: Translated(text, "draft-machine") for path, text in texts.items()}
        for language, texts in translations.items()
    }
    put_in(session, record, words)
    session.commit()
    return session.scalars(select(Opportunity).where(Opportunity.key == record.id)).one()


def seats(session: Session, row: Opportunity) -> HeEvent:
    """Return the seats of an event as they stand in the database."""
    return session.scalars(
        select(HeEvent).where(HeEvent.opportunity_id == row.id).execution_options(populate_existing=True)
    ).one()


def actor_of(person: Person) -> Actor:
    """Return a person as the one who acts."""
    young = None
    if person.young is not None:
        one = person.young
        flags = frozenset(one.flags or ())
        young = YoungFacts(one.year_group, one.care, one.question_set, one.short_path, flags, one.place)
    return Actor(
        person_id=person.id,
        role=Role(person.role),
        name=person.name,
        language=person.language,
        sign_in_id=person.id,
        way="card",
        helper_id=None,
        helper_role=None,
        locked=False,
        shared_device=False,
        look=Look("clay", "", ""),
        young=young,
    )
