"""Types that the bank already holds and no page can ask yet: they are left off every path."""

from __future__ import annotations

from typing import ClassVar

from app.questions.types.writing import Writing


class Drawing(Writing):
    """A drawing or a photo of one. Until it can be asked, it would only take the words that say what it shows."""

    name: ClassVar[str] = "drawing"
    askable: ClassVar[bool] = False
    seconds: ClassVar[int] = 60
    lines: ClassVar[bool] = True
    suggested_characters: ClassVar[int] = 2_000


class Audio(Drawing):
    """A recording of up to two minutes."""

    name: ClassVar[str] = "audio"
