"""What a question set, its translations and the shared words must look like. Anything else is refused at load.

Source: voice-questions.md sections 1 to 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.questions.types import TYPES, type_of
from app.questions.types.faces5 import FACES

SECTIONS = (
    "about-me",
    "learning-progress",
    "attendance",
    "wellbeing-relationships",
    "send-support",
    "outside-school",
    "pp-plus-wishes",
    "aspirations-he-career",
    "transition-next-step",
    "meeting-preferences",
    "english-settling",
    "desirable-outcomes",
    "meeting-feedback",
)
"""The sections of the PEP record, in its order. `meeting-feedback` is kept for quality checks, not for the record."""

FLAGS = frozenset({"moving", "new-to-care", "ucic", "interpreter", "sen"})
"""The flags that a condition may ask for."""

SHARING = ("pep", "not-home", "not-school", "chosen", "unsent")
PLACES = ("school", "nursery", "college", "work", "place")
NOTICES = ("early-years", "primary", "secondary", "post16", "ucic", "carer", "key-worker")

Quality = Literal["draft-machine", "draft-human", "reviewed", "tested-with-young-people"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Wordings = Annotated[Mapping[str, str], AfterValidator(lambda table: MappingProxyType(dict(table)))]


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


class UnknownQuestion(LookupError):
    """There is no question with this id in this version of the set."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class When(_Frozen):
    """The condition of a question; all that is given has to hold. `app.questions.conditions` says what each means."""

    q: str | None = None
    any: Annotated[tuple[str, ...], Field(strict=False)] = ()
    not_: Annotated[tuple[str, ...], Field(alias="not", strict=False)] = ()
    year_min: int | None = None
    year_max: int | None = None
    flag: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.q is not None) != bool(self.any or self.not_):
            raise ValueError("`when` needs both a question `q` and its options `any` or `not`, or none of them")
        if not self.model_fields_set:
            raise ValueError("`when` is empty")
        if self.flag is not None and self.flag not in FLAGS:
            raise ValueError(f"`when` asks for an unknown flag: {self.flag}")
        return self


class Question(_Frozen):
    """One question of one version of a set, in its English source wording."""

    id: Id
    ask: str
    help: str | None = None
    type: str
    options: Wordings = Field(default_factory=_empty)
    closed: bool = False
    also: Annotated[tuple[Literal["audio", "drawing"], ...], Field(strict=False)] = ()
    section: str
    # Every question can be skipped, with one tap and no second prompt: there is no other way to write this field.
    skip: Literal[True]
    age: Annotated[int, Field(ge=5, le=18)]
    default_share: Literal["pep", "ask", "chosen"]
    when: When | None = None
    short: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type not in TYPES:
            raise ValueError(f"{self.id}: unknown type {self.type}")
        if self.section not in SECTIONS:
            raise ValueError(f"{self.id}: unknown section {self.section}")
        type_of(self).check(self)
        return self

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes an answer may hold, in the order shown."""
        return type_of(self).option_codes(self)


class QuestionSet(_Frozen):
    """One version of a set of questions, in file order."""

    id: Annotated[Id, Field(alias="set")]
    version: Annotated[int, Field(ge=1)]
    audience: Literal["child", "adult", "adult-observer"]
    who: str
    questions: Annotated[tuple[Question, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _conditions_look_back(self) -> Self:
        earlier: dict[str, Question] = {}
        for question in self.questions:
            if question.id in earlier:
                raise ValueError(f"{question.id}: this id is used twice")
            if question.when is not None and question.when.q is not None:
                _check_condition(question.id, question.when, earlier)
            earlier[question.id] = question
        return self

    def question(self, question_id: str) -> Question:
        """The question with this id. Raises UnknownQuestion."""
        question = self._by_id.get(question_id)
        if question is None:
            raise UnknownQuestion(f"{self.id} {self.version} has no question {question_id}")
        return question

    @cached_property
    def looked_back_to(self) -> frozenset[str]:
        """The ids of the questions whose answers decide whether others are asked."""
        return frozenset(one.when.q for one in self.questions if one.when is not None and one.when.q is not None)

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}


def _check_condition(question_id: str, when: When, earlier: Mapping[str, Question]) -> None:
    asked_before = earlier.get(when.q or "")
    if asked_before is None:
        raise ValueError(
            f"{question_id}: its condition looks at {when.q}, which is not an earlier question of this set"
        )
    unknown = [code for code in (*when.any, *when.not_) if code not in asked_before.option_codes]
    if unknown:
        raise ValueError(f"{question_id}: {when.q} has no option {', '.join(unknown)}")


class TranslatedQuestion(_Frozen):
    """The words of one question in another language; what is missing falls back to English."""

    ask: str | None = None
    help: str | None = None
    options: Wordings = Field(default_factory=_empty)


class Translation(_Frozen):
    """One version of a set in another language."""

    id: Annotated[Id, Field(alias="set")]
    version: Annotated[int, Field(ge=1)]
    language: str
    quality: Quality
    questions: Mapping[str, TranslatedQuestion]

    def check_against(self, question_set: QuestionSet) -> None:
        """Raise ValueError for questions or options that the set does not have."""
        for question_id, translated in self.questions.items():
            try:
                question = question_set.question(question_id)
            except UnknownQuestion as unknown:
                raise ValueError(str(unknown)) from None
            extra = set(translated.options) - set(question.options)
            if extra:
                raise ValueError(f"{question_id} has no option {', '.join(sorted(extra))}")


class Section(_Frozen):
    """A section of the PEP record: a heading that speaks to the young person, and the field's own name."""

    heading: str | None = None
    name: str | None = None


class SharingLabels(_Frozen):
    """The labels of the sharing choices, for younger and for older children."""

    younger: Wordings = Field(default_factory=_empty)
    older: Wordings = Field(default_factory=_empty)


class Words(_Frozen):
    """Words that several sets share, in one language; what is missing falls back to English."""

    id: Annotated[Literal["words"], Field(alias="set")] = "words"
    version: Annotated[int, Field(ge=1)]
    language: str
    quality: Quality = "draft-machine"
    places: Wordings = Field(default_factory=_empty)
    place_cases: Mapping[str, Wordings] = Field(default_factory=_empty)
    """The places in a grammatical case, from the file's `places_<case>` tables."""
    faces: Wordings = Field(default_factory=_empty)
    sharing: SharingLabels = Field(default_factory=lambda: SharingLabels())
    honest_line: str | None = None
    notices: Wordings = Field(default_factory=_empty)
    sections: Mapping[str, Section] = Field(default_factory=_empty)

    @model_validator(mode="before")
    @classmethod
    def _gather_cases(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        cases = {key.removeprefix("places_"): table for key, table in raw.items() if key.startswith("places_")}
        kept = {key: value for key, value in raw.items() if not key.startswith("places_")}
        return {**kept, "place_cases": cases} if cases else kept

    @model_validator(mode="after")
    def _keys_are_known(self) -> Self:
        tables: list[tuple[str, Mapping[str, Any], tuple[str, ...]]] = [
            ("places", self.places, PLACES),
            ("faces", self.faces, FACES),
            ("sharing.younger", self.sharing.younger, SHARING),
            ("sharing.older", self.sharing.older, SHARING),
            ("notices", self.notices, NOTICES),
            ("sections", self.sections, SECTIONS),
        ]
        tables += [(f"places_{case}", table, PLACES) for case, table in self.place_cases.items()]
        for name, table, known in tables:
            unknown = set(table) - set(known)
            if unknown:
                raise ValueError(f"{name} has unknown keys: {', '.join(sorted(unknown))}")
        return self

    def missing(self) -> list[str]:
        """What a complete words file would also hold; the English one must be complete."""
        gaps = [f"places.{key}" for key in PLACES if key not in self.places]
        gaps += [f"faces.{key}" for key in FACES if key not in self.faces]
        gaps += [f"sharing.younger.{key}" for key in SHARING if key not in self.sharing.younger]
        gaps += [f"sharing.older.{key}" for key in SHARING if key not in self.sharing.older]
        gaps += [f"notices.{key}" for key in NOTICES if key not in self.notices]
        gaps += [f"sections.{key}" for key in SECTIONS if key not in self.sections]
        return gaps + ([] if self.honest_line else ["honest_line"])
