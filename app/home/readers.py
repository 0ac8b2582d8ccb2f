"""Who has looked: the audit of a young person's own record, in words for them.

'B, your teacher for your PEP, read this on 3 May' (safeguarding, section 12). Ids and codes go in; nothing here knows a word
that was said.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.web.dates import day
from app.core.web.roles import role_name
from app.home.sent import SentOut
from app.people.audience import FED, Dial, Reader, Share
from app.people.models import Person, Role
from app.people.policy import RECORD_READERS
from app.pep import meeting_wishes
from app.wishes.whys import OPENED

# Opening something on which their words stand; ``_shows`` says which of them.
READ = frozenset({"record.read", "record.printed", "record.exported", "meeting.read", "meeting.cards-shown"})
# The young person's own doings, and the coming and going of sessions, are not somebody looking.
_NOT_LOOKING = ("sign-in.%", "response.%", "answer.%", "wish.seen")
_MOST = 300


@dataclass(frozen=True, slots=True)
class Look:
    """One adult did one thing with a young person's record on one day."""

    person_id: uuid.UUID
    name: str
    role: str
    event: str
    pep_id: uuid.UUID | None
    at: datetime
    entry_id: uuid.UUID | None = None

    @property
    def can_be_asked_why(self) -> bool:
        """True when they opened something of the young person's, so that they can be asked why."""
        return self.event in OPENED and self.entry_id is not None

    @property
    def sentence(self) -> str:
        """What they did, to the young person, in the page's language."""
        facts = {"name": self.name, "role": role_name(self.role), "day": day(self.at)}
        match self.event:
            case "record.read":
                # TRANSLATORS: %(name)s is an adult, %(role)s what they are to the child: 'Ms A, your social worker, read …'
                return _("%(name)s, %(role)s, read your PEP page on %(day)s.", **facts)
            case "record.printed" | "meeting.page-printed":
                return _("%(name)s, %(role)s, printed your PEP page on %(day)s.", **facts)
            case "young-person.read":
                # TRANSLATORS: the page with the child's name, school year and ways to sign in; not their words
                return _(
                    "%(name)s, %(role)s, looked at the page with your name on %(day)s. Your words are not there.",
                    **facts,
                )
            case "young-person.changed":
                return _("%(name)s, %(role)s, changed which questions we ask you on %(day)s.", **facts)
            case "card.issued":
                # TRANSLATORS: the card is a paper card with a code to scan
                return _("%(name)s, %(role)s, made a new card for you on %(day)s.", **facts)
            case "card.revoked":
                return _("%(name)s, %(role)s, stopped your old card on %(day)s.", **facts)
            case "link.made":
                return _("%(name)s, %(role)s, made a link for you on %(day)s.", **facts)
            case "wish.read":
                # TRANSLATORS: %(name)s is an adult, %(role)s what they are to the child
                return _("%(name)s, %(role)s, read your wish on %(day)s.", **facts)
            case "wish.lifted":
                return _("%(name)s, %(role)s, made something you said a wish on %(day)s.", **facts)
            case "why.answered":
                return _("%(name)s, %(role)s, told you why on %(day)s.", **facts)
            case (
                "wish.owned" | "wish.step-taken" | "wish.step-done" | "wish.answered" | "wish.translated" | "wish.told"
            ):
                # TRANSLATORS: an adult took the wish on, did something for it or answered it
                return _("%(name)s, %(role)s, did something for your wish on %(day)s.", **facts)
            case "record.exported":
                return _("%(name)s, %(role)s, copied your PEP page for your plan on %(day)s.", **facts)
            case "paper.printed":
                return _("%(name)s, %(role)s, printed your questions on paper on %(day)s.", **facts)
            case "paper.typed":
                return _("%(name)s, %(role)s, typed in your paper answers on %(day)s.", **facts)
            case "paper.photo-added" | "paper.photo-read" | "paper.photo-removed":
                # TRANSLATORS: an adult added, looked at or removed a photo of the paper on which the child wrote
                return _("%(name)s, %(role)s, used a photo of your paper on %(day)s.", **facts)
            case "carer.asked":
                return _("%(name)s, %(role)s, asked who looks after you how to help on %(day)s.", **facts)
            case "beside.began":
                return _("%(name)s, %(role)s, sat with you on %(day)s.", **facts)
            case "meeting.read":
                # TRANSLATORS: the page on which an adult gets the child's meeting ready
                return _("%(name)s, %(role)s, got your meeting ready on %(day)s.", **facts)
            case "meeting.cards-shown":
                # TRANSLATORS: the cards are the child's own words that everybody at the meeting may see
                return _("%(name)s, %(role)s, opened the cards for your meeting on %(day)s.", **facts)
            case "meeting.moved" | "meeting.planned" | "meeting.called-off":
                return _("%(name)s, %(role)s, changed the day of your meeting on %(day)s.", **facts)
            case "meeting.wish-met" | "meeting.attendance" | "meeting.decided" | "meeting.answered" | "meeting.closed":
                return _("%(name)s, %(role)s, wrote down what was agreed at your meeting on %(day)s.", **facts)
            case "meeting.translated" | "meeting.told":
                return _("%(name)s, %(role)s, wrote down what was agreed at your meeting on %(day)s.", **facts)
            case "event.read":
                # TRANSLATORS: an adult saw for which visit or event the child signed up
                return _("%(name)s, %(role)s, looked at what you signed up for on %(day)s.", **facts)
            case (
                "event.signed-up" | "event.accepted" | "event.cancelled" | "event.attendance" | "event.yes-written-down"
            ):
                # TRANSLATORS: an adult signed the child up for an event, gave the place back, or ticked that they came
                return _("%(name)s, %(role)s, changed something about your place at an event on %(day)s.", **facts)
            case "event.yes":
                # TRANSLATORS: an adult said that the child may go to an event
                return _("%(name)s, %(role)s, said yes to your event on %(day)s.", **facts)
            case "opportunity.interest-read":
                # TRANSLATORS: an adult looked at the jobs, courses and visits that the child wanted them to know about
                return _("%(name)s, %(role)s, looked at what you want help with on %(day)s.", **facts)
            case "opportunity.shown":
                # TRANSLATORS: an adult put a job, course or visit on the child's own list
                return _("%(name)s, %(role)s, thought of you and put something on your list on %(day)s.", **facts)
            case "opportunity.moved":
                # TRANSLATORS: an adult wrote down how far the child has come with a job, course or visit
                return _("%(name)s, %(role)s, wrote down how far you have come on %(day)s.", **facts)
            case _:
                # TRANSLATORS: an adult did something with what we hold about the child, and we have no better words for it
                return _("%(name)s, %(role)s, opened or changed your page on %(day)s.", **facts)


def looks(session: Session, young_person_id: uuid.UUID) -> list[Look]:
    """Return who did what with a young person's record, newest first; the same on the same day is said once."""
    rows = session.execute(
        select(
            AuditEntry.actor_id,
            Person.name,
            AuditEntry.actor_role,
            AuditEntry.event,
            AuditEntry.thing_id,
            AuditEntry.at,
            AuditEntry.id,
        )
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_id == young_person_id,
            AuditEntry.actor_id != young_person_id,
            *(AuditEntry.event.not_like(kind) for kind in _NOT_LOOKING),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(_MOST)
    )
    said: set[tuple[object, ...]] = set()
    found = []
    for person_id, name, role, event, thing_id, at, entry_id in rows:
        if person_id is None:
            continue
        pep_id = thing_id if event in READ else None
        once = (person_id, event, pep_id, clock.local(at).date())
        if once in said:
            continue
        said.add(once)
        found.append(Look(person_id, name, role or "", event, pep_id, at, entry_id))
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """Somebody who can read something of what was sent for a PEP, and when they last did (None: not yet)."""

    name: str
    role: str
    read_at: datetime | None

    @property
    def sentence(self) -> str:
        """Who and when, to the young person."""
        facts = {"name": self.name, "role": role_name(self.role)}
        if self.read_at is None:
            # TRANSLATORS: an adult who can read what the child sent, and has not opened it
            return _("%(name)s, %(role)s, can read it. Not opened yet.", **facts)
        # TRANSLATORS: 'Ms A, your social worker, read this on Tuesday 5 May 2026.'
        return _("%(name)s, %(role)s, read this on %(day)s.", day=day(self.read_at), **facts)


def received_by(
    sent: Iterable[SentOut], care: str, people: Iterable[Reader], seen: Iterable[Look], pep_id: uuid.UUID
) -> list[Received]:
    """Return everybody whom something sent for ``pep_id`` reached, those who have read it first.

    Somebody counts as having read it only when they opened the record after something that they may read was sent.
    """
    dials = [(one, one.dial(care)) for one in sent if one.pep_id == pep_id]
    opened = [look for look in seen if look.event in READ and look.pep_id == pep_id]
    today = {reader.person_id: reader for reader in people}
    gone = {look.person_id: look for look in opened if look.person_id not in today}
    found = [_received(reader.person_id, reader.name, reader.roles, dials, opened) for reader in today.values()]
    # Somebody who read it and is no longer connected stays on the list: it was read.
    was = [
        _received(look.person_id, look.name, frozenset({Role(look.role)}), dials, opened)
        for look in gone.values()
        if look.role in RECORD_READERS
    ]
    kept = [one for one in found if one] + [one for one in was if one and one.read_at]
    return sorted(kept, key=lambda one: (one.read_at is None, one.name))


def _received(
    person_id: uuid.UUID,
    name: str,
    roles: frozenset[Role],
    dials: list[tuple[SentOut, Dial]],
    opened: list[Look],
) -> Received | None:
    came = [one for one, dial in dials if dial.allows(person_id, roles)]
    if not came:
        return None
    theirs = [look for look in opened if look.person_id == person_id]
    reads = [look.at for look in theirs if any(look.at >= one.sent_at and _shows(look.event, one) for one in came)]
    return Received(name, sorted(roles)[0], max(reads, default=None))


def _shows(event: str, one: SentOut) -> bool:
    """Return whether what was opened has this answer on it, for somebody who may read it."""
    match event:
        case "meeting.read":
            return one.set_id == meeting_wishes.SET
        case "meeting.cards-shown":
            return one.share == Share.pep and one.set_id != meeting_wishes.SET
        case "record.exported":
            return one.share in FED
        case _:
            return True
