"""'Did it happen?': four weeks after an answer that promised something, its young person is asked, and nobody for them.

Source: handbook 4.2 and 4.3 (T+4 weeks), voice-questions 6.8 (``am-happened``: "We will go back to the people who said they would
do it"). It is asked once for each promise, and not for ever: after twelve weeks the next meeting has come.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.people.sessions import Actor
from app.wishes import clock_rules, telling
from app.wishes.ledger import Overtaken
from app.wishes.models import Happened, ReplyKind, State, Verdict, Wish, WishHappened
from app.wishes.reading import WishView

ASK_AFTER, ASK_FOR = timedelta(weeks=4), timedelta(weeks=8)
PROMISES = (ReplyKind.yes, ReplyKind.partly)


def is_asked(one: WishView, now: datetime) -> bool:
    """Return whether its young person is asked now if what was promised has happened."""
    reply, wish = one.reply, one.wish
    if reply is None or reply.kind not in PROMISES or wish.withdrawn_at is not None or one.happened is not None:
        return False
    waits = wish.state == State.answered or (wish.state == State.ended and wish.verdict == Verdict.helped)
    return waits and ASK_AFTER <= now - reply.at < ASK_AFTER + ASK_FOR


def say(session: Session, actor: Actor, one: WishView, said: str) -> bool:
    """Keep what the young person says; False when they have said it already.

    'Not yet' and 'no' give the wish back to its owner, with two working days to look at it, and show it to the Virtual School.
    Raises Forbidden for anybody else, ValueError for another word, Overtaken when it is not asked (now).
    """
    wish, word = one.wish, Happened(said)
    if actor.person_id != wish.young_person_id or not actor.is_child or actor.beside:
        raise Forbidden
    if one.happened is not None:
        return False
    if one.reply is None or not is_asked(one, clock.now()):
        raise Overtaken(wish)
    moment = clock.now()
    row = {"id": new_id(), "wish_id": wish.id, "reply_id": one.reply.id, "said": word, "at": moment}
    if not insert_if_absent(session, WishHappened, row):
        return False
    audit.record(session, actor, "wish.happened", subject_id=wish.young_person_id, thing_id=wish.id, detail=word)
    if word is not Happened.yes:
        _give_back(session, wish, moment)
    return True


def _give_back(session: Session, wish: Wish, moment: datetime) -> None:
    values: dict[str, Any] = {
        "state": State.owned,
        "ended_at": None,
        "verdict": None,
        "due_on": clock_rules.look_by(moment).date(),
        "back_at": moment,
        "back_seen_at": None,
    }
    session.execute(
        update(Wish).where(Wish.id == wish.id).values(version=Wish.version + 1, **values),
        execution_options={"synchronize_session": False},
    )
    session.refresh(wish)
    telling.tell_owner_it_is_back(session, wish)
