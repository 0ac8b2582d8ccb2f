"""As much as somebody wants to say, in their own words."""

from typing import ClassVar

from app.questions.types.writing import Writing


class LongText(Writing):
    """A box with lines; no minimum, about 2,000 characters suggested."""

    name: ClassVar[str] = "long-text"
    seconds: ClassVar[int] = 60
    lines: ClassVar[bool] = True
    suggested_characters: ClassVar[int] = 2_000
