"""Writes down what the feed will tell, in the transaction in which the young person sent or took back their answers.

What never gets a row: answers for named people only or for nobody, how the meeting was (it is no section of a PEP), and what a
care leaver sends (measures 5.5, test 17: not sent without a new yes, and no page asks for that yes yet). Nor does
anything but the young person's own words: what a carer writes would be a ``carer_contribution``, which is not fed yet. Whatever
was fed before and no longer may be is withdrawn, also for a care leaver. What they put in from their own route is an
``aspiration`` (measures 5.4) and goes the same way.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.feeds.models import Action, FeedChange
from app.pathways.models import SharedRoute
from app.pathways.my_route import route_shared
from app.people.audience import FED, NEVER_AT_HOME, Share, care_of
from app.people.models import Care
from app.voice.models import SentAnswer
from app.voice.sending import answers_sent

AT_HOME = ("carer", "key_worker")
AT_SCHOOL = ("designated_teacher", "school_staff")
NOT_A_PEP_SECTION = "meeting-feedback"


def listen() -> None:
    """Hear of every sending from now on."""
    answers_sent.connect(_on_answers_sent)
    route_shared.connect(_on_route_shared)


def hidden_from(answer: SentAnswer | SharedRoute) -> list[str]:
    """Return from whom the platform must hide this answer, in the feed's words (measures 5.1).

    Who a child would not like at their meeting is never for the people they live with, whatever was chosen.
    """
    never_at_home = isinstance(answer, SentAnswer) and answer.question_id in NEVER_AT_HOME
    home = answer.share == Share.not_home or never_at_home
    school = answer.share == Share.not_school
    return [*(AT_HOME if home else ()), *(AT_SCHOOL if school else ())]


def write_changes(
    session: Session, young_person_id: uuid.UUID, sent: Sequence[SentAnswer], withdrawn: Sequence[SentAnswer]
) -> list[FeedChange]:
    """Write the changes that these answers make to the feed, and return them. Belongs to the caller's transaction."""
    sent = [answer for answer in sent if answer.by_person_id == young_person_id]
    withdrawn = [answer for answer in withdrawn if answer.by_person_id == young_person_id]
    fed_before = _fed(session, [*(answer.supersedes_id for answer in sent), *(answer.id for answer in withdrawn)])
    may_be_fed = care_of(session, young_person_id) != Care.care_leaver
    found = [_for_sent(answer, fed_before.get(answer.supersedes_id), may_be_fed) for answer in sent]
    found += [_withdrawal(fed_before[answer.id]) for answer in withdrawn if answer.id in fed_before]
    changes = [change for change in found if change is not None]
    session.add_all(changes)
    session.flush()
    return changes


def _on_answers_sent(
    _response: Any, *, session: Session, sent: list[SentAnswer], withdrawn: list[SentAnswer], **_other: Any
) -> None:
    young_person_id = next(answer.young_person_id for answer in (*sent, *withdrawn))
    write_changes(session, young_person_id, sent, withdrawn)


def write_route_change(session: Session, shared: SharedRoute | None, before: SharedRoute | None) -> FeedChange | None:
    """Write what changes in the feed when a route was put into a PEP, again, or taken back; in the caller's transaction."""
    told = before if before is not None and _route_was_fed(session, before) else None
    row = shared or before
    if row is None:
        return None
    may_be_fed = care_of(session, row.person_id) != Care.care_leaver
    if shared is None or not may_be_fed or shared.share not in FED:
        change = _route_withdrawal(told) if told is not None else None
    else:
        change = FeedChange(
            action=Action.create if told is None else Action.replace_,
            shared_route_id=shared.id,
            replaces_route_id=told.id if told else None,
            hides=bool(hidden_from(shared)),
            replaces_hides=bool(hidden_from(told)) if told else None,
            turn=2 * shared.revision,
            made_at=clock.now(),
        )
    if change is not None:
        session.add(change)
        session.flush()
    return change


def _on_route_shared(
    _row: Any, *, session: Session, shared: SharedRoute | None, before: SharedRoute | None, **_other: Any
) -> None:
    write_route_change(session, shared, before)


def _route_was_fed(session: Session, row: SharedRoute) -> bool:
    told = select(FeedChange.id).where(FeedChange.shared_route_id == row.id, FeedChange.action != Action.withdraw)
    return session.scalar(told.limit(1)) is not None


def _route_withdrawal(row: SharedRoute) -> FeedChange:
    return FeedChange(
        action=Action.withdraw,
        shared_route_id=row.id,
        hides=bool(hidden_from(row)),
        turn=2 * row.revision + 1,
        made_at=clock.now(),
    )


def _fed(session: Session, ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID | None, SentAnswer]:
    """Return which of these answers the feed has told of."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    rows = session.scalars(
        select(SentAnswer)
        .join(FeedChange, FeedChange.sent_answer_id == SentAnswer.id)
        .where(SentAnswer.id.in_(wanted), FeedChange.action != Action.withdraw)
    )
    return {row.id: row for row in rows}


def _for_sent(answer: SentAnswer, before: SentAnswer | None, may_be_fed: bool) -> FeedChange | None:
    if not may_be_fed or answer.share not in FED or answer.section == NOT_A_PEP_SECTION:
        return _withdrawal(before) if before is not None else None
    return FeedChange(
        action=Action.create if before is None else Action.replace_,
        sent_answer_id=answer.id,
        replaces_id=before.id if before else None,
        hides=bool(hidden_from(answer)),
        replaces_hides=bool(hidden_from(before)) if before else None,
        turn=2 * answer.revision,
        made_at=clock.now(),
    )


def _withdrawal(answer: SentAnswer) -> FeedChange:
    return FeedChange(
        action=Action.withdraw,
        sent_answer_id=answer.id,
        hides=bool(hidden_from(answer)),
        turn=2 * answer.revision + 1,
        made_at=clock.now(),
    )
