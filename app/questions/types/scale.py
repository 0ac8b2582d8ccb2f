"""Five steps with words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.questions.types.base import FeedAnswer
from app.questions.types.picking import Picked, Picking

if TYPE_CHECKING:
    from app.questions.schema import Question
    from app.questions.wording import Wording

STEPS = 5


class Scale(Picking):
    """One of five steps, least first."""

    name: ClassVar[str] = "scale"
    fields: ClassVar[tuple[str, ...]] = ("answer",)

    def check(self, question: Question) -> None:
        """Refuse anything but exactly five steps with words."""
        if len(question.options) != STEPS:
            raise ValueError(f"{question.id}: a scale has exactly {STEPS} steps")

    def feed(self, value: Picked, question: Question, wording_en: Wording, wording_shown: Wording) -> FeedAnswer:
        """The step counted from 1, with its code and its words."""
        answer = super().feed(value, question, wording_en, wording_shown)
        if value.codes:
            answer["kind"] = "scale"
            answer["scale_value"] = self.option_codes(question).index(value.codes[0]) + 1
            answer["scale_max"] = STEPS
        return answer
