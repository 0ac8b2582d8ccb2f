"""Pick as many as fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.questions.types.picking import SOMETHING_ELSE, Picking

if TYPE_CHECKING:
    from app.questions.schema import Question


class Multi(Picking):
    """Any of the question's options; always with "Something else" unless the list is marked `closed`."""

    name: ClassVar[str] = "multi"
    several: ClassVar[bool] = True

    def check(self, question: Question) -> None:
        """Refuse a list that is neither closed nor open to something else, or says that it is both."""
        super().check(question)
        if question.closed == (SOMETHING_ELSE in question.options):
            raise ValueError(f'{question.id}: a multi question has either an "else" option or `closed: true`')
