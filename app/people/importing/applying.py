"""Writes what was planned, in one transaction."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.people.importing.plan import Plan


class MeanwhileChanged(RuntimeError):
    """Somebody else changed the same people between the plan and the writing; nothing was written."""


def apply(session: Session, plan: Plan) -> None:
    """Write the plan and its audit entries; the caller commits. Raises MeanwhileChanged, having rolled everything back."""
    try:
        session.add_all(plan.people)
        session.flush()
        session.add_all(plan.new)
        for change in plan.changes:
            setattr(change.target, change.attribute, change.value)
        for event in plan.events:
            audit.record(
                session, None, event.name, subject_id=event.subject_id, thing_id=event.thing_id, detail="import"
            )
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise MeanwhileChanged("The same people were changed meanwhile. Nothing was written; run it again.") from error
