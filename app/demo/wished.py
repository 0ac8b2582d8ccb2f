"""What ``wishes.yaml`` may tell: wishes, their way, and the question 'why did you open this?'."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.people.audience import Share
from app.wishes.models import ReplyKind, Verdict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Event(_Strict):
    """One thing on a wish's way: something done, something that will be, an answer, or what its young person says of that."""

    day: int
    by: str | None = None
    did: str | None = None
    will: str | None = None
    says: ReplyKind | None = None
    words: str = ""
    language: str = "en-GB"
    also: dict[str, str] = Field(default_factory=dict)
    verdict: Verdict | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum(one is not None for one in (self.did, self.will, self.says, self.verdict)) != 1:
            raise ValueError("an event is one thing")
        if (self.by is None) != (self.verdict is not None):
            raise ValueError("adults do and answer; only the young person says whether it helped")
        if (self.says is not None) != bool(self.words):
            raise ValueError("an answer has its words, a no its reason")
        return self


class InHand(_Strict):
    """Who took it on, when, and by when they do something about it."""

    by: str
    day: int
    due: int


class Seen(_Strict):
    """Who was the first adult to see it, and when."""

    by: str
    day: int


class Wished(_Strict):
    """One wish as ``wishes.yaml`` tells it. Days count from the meeting of a term gone by, and now from today."""

    term: Literal[-2, -1, 0]
    answer: str | None = None
    words: str | None = None
    day: int | None = None
    language: str | None = None
    share: Share = Share.pep
    lifted_by: str | None = None
    seen: Seen | None = None
    owner: InHand | None = None
    way: list[Event] = Field(default_factory=list)

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> Self:
        if self.answer is None and not (self.words and self.day is not None and self.language):
            raise ValueError("a wish of its own has words, a language and a day")
        if self.lifted_by and (self.answer is None or self.day is None):
            raise ValueError("a worker lifts a wish from an answer, on a day")
        if self.way and self.owner is None:
            raise ValueError("somebody looks after a wish before something is done about it")
        return self


class Why(_Strict):
    """A young person asked an adult why they opened their words in this term, and the adult said it."""

    term: Literal[-2, -1, 0]
    adult: str
    words: str
    language: str = "en-GB"


class Hopes(_Strict):
    """What one young person wished for and asked."""

    wishes: list[Wished]
    whys: list[Why] = Field(default_factory=list)
