"""Forms for every kind of content, made from the fields of its record: nobody writes a form when a field is added.

What cannot be read is kept as it was typed: a draft may hold it, and the editor is told when it is to be published.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.pathways.content_words import hint_of, label_of
from app.pathways.models import Kind
from app.pathways.records import RECORDS

_SPLIT = " | "
# What is asked first on a phone; the rest is folded away. Others ask everything that is needed first.
_FIRST: dict[Kind, tuple[str, ...]] = {
    Kind.opportunity: ("title", "type", "plain", "provider", "contact_role", "closes_at"),
    Kind.event: ("title", "type", "plain", "host", "starts_at", "ends_at", "capacity", "place_text"),
}
# What is chosen where nothing was, so that a short form is enough.
_STARTS_WITH: dict[Kind, dict[str, Any]] = {
    Kind.opportunity: {"type": "apprenticeship", "provider_group": "pcc", "contact_role": "vs_eet"},
    Kind.event: {"year_groups": ["Y9", "Y10", "Y11", "Y12", "Y13"]},
}
# Year group codes (handbook, pathways 2).
YEARS = ("R", *(f"Y{number}" for number in range(1, 14)), "post18")
# Left alone, the record itself says what is right: an offer kept for some is not for the open list (handbook, pathways 1.5).
_AS_USUAL = frozenset({"visibility"})
_SCHOOL_YEARS = frozenset({"years", "year_groups"})
_LONG = frozenset(
    {"summary", "plain", "talk", "staff", "evidence", "how_to_ask", "access_notes", "travel_help", "travel_hint"}
)


class Part(StrEnum):
    """The parts that forms are made of."""

    text = "text"
    long = "long"
    lines = "lines"
    codes = "codes"
    rows = "rows"
    choice = "choice"
    many = "many"
    number = "number"
    yes_no = "yes-no"
    day = "day"
    moment = "moment"
    rule = "rule"


_SEVERAL = frozenset({Part.lines, Part.codes, Part.rows, Part.many})


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a form."""

    kind: Kind
    name: str
    part: Part
    needed: bool
    first: bool
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    # What it is when nobody says so: only where one of few is chosen.
    default: Any = None

    @property
    def label(self) -> str:
        """What stands above it, in the page's language."""
        return label_of(self.kind, self.name)

    @property
    def hint(self) -> str:
        """What helps to fill it in; often nothing."""
        return hint_of(self.part, self.name, self.columns)


@lru_cache(maxsize=len(Kind))
def boxes(kind: Kind) -> tuple[Box, ...]:
    """Return the boxes for a kind, those asked first in front; the id comes last, it is made of the title."""
    record = RECORDS[kind]
    first = _FIRST.get(kind)
    found = []
    for name, field in record.model_fields.items():
        needed = field.is_required()
        asked_first = name in first if first else needed or name == "sources"
        found.append(_box(kind, name, field, needed=needed, first=asked_first and name != "id"))
    order = first or ()
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not one.first,
                order.index(one.name) if one.name in order else 99,
                one.name == "sources",
                one.name == "id",
            ),
        )
    )


def _box(kind: Kind, name: str, field: FieldInfo, *, needed: bool, first: bool) -> Box:
    part, options, columns = _part_of(name, field)
    chosen = part in (Part.choice, Part.yes_no) and not field.is_required() and name not in _AS_USUAL
    default = field.default if chosen else None
    return Box(kind, name, part, needed, first, options, columns, default)


def _part_of(name: str, field: FieldInfo) -> tuple[Part, tuple[str, ...], tuple[str, ...]]:
    kind = _plain(field.annotation)
    if get_origin(kind) is Literal:
        return Part.choice, get_args(kind), ()
    if get_origin(kind) is tuple:
        inner = _plain(get_args(kind)[0])
        if get_origin(inner) is Literal:
            return Part.many, get_args(inner), ()
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return Part.rows, (), tuple(inner.model_fields)
        if name in _SCHOOL_YEARS:
            return Part.many, YEARS, ()
        return (Part.lines if _is_readable_list(name) else Part.codes), (), ()
    simple = {bool: Part.yes_no, int: Part.number, datetime: Part.moment, AwareDatetime: Part.moment, date: Part.day}
    if kind in simple:
        return simple[kind], (), ()
    if kind is dict or get_origin(kind) is dict:
        return Part.rule, (), ()
    return (Part.long if name in _LONG else Part.text), (), ()


def _plain(annotation: Any) -> Any:
    """Take ``| None`` and ``Annotated`` off a type."""
    while True:
        if get_origin(annotation) is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (types.UnionType, typing.Union):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation


def _is_readable_list(name: str) -> bool:
    return any(name in record.readable_lists for record in RECORDS.values())


# -- from a body to what stands in the boxes, and back --------------------------------------------------------------------


def starting(kind: Kind) -> dict[str, Any]:
    """Return the body of something new."""
    return dict(_STARTS_WITH.get(kind, {}))


def shown(box: Box, body: Mapping[str, Any]) -> Any:
    """Return what stands in a box: a text, or the chosen codes of several."""
    value = body.get(box.name, box.default)
    if box.part is Part.many:
        return list(value) if isinstance(value, list | tuple) else []
    if value is None:
        return ""
    if isinstance(value, str):
        return _local(value) if box.part is Part.moment else value
    return _SHOWN.get(box.part, str)(value)


def _local(value: str) -> str:
    """Return a moment as the phone's own box shows it, in London; what is no moment stays as it was typed."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    local = moment.astimezone(clock.LONDON) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%dT%H:%M")


def _rows_shown(rows: Any) -> str:
    return "\n".join(
        _SPLIT.join(_cell(cell) for cell in row.values()) if isinstance(row, dict) else str(row) for row in rows
    )


def _cell(value: Any) -> str:
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


def _rule_shown(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100).strip()


_SHOWN: dict[Part, Callable[[Any], str]] = {
    Part.lines: lambda value: "\n".join(map(str, value)),
    Part.codes: lambda value: "\n".join(map(str, value)),
    Part.rows: _rows_shown,
    Part.rule: _rule_shown,
    Part.yes_no: lambda value: "yes" if value else "no",
}


def full_rows(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body whose rows have every column, so that they stand under their heads."""
    filled = dict(body)
    for box in boxes(kind):
        rows = body.get(box.name)
        if box.part is Part.rows and isinstance(rows, list):
            filled[box.name] = [
                {c: row.get(c, "") for c in box.columns} if isinstance(row, dict) else row for row in rows
            ]
    return filled


def typed(kind: Kind, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return the body that a form makes. Empty boxes are left out; what cannot be read stays as typed."""
    body: dict[str, Any] = {}
    for box in boxes(kind):
        value = [one for one in form.getlist(box.name) if one] if box.part is Part.many else _one(box, form)
        if value not in ("", [], None):
            body[box.name] = value
        elif box.needed and box.part in _SEVERAL:
            body[box.name] = []  # none of them is an answer too
    return body


def _one(box: Box, form: MultiDict[str, str]) -> Any:
    raw = form.get(box.name, "").replace("\r\n", "\n").strip()
    if not raw:
        return ""
    return _TYPED.get(box.part, lambda text, _box: text)(raw, box)


def _moment(raw: str, _box: Box) -> str:
    try:
        return datetime.fromisoformat(raw.replace(" ", "T")).replace(tzinfo=clock.LONDON).isoformat()
    except ValueError:
        return raw


def _rows(raw: str, box: Box) -> list[Any]:
    found: list[Any] = []
    for line in _lines(raw, box):
        cells = [cell.strip() for cell in line.split("|")]
        pairs = zip(box.columns, cells, strict=False)
        # More cells than there are columns: kept as typed, so that nothing is lost and it is said.
        found.append({name: _yes_or(cell) for name, cell in pairs if cell} if len(cells) <= len(box.columns) else line)
    return found


def _yes_or(cell: str) -> Any:
    return {"yes": True, "no": False}.get(cell.lower(), cell)


def _lines(raw: str, _box: Box) -> list[str]:
    return [line.strip() for line in raw.split("\n") if line.strip()]


def _codes(raw: str, box: Box) -> list[str]:
    return [code.strip() for line in _lines(raw, box) for code in line.split(",") if code.strip()]


def _rule(raw: str, _box: Box) -> Any:
    try:
        read = yaml.safe_load(raw)
    except yaml.YAMLError:
        return raw
    return read if isinstance(read, dict) else raw


def _number(raw: str, _box: Box) -> Any:
    return int(raw) if raw.isascii() and raw.removeprefix("-").isdecimal() and len(raw) < 10 else raw


_TYPED: dict[Part, Callable[[str, Box], Any]] = {
    Part.lines: _lines,
    Part.codes: _codes,
    Part.rows: _rows,
    Part.rule: _rule,
    Part.number: _number,
    Part.moment: _moment,
    Part.yes_no: lambda raw, _box: raw == "yes",
}


# -- what became other between two versions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is other than before, as an editor reads it."""

    label: str
    before: str
    after: str


def changes(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Give every field that differs between two versions."""
    for box in boxes(kind):
        old, new = (shown(box, full_rows(kind, one)) for one in (before, after))
        if old != new:
            yield Change(box.label, _as_text(old), _as_text(new))


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
