"""The forms in which staff set drop-ins and places up. Few fields first; the rest has good defaults."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.core import clock
from app.core.languages import LANGUAGES
from app.core.web.forms import TidyDateField, TidyStringField
from app.dropins import wording
from app.dropins.models import DropIn, Venue
from app.dropins.sessions import AT_A_PLACE, says_who
from app.dropins.states import ADVISERS
from app.dropins.wall import ComesTwice, MissingHour, NoSuchTime, Which, moment, read_time
from app.people.models import Person

_SLOTS = (15, 20, 30, 45, 60)


def _pairs(words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in words.items()]


class _Plain(FlaskForm):
    class Meta:
        csrf = False  # the door has checked the token already


class DropInForm(_Plain):
    """A session, and how it repeats. ``starts_at`` and ``ends_at`` are there once it is valid."""

    title = TidyStringField(
        validators=[DataRequired(_l("Give it a title, such as 'Talk about jobs and college'.")), Length(max=80)]
    )
    mode = SelectField(choices=_pairs(wording.MODES), default="venue")
    venue_id = SelectField(default="")
    on = TidyDateField(validators=[DataRequired(_l("Choose the day."))])
    begins = TidyStringField(validators=[DataRequired(_l("When does it begin?"))])
    ends = TidyStringField(validators=[DataRequired(_l("When does it end?"))])
    # TRANSLATORS: an hour that comes twice, when the clocks go back
    which = SelectField(
        choices=_pairs({"": "–", "0": _l("The first, before the clocks go back"), "1": _l("The second, after")}),
        default="",
    )
    # TRANSLATORS: how long one booked time is
    slot_minutes = SelectField(
        choices=_pairs({**{str(n): _l("%(num)s minutes", num=n) for n in _SLOTS}, "": _l("No slots: come any time")}),
        default="30",
    )
    capacity = IntegerField(
        default=1, validators=[InputRequired(_l("How many places?")), NumberRange(1, 500, _l("At least one place."))]
    )
    staff = SelectMultipleField()
    # -- the rest
    plain = TextAreaField(validators=[Length(max=500, message=_l("A few sentences are enough."))])
    room = TidyStringField(validators=[Length(max=80)])
    online_link = TidyStringField(
        validators=[
            Optional(),
            Length(max=300),
            Regexp("^https://[^ ]+$", message=_l("Write an address that begins with https://.")),
        ]
    )
    phone_number = TidyStringField(validators=[Length(max=40)])
    languages = SelectMultipleField(choices=_pairs({one.tag: one.name for one in LANGUAGES}), default=["en-GB"])
    interpreter = SelectField(choices=_pairs(wording.INTERPRETERS), default="on_request")
    access = SelectMultipleField(choices=_pairs(wording.ACCESS))
    audience = SelectField(choices=_pairs(wording.AUDIENCES), default="all")
    min_age = IntegerField(default=14, validators=[InputRequired(), NumberRange(0, 25)])
    max_age = IntegerField(default=25, validators=[InputRequired(), NumberRange(0, 99)])
    carer_welcome = BooleanField(default=True)
    visibility = SelectField(choices=_pairs(wording.VISIBILITIES), default="public_safe")
    walk_in_hold = IntegerField(default=0, validators=[InputRequired(), NumberRange(0, 500)])
    booking_closes_minutes = IntegerField(default=30, validators=[InputRequired(), NumberRange(0, 10080)])
    # -- again and again
    # TRANSLATORS: how often a session repeats
    repeats = SelectField(
        choices=_pairs(
            {
                "": _l("Only this once"),
                "weekly": _l("Every week"),
                "fortnightly": _l("Every two weeks"),
                "monthly": _l("Every month, on the same weekday"),
            }
        ),
        default="",
    )
    until = TidyDateField(validators=[Optional()])
    skip_bank_holidays = BooleanField(default=True)

    starts_at: datetime
    ends_at: datetime
    asks_which = False

    def offer(self, session: Session, keep: DropIn | None = None) -> None:
        """Fill in the places and people that can be chosen today; what ``keep`` has already stays a choice."""
        venues = session.scalars(select(Venue).order_by(Venue.name_public))
        kept = keep.venue_id if keep else None
        # TRANSLATORS: first line of the list of places: none chosen yet
        self.venue_id.choices = _pairs(
            {
                "": _("Choose a place"),
                **{str(one.id): one.name_public for one in venues if one.active or one.id == kept},
            }
        )
        people = session.execute(
            select(Person.id, Person.name, Person.team)
            .where(Person.role.in_(ADVISERS), Person.ended_on.is_(None) | (Person.ended_on > clock.today()))
            .order_by(Person.name)
        )
        self.staff.choices = _pairs(
            {str(person_id): f"{name} · {team}" if team else name for person_id, name, team in people}
        )

    def show(self, dropin: DropIn, staff: list[uuid.UUID]) -> None:
        """Fill the form from a session."""
        begins, ends = clock.local(dropin.starts_at), clock.local(dropin.ends_at)
        for name in _AS_THEY_ARE:
            getattr(self, name).data = getattr(dropin, name)
        self.venue_id.data = str(dropin.venue_id or "")
        self.on.data = begins.date()
        self.begins.data, self.ends.data = f"{begins:%H:%M}", f"{ends:%H:%M}"
        self.which.data = (
            str(begins.fold) if begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset() else ""
        )
        self.asks_which = bool(self.which.data)
        self.slot_minutes.data = str(dropin.slot_minutes or "")
        self.staff.data = [str(person_id) for person_id in staff]

    def put(self, dropin: DropIn, *, slots: bool) -> None:
        """Write what the form says onto a session; ``slots``: also its slots and places, which only a draft may change."""
        for name in _AS_THEY_ARE:
            if name != "mode" and (slots or name not in ("capacity", "walk_in_hold")):
                value = getattr(self, name).data
                setattr(dropin, name, (value or None) if name in ("online_link", "phone_number") else value)
        if slots:
            dropin.slot_minutes = self.minutes
            dropin.mode, dropin.venue_id = self.mode.data, self.place
            dropin.starts_at, dropin.ends_at = self.starts_at, self.ends_at

    @property
    def minutes(self) -> int | None:
        """How long a slot is, None for come any time."""
        return int(self.slot_minutes.data) if self.slot_minutes.data else None

    @property
    def place(self) -> uuid.UUID | None:
        """Which venue, None when it is nowhere."""
        return uuid.UUID(self.venue_id.data) if self.venue_id.data and self.mode.data in AT_A_PLACE else None

    @property
    def at(self) -> time:
        """The time on the wall."""
        return read_time(self.begins.data or "")

    @property
    def people(self) -> list[uuid.UUID]:
        """Who is there."""
        return [uuid.UUID(one) for one in self.staff.data or ()]

    def validate_title(self, field: Field) -> None:
        """A title stands on phones and screens: it says nothing about who comes."""
        if says_who(field.data or ""):
            self._wrong(
                field,
                # TRANSLATORS: to a worker whose title says for example 'care leavers' or 'NEET'
                _(
                    "This title shows on phones and screens. Leave out who it is for; choose that under 'Who it is for'."
                ),
            )

    def validate_max_age(self, field: Field) -> None:
        """The oldest is not younger than the youngest."""
        if None not in (field.data, self.min_age.data) and field.data < self.min_age.data:
            self._wrong(field, _("Put in an age that is not below the first one."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what they say together: the moments, and the end of a series."""
        good = bool(super().validate(extra_validators))
        return self._moments() and good and self._end()

    def _moments(self) -> bool:
        if not (self.on.data and self.begins.data and self.ends.data):
            return False
        which = Which(int(self.which.data)) if self.which.data else None
        begins, ends = self._read(self.begins, which), self._read(self.ends, Which.second)
        if begins is None or ends is None:
            return False
        if ends <= begins:
            return self._wrong(self.ends, _("Put in an end that is after the beginning, on the same day."))
        self.starts_at, self.ends_at = begins, ends
        return True

    def _read(self, field: Field, which: Which | None) -> datetime | None:
        try:
            return moment(self.on.data, read_time(field.data), which)
        except NoSuchTime:
            self._wrong(field, _("Write a time like 14:00 or 2 pm."))
        except MissingHour:
            # TRANSLATORS: the clocks go forward in March: 01:30 does not exist on that day
            self._wrong(field, _("The clocks go forward that night: this time does not exist. Choose another one."))
        except ComesTwice:
            self.asks_which = True
            # TRANSLATORS: the clocks go back in October: 01:30 comes twice that night
            self._wrong(self.which, _("The clocks go back that night: this time comes twice. Which one do you mean?"))
        return None

    def _end(self) -> bool:
        if not self.repeats.data:
            return True
        if self.until.data is None:
            return self._wrong(self.until, _("Until which day? The last day of term, for example."))
        if not 0 < (self.until.data - self.on.data).days <= 400:
            return self._wrong(self.until, _("Choose a last day after the first one, and within a year."))
        return True

    def _wrong(self, field: Field, words: str) -> bool:
        field.errors = [*field.errors, words]
        return False


_AS_THEY_ARE = (
    "title",
    "mode",
    "capacity",
    "plain",
    "room",
    "online_link",
    "phone_number",
    "languages",
    "interpreter",
    "access",
    "audience",
    "min_age",
    "max_age",
    "carer_welcome",
    "visibility",
    "walk_in_hold",
    "booking_closes_minutes",
)


class VenueForm(_Plain):
    """A place."""

    name_public = TidyStringField(
        validators=[DataRequired(_l("What is the place called?")), Length(max=80)],
    )
    area = TidyStringField(validators=[DataRequired(_l("Which part of the town?")), Length(max=80)])
    address = TidyStringField(validators=[DataRequired(_l("What is the address?")), Length(max=300)])
    is_public_building = BooleanField()
    how_to_find = TextAreaField(validators=[Length(max=500, message=_l("A few sentences are enough."))])
    travel = TidyStringField(validators=[Length(max=300)])
    map_link = TidyStringField(
        filters=[lambda value: value or None],
        validators=[
            Optional(),
            Length(max=300),
            Regexp("^https://[^ ]+$", message=_l("Write an address that begins with https://.")),
        ],
    )
    access = SelectMultipleField(choices=_pairs(wording.ACCESS))
    safe_notes = TextAreaField(filters=[lambda value: value or None], validators=[Length(max=500)])
    active = BooleanField(default=True)
