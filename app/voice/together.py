"""What an adult who sits beside a young person may see there: what was said with them, never what was said without.

A young person's drafts are theirs alone (safeguarding, section 7), and so is what they sent but kept from somebody. An adult
can open 'beside me' also when the young person is not there, so nothing that was said alone, or with another adult, is shown,
changed, shared or sent from a sitting.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.people.sessions import Actor


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
