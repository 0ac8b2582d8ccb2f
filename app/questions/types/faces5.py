"""Five faces, each with a word, and "Not sure"."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.questions.types.base import QuestionType
from app.questions.types.picking import Picking

if TYPE_CHECKING:
    from app.questions.schema import Question

FACES = ("really-good", "good", "ok", "hard", "really-hard", "not-sure")


class Faces5(Picking):
    """One of the faces. Fed and shown as its word, never as a number (voice-questions.md section 1, rule 10)."""

    name: ClassVar[str] = "faces5"
    fields: ClassVar[tuple[str, ...]] = ("answer",)

    def check(self, question: Question) -> None:
        """Refuse options of its own: every face question has the same faces and words."""
        QuestionType.check(self, question)

    def option_codes(self, question: Question) -> tuple[str, ...]:
        """The faces, best first, then "Not sure"."""
        return FACES
