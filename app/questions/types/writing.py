"""The family of questions answered in a person's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import lazy_ngettext as ngettext

from app.questions.cleaning import characters_over, clean
from app.questions.text import OWN_WORDS, Text
from app.questions.types.base import FeedAnswer, Fields, Form, QuestionType, Unreadable

if TYPE_CHECKING:
    from app.questions.schema import Question
    from app.questions.wording import Wording


def refuse_if_too_long(text: str, kept: Fields) -> None:
    """Raise Unreadable, with how much must go, for a text longer than what is kept. Nothing is ever cut."""
    over = characters_over(text)
    if over:
        # TRANSLATORS: Shown to a child whose words are too long to keep. Nothing is lost: it is all still in the box.
        message = ngettext(
            "Make it shorter by %(num)s letter. All your words are still here.",
            "Make it shorter by %(num)s letters. All your words are still here.",
            over,
        )
        raise Unreadable(message, kept)


@dataclass(frozen=True, slots=True)
class Written:
    """Words that somebody wrote, cleaned and otherwise exactly theirs."""

    text: str = ""


class Writing(QuestionType[Written]):
    """Reads, keeps and shows free text. Subclasses say whether it has lines and how long it usually is."""

    lines: ClassVar[bool]
    suggested_characters: ClassVar[int]
    """How long an answer usually is: for the size of the box, never a limit."""

    def parse(self, form: Form, question: Question) -> Written:
        """Read the text; all of it is kept, or Unreadable says how much is too much."""
        text = clean(form.get("answer", ""), lines=self.lines)
        refuse_if_too_long(text, self.kept(form))
        return Written(text)

    def to_json(self, value: Written) -> dict[str, Any]:
        """`{"text": "..."}`."""
        return {"text": value.text}

    def from_json(self, stored: Mapping[str, Any]) -> Written:
        """The words back from storage."""
        return Written(stored["text"])

    def filled(self, value: Written) -> Fields:
        """The words in their box."""
        return {"answer": [value.text] if value.text else []}

    def is_empty(self, value: Written) -> bool:
        """True when nothing was written."""
        return not value.text

    def words(self, value: Written, question: Question, wording: Wording) -> list[Text]:
        """The person's own words, untouched."""
        return [Text(value.text, OWN_WORDS)] if value.text else []

    def feed(self, value: Written, question: Question, wording_en: Wording, wording_shown: Wording) -> FeedAnswer:
        """The person's own words; their English, if they need one, is somebody else's work."""
        return {"kind": "text", "text_original": value.text} if value.text else {"kind": "skipped"}
