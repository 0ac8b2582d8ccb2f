"""What must be right before the public may read something, said so that an editor knows what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.pathways import checking, events, rules, shelf
from app.pathways.models import Kind
from app.pathways.records import NOT_CERTAIN, RECORDS, HeVisit, Record, Step


class Refused(ValueError):
    """It cannot be published like this. ``problems`` are kind words by the name of the field; '' is about all of it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Take what there is to put right."""
        super().__init__("; ".join(f"{field}: {words}" for field, words in problems.items()))
        self.problems = dict(problems)


def checked(session: Session, kind: Kind, body: Mapping[str, Any]) -> Record:
    """Return the record of a body that may be published. Raises Refused with everything there is to put right."""
    try:
        record = RECORDS[kind].model_validate(dict(body))
    except ValidationError as error:
        raise Refused(_in_words(error)) from error
    problems = {
        path.split(".")[0]: _uncertain() for path, words, _mark in record.texts() if NOT_CERTAIN in words.lower()
    }
    problems = problems or _rule_problems(record) | _map_problems(session, record)
    problems = problems or _seat_problems(session, record)
    if problems:
        raise Refused(problems)
    return record


def _rule_problems(record: Record) -> dict[str, str]:
    """Let the guide's own reader read the rule of an entitlement."""
    rule = getattr(record, "rule", None)
    if rule is None:
        return {}
    try:
        rules.parse(rule, frozenset(rules.shared()))
    except ValueError as error:
        return {"rule": _("We could not read this rule: %(why)s", why=str(error))}
    return {}


def _seat_problems(session: Session, record: Record) -> dict[str, str]:
    """Let an event never become smaller than the number of people who are booked. Nobody signs up until this request ends."""
    if isinstance(record, HeVisit) and events.taken_and_held(session, record.id) > record.capacity:
        # TRANSLATORS: to an editor who made an event smaller than the number of people who are booked
        return {"capacity": _("More people are booked than this. Ask them first, or write a higher number.")}
    return {}


def _map_problems(session: Session, record: Record) -> dict[str, str]:
    """Look at the map as it would be with this step in it. Only what this step brings about counts, and only what stops."""
    if not isinstance(record, Step):
        return _hard_to_read(record)
    public = shelf.published(session, Kind.step)
    before = {key: one.record for key, one in public.items() if isinstance(one.record, Step)}
    around = {
        "contacts": shelf.published(session, Kind.contact).keys(),
        "entitlements": shelf.published(session, Kind.entitlement).keys(),
    }
    known = {(one.key, one.says) for one in checking.check_map(before, **around) if one.key != record.id}
    found = [
        one
        for one in checking.check_map({**before, record.id: record}, **around)
        if one.stops and (one.key, one.says) not in known
    ]
    return {"": "; ".join(f"{one.key}: {one.says}" for one in found)} if found else {}


def _hard_to_read(record: Record) -> dict[str, str]:
    found = [one for one in checking.check_texts(record) if one.stops]
    return {"": "; ".join(one.says for one in found)} if found else {}


_SAYS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("This is needed."),
    "literal_error": lambda: _("Choose one of those offered."),
    "int_parsing": lambda: _("Write a number, such as 12."),
    "int_type": lambda: _("Write a number, such as 12."),
    "string_pattern_mismatch": lambda: _("Only small letters, numbers and hyphens, such as: kitchen-apprentice."),
    "dict_type": lambda: _("We could not read this rule. Look at the one of another entitlement."),
    "bool_parsing": lambda: _("Write yes or no."),
    "extra_forbidden": lambda: _("We do not know this. Look at the line above for what comes where."),
    "greater_than_equal": lambda: _("This number is too small."),
    "less_than_equal": lambda: _("This number is too large."),
    "too_short": lambda: _("At least one is needed."),
}
_READ_AS = {
    "date": lambda: _("We could not read that day. Try: 2027-03-31."),
    "datetime": lambda: _("We could not read that day and time. Try: 2027-03-31 17:00."),
}


def _in_words(error: ValidationError) -> dict[str, str]:
    """Return what is wrong by field, beginning with what to do."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        field = str(one["loc"][0]) if one["loc"] else ""
        kind, context = one["type"], one.get("ctx", {})
        if kind == "value_error":
            field, words = _whole(str(context.get("error", "")), field)
        elif kind == "string_too_long":
            words = _("Make it shorter: %(most)s letters at most.", most=context["max_length"])
        elif kind.startswith(("datetime_", "date_", "timezone_")):
            words = _READ_AS["datetime" if kind.startswith("datetime_") else "date"]()
        elif kind in _SAYS:
            words = _SAYS[kind]()
        else:
            words = _("This does not look right yet. Look at the hint above it.")
        found.setdefault(field, words)
    return found


def _whole(message: str, field: str) -> tuple[str, str]:
    """Return the field and the words for what a record says of itself as a whole."""
    if "closing time" in message:
        return "closes_at", _("It closes before it opens. Change one of the two times.")
    if "ends before" in message:
        return "ends_at", _("It ends before it starts. Change one of the two times.")
    if "highest age" in message:
        return "max_age", _("The oldest age is below the youngest. Change one of the two.")
    if "needs a source" in message:
        return "sources", _("Where does this come from? It needs at least one source before anybody can read it.")
    if NOT_CERTAIN in message:
        return message.split(" ")[0].split(".")[0], _uncertain()
    # TRANSLATORS: to an editor; %(why)s is in English, from whoever checks the content
    words = _("This does not fit together yet: %(why)s", why=message)
    return next((name for part, name in _ABOUT.items() if part in message), field), words


# What the records say of themselves as a whole, and the box that it is about.
_ABOUT = {
    "nobody called": "who",
    "school year": "from_year",
    "leave amount": "amount",
    "always called a loan": "plain",
    "rule": "rule",
    "part": "rule",
    "constant": "rule",
    "needs a list": "rule",
    "'then'": "rule",
}


def _uncertain() -> str:
    return _("This says '%(words)s'. Find a source for it, or leave it out.", words=NOT_CERTAIN)
