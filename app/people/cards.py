"""A child's personal card: a QR code and an address on paper, opened with the code only the child knows.

The address on a card ends in a secret of 99 bits that a child can type where there is no camera: five groups of four, with no
letters that look like figures. We keep a hash of it. It can be shown once, when it is printed; a lost card is not looked up but
replaced, and the old one stops working in that moment, with every session that was made with it.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.core import audit, clock
from app.core.crypto import digest_of
from app.core.settings import Settings
from app.people import codes, links, sessions, signals, tries
from app.people.models import Card, CardKind, OneTimeLink, Person, SignIn
from app.people.sessions import Actor

WAY = "card"
_OLDEST_PICTURE_YEAR = 6
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _IN_GROUP = 5, 4


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A new card and the secret that is printed on it. This is the only moment in which we know it."""

    card: Card
    token: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of a code: a session, or none and when the next try may be made (None: at once)."""

    sign_in: SignIn | None
    looked_at: bool = True
    until: datetime | None = None
    locked: bool = False


def kind_for_year(year_group: int | None) -> CardKind:
    """Return the kind of code for a school year: pictures up to Year 6; words for older, and where we do not know."""
    return CardKind.pictures if year_group is not None and year_group <= _OLDEST_PICTURE_YEAR else CardKind.words


def living(session: Session, person_id: uuid.UUID) -> Card | None:
    """Return the person's card that was not taken back, or None."""
    return session.scalar(select(Card).where(Card.person_id == person_id, Card.revoked_at.is_(None)))


def find(session: Session, token: str) -> Card | None:
    """Return the card, living or not, that bears this secret."""
    return session.scalar(select(Card).options(joinedload(Card.person)).where(Card.token_hash == _digest(token)))


def issue(session: Session, actor: Actor | None, person: Person, kind: CardKind) -> IssuedCard:
    """Make a new card for ``person``; an older one stops working now. The token is to be shown once."""
    # Two workers at once: the second waits here, then takes back what the first has made.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    _take_back(session, actor, person.id)
    token = _new_token()
    card = Card(
        person_id=person.id,
        token_hash=_digest(token),
        kind=kind,
        issued_by=actor.person_id if actor else None,
        issued_at=clock.now(),
    )
    session.add(card)
    session.flush()
    audit.record(session, actor, "card.issued", subject_id=person.id, thing_id=card.id, detail=kind)
    return IssuedCard(card, token)


def revoke(session: Session, actor: Actor, person: Person, *, but: uuid.UUID | None = None) -> bool:
    """Take the person's card back and end the sessions made with it, ``but`` one. Returns False when there was none."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    return _take_back(session, actor, person.id, but=but)


def _take_back(session: Session, actor: Actor | None, person_id: uuid.UUID, but: uuid.UUID | None = None) -> bool:
    taken = session.execute(
        update(Card)
        .where(Card.person_id == person_id, Card.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(Card.id)
        .execution_options(synchronize_session="fetch")
    ).scalars()
    gone = list(taken)
    for card_id in gone:
        audit.record(session, actor, "card.revoked", subject_id=person_id, thing_id=card_id)
    if gone:
        sessions.end_all_of(session, person_id, WAY, but=but)
    return bool(gone)


def waits_for_a_code(card: Card | None) -> bool:
    """Return whether this card is new: its child has still to choose a code."""
    return card is not None and card.claimed_at is None and _works(card)


def kind_behind(card: Card | None, token: str) -> CardKind:
    """Return which kind of code to ask for; a card that does not exist always asks for the same one, like any other."""
    if card is not None:
        return CardKind(card.kind)
    return CardKind.pictures if int(digest_of(token)[:2], 16) % 2 else CardKind.words


def claim(session: Session, token: str, code: str, config: Settings, *, shared: bool) -> SignIn | None:
    """Keep the code the child chose for a new card, and sign them in. None when somebody else has claimed it meanwhile."""
    card = find(session, token)
    if card is None or not waits_for_a_code(card):
        return None
    claimed = session.execute(
        update(Card)
        .where(Card.id == card.id, Card.claimed_at.is_(None), Card.revoked_at.is_(None))
        .values(code_hash=codes.seal(code), claimed_at=clock.now())
        .returning(Card.id)
    ).first()
    if claimed is None:
        return None
    audit.record(session, None, "card.claimed", subject_id=card.person_id, thing_id=card.id)
    return sessions.begin(session, card.person, WAY, config, shared=shared)


def unlock(session: Session, token: str, code: str, config: Settings, *, address: str | None, shared: bool) -> Opening:
    """Try a code on a card. A card that does not exist answers like one whose code was wrong, and takes as long."""
    gate = tries.code_gate(WAY, _digest(token), config)
    taken = tries.take(session, gate, tries.address_gate(address, config))
    if not taken.open:
        return Opening(None, looked_at=False, until=taken.until, locked=taken.locked)
    card = find(session, token)
    kept = card.code_hash if card is not None and _works(card) else None
    if card is None or not codes.fits(kept, code):
        if card is None:
            codes.fits(None, code)
        _failed(session, card, resting=gate.scope in taken.resting, until=taken.until)
        return Opening(None, until=taken.until, locked=taken.locked)
    tries.right(session, taken)
    return Opening(sessions.begin(session, card.person, WAY, config, shared=shared))


def asks_for_code(session: Session, link: OneTimeLink) -> Card | None:
    """Return the card whose code also opens this link; None where its owner has chosen no code.

    A link that was forwarded, or made by somebody who must not read everything, is of no use without the child's own code
    (safeguarding, section 15 rows 1 and 5). A demo link has to work by itself.
    """
    card = None if link.reusable else living(session, link.person_id)
    return card if card is not None and card.code_hash is not None and _works(card) else None


def unlock_link(
    session: Session, link: OneTimeLink, code: str, config: Settings, *, address: str | None, shared: bool
) -> Opening:
    """Try the code of its owner's card on a one-time link; only a right one uses the link up. Wrong ones count for the card."""
    card = asks_for_code(session, link)
    if card is None:
        return Opening(None)
    gate = tries.code_gate(WAY, card.token_hash, config)
    taken = tries.take(session, gate, tries.address_gate(address, config))
    if not taken.open:
        return Opening(None, looked_at=False, until=taken.until, locked=taken.locked)
    if not codes.fits(card.code_hash, code):
        _failed(session, card, resting=gate.scope in taken.resting, until=taken.until)
        return Opening(None, until=taken.until, locked=taken.locked)
    tries.right(session, taken)
    person = links.claim(session, link, config)
    return Opening(sessions.begin(session, person, links.WAY, config, shared=shared) if person else None)


def _failed(session: Session, card: Card | None, *, resting: bool, until: datetime | None) -> None:
    audit.record(
        session,
        None,
        "sign-in.failed",
        subject_id=card.person_id if card else None,
        thing_id=card.id if card else None,
        detail="card-resting" if resting else WAY,
    )
    if resting and card is not None and _works(card):
        signals.card_locked.send(card, session=session, until=until)


def _new_token() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))


def _digest(token: str) -> str:
    """Return what we keep of a card's secret, the same however it was typed."""
    return digest_of(token.lower().replace("-", "").replace(" ", ""))


def _works(card: Card) -> bool:
    ended = card.person.ended_on
    return card.revoked_at is None and (ended is None or ended > clock.today())
