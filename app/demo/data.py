"""The demo's people and what they said, read from YAML and checked before anything is written."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.demo.meetings import Held
from app.demo.wished import Hopes
from app.people.audience import Share
from app.people.models import Care, Flag, Place, Role
from app.voice.models import How

_FOLDER = Path(__file__).parent
EMAILS_END = "example.org"

# In the order in which they are shown. `epep_client` is no person and is added when the sign-ins are made.
PERSONAS = (
    "primary_child",
    "secondary_child",
    "ucic_young_person",
    "post16_young_person",
    "care_leaver",
    "carer",
    "key_worker",
    "designated_teacher",
    "social_worker",
    "iro",
    "personal_adviser",
    "virtual_school",
    # Publishes what the first one wrote: that takes two people.
    "second_editor",
    "participation_worker",
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Adult(_Strict):
    """One adult; their e-mail address is made from their key."""

    name: str
    role: Role
    language: str = "en-GB"
    team: str | None = None
    persona: str | None = None


class Young(_Strict):
    """One young person, who is around them, and when their next meeting is."""

    name: str
    persona: str | None = None
    year_group: int | None = None
    care: Care = Care.in_care
    place: Place = Place.school
    language: str = "en-GB"
    flags: list[Flag] = Field(default_factory=list)
    school_name: str | None = None
    code: list[str] | None = None
    card: Literal["used", "new"] | None = None
    around: list[str]
    left: list[str] = Field(default_factory=list)
    since: int = Field(600, ge=1)
    meeting_in: int | None


class PeopleFile(_Strict):
    """``people.yaml``."""

    passphrase: str
    adults: dict[str, Adult]
    young_people: dict[str, Young]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for key, young in self.young_people.items():
            if unknown := {*young.around, *young.left} - set(self.adults):
                raise ValueError(f"{key}: nobody is called {', '.join(sorted(unknown))}")
        everybody: list[Adult | Young] = [*self.adults.values(), *self.young_people.values()]
        found = sorted(one.persona for one in everybody if one.persona)
        if found != sorted(PERSONAS):
            raise ValueError(f"every persona stands for one person; these are there: {found}")
        return self


class Words(_Strict):
    """One answer as it stands in ``history.yaml``, written out."""

    say: str | list[str]
    else_text: str = Field("", alias="else")
    share: Share | None = None
    chosen: list[str] = Field(default_factory=list)
    how: How | None = None
    beside: Role | None = None


def _written_out(answer: Any) -> Any:
    return answer if isinstance(answer, dict) else {"say": answer}


AnswerWords = Annotated[Words, BeforeValidator(_written_out)]


class Again(_Strict):
    """What was changed and sent once more before the meeting."""

    sent: int = Field(ge=1)
    answers: dict[str, AnswerWords]


class Told(_Strict):
    """One set of questions as one young person answered it in one term (-2, -1, or 0 for now), or as ``by``, an adult they live
    with, did about them."""

    term: Literal[-2, -1, 0]
    set: str
    by: str | None = None
    sent: int | None = Field(None, ge=1)
    begun: int | None = Field(None, ge=1)
    language: str | None = None
    short: bool | None = None
    how: How = How.self_
    beside: Role | None = None
    readers: list[str] | None = None
    answers: dict[str, AnswerWords]
    again: Again | None = None

    @model_validator(mode="after")
    def _is_sent_or_begun(self) -> Self:
        if (self.sent is None) == (self.begun is None):
            raise ValueError("a set is either sent or begun")
        if self.again and (self.sent is None or self.again.sent >= self.sent):
            raise ValueError("what is sent again is sent later")
        return self


@cache
def people() -> PeopleFile:
    """Return the demo's people. Raises pydantic's ValidationError for a file that does not hang together."""
    return PeopleFile.model_validate(_read("people.yaml"))


@cache
def history() -> dict[str, list[Told]]:
    """Return what each young person said, and those they live with, by their key. Raises ValidationError."""
    told: dict[str, list[Told]] = {}
    for name in ("history.yaml", "at_home.yaml"):
        for key, entries in _read(name).items():
            told.setdefault(key, []).extend(Told.model_validate(one) for one in entries)
    if unknown := set(told) - set(people().young_people):
        raise ValueError(f"history.yaml tells of {', '.join(sorted(unknown))}, who is not in people.yaml")
    return told


@cache
def meetings() -> dict[str, Held]:
    """Return the meetings that were held, by the key of the young person. Raises ValidationError."""
    return {key: Held.model_validate(one) for key, one in _read("meetings.yaml").items()}


@cache
def wishes() -> dict[str, Hopes]:
    """Return what the young people wished for and asked, by their key. Raises ValidationError."""
    return {key: Hopes.model_validate(one) for key, one in _read("wishes.yaml").items()}


def email_of(key: str) -> str:
    """Return the e-mail address of an adult."""
    return f"{key}@{EMAILS_END}"


def _read(name: str) -> Any:
    # libyaml where there is one: the plain reader would be a third of the loading time. Both are safe loaders.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
