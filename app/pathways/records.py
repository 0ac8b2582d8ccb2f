"""What each kind of content must look like (handbook, pathways 1). Anything else is refused: at load, and in the editor.

A text that people read is marked ``Words``: it is a translation unit with a path (``summary``, ``need.0``), one English source
and any number of translations. The English of a text that may not be shown as certain never reaches the public: see
``NOT_CERTAIN``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.pathways import rules
from app.pathways.coded_values import ROLES, YEARS
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
    """What somebody can get (handbook, pathways 1.4). ``rule`` is a tree of data (4.1), read by ``app.pathways.rules``."""

    kind: ClassVar[Kind] = Kind.entitlement

    help_kind: Literal["money", "loan", "money_to_school", "right", "help", "information"]
    plain: Words
    # The sum and its year, apart from the text that stays. After ``amount_until`` the sum is hidden (handbook 1.8): a sum set by
    # school year ends on 31 July, one set by tax year on 31 March.
    amount: Words = ""
    amount_year: Words = ""
    amount_until: date | None = None
    payer: Words = ""
    rule: dict[str, Any]
    evidence: Words = ""
    # What else there is for somebody whom their papers keep from it.
    instead: Words = ""
    # Code of a contact role.
    who: str
    # The school year from which it matters (handbook 4.2); before that it is shown as 'later'. It decides nothing.
    from_year: str = ""
    grade: Grade

    @cached_property
    def parsed(self) -> rules.Node:
        """Return the rule as it is asked."""
        return rules.parse(self.rule, frozenset(rules.shared()))

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if not self.sources:
            raise ValueError("an entitlement needs a source")
        return self

    @model_validator(mode="after")
    def _has_a_rule_that_can_be_asked(self) -> Self:
        if self.who not in ROLES:
            raise ValueError(f"there is nobody called {self.who!r} to ask")
        if self.from_year and self.from_year not in YEARS:
            raise ValueError(f"there is no school year {self.from_year!r}")
        rules.parse(self.rule, frozenset(rules.shared()))
        return self

    @model_validator(mode="after")
    def _tells_the_public_only_what_is_sure(self) -> Self:
        for path, words, _mark in self.texts():
            if NOT_CERTAIN in words:
                raise ValueError(f"{path} says '{NOT_CERTAIN}': that belongs to the staff note")
        if self.amount.strip().lower() == "none" or (self.amount_year and not self.amount):
            raise ValueError("leave amount and its year empty when there is no sum")
        if self.help_kind == "loan" and "loan" not in f"{self.title} {self.plain}".lower():
            raise ValueError("a loan is always called a loan")
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
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    starts_at: AwareDatetime | None = None
    places: Annotated[int, Field(ge=0, le=10_000)] | None = None
    places_left: Annotated[int, Field(ge=0, le=10_000)] | None = None
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

    @model_validator(mode="before")
    @classmethod
    def _kept_ones_are_for_signed_in_people(cls, given: Any) -> Any:
        """What is kept for some is not on the open list unless an editor says so: a screen must not out anybody (1.5)."""
        if isinstance(given, dict) and given.get("ring_fenced", "none") != "none" and not given.get("visibility"):
            return {**given, "visibility": "signed_in"}
        return given

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError("the closing time is not after the opening time")
        if self.min_age is not None and self.max_age is not None and self.max_age < self.min_age:
            raise ValueError("the highest age is below the lowest")
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
    starts_at: AwareDatetime
    ends_at: AwareDatetime
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
