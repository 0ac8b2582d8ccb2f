"""The demo's opportunities and events: plainly made up, days counted from today, and what the demo's people did about them."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import new_id
from app.demo.acting import acting
from app.pathways import events, interests
from app.pathways.bank import Translated, Translations
from app.pathways.models import Opportunity, Posting, Seat
from app.pathways.publishing import put_in
from app.pathways.records import HeVisit, Opening
from app.people.models import Person

_FILE = Path(__file__).parent / "opportunities.yaml"
_LANGUAGES = ("ar", "pl")
_OPENED_BEFORE = timedelta(days=10)


def put_opportunities(session: Session, young: dict[str, Person], adults: dict[str, Person]) -> None:
    """Write everything that ``opportunities.yaml`` tells."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    for raw in told["openings"]:
        words, given = _words(raw)
        put_in(session, Opening.model_validate(_dated(given)), words)
    for raw in told["events"]:
        _event(session, raw, young, adults)
    for key, topics in told["topics"].items():
        interests.choose_topics(session, acting(young[key]), topics)
    for one in told["shown"]:
        interests.show_to(session, acting(adults[one["by"]]), _row(session, one["key"]), young[one["who"]])
    for one in told["interests"]:
        interests.say(session, acting(young[one["who"]]), _row(session, one["key"]), one["state"], tell=False)
    _posting(session, told["posting"])


def _words(raw: dict[str, Any]) -> tuple[Translations, dict[str, Any]]:
    words = {
        language: {path: Translated(text, "draft-machine") for path, text in raw[language].items()}
        for language in _LANGUAGES
        if language in raw
    }
    return words, {name: value for name, value in raw.items() if name not in _LANGUAGES}


def _at(days: int, hour: time) -> datetime:
    return datetime.combine(clock.today() + timedelta(days=days), hour, tzinfo=clock.LONDON)


def _dated(given: dict[str, Any]) -> dict[str, Any]:
    closes, starts = given.pop("closes", None), given.pop("starts", None)
    dates = {
        "opens_at": clock.now() - _OPENED_BEFORE,
        "closes_at": None if closes is None else _at(closes, time(23, 59)),
        "starts_at": None if starts is None else _at(starts, time(9)),
    }
    return {"contact_role": "vs_eet", **given, **dates}


def _event(session: Session, raw: dict[str, Any], young: dict[str, Person], adults: dict[str, Person]) -> None:
    words, given = _words(raw)
    signed_up, came = given.pop("signed_up", []), given.pop("came", [])
    begins = _at(given.pop("starts"), time(10))
    ends = begins + timedelta(hours=given.pop("hours"))
    # People signed up before it began: an event of last week is written as one to come, and then moved to where it belongs.
    ahead = timedelta(0) if begins > clock.now() else timedelta(days=365)
    dates = {"starts_at": begins + ahead, "ends_at": ends + ahead}
    put_in(session, HeVisit.model_validate({**given, **dates}), words)
    row = _row(session, given["id"])
    for key in signed_up:
        events.sign_up(session, acting(young[key]), row, young[key].id, anyway=True)
    if ahead:
        put_in(session, HeVisit.model_validate({**given, "starts_at": begins, "ends_at": ends}), words)
        row = _row(session, given["id"])
    for key in came:
        seat = session.scalars(select(Seat).where(Seat.person_id == young[key].id)).one()
        events.tick(session, acting(adults["moss"]), row, seat.id, "attended")


def _row(session: Session, key: str) -> Opportunity:
    return session.scalars(select(Opportunity).where(Opportunity.key == key)).one()


def _posting(session: Session, typed: dict[str, Any]) -> None:
    body = {
        "type": "work_experience",
        "travel_hint": "",
        "how_to_ask": "",
        "topics": ["vehicles"],
        "right_to_work": "unknown",
        "opens": None,
        "closes": _at(40, time(23, 59)).isoformat(),
        "starts": None,
        "places": 1,
        "min_age": 14,
        "max_age": None,
        **typed,
    }
    session.add(
        Posting(
            id=new_id(),
            sent_at=clock.now() - timedelta(days=1),
            body=json.dumps(body, ensure_ascii=False),
            state="waiting",
        )
    )
    session.flush()
