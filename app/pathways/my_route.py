"""My route: what a young person thinks of each step, their dream, and what of it they put into their PEP.

Rows are only added. What somebody thought before stays theirs to look back at, and changing one's mind is fine. Nobody else
reads any of it, until they put a copy of it, as it stands then, into the aspirations of their PEP.

Rooms above hear of that by the signal ``route_shared`` inside the same transaction.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blinker import Signal
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock, languages
from app.core.audit import AuditEntry
from app.core.db import insert_if_absent, new_id
from app.pathways import shelf
from app.pathways.models import Dream, Kind, RouteChange, SharedRoute
from app.pathways.shelf import Published
from app.people.audience import SHARED, Dial, Reader, Share
from app.people.models import Pep
from app.people.sessions import Actor
from app.questions.text import Text
from app.wishes import following, ledger, watch

SECTION = "aspirations-he-career"
# Stands for the question in the audience dial and in the feed.
QUESTION = "my-route"
LONGEST = 4_000
_LOOKED = ("record.read", "record.printed", "record.exported")

# Sent with: session, actor, shared (the new SharedRoute, or None), before (the one it takes the place of, or that was taken
# back, or None).
route_shared = Signal("A young person put their route into their PEP, or took it back, in this transaction.")


class Feeling(StrEnum):
    """What a young person thinks of a step."""

    want = "want"
    thinking = "thinking"
    pinned = "pinned"
    not_for_me = "not_for_me"
    none = "none"


# What comes first on their own pages, in this order; what is not for them does not.
FIRST = (Feeling.want, Feeling.thinking, Feeling.pinned)
# What goes into the PEP. A pin is only a pin, and 'not for me' is nobody's business.
SAID = (Feeling.want, Feeling.thinking)


class Unreadable(ValueError):
    """Nothing was written, or more than can be kept."""


class NothingToShare(ValueError):
    """There is no dream and no step to put into the PEP."""


@dataclass(frozen=True, slots=True)
class OnRoute:
    """A step on a young person's route: what they think of it now, and thought before."""

    key: str
    title: Text
    feeling: Feeling
    before: Feeling
    since: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that changed: a feeling about a step, or a dream (its words and language)."""

    at: datetime
    step: Text | None = None
    feeling: Feeling = Feeling.none
    dream: Text | None = None
    taken_away: bool = False


@dataclass(frozen=True, slots=True)
class MyRoute:
    """Where a young person is on their route."""

    steps: list[OnRoute]
    dream: Dream | None
    turns: list[Turn]

    def felt(self, feeling: str) -> list[OnRoute]:
        """Return the steps with one feeling, the newest first."""
        return [one for one in self.steps if one.feeling == feeling]

    @property
    def first(self) -> list[OnRoute]:
        """The steps that come first on their pages: what they want, think about, and have pinned."""
        return [one for feeling in FIRST for one in self.felt(feeling)]

    def about(self, key: str) -> OnRoute | None:
        """Return what they think, or thought, of one step."""
        return next((one for one in self.steps if one.key == key), None)

    @property
    def can_be_shared(self) -> bool:
        """True when there is something to put into the PEP."""
        return self.dream is not None or any(self.felt(feeling) for feeling in SAID)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be put into the PEP now: the very words, and the steps by key. ``digest`` tells whether it is still so."""

    words: str
    language: str
    steps: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A short mark of the words."""
        return hashlib.sha256(f"{self.language}\n{self.words}".encode()).hexdigest()[:16]


def route(session: Session, person_id: uuid.UUID, language: str) -> MyRoute:
    """Return a young person's route, with the steps' names in ``language``. A step that is no longer public is left out."""
    changes = session.scalars(
        select(RouteChange).where(RouteChange.person_id == person_id).order_by(RouteChange.at, RouteChange.id)
    ).all()
    dreams = session.scalars(select(Dream).where(Dream.person_id == person_id).order_by(Dream.at, Dream.id)).all()
    # Nothing has to be looked up for somebody who has not begun.
    known = shelf.published(session, Kind.step) if changes else {}
    standing = dreams[-1] if dreams and dreams[-1].taken_back_at is None else None
    return MyRoute(_steps(changes, known, language), standing, _turns(changes, dreams, known, language))


def first(session: Session, person_id: uuid.UUID, language: str = "en-GB") -> list[str]:
    """Return the keys of the steps that come first for this young person on open pages."""
    return [one.key for one in route(session, person_id, language).first]


def _steps(changes: Iterable[RouteChange], known: Mapping[str, Published], language: str) -> list[OnRoute]:
    found: dict[str, OnRoute] = {}
    for change in changes:
        if change.step not in known:
            continue
        old = found.pop(change.step, None)
        before = old.feeling if old else Feeling.none
        title = known[change.step].words("title", language)
        found[change.step] = OnRoute(change.step, title, Feeling(change.feeling), before, change.at)
    return list(found.values())[::-1]


def _turns(
    changes: Iterable[RouteChange], dreams: Iterable[Dream], known: Mapping[str, Published], language: str
) -> list[Turn]:
    turns = [
        Turn(one.at, step=known[one.step].words("title", language), feeling=Feeling(one.feeling))
        for one in changes
        if one.step in known
    ]
    for dream in dreams:
        turns.append(Turn(dream.at, dream=Text(dream.words, dream.language)))
        if dream.taken_back_at:
            turns.append(Turn(dream.taken_back_at, dream=Text(dream.words, dream.language), taken_away=True))
    return sorted(turns, key=lambda turn: turn.at, reverse=True)


def feel(session: Session, actor: Actor, step: str, feeling: Feeling) -> bool:
    """Keep what a young person thinks of a step from now on. The same again changes nothing (False).

    Raises NotFound for a step that is not public.
    """
    if step not in shelf.published(session, Kind.step):
        raise NotFound
    now = session.scalar(
        select(RouteChange.feeling)
        .where(RouteChange.person_id == actor.person_id, RouteChange.step == step)
        .order_by(RouteChange.at.desc(), RouteChange.id.desc())
        .limit(1)
    )
    if (now or Feeling.none) == feeling:
        return False
    session.add(RouteChange(person_id=actor.person_id, step=step, feeling=feeling, at=clock.now()))
    session.flush()
    audit.record(session, actor, "route.changed", subject_id=actor.person_id, detail=feeling)
    return True


def _dream(session: Session, person_id: uuid.UUID) -> Dream | None:
    newest = session.scalar(
        select(Dream).where(Dream.person_id == person_id).order_by(Dream.at.desc(), Dream.id.desc()).limit(1)
    )
    return newest if newest is not None and newest.taken_back_at is None else None


def dream(session: Session, actor: Actor, words: str, language: str) -> Dream:
    """Keep a young person's dream; the one before stays in how it changed. The same words again are the same dream.

    Raises Unreadable without words, or with more than can be kept.
    """
    tidy = words.strip().replace("\r\n", "\n")
    if not tidy or len(tidy) > LONGEST:
        raise Unreadable
    now = _dream(session, actor.person_id)
    if now is not None and now.words == tidy:
        return now
    row = Dream(person_id=actor.person_id, words=tidy, language=language, at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "dream.kept", subject_id=actor.person_id, thing_id=row.id)
    return row


def take_dream_away(session: Session, actor: Actor) -> None:
    """Let there be no dream from now on. What it was stays theirs to look back at."""
    row = _dream(session, actor.person_id)
    if row is not None:
        row.taken_back_at = clock.now()
        audit.record(session, actor, "dream.taken-away", subject_id=actor.person_id, thing_id=row.id)


# -- into the PEP -----------------------------------------------------------------------------------------------------


def preview(session: Session, actor: Actor, language: str) -> Preview:
    """Return what would stand in the PEP: the dream as they wrote it, then the steps they want or think about.

    In the language in which they wrote the dream, else in ``language``. Raises NothingToShare when there is neither.
    """
    mine = route(session, actor.person_id, language)
    if mine.dream is not None and mine.dream.language != language:
        language = mine.dream.language
        mine = route(session, actor.person_id, language)
    if not mine.can_be_shared:
        raise NothingToShare
    spoken = languages.find(language) or languages.ENGLISH
    with force_locale(spoken.babel):
        lines = [line for line in (_line(mine, feeling) for feeling in SAID) if line]
    words = "\n\n".join([*([mine.dream.words] if mine.dream else ()), *(["\n".join(lines)] if lines else ())])
    return Preview(words, language, tuple(one.key for feeling in SAID for one in mine.felt(feeling)))


def _line(mine: MyRoute, feeling: Feeling) -> str:
    # TRANSLATORS: puts a comma and a space between two names in a list
    steps = _(", ").join(one.title.text for one in mine.felt(feeling))
    if not steps:
        return ""
    if feeling is Feeling.want:
        # TRANSLATORS: goes into a young person's plan in their name; %(steps)s are names such as 'A levels, College'
        return _("I want this: %(steps)s", steps=steps)
    # TRANSLATORS: goes into a young person's plan in their name; %(steps)s are names such as 'A levels, College'
    return _("I am thinking about this: %(steps)s", steps=steps)


def shared_now(session: Session, person_id: uuid.UUID, pep_id: uuid.UUID) -> SharedRoute | None:
    """Return what of their route stands in a PEP now."""
    return session.scalar(
        select(SharedRoute).where(
            SharedRoute.pep_id == pep_id,
            SharedRoute.person_id == person_id,
            SharedRoute.superseded_at.is_(None),
            SharedRoute.withdrawn_at.is_(None),
        )
    )


def every_shared(session: Session, person_id: uuid.UUID) -> list[SharedRoute]:
    """Return everything a young person ever put into a PEP from their route, oldest first. One query."""
    return list(
        session.scalars(
            select(SharedRoute).where(SharedRoute.person_id == person_id).order_by(SharedRoute.sent_at, SharedRoute.id)
        )
    )


def stands(row: SharedRoute) -> bool:
    """Return whether this is what they share now."""
    return row.superseded_at is None and row.withdrawn_at is None


def dial_of(row: SharedRoute, care: str) -> Dial:
    """Return who may read what was put into the PEP."""
    return Dial(row.share, tuple(row.chosen), QUESTION, care)


def step_names(session: Session, keys: Iterable[str], language: str) -> str:
    """Return the names of steps in a reader's language, as one list; steps that are no longer public are left out."""
    known = shelf.published(session, Kind.step)
    # TRANSLATORS: puts a comma and a space between two names in a list
    return _(", ").join(known[key].words("title", language).text for key in keys if key in known)


def share(
    session: Session, actor: Actor, pep: Pep, what: Preview, who: Share, chosen: Iterable[uuid.UUID] = ()
) -> SharedRoute:
    """Put a copy of the route into a PEP, for those the young person chose; it takes the place of the one before.

    The same for the same people again is the same. Raises ValueError for nobody, or for another's PEP.
    """
    named = sorted(str(one) for one in chosen) if who is Share.chosen else []
    if who not in SHARED or pep.young_person_id != actor.person_id or (who is Share.chosen and not named):
        raise ValueError("It is shared with somebody, in one's own PEP.")
    newest = session.scalar(
        select(SharedRoute).where(SharedRoute.pep_id == pep.id).order_by(SharedRoute.revision.desc()).limit(1)
    )
    before = newest if newest is not None and stands(newest) else None
    if before is not None and (before.words, before.share, list(before.chosen)) == (what.words, who, named):
        return before
    row = _insert(session, actor, pep, what, who, named, (newest.revision if newest else 0) + 1)
    if row is None:  # somebody pressed twice, and the other press was quicker
        return shared_now(session, actor.person_id, pep.id) or share(session, actor, pep, what, who, chosen)
    if before is not None:
        before.superseded_at = row.sent_at
        following.sent_again(
            session,
            actor,
            before.id,
            row.id,
            pep_id=pep.id,
            question_id=QUESTION,
            share=who,
            chosen=named,
            words=lambda _language: what.words,
        )
    audit.record(session, actor, "route.shared", subject_id=actor.person_id, thing_id=row.id, detail=who)
    if before is None or before.words != what.words:
        dials = [(str(who), named, QUESTION)]
        watch.words_came(session, young_person_id=actor.person_id, pep_id=pep.id, came_at=row.sent_at, dials=dials)
    session.flush()
    route_shared.send(row, session=session, actor=actor, shared=row, before=before)
    return row


def _insert(
    session: Session, actor: Actor, pep: Pep, what: Preview, who: Share, named: list[str], revision: int
) -> SharedRoute | None:
    row_id = new_id()
    values = {
        "id": row_id,
        "person_id": actor.person_id,
        "pep_id": pep.id,
        "revision": revision,
        "words": what.words,
        "language": what.language,
        "steps": list(what.steps),
        "share": str(who),
        "chosen": named,
        "sent_at": clock.now(),
    }
    return session.get(SharedRoute, row_id) if insert_if_absent(session, SharedRoute, values) else None


def take_back(session: Session, actor: Actor, pep: Pep) -> None:
    """Take the route out of a PEP: adults see it no more, nor a wish that came from it. It stays in the audit."""
    row = shared_now(session, actor.person_id, pep.id)
    if row is None:
        return
    row.withdrawn_at = clock.now()
    following.taken_back(session, actor, row.id, pep_id=pep.id, question_id=QUESTION)
    audit.record(session, actor, "route.taken-back", subject_id=actor.person_id, thing_id=row.id)
    session.flush()
    route_shared.send(row, session=session, actor=actor, shared=None, before=row)


def make_wish(session: Session, actor: Actor, row: SharedRoute, words: str) -> None:
    """Make what stands in the PEP, or a part of it, a wish. The same words twice are one wish. Raises WordsMissing."""
    ledger.raise_wish(
        session,
        actor,
        young_person_id=actor.person_id,
        pep_id=row.pep_id,
        words=words,
        language=row.language,
        share=row.share,
        chosen=list(row.chosen),
        section=SECTION,
        sent_answer_id=row.id,
        question_id=QUESTION,
        key=following.key_of(f"route:{row.pep_id}", words),
    )


def read_by(session: Session, row: SharedRoute, care: str, people: Iterable[Reader]) -> list[tuple[Reader, bool]]:
    """Return who may read what stands in the PEP, each with whether they have opened the record since."""
    opened = set(
        session.scalars(
            select(AuditEntry.actor_id).where(
                AuditEntry.subject_id == row.person_id,
                AuditEntry.event.in_(_LOOKED),
                AuditEntry.thing_id == row.pep_id,
                AuditEntry.at >= row.sent_at,
            )
        )
    )
    return [(one, one.person_id in opened) for one in dial_of(row, care).readers(people)]
