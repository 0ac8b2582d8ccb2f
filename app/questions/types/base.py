"""What every type of question can do: the one place that a new type has to fill in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypedDict, TypeVar

from werkzeug.datastructures import MultiDict

from app.questions.cleaning import shown_again
from app.questions.text import Text

if TYPE_CHECKING:
    from app.questions.schema import Question
    from app.questions.wording import Wording

Form = MultiDict[str, str]
"""A posted form, as Flask hands it over."""

Fields = dict[str, list[str]]
"""What a question page fills its controls with: field name to the values that stand in it."""


class FeedAnswer(TypedDict, total=False):
    """The part of a feed record's `answer` that the type of question decides (measures.md section 5.2)."""

    kind: Literal["text", "choice", "scale", "skipped"]
    text_original: str
    text_en: str
    choice_codes: list[str]
    choice_labels_en: list[str]
    scale_value: int
    scale_max: int


class Unreadable(Exception):
    """An answer could not be read. Carries a kind message (lazy text) and all that was sent, to show it again."""

    def __init__(self, message: Any, kept: Fields) -> None:
        super().__init__(message)
        self.message = message
        self.kept = kept


Value = TypeVar("Value")


class QuestionType(ABC, Generic[Value]):
    """One type of question. A `Value` is immutable and knows nothing of the question it answers."""

    name: ClassVar[str]
    askable: ClassVar[bool] = True
    """False for a type that the bank may hold but no page can ask yet."""
    seconds: ClassVar[int]
    """About how long an answer takes."""
    fields: ClassVar[tuple[str, ...]] = ("answer",)
    """The names of the form fields, the main one first."""

    def check(self, question: Question) -> None:
        """Raise ValueError if the question's data cannot be asked with this type."""
        if question.options:
            raise ValueError(f"{question.id}: a {self.name} question has no options")

    def option_codes(self, question: Question) -> tuple[str, ...]:
        """The codes that an answer may hold, in the order shown."""
        return ()

    @abstractmethod
    def parse(self, form: Form, question: Question) -> Value:
        """Read a posted form. Nothing given gives an empty value. Raises Unreadable, which keeps all that was sent."""

    @abstractmethod
    def to_json(self, value: Value) -> dict[str, Any]:
        """The value as it is stored."""

    @abstractmethod
    def from_json(self, stored: Mapping[str, Any]) -> Value:
        """The value back from what `to_json` gave."""

    @abstractmethod
    def filled(self, value: Value) -> Fields:
        """The form fields as they would be posted to give this value: what a page shows when it is opened again."""

    @abstractmethod
    def is_empty(self, value: Value) -> bool:
        """True when nothing was answered."""

    @abstractmethod
    def words(self, value: Value, question: Question, wording: Wording) -> list[Text]:
        """The answer in words, for people: one text a line."""

    @abstractmethod
    def feed(self, value: Value, question: Question, wording_en: Wording, wording_shown: Wording) -> FeedAnswer:
        """The answer for the PEP feed; `{"kind": "skipped"}` when it is empty."""

    def codes(self, value: Value) -> tuple[str, ...]:
        """The option codes picked, for conditions; none for types without options."""
        return ()

    def kept(self, form: Form) -> Fields:
        """Exactly what was sent, to show it again after a mistake. Same shape as `filled`."""
        return {field: [shown_again(text) for text in form.getlist(field)] for field in self.fields}
