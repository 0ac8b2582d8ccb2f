"""What each kind of content must look like (handbook, pathways 1). Anything else is refused: at load, and in the editor.

A text that people read is marked ``Words``: it is a translation unit with a path (``summary``, ``need.0``), one English source
and any number of translations. The English of a text that may not be shown as certain never reaches the public: see
``NOT_CERTAIN``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.pathways.models import Kind

# What the handbook writes beside a fact that no page supports. No record with it in a text for the public is published.
NOT_CERTAIN = "unsourced: verify"

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
# A contact's id is the code of its role, as the handbook writes it: 'vs_eet'.
Role = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
Grade = Literal["A", "B", "C", "D"]
Year = str
Stage = Literal["ks3", "ks3_ks4", "ks4", "ks4_p16", "p16", "p16_adult", "he", "adult", "any"]
Arrow = Literal["next", "instead", "top_up", "restart", "opens"]
Tag = Literal["everyone", "he", "work", "work-ready", "ucic", "neet", "re-engage", "send", "care-leaver-extra"]


class Readable:
    """Marks a text that people read, in its language."""

    def __init__(self, *, for_children: bool = True) -> None:
        """``for_children``: the reading age is held."""
        self.for_children = for_children


Words = Annotated[str, Readable()]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where a fact comes from: its code in the handbook's list, its address (none for a paper document), the page's date.

    ``what`` says in a few words what stands there.
    """

    code: str
    address: str = ""
    what: str = ""
    page_date: str = ""
    checked: date
    grade: Grade


class Record(_Frozen):
    """What every kind has."""

    kind: ClassVar[Kind]

    id: Key
    title: Annotated[str, Readable(), Field(max_length=60)]
    sources: tuple[Source, ...] = ()
    review_by: date | None = None
    # For staff only: never shown to children, never translated.
    staff: str = ""
    # 'How to talk about this': shown to advisers and carers.
    talk: Annotated[str, Readable(for_children=False)] = ""

    def texts(self) -> Iterator[tuple[str, str, Readable]]:
        """Give every text that people read: its path, its English, and its mark. Empty ones are left out."""
        for name, field in type(self).model_fields.items():
            mark = next((one for one in field.metadata if isinstance(one, Readable)), None)
            value = getattr(self, name)
            if mark and isinstance(value, str) and value:
                yield name, value, mark
            elif isinstance(value, tuple) and name in self.readable_lists:
                for place, one in enumerate(value):
                    yield f"{name}.{place}", one, Readable()

    # Names of the fields that hold several texts.
    readable_lists: ClassVar[frozenset[str]] = frozenset()


class LeadsTo(_Frozen):
    """An arrow of the map. ``round``: it may lead back to where somebody has been, and that is meant."""

    to: Key
    kind: Arrow
    round: bool = False


class Step(Record):
    """One step of a pathway."""

    kind: ClassVar[Kind] = Kind.step
    readable_lists: ClassVar[frozenset[str]] = frozenset({"need", "day"})

    summary: Words
    stage: Stage
    years: tuple[Year, ...]
    ages: Words
    level: str = ""
    tags: tuple[Tag, ...]
    need: tuple[str, ...]
    how_long: Words = ""
    # A made-up day, a few short lines, always shown as an example.
    day: tuple[str, ...] = ()
    leads_to: tuple[LeadsTo, ...]
    # Nothing has to come after this step. Without it a step with no way on is refused.
    ends: bool = False
    help: tuple[Key, ...] = ()
    # Codes of contact roles; the first is the main button.
    ask: Annotated[tuple[Role, ...], Field(min_length=1)]


class Entitlement(Record):
    """What somebody can get. ``rule`` is a tree of data (handbook 4.1), read by ``app.pathways.rules``."""

    kind: ClassVar[Kind] = Kind.entitlement

    help_kind: Literal["money", "loan", "money_to_school", "right", "help", "information"]
    plain: Words
    amount: Words = ""
    amount_year: str = ""
    # After this day the sum is hidden and the text stays (handbook 1.8).
    amount_until: date | None = None
    rule: dict[str, Any]
    evidence: Words = ""
    who: str
    grade: Grade

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if not self.sources:
            raise ValueError("an entitlement needs a source")
        return self


class Contact(Record):
    """A role somebody can ask. The council maps it to a name, phone and hours."""

    kind: ClassVar[Kind] = Kind.contact

    id: Role
    plain: Words = ""
    phone: Annotated[str, Field(pattern=r"^[0-9+ ]*$")] = ""
    address: str = ""
    hours: Words = ""


class Opening(Record):
    """A real, dated thing somebody can apply for (handbook 1.5)."""

    kind: ClassVar[Kind] = Kind.opportunity

    type: Literal[
        "apprenticeship",
        "job",
        "internship",
        "work_experience",
        "work_readiness",
        "course",
        "volunteering",
        "mentoring",
        "scholarship",
        "visit",
        "summer_school",
    ]
    plain: Words
    provider: str
    provider_group: Literal["pcc", "external"]
    contact_role: str
    ring_fenced: Literal["none", "care_leavers", "ucic", "care_experienced"] = "none"
    place_text: Words = ""
    travel_hint: Words = ""
    how_to_ask: Words = ""
    online: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    starts_at: datetime | None = None
    places: int | None = None
    places_left: int | None = None
    pay_text: Words = ""
    pay_year: str = ""
    needs_right_to_work: Literal["yes", "no", "unknown"] = "unknown"
    min_age: int | None = None
    max_age: int | None = None
    year_groups: tuple[Year, ...] = ()
    level: str = ""
    topics: tuple[str, ...] = ()
    pathway_ids: tuple[Key, ...] = ()
    visibility: Literal["public", "signed_in", "invited"] = "public"

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError("the closing time is not after the opening time")
        return self


class HeVisit(Record):
    """A higher education event (handbook 1.6)."""

    kind: ClassVar[Kind] = Kind.event

    plain: Words
    host: str
    type: Literal[
        "campus_visit",
        "taster_day",
        "residential",
        "talk",
        "mentor_meeting",
        "online",
        "application_workshop",
        "finance_workshop",
    ]
    starts_at: datetime
    ends_at: datetime
    place_text: Words = ""
    # For people who are booked; never on a public page.
    online_link: str = ""
    year_groups: tuple[Year, ...]
    capacity: Annotated[int, Field(ge=1, le=2000)]
    carer_place: bool = True
    travel_help: Words = ""
    food: Words = ""
    quiet_space: bool = False
    languages: tuple[str, ...] = ()
    access_notes: Words = ""
    topics: tuple[str, ...] = ()
    pathway_ids: tuple[Key, ...] = ()
    visibility: Literal["public", "signed_in", "invited"] = "public"

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("the event ends before it starts")
        return self


RECORDS: dict[Kind, type[Record]] = {one.kind: one for one in (Step, Entitlement, Contact, Opening, HeVisit)}
