"""A day, a month and a year, in three boxes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from flask_babel import lazy_gettext as _

from app.questions.cleaning import clean
from app.questions.text import SOURCE_LANGUAGE, Text
from app.questions.types.base import FeedAnswer, Fields, Form, QuestionType, Unreadable

if TYPE_CHECKING:
    from app.questions.schema import Question
    from app.questions.wording import Wording

# What a keyboard may leave around digits: spaces and the marks that set a direction or join letters.
_AROUND = " \u00a0\u200c\u200d\u200e\u200f\u061c"

# "27" could mean many years: better to ask again than to guess.
EARLIEST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the calendar, or none."""

    date: datetime.date | None = None


class Date(QuestionType[Day]):
    """Reads a date in any script's digits and shows it with its weekday (languages.md section 3)."""

    name: ClassVar[str] = "date"
    seconds: ClassVar[int] = 20
    fields: ClassVar[tuple[str, ...]] = ("day", "month", "year")

    def parse(self, form: Form, question: Question) -> Day:
        """Read the three boxes; all empty is no answer, anything that is not a day raises Unreadable."""
        typed = [clean(form.get(field, ""), lines=False).strip(_AROUND) for field in self.fields]
        if not any(typed):
            return Day()
        try:
            day, month, year = (_number(part) for part in typed)
            if year < EARLIEST_YEAR:
                raise ValueError(year)
            return Day(datetime.date(year, month, day))
        except ValueError:
            # TRANSLATORS: Shown to a child when the day, month and year they typed are not a date.
            raise Unreadable(_("We could not read that date. Try day, month, year."), self.kept(form)) from None

    def to_json(self, value: Day) -> dict[str, Any]:
        """`{"date": "2027-02-03"}`."""
        return {"date": value.date.isoformat() if value.date else None}

    def from_json(self, stored: Mapping[str, Any]) -> Day:
        """The day back from storage."""
        return Day(datetime.date.fromisoformat(stored["date"]) if stored["date"] else None)

    def filled(self, value: Day) -> Fields:
        """Day, month and year in their boxes."""
        if value.date is None:
            return {field: [] for field in self.fields}
        return {"day": [str(value.date.day)], "month": [str(value.date.month)], "year": [str(value.date.year)]}

    def is_empty(self, value: Day) -> bool:
        """True when no day was given."""
        return value.date is None

    def words(self, value: Day, question: Question, wording: Wording) -> list[Text]:
        """Weekday, day, month word and year in the wording's language."""
        return [_in_words(value.date, wording.language)] if value.date else []

    def feed(self, value: Day, question: Question, wording_en: Wording, wording_shown: Wording) -> FeedAnswer:
        """The date in words, as it was shown and in English."""
        if value.date is None:
            return {"kind": "skipped"}
        return {
            "kind": "text",
            "text_original": _in_words(value.date, wording_shown.language).text,
            "text_en": _in_words(value.date, wording_en.language).text,
        }


def _number(typed: str) -> int:
    """A whole number in any script's digits, at most four of them; ValueError for anything else."""
    if not typed.isdecimal() or len(typed) > 4:
        raise ValueError(typed)
    return int(typed)


def _in_words(date: datetime.date, language: str) -> Text:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        language = SOURCE_LANGUAGE
        locale = Locale.parse(language, sep="-")
    return Text(format_date(date, format="full", locale=locale), language)
