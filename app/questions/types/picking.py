"""The family of questions answered by picking: faces, one choice, several choices, a scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import lazy_gettext as _

from app.questions.cleaning import clean
from app.questions.text import OWN_WORDS, Text
from app.questions.types.base import FeedAnswer, Fields, Form, QuestionType, Unreadable
from app.questions.types.writing import refuse_if_too_long

if TYPE_CHECKING:
    from app.questions.schema import Question
    from app.questions.wording import Wording

SOMETHING_ELSE = "else"
"""The option that opens a text box, and the name of that box's field."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The option codes picked, in the question's order, and what was typed beside "Something else"."""

    codes: tuple[str, ...] = ()
    else_text: str = ""


class Picking(QuestionType[Picked]):
    """Reads, keeps and shows picked options. Subclasses say whether one or several may be picked."""

    fields: ClassVar[tuple[str, ...]] = ("answer", SOMETHING_ELSE)
    seconds: ClassVar[int] = 15
    several: ClassVar[bool] = False

    def check(self, question: Question) -> None:
        """Refuse a question without a table of at least two options."""
        if len(question.options) < 2:
            raise ValueError(f"{question.id}: a {self.name} question needs a table of options")

    def option_codes(self, question: Question) -> tuple[str, ...]:
        """The codes of the question's own options."""
        return tuple(question.options)

    def parse(self, form: Form, question: Question) -> Picked:
        """Read the picked options; text typed beside "Something else" counts as picking it when nothing contradicts."""
        known = self.option_codes(question)
        sent = {code for code in form.getlist("answer") if code}
        if not sent.issubset(known):
            # TRANSLATORS: Shown to a child after an answer that is not one of the options on the page.
            raise Unreadable(_("Pick from the answers on this page. Then press the button again."), self.kept(form))
        text = self._else_text(form, known)
        if text and SOMETHING_ELSE not in sent:
            if sent and not self.several:
                raise Unreadable(
                    # TRANSLATORS: Shown to a child who picked one answer and also typed words beside "Something else".
                    _("Pick “Something else” to keep the words you wrote, or take the words out."),
                    self.kept(form),
                )
            sent.add(SOMETHING_ELSE)
        if len(sent) > 1 and not self.several:
            # TRANSLATORS: Shown to a child when a question takes one answer and several were picked.
            raise Unreadable(_("Pick just one answer here."), self.kept(form))
        return Picked(tuple(code for code in known if code in sent), text)

    def _else_text(self, form: Form, known: tuple[str, ...]) -> str:
        if SOMETHING_ELSE not in known:
            return ""  # the page of this question has no such box
        text = clean(form.get(SOMETHING_ELSE, ""), lines=False)
        refuse_if_too_long(text, self.kept(form))
        return text

    def to_json(self, value: Picked) -> dict[str, Any]:
        """`{"codes": [...], "else": "..."}`."""
        return {"codes": list(value.codes), SOMETHING_ELSE: value.else_text}

    def from_json(self, stored: Mapping[str, Any]) -> Picked:
        """The picked options back from storage."""
        return Picked(tuple(stored["codes"]), stored.get(SOMETHING_ELSE, ""))

    def filled(self, value: Picked) -> Fields:
        """The ticked codes and the typed text."""
        return {"answer": list(value.codes), SOMETHING_ELSE: [value.else_text] if value.else_text else []}

    def is_empty(self, value: Picked) -> bool:
        """True when nothing is picked and nothing typed."""
        return not value.codes and not value.else_text

    def codes(self, value: Picked) -> tuple[str, ...]:
        """The codes picked."""
        return value.codes

    def words(self, value: Picked, question: Question, wording: Wording) -> list[Text]:
        """The labels of what was picked, then the person's own words if there are any."""
        labels = [wording.option(question, code) for code in value.codes]
        return labels + ([Text(value.else_text, OWN_WORDS)] if value.else_text else [])

    def feed(self, value: Picked, question: Question, wording_en: Wording, wording_shown: Wording) -> FeedAnswer:
        """Codes with their English labels, and the person's own words beside them."""
        if self.is_empty(value):
            return {"kind": "skipped"}
        answer: FeedAnswer = {
            "kind": "choice",
            "choice_codes": list(value.codes),
            "choice_labels_en": [wording_en.option(question, code).text for code in value.codes],
        }
        if value.else_text:
            answer["text_original"] = value.else_text
        return answer
