"""The types of question, by the name that the bank gives them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.questions.types.base import FeedAnswer, Fields, QuestionType, Unreadable
from app.questions.types.choice import Choice
from app.questions.types.date import Date
from app.questions.types.faces5 import Faces5
from app.questions.types.long_text import LongText
from app.questions.types.multi import Multi
from app.questions.types.not_yet import Audio, Drawing
from app.questions.types.scale import Scale
from app.questions.types.short_text import ShortText

if TYPE_CHECKING:
    from app.questions.schema import Question

__all__ = ["TYPES", "FeedAnswer", "Fields", "QuestionType", "Unreadable", "askable", "type_of"]

TYPES: Mapping[str, QuestionType[Any]] = MappingProxyType(
    {
        one.name: one
        for one in (Faces5(), Choice(), Multi(), Scale(), ShortText(), LongText(), Date(), Drawing(), Audio())
    }
)


def type_of(question: Question) -> QuestionType[Any]:
    """The type that reads, keeps and shows answers to this question."""
    return TYPES[question.type]


def askable(question: Question) -> bool:
    """False for questions whose type no page can ask yet; they are on no path."""
    return type_of(question).askable
