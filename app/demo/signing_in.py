"""How the demo's people sign in, made anew each time and written to ``instance/demo.json`` (contracts, 'Demo sign-ins').

The addresses on cards and links and the workers' code app secrets are random with every load, so that what stands in this
repository opens nothing. The file can be read by its owner alone.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.settings import Settings
from app.demo import data
from app.demo.acting import acting
from app.feeds import clients
from app.feeds.models import ApiClient, Scope
from app.people import cards, codes, links, one_time_codes, passphrases
from app.people.models import Card, CardKind, OneTimeLink, Person, Role, WorkerKey
from app.people.policy import CARD_ISSUERS
from app.people.sessions import Actor

SignIns = dict[str, dict[str, Any]]

FILE = "demo.json"
CLIENT = "epep_client"
# The code of the cards that are 'used' but belong to no persona: nobody has the card, so nobody needs the code.
_SOME_CODE = "nobody has this card"


class DemoMissing(LookupError):
    """There are no sign-ins to show or make: the demo is not loaded here."""


def path_of(config: Settings) -> Path:
    """Return where the sign-ins are written."""
    return config.instance_dir / FILE


def make(session: Session, config: Settings) -> SignIns:
    """Give every persona a fresh way in and return all of them, ready to be written after the commit.

    Cards and links made before stop working. Raises DemoMissing when the demo's people are not in the database.
    """
    found: SignIns = {}
    issuers = _issuers(session)
    for key, one in data.people().young_people.items():
        person = _find(session, Person.name == one.name)
        if one.persona and one.code:
            found[one.persona] = _card(session, issuers[key], person, one)
        elif one.card:
            _put_code(cards.issue(session, issuers[key], person, cards.kind_for_year(one.year_group)).card, one)
    for key, adult in data.people().adults.items():
        if adult.persona:
            found[adult.persona] = _adult(session, config, _find(session, Person.email == data.email_of(key)))
    found[CLIENT] = _platform(session)
    return {key: found[key] for key in (*data.PERSONAS, CLIENT)}


def write(config: Settings, sign_ins: SignIns) -> Path:
    """Write the file in one step, so that nobody reads half of it. Returns its path."""
    path = path_of(config)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(sign_ins, file, ensure_ascii=False, indent=2)
        file.write("\n")
    part.replace(path)
    return path


def read(config: Settings) -> SignIns:
    """Return what was written. Raises DemoMissing when there is no such file."""
    path = path_of(config)
    if not path.exists():
        raise DemoMissing(f"{path} is not there.")
    found: SignIns = json.loads(path.read_text(encoding="utf-8"))
    return found


def _find(session: Session, which: Any) -> Person:
    person = session.scalar(select(Person).where(which, Person.is_demo.is_(True)))
    if person is None:
        raise DemoMissing("The demo's people are not all in the database.")
    return person


def _issuers(session: Session) -> dict[str, Actor]:
    """Return for each young person the adult who gives them their card: the first around them who may."""
    adults = {person.email: person for person in session.scalars(select(Person).where(Person.is_demo.is_(True)))}
    found: dict[str, Actor] = {}
    for key, one in data.people().young_people.items():
        around = [adults[data.email_of(name)] for name in one.around if data.email_of(name) in adults]
        issuer = next((person for person in around if Role(person.role) in CARD_ISSUERS), None)
        if issuer is None:
            raise DemoMissing(f"Nobody is around {one.name} who may give out a card.")
        found[key] = acting(issuer)
    return found


def _card(session: Session, issuer: Actor, person: Person, one: data.Young) -> dict[str, Any]:
    kind = cards.kind_for_year(one.year_group)
    issued = cards.issue(session, issuer, person, kind)
    _put_code(issued.card, one)
    code = one.code or []
    return {
        **_who(person),
        "year_group": one.year_group,
        "link": _address(issued.token),
        "code": code if kind is CardKind.pictures else " ".join(code),
    }


def _put_code(card: Card, one: data.Young) -> None:
    """Let the card be claimed already, with the code its child has chosen."""
    if one.card == "new":
        return
    if one.code is None:
        card.code_hash = _sealed(_SOME_CODE)
    elif card.kind == CardKind.pictures:
        card.code_hash = _sealed(codes.from_pictures(one.code))
    else:
        card.code_hash = _sealed(codes.from_words(" ".join(one.code)))
    card.claimed_at = clock.now()


def _adult(session: Session, config: Settings, person: Person) -> dict[str, Any]:
    before = (OneTimeLink.person_id == person.id) & OneTimeLink.reusable.is_(True) & OneTimeLink.cancelled_at.is_(None)
    session.execute(update(OneTimeLink).where(before).values(cancelled_at=clock.now()))
    made = links.make(session, None, person, config, reusable=True)
    found = {**_who(person), "link": _address(made.token)}
    if Role(person.role) is Role.carer:
        return found
    secret = one_time_codes.new_secret()
    key = session.get(WorkerKey, person.id) or WorkerKey(person_id=person.id)
    key.passphrase_hash, key.totp_secret, key.totp_last_step = _hashed(data.people().passphrase), secret, None
    session.add(key)
    return {**found, "email": person.email, "password": data.people().passphrase, "totp_secret": secret}


def _who(person: Person) -> dict[str, Any]:
    return {"name": person.name, "role": person.role, "language": person.language}


def _address(token: str) -> str:
    # A path, not a whole address: the demo may be served on any port.
    return f"/go/{token}"


def _platform(session: Session) -> dict[str, Any]:
    """Let the invented ePEP platform in anew; the one before is shut out."""
    for old in session.scalars(select(ApiClient).where(ApiClient.is_demo.is_(True), ApiClient.active.is_(True))):
        clients.shut_out(session, old.client_id)
    client, secret = clients.let_in(
        session,
        "Invented ePEP platform",
        list(Scope),
        can_hide_fields=True,
        is_demo=True,
    )
    return {
        "name": client.name,
        "client_id": client.client_id,
        "client_secret": secret,
        "scopes": list(client.scopes),
    }


@cache
def _sealed(code: str) -> str:
    return codes.seal(code)


@cache
def _hashed(passphrase: str) -> str:
    return passphrases.hash_of(passphrase)
