"""What an adult who sits beside a young person may see there: what was said with them, never what was said without.

A young person's drafts are theirs alone (safeguarding, section 7), and so is what they sent but kept from somebody. An adult
can open 'beside me' also when the young person is not there, so nothing that was said alone, or with another adult, is shown,
changed, shared or sent from a sitting; and of what was said in an earlier sitting with the same adult, nothing that the young
person keeps from them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.audience import Dial
from app.people.models import SignIn
from app.people.policy import living_roles
from app.people.sessions import Actor
from app.voice.models import Answer, State


def hidden(
    session: Session, actor: Actor, response_id: uuid.UUID, drafts: Iterable[Answer], care: str
) -> frozenset[str]:
    """Return the ids of the questions whose answers the adult beside ``actor`` must not see. Empty where nobody is beside."""
    if actor.helper_id is None:
        return frozenset()
    with_them = said_with(session, actor, response_id)
    began = session.scalar(select(SignIn.began_at).where(SignIn.id == actor.sign_in_id))
    roles = living_roles(session, actor.helper_id, actor.person_id, clock.today())

    def may_see(draft: Answer) -> bool:
        if draft.question_id not in with_them:
            return False
        dial = Dial(draft.share, tuple(draft.chosen), draft.question_id, care)
        return (began is not None and draft.saved_at >= began) or dial.allows(actor.helper_id or actor.person_id, roles)

    return frozenset(one.question_id for one in drafts if one.state != State.skipped and not may_see(one))


def said_with(session: Session, actor: Actor, response_id: uuid.UUID) -> frozenset[str]:
    """Return the ids of the questions whose answer was last saved beside the adult who sits here now.

    The audit knows who sat beside whom at each saving.
    """
    rows = session.execute(
        select(AuditEntry.detail, AuditEntry.helper_id)
        .where(
            AuditEntry.subject_id == actor.person_id,
            AuditEntry.event == "answer.saved",
            AuditEntry.thing_id == response_id,
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    last_helper: dict[str | None, uuid.UUID | None] = {row.detail: row.helper_id for row in rows}
    return frozenset(one for one, helper_id in last_helper.items() if one and helper_id == actor.helper_id)
