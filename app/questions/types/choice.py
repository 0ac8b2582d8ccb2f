"""Pick one."""

from typing import ClassVar

from app.questions.types.picking import Picking


class Choice(Picking):
    """One of the question's options."""

    name: ClassVar[str] = "choice"
