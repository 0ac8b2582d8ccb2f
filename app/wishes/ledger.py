"""The ledger: making a wish, taking it on, doing something, answering, and the young person's verdict.

Every change is a conditional update on the wish's ``version``: of two people who press at once, one has done it and the other is
told. Room functions flush and never commit. Nothing here deletes.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.core.db import insert_if_absent, new_id
from app.messages import outbox
from app.people.audience import FED, SHARED, Reader, care_of, readers_today
from app.people.models import Role
from app.people.policy import RECORD_READERS, living_roles
from app.people.sessions import Actor
from app.wishes import clock_rules, telling
from app.wishes.ladder import ON_THE_LADDER, dial_of
from app.wishes.models import OPEN, Raised, ReplyKind, State, Verdict, Wish, WishReply, WishStep, WishVerdict
from app.wishes.reading import WishView, gather, may_see

MOST = 2000
# No day by which something is done lies further ahead than a school year.
LONGEST = timedelta(days=365)
READ = "wish.read"
# Who may act on a wish that another has in hand: those who write the plan, and the Virtual School.
WRITERS = frozenset({Role.designated_teacher, Role.social_worker, Role.personal_adviser, Role.virtual_school})


class WordsMissing(ValueError):
    """There are no words, or more than a wish holds. A 'no' without its reason is this too."""


class NotAnOwner(ValueError):
    """The person chosen may not see the wish, or the day has gone by."""


class TooFarAhead(NotAnOwner):
    """The day is more than a school year away."""


class TakenBack(NotFound):
    """The young person took the wish back: for an adult who might see it otherwise there is nothing here any more."""


class Overtaken(RuntimeError):
    """Somebody else changed the wish after this page was shown."""

    def __init__(self, wish: Wish) -> None:
        """Take the wish as it is now."""
        super().__init__("somebody else was quicker")
        self.wish = wish


def raise_wish(
    session: Session,
    actor: Actor,
    *,
    young_person_id: uuid.UUID,
    pep_id: uuid.UUID | None,
    words: str,
    language: str,
    share: str,
    chosen: Iterable[str],
    section: str,
    sent_answer_id: uuid.UUID | None = None,
    question_id: str | None = None,
    by: str = Raised.child,
    key: str | None = None,
) -> Wish:
    """Make a wish and return it; the same ``key`` twice is the same wish.

    ``by`` 'child' is the young person themself (Forbidden for anybody else); 'worker' lifts it from a sent answer, which the
    caller has checked holds these very words; 'paper' is a worker who typed it in as it stands on the young person's paper.
    Raises WordsMissing without words, ValueError for a wish shared with nobody.
    """
    if by == Raised.child and actor.person_id != young_person_id:
        raise Forbidden
    if by == Raised.worker and sent_answer_id is None:
        raise ValueError("A worker lifts a wish from an answer.")
    if share not in SHARED:
        raise ValueError("A wish is shared with somebody.")
    fresh_id = new_id()
    key = key or str(fresh_id)
    values = {
        "id": fresh_id,
        "key": key,
        "young_person_id": young_person_id,
        "pep_id": pep_id,
        "sent_answer_id": sent_answer_id,
        "question_id": question_id,
        "section": section,
        "words": _words(words),
        "language": language,
        "share": share,
        "chosen": [] if share in FED else list(chosen),
        "raised_by": Raised(by),
        "raised_by_id": actor.person_id,
        "raised_at": clock.now(),
        "state": State.new,
        "version": 1,
    }
    if insert_if_absent(session, Wish, values):
        event = {Raised.child: "wish.raised", Raised.worker: "wish.lifted"}.get(Raised(by), "paper.typed")
        audit.record(session, actor, event, subject_id=young_person_id, thing_id=fresh_id, detail=section)
    return session.scalars(select(Wish).where(Wish.key == key)).one()


def _words(words: str) -> str:
    tidy = words.strip()
    if not tidy or len(tidy) > MOST:
        raise WordsMissing
    return tidy


def _advance(session: Session, wish: Wish, seen_version: int | None, **values: Any) -> None:
    """Change a wish if it is still as the page showed it. Raises Overtaken when it is not."""
    version = wish.version if seen_version is None else seen_version
    result = session.execute(
        update(Wish).where(Wish.id == wish.id, Wish.version == version).values(version=version + 1, **values),
        execution_options={"synchronize_session": False},
    )
    session.refresh(wish)
    if not result.rowcount:  # type: ignore[attr-defined]
        raise Overtaken(wish)


def _audit(session: Session, actor: Actor, event: str, wish: Wish, detail: str | None = None) -> None:
    audit.record(session, actor, event, subject_id=wish.young_person_id, thing_id=wish.id, detail=detail)


def for_adult(session: Session, actor: Actor, wish_id: uuid.UUID) -> WishView:
    """Return a wish that an adult may see today, with its way. Raises TakenBack for one taken back, NotFound for any other."""
    wish = session.get(Wish, wish_id)
    if wish is None:
        raise NotFound
    roles = living_roles(session, actor.person_id, wish.young_person_id, clock.today()) & RECORD_READERS
    if not may_see(wish, care_of(session, wish.young_person_id), actor.person_id, roles):
        raise NotFound
    if wish.withdrawn_at is not None:
        raise TakenBack
    return gather(session, [wish])[0]


def shown(session: Session, actor: Actor, wishes: Collection[Wish]) -> None:
    """Remember that an adult was shown the words of these: who was first, and in the audit each of them once a day."""
    if not wishes:
        return
    seen(session, actor, wishes)
    begun = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    known = set(
        session.scalars(
            select(AuditEntry.thing_id).where(
                AuditEntry.subject_id.in_({wish.young_person_id for wish in wishes}),
                AuditEntry.at >= begun,
                AuditEntry.actor_id == actor.person_id,
                AuditEntry.event == READ,
            )
        )
    )
    for wish in wishes:
        if wish.id not in known:
            _audit(session, actor, READ, wish)


def seen(session: Session, actor: Actor, wishes: Collection[Wish]) -> None:
    """Remember who was the first adult to see each of these. Of two at once, the first."""
    new = {wish.id: wish for wish in wishes if wish.seen_at is None}
    if not new:
        return
    marked = session.execute(
        update(Wish)
        .where(Wish.id.in_(new), Wish.seen_at.is_(None))
        .values(seen_at=clock.now(), seen_by_id=actor.person_id, state=State.seen, version=Wish.version + 1)
        .returning(Wish.id),
        execution_options={"synchronize_session": False},
    ).scalars()
    mine = set(marked)
    session.scalars(select(Wish).where(Wish.id.in_(new)).execution_options(populate_existing=True)).all()
    for wish_id, wish in new.items():
        if wish_id in mine:
            _audit(session, actor, "wish.seen", wish)


def looked_again(session: Session, actor: Actor, wish: Wish) -> None:
    """Stop the clock of a wish of which its young person said that it did not help or happen: its owner has opened it, or
    somebody to whom it can rise."""
    if wish.back_at is None or wish.back_seen_at is not None:
        return
    roles = living_roles(session, actor.person_id, wish.young_person_id, clock.today())
    if actor.person_id == wish.owner_id or roles & ON_THE_LADDER:
        session.execute(
            update(Wish).where(Wish.id == wish.id, Wish.back_seen_at.is_(None)).values(back_seen_at=clock.now()),
            execution_options={"synchronize_session": False},
        )
        session.refresh(wish)


def may_own(session: Session, wish: Wish) -> list[Reader]:
    """Return the adults who could take a wish on today: those whom its young person lets see it."""
    dial = dial_of(wish, care_of(session, wish.young_person_id))
    return dial.readers(readers_today(session, wish.young_person_id, clock.today()))


def own(
    session: Session,
    actor: Actor,
    wish: Wish,
    owner_id: uuid.UUID,
    due_on: date,
    *,
    seen_version: int | None = None,
    handed_out_here: bool = False,
) -> None:
    """Give a wish to a named adult, with a day by which it is done or answered.

    Raises NotAnOwner for somebody who may not see it or a day gone by, TooFarAhead for one beyond a school year, Forbidden when
    another has it in hand (only they and the Virtual School hand it on, and the meeting that gave it to them:
    ``handed_out_here``), Overtaken when somebody was quicker.
    """
    if due_on > clock.today() + LONGEST:
        raise TooFarAhead
    if due_on < clock.today() or owner_id not in {one.person_id for one in may_own(session, wish)}:
        raise NotAnOwner
    overtaken = seen_version is not None and seen_version != wish.version
    if overtaken or wish.state == State.ended or wish.withdrawn_at is not None:
        raise Overtaken(wish)
    in_hand = wish.owner_id is not None and not gather(session, [wish])[0].owner_left
    if in_hand and not handed_out_here and actor.person_id != wish.owner_id and actor.role is not Role.virtual_school:
        raise Forbidden
    moment = clock.now()
    changes: dict[str, Any] = {"owner_id": owner_id, "owned_at": moment, "due_on": due_on}
    if wish.seen_at is None:
        changes |= {"seen_at": moment, "seen_by_id": actor.person_id}
    if wish.state in OPEN:
        changes |= {"state": State.owned}
    _advance(session, wish, seen_version, **changes)
    _audit(session, actor, "wish.owned", wish)
    if owner_id != actor.person_id:
        telling.tell_owner(session, wish)


def _may_act(actor: Actor, wish: Wish) -> None:
    if actor.is_child or (actor.person_id != wish.owner_id and actor.role not in WRITERS):
        raise Forbidden
    if wish.withdrawn_at is not None:
        raise Overtaken(wish)


def step(
    session: Session, actor: Actor, wish: Wish, words: str, *, done: bool = True, language: str = "en-GB"
) -> WishStep:
    """Write down something small that was done (or, with ``done`` False, will be). Raises WordsMissing, Forbidden."""
    _may_act(actor, wish)
    row = WishStep(
        wish_id=wish.id, at=clock.now(), by_id=actor.person_id, words=_words(words), language=language, done=done
    )
    session.add(row)
    if wish.back_at is not None:
        # Somebody does something about it again.
        wish.back_at = wish.back_seen_at = None
    session.flush()
    _audit(session, actor, "wish.step-taken", wish)
    return row


def step_done(session: Session, actor: Actor, wish: Wish, step_id: uuid.UUID) -> bool:
    """Tick a step that was promised for later; False when it is ticked already. Raises NotFound, Forbidden, Overtaken."""
    _may_act(actor, wish)
    first = session.get(WishStep, step_id)
    if first is None or first.wish_id != wish.id or first.of_id is not None:
        raise NotFound
    ticked = session.execute(
        update(WishStep).where(WishStep.id == step_id, WishStep.done.is_(False)).values(done=True, done_at=clock.now()),
        execution_options={"synchronize_session": False},
    )
    session.refresh(first)
    if not ticked.rowcount:  # type: ignore[attr-defined]
        return False
    _audit(session, actor, "wish.step-done", wish)
    return True


def translate_step(session: Session, actor: Actor, wish: Wish, step_id: uuid.UUID, words: str, language: str) -> bool:
    """Add the same step in another language, as a professional interpreter put it; False when it is there already."""
    _may_act(actor, wish)
    first = session.get(WishStep, step_id)
    if first is None or first.wish_id != wish.id or first.of_id is not None:
        raise NotFound
    values = {
        "id": new_id(),
        "wish_id": wish.id,
        "at": clock.now(),
        "by_id": actor.person_id,
        "words": _words(words),
        "language": language,
        "done": first.done,
        "of_id": first.id,
    }
    if language == first.language or not insert_if_absent(session, WishStep, values):
        return False
    _audit(session, actor, "wish.translated", wish, language)
    return True


def reply(
    session: Session,
    actor: Actor,
    wish: Wish,
    kind: str,
    words: str,
    language: str,
    *,
    seen_version: int | None = None,
) -> WishReply:
    """Answer a wish; its young person is told the way they chose. Only their verdict ends it.

    Raises WordsMissing without words (above all a 'no' without its reason), ValueError for another kind, Forbidden, Overtaken.
    """
    _may_act(actor, wish)
    answer = WishReply(
        wish_id=wish.id,
        kind=ReplyKind(kind),
        words=_words(words),
        language=language,
        by_id=actor.person_id,
        at=clock.now(),
    )
    changes: dict[str, Any] = {"state": State.answered, "answered_at": answer.at, "verdict": None, "ended_at": None}
    # What was not right before has an answer again.
    changes |= {"back_at": None, "back_seen_at": None}
    if wish.seen_at is None:
        changes |= {"seen_at": answer.at, "seen_by_id": actor.person_id}
    if wish.owner_id is None:
        changes |= {"owner_id": actor.person_id, "owned_at": answer.at}
    _advance(session, wish, seen_version, **changes)
    session.add(answer)
    session.flush()
    _audit(session, actor, "wish.answered", wish, answer.kind)
    telling.tell_young_person(session, wish, answer.id)
    return answer


def translate(
    session: Session, actor: Actor, wish: Wish, reply_id: uuid.UUID, words: str, language: str
) -> WishReply | None:
    """Add the same answer in another language, as a professional interpreter put it. None when it is there already."""
    _may_act(actor, wish)
    first = session.get(WishReply, reply_id)
    if first is None or first.wish_id != wish.id or first.of_id is not None:
        raise NotFound
    other_id = new_id()
    values = {
        "id": other_id,
        "wish_id": wish.id,
        "kind": first.kind,
        "words": _words(words),
        "language": language,
        "by_id": actor.person_id,
        "at": clock.now(),
        "of_id": first.id,
    }
    if language == first.language or not insert_if_absent(session, WishReply, values):
        return None
    _audit(session, actor, "wish.translated", wish, language)
    telling.tell_young_person(session, wish, other_id)
    return session.get(WishReply, other_id)


def verdict(
    session: Session, actor: Actor, wish: Wish, said: str, *, seen_version: int | None = None
) -> WishVerdict | None:
    """Keep what the young person says of it; a second tap changes nothing (None). Nobody says it for them (Forbidden).

    'Helped' and 'no' end the wish. 'Not yet' gives it back to its owner, with two working days to look at it again. 'No' and 'not
    yet' are told to the owner; when nobody has looked by then, it rises to the next person (``app.wishes.watch``).
    """
    if actor.person_id != wish.young_person_id or not actor.is_child or actor.beside:
        raise Forbidden
    word = Verdict(said)
    if wish.verdict == word:
        return None
    if wish.answered_at is None or wish.withdrawn_at is not None:
        raise Overtaken(wish)
    moment = clock.now()
    changes: dict[str, Any] = {"back_at": moment, "back_seen_at": None}
    if word is Verdict.not_yet:
        changes |= {"state": State.owned, "ended_at": None, "due_on": clock_rules.look_by(moment).date()}
    else:
        changes |= {"state": State.ended, "ended_at": moment}
    if word is Verdict.helped:
        changes["back_at"] = None
    try:
        _advance(session, wish, seen_version, verdict=word, **changes)
    except Overtaken:
        if wish.verdict == word:
            return None
        raise
    row = WishVerdict(wish_id=wish.id, verdict=word, at=moment)
    session.add(row)
    session.flush()
    _audit(session, actor, "wish.verdict", wish, word)
    telling.tell_owner_it_is_back(session, wish)
    return row


def told(session: Session, actor: Actor, wish: Wish, reply_id: uuid.UUID) -> bool:
    """Remember that somebody told the young person this answer, who wants to be told by a person; False when it was ticked
    already. Raises NotFound for another wish's answer, Forbidden, Overtaken."""
    _may_act(actor, wish)
    ticked = session.execute(
        update(WishReply)
        .where(WishReply.id == reply_id, WishReply.wish_id == wish.id, WishReply.told_at.is_(None))
        .values(told_at=clock.now()),
        execution_options={"synchronize_session": False},
    )
    found = session.get(WishReply, reply_id, populate_existing=True)
    if found is None or found.wish_id != wish.id:
        raise NotFound
    if not ticked.rowcount:  # type: ignore[attr-defined]
        return False
    _audit(session, actor, "wish.told", wish)
    return True


def withdraw(session: Session, actor: Actor, wish: Wish) -> None:
    """Take a wish back, as its young person wants it (Forbidden for anybody else)."""
    if actor.person_id != wish.young_person_id:
        raise Forbidden
    take_back(session, actor, wish)


def take_back(session: Session, actor: Actor, wish: Wish) -> None:
    """Take a wish back: adults see it no more. It stays in the ledger, and so does who had read it.

    What is on its way to tell an adult of it does not leave any more. The same words can be wished again: it gives up its key.
    """
    if wish.withdrawn_at is not None:
        return
    session.execute(
        update(Wish)
        .where(Wish.id == wish.id, Wish.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), key=str(wish.id), version=Wish.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(wish)
    outbox.take_back(session, telling.WAITS, wish.id)
    _audit(session, actor, "wish.withdrawn", wish)
