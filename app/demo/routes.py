"""The route of one young person of the demo: two dreams, and steps thought about over some weeks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.pathways import bank
from app.pathways.models import Dream, Kind, RouteChange
from app.people.models import Person

# How many days ago, which step, what they thought of it.
_FELT = (
    (41, "he-taster", "not_for_me"),
    (40, "work-experience", "pinned"),
    (19, "p16-t-level", "thinking"),
    (18, "app-l2-l3", "want"),
    (4, "he-taster", "thinking"),
)
_DREAMT = (
    (40, "I want to be a vet."),
    (18, "I want to mend trains, the old ones with steam. And live somewhere with a dog."),
)


def go_their_way(session: Session, person: Person) -> None:
    """Write down what a young person thought of the steps, as their own taps would have."""
    now, known = clock.now(), bank.of(Kind.step)
    for ago, step, feeling in _FELT:
        if step in known:
            at = now - timedelta(days=ago)
            session.add(RouteChange(person_id=person.id, step=step, feeling=feeling, at=at))
    for ago, words in _DREAMT:
        session.add(Dream(person_id=person.id, words=words, language="en-GB", at=now - timedelta(days=ago, hours=1)))
