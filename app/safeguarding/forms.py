"""The form in which staff keep a contact right."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.core import clock
from app.core.web.forms import TidyDateField, TidyStringField
from app.safeguarding.content import PHONE, TIME
from app.safeguarding.models import Hours, Status
from app.safeguarding.wording import HOURS_FOR_STAFF, STATUS_FOR_STAFF

# TRANSLATORS: to a worker, under a phone number that we cannot use
_PHONE_HINT = _l("Use figures and spaces, for example 01733 864180.")
# TRANSLATORS: to a worker, under a time that we cannot use
_TIME_HINT = _l("Write a time like 09:00.")


def free_choice(free: bool | None) -> str:
    """Return the choice that stands for what the table holds."""
    return "unknown" if free is None else "yes" if free else "no"


def _nothing_if_empty(value: str | None) -> str | None:
    return value or None


def _western(value: str | None) -> str | None:
    # Figures typed in another script are the same number; the page shows Western ones (safeguarding, section 2).
    return "".join(str(int(c)) if c.isdecimal() else c for c in value) if value else None


class ContactForm(FlaskForm):
    """Everything about a contact that staff may change. The door has checked the token already."""

    class Meta:
        csrf = False

    label = TidyStringField(validators=[DataRequired(_l("Say what it is for.")), Length(max=120)])
    name = TidyStringField(validators=[DataRequired(_l("Say who answers.")), Length(max=120)])
    note = TidyStringField(validators=[Length(max=200)])
    number = TidyStringField(
        filters=[_western], validators=[Optional(), Regexp(re.compile(f"^{PHONE}$"), message=_PHONE_HINT)]
    )
    text_number = TidyStringField(
        filters=[_western], validators=[Optional(), Regexp(re.compile(f"^{PHONE}$"), message=_PHONE_HINT)]
    )
    text_word = TidyStringField(filters=[_nothing_if_empty], validators=[Length(max=20)])
    website = TidyStringField(
        filters=[_nothing_if_empty],
        validators=[
            Optional(),
            Length(max=120),
            Regexp(r"^https://[A-Za-z0-9.\-/]+$", message=_l("Write an address that begins with https://.")),
        ],
    )
    hours = SelectField(choices=[SelectChoice(str(code), words) for code, words in HOURS_FOR_STAFF.items()])
    opens = TidyStringField(
        filters=[_nothing_if_empty], validators=[Optional(), Regexp(f"^{TIME}$", message=_TIME_HINT)]
    )
    closes = TidyStringField(
        filters=[_nothing_if_empty], validators=[Optional(), Regexp(f"^{TIME}$", message=_TIME_HINT)]
    )
    # TRANSLATORS: whether a call is free, chosen by a worker
    free = SelectField(
        choices=[
            SelectChoice("yes", _l("Free")),
            SelectChoice("no", _l("Can cost money")),
            SelectChoice("unknown", _l("Not checked")),
        ]
    )
    owner = TidyStringField(validators=[DataRequired(_l("Say who keeps this right.")), Length(max=120)])
    checked_on = TidyDateField(validators=[Optional()])
    status = SelectField(choices=[SelectChoice(str(code), words) for code, words in STATUS_FOR_STAFF.items()])
    position = IntegerField(validators=[InputRequired(_l("Say where it stands in the list.")), NumberRange(0, 999)])
    comes_first = BooleanField()
    in_peterborough = BooleanField()
    active = BooleanField()

    def validate_checked_on(self, field: Field) -> None:
        """Nobody has checked a number on a day that has not come."""
        if field.data and field.data > clock.today():
            # TRANSLATORS: to a worker who put in a day that has not come yet
            raise ValidationError(_("Put in a day that is not after today."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the form; a number that children see needs the day on which somebody rang it."""
        good = bool(super().validate(extra_validators))
        if self.checked_on.data is None and self.status.data == Status.sourced and self.active.data:
            # TRANSLATORS: to a worker who left out when a number was checked
            self.checked_on.errors = [*self.checked_on.errors, _("Ring the number, then put in the day you did.")]
            return False
        return good

    def validate_hours(self, field: Field) -> None:
        """Weekdays need their times."""
        if field.data == Hours.weekdays and not (self.opens.data and self.closes.data):
            # TRANSLATORS: to a worker who chose 'Monday to Friday' and left the times out
            raise ValidationError(_("Put in when it opens and closes."))

    def validate_text_word(self, field: Field) -> None:
        """A word to text needs a number to text it to."""
        if field.data and not self.text_number.data:
            # TRANSLATORS: to a worker who put in the word to text but not the number to text it to
            raise ValidationError(_("Put in the number to text this word to."))

    def values(self) -> dict[str, Any]:
        """Return what the form holds, as the table keeps it."""
        names = (name for name in self._fields if name != "free")
        return {
            **{name: getattr(self, name).data for name in names},
            "number": self.number.data or None,
            "text_number": self.text_number.data or None,
            "note": self.note.data or "",
            "free": {"yes": True, "no": False}.get(self.free.data),
        }
