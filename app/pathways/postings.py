"""Employers' postings: an open form without an account, and a person who reads each before anybody else sees it.

No third party helps against spam: a field that nobody sees, a stamp that says when the form was opened (a machine is too quick),
a number that makes two presses one posting, and a limit for each place it comes from, of which only a keyed hash is kept.
"""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import bleach
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.core.settings import Settings
from app.core.web.forms import tidy
from app.pathways.models import Posting
from app.pathways.opportunity_words import SUBJECTS
from app.pathways.publishing import put_in
from app.pathways.records import Opening
from app.people import tries
from app.people.reaching import tidy as address_of
from app.people.sessions import Actor

# The types an employer can offer; the others are made by editors.
TYPES = ("apprenticeship", "job", "internship", "work_experience", "work_readiness", "volunteering", "mentoring")
LENGTHS = {
    "title": 60,
    "provider": 80,
    "plain": 1200,
    "place_text": 160,
    "travel_hint": 200,
    "how_to_ask": 300,
    "pay_text": 80,
    "contact_name": 80,
    "contact": 254,
}
MUST = ("title", "provider", "plain", "place_text", "contact")
DAYS = ("opens", "closes", "starts")
NUMBERS = ("places", "min_age", "max_age")
_QUICKEST = timedelta(seconds=4)
_STAMP_LASTS = timedelta(hours=24)
_A_DAY = timedelta(hours=24)
_MOST_A_DAY = 10
_WEB = re.compile(r"https?:|www\.|://|\b[\w-]+\.(com|net|org|info|io|ru|cn|xyz|co\.uk|uk)\b", re.I)
_NUMBER = re.compile(r"\d{1,4}")


class TooMany(Exception):
    """Too many postings came from one place; nothing was kept."""


class TooQuick(Exception):
    """The form came back faster than anybody can read it, or long after it was opened: it is shown once more."""


@dataclass(frozen=True)
class Offered:
    """What an employer typed, as it came, and what is to be put right first, by field."""

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    body: Mapping[str, Any]


def stamp(config: Settings) -> str:
    """Return what a fresh form carries: when it was opened, and the number of the posting it may become. Signed."""
    return _signer(config).dumps({"at": clock.now().timestamp(), "key": str(new_id())})


def _signer(config: Settings) -> URLSafeSerializer:
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    return URLSafeSerializer(key, salt="opportunity-posting")


def read_form(form: Mapping[str, str]) -> Offered:
    """Read the form. Nothing that was typed is lost, whatever is to be put right."""
    typed = {
        name: _seen(form.get(name, ""))
        for name in (*LENGTHS, *DAYS, *NUMBERS, "type", "right_to_work", "when", "website")
    }
    topics = [one for one in getattr(form, "getlist", lambda _name: [])("topics") if one in SUBJECTS]
    problems: dict[str, str] = {}
    body: dict[str, Any] = {"topics": topics}
    for name, most in LENGTHS.items():
        body[name] = _plain(typed[name], one_line=name != "plain")
        if problem := _problem_of_text(name, body[name], most):
            problems[name] = problem
    if address_of(body["contact"]) is None and "contact" not in problems:
        # TRANSLATORS: on the form for employers
        problems["contact"] = _("We could not read that. Type an e-mail address or a phone number.")
    body["type"] = typed["type"] if typed["type"] in TYPES else ""
    if not body["type"]:
        # TRANSLATORS: on the form for employers
        problems["type"] = _("Choose what it is.")
    body["right_to_work"] = typed["right_to_work"] if typed["right_to_work"] in ("yes", "no") else "unknown"
    _days(typed, body, problems)
    _numbers(typed, body, problems)
    return Offered(typed, problems, body)


def _seen(typed: str) -> str:
    """Return what was typed without signs that no page can show; its lines stay."""
    return "\n".join(tidy(line) for line in typed.splitlines())


def _plain(typed: str, *, one_line: bool) -> str:
    """Return words without markup: an employer writes plain text."""
    words = html.unescape(bleach.clean(typed, tags=set(), strip=True))
    return tidy(words) if one_line else _seen(words).strip()


def _problem_of_text(name: str, words: str, most: int) -> str:
    if not words and name in MUST:
        # TRANSLATORS: on the form for employers: a field that is needed is empty
        return str(_("We need this one."))
    if len(words) > most:
        # TRANSLATORS: on the form for employers; %(most)s is a number
        return str(_("Make it a little shorter: %(most)s letters at most. All of it is still here.", most=most))
    if name != "contact" and _WEB.search(words):
        # TRANSLATORS: on the form for employers
        return str(_("Leave web addresses out, please. Say how to ask in words; we add a link if one is needed."))
    return ""


def _days(typed: Mapping[str, str], body: dict[str, Any], problems: dict[str, str]) -> None:
    for name, clock_time in zip(DAYS, (time(0), time(23, 59), time(9)), strict=True):
        body[name] = None
        if not typed[name].strip():
            continue
        try:
            day = datetime.strptime(tidy(typed[name]), "%Y-%m-%d")  # noqa: DTZ007 - a day; its zone is given below
            body[name] = datetime.combine(day.date(), clock_time, tzinfo=clock.LONDON).isoformat()
        except ValueError:
            # TRANSLATORS: on the form for employers
            problems[name] = _("We could not read that day. Write it like this: 2027-02-28.")
    opens, closes, starts = (datetime.fromisoformat(body[name]) if body[name] else None for name in DAYS)
    if closes and closes <= clock.now():
        # TRANSLATORS: on the form for employers
        problems["closes"] = _("That day is over. Choose a closing day that is still to come.")
    if opens and closes and closes <= opens:
        # TRANSLATORS: on the form for employers
        problems["closes"] = _("The closing day is before the opening day. Change one of them.")
    if starts and opens and starts < opens:
        # TRANSLATORS: on the form for employers
        problems["starts"] = _("It starts before people can ask for it. Change one of the days.")


def _numbers(typed: Mapping[str, str], body: dict[str, Any], problems: dict[str, str]) -> None:
    for name in NUMBERS:
        words = "".join(str(int(one)) if one.isdecimal() else one for one in typed[name].strip())
        body[name] = int(words) if _NUMBER.fullmatch(words) else None
        if words and body[name] is None:
            # TRANSLATORS: on the form for employers: a number could not be read
            problems[name] = _("Write a number, please.")
    least, most = body["min_age"], body["max_age"]
    if least is not None and most is not None and most < least:
        # TRANSLATORS: on the form for employers
        problems["max_age"] = _("The highest age is below the lowest. Change one of them.")


def keep(session: Session, offered: Offered, sealed: str, address: str | None, config: Settings) -> uuid.UUID | None:
    """Keep a posting for a worker to read. Twice the same form is one posting; a machine's is not kept (None).

    Raises TooQuick and TooMany.
    """
    if offered.typed["website"]:
        return None
    try:
        given = _signer(config).loads(sealed)
        opened, key = float(given["at"]), uuid.UUID(given["key"])
    except (BadData, KeyError, TypeError, ValueError):
        raise TooQuick from None
    age = clock.now().timestamp() - opened
    if not _QUICKEST.total_seconds() <= age <= _STAMP_LASTS.total_seconds():
        raise TooQuick
    if session.get(Posting, key) is not None:
        return key
    gate = tries.code_gate("posting", tries.network(address), config)
    taken = tries.take(session, replace(gate, free=_MOST_A_DAY, most=_MOST_A_DAY, rest=_A_DAY, window=_A_DAY))
    if not taken.open:
        raise TooMany
    body = json.dumps(offered.body, ensure_ascii=False)
    if insert_if_absent(session, Posting, {"id": key, "sent_at": clock.now(), "body": body, "state": "waiting"}):
        audit.record(session, None, "posting.sent", thing_id=key)
    return key


def waiting(session: Session) -> list[tuple[Posting, dict[str, Any]]]:
    """Return the postings nobody has decided on, the oldest first, with what they say."""
    rows = session.scalars(select(Posting).where(Posting.state == "waiting").order_by(Posting.sent_at, Posting.id))
    return [(row, json.loads(row.body)) for row in rows]


def say_no(session: Session, actor: Actor, posting_id: uuid.UUID) -> bool:
    """Say no to a posting; what it said is cleared. Returns whether it was still waiting."""
    return _decide(session, actor, posting_id, "refused", {"body": "{}"})


def approve(
    session: Session, actor: Actor, posting_id: uuid.UUID, *, ring_fenced: str, draft: bool
) -> tuple[bool, str]:
    """Publish a posting, or put it by as a draft for the editors. The worker is the second person who checked it.

    Returns whether it was still waiting, and the key of what was made. Raises LookupError.
    """
    row = session.get(Posting, posting_id)
    if row is None:
        raise LookupError(str(posting_id))
    if not _decide(session, actor, posting_id, "approved", {}):
        return False, ""
    record = opening_of(json.loads(row.body), row.id, ring_fenced)
    item = put_in(session, record, checked_by=actor.person_id, draft=draft)
    session.execute(update(Posting).where(Posting.id == posting_id).values(item_id=item.id))
    return True, item.key


def opening_of(body: Mapping[str, Any], posting_id: uuid.UUID, ring_fenced: str) -> Opening:
    """Return the record of a posting. Who to contact at the employer is for workers and never in it."""
    slug = re.sub(r"[^a-z0-9]+", "-", str(body["title"]).casefold()).strip("-")[:40].strip("-") or "offer"
    texts = ("title", "plain", "provider", "place_text", "travel_hint", "how_to_ask", "pay_text")
    return Opening.model_validate(
        {
            "id": f"{slug}-{posting_id.hex[-8:]}",
            **{name: body[name] for name in texts},
            "type": body["type"],
            "provider_group": "external",
            "contact_role": "vs_eet",
            "ring_fenced": ring_fenced,
            "opens_at": body["opens"],
            "closes_at": body["closes"],
            "starts_at": body["starts"],
            "places": body["places"],
            "pay_year": str(clock.local(clock.now()).year) if body["pay_text"] else "",
            "needs_right_to_work": body["right_to_work"],
            "min_age": body["min_age"],
            "max_age": body["max_age"],
            "topics": body["topics"],
        }
    )


def _decide(session: Session, actor: Actor, posting_id: uuid.UUID, state: str, more: dict[str, Any]) -> bool:
    done = session.execute(
        update(Posting)
        .where(Posting.id == posting_id, Posting.state == "waiting")
        .values(state=state, decided_at=clock.now(), decided_by_id=actor.person_id, **more)
        .returning(Posting.id)
    ).first()
    if done is not None:
        audit.record(session, actor, f"posting.{state}", thing_id=posting_id)
    return done is not None
