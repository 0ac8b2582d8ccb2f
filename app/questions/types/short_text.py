"""A line or two in somebody's own words."""

from typing import ClassVar

from app.questions.types.writing import Writing


class ShortText(Writing):
    """One line; about 200 characters are suggested, more is kept all the same."""

    name: ClassVar[str] = "short-text"
    seconds: ClassVar[int] = 40
    lines: ClassVar[bool] = False
    suggested_characters: ClassVar[int] = 200
