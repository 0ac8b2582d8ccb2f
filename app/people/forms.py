"""Forms of the workers' pages about young people. Drawn by template macros; here they are only read and checked."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, StringField, ValidationError
from wtforms.validators import AnyOf

from app.people.models import CardKind, Flag, Place

# The sets of which everybody is asked one (handbook, section 3). '' means: the one for their school year.
QUESTION_SETS = ("early-years", "primary", "secondary", "post16", "post16-neet")


def set_choices() -> list[tuple[str, str]]:
    """Return the question sets a worker can choose, with their names."""
    return [
        # TRANSLATORS: choice: let the school year decide which questions a child is asked
        ("", _("The one for their school year")),
        # TRANSLATORS: name of a set of questions: for children of about 2 to 5, written down by an adult
        ("early-years", _("Early years")),
        # TRANSLATORS: name of a set of questions: for children of about 5 to 11
        ("primary", _("Primary")),
        # TRANSLATORS: name of a set of questions: for young people of about 11 to 16
        ("secondary", _("Secondary")),
        # TRANSLATORS: name of a set of questions: for young people over 16
        ("post16", _("Post-16")),
        # TRANSLATORS: name of a set of questions: for young people over 16 who are not in education, work or training
        ("post16-neet", _("Post-16, not in education, work or training")),
    ]


def place_choices() -> list[tuple[str, str]]:
    """Return where a young person may learn; fills the word for the place in a question."""
    return [
        # TRANSLATORS: where a young person learns
        (Place.school.value, _("School")),
        # TRANSLATORS: where a young child learns
        (Place.nursery.value, _("Nursery")),
        # TRANSLATORS: where a young person learns
        (Place.college.value, _("College")),
        # TRANSLATORS: where a young person learns: at a job
        (Place.work.value, _("Work")),
        # TRANSLATORS: where a young person learns: anywhere else
        (Place.place.value, _("Somewhere else")),
    ]


def flag_choices() -> list[tuple[str, str]]:
    """Return what may be true of a young person and adds questions (voice-questions, section 6)."""
    return [
        # TRANSLATORS: true of a young person: moves home or school soon
        (Flag.moving.value, _("Is moving home or school")),
        # TRANSLATORS: true of a young person
        (Flag.new_to_care.value, _("Is new to care")),
        # TRANSLATORS: true of a young person: came to the UK without a parent or carer
        (Flag.ucic.value, _("Came to the UK without a parent or carer")),
        # TRANSLATORS: true of a young person
        (Flag.interpreter.value, _("Would like an interpreter")),
        # TRANSLATORS: true of a young person: special educational needs
        (Flag.sen.value, _("Gets extra help with learning (SEND)")),
        # TRANSLATORS: true of a young person over 16
        (Flag.neet.value, _("Is not in education, work or training now")),
    ]


# TRANSLATORS: a worker sent a choice that is not in the list
_CHOOSE = _l("Choose one from the list.")


class SeveralField(Field):
    """Any number of ticked boxes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take every ticked value once."""
        self.data = sorted(set(valuelist))


def _only_flags(_form: Form, field: Field) -> None:
    if not set(field.data or ()) <= {flag.value for flag in Flag}:
        raise ValidationError(_CHOOSE)


class CardForm(Form):
    """Which kind of code the new card asks for."""

    kind = StringField(validators=[AnyOf([kind.value for kind in CardKind], message=_CHOOSE)])


class TemplateForm(Form):
    """Which questions a young person is asked."""

    question_set = StringField(validators=[AnyOf(("", *QUESTION_SETS), message=_CHOOSE)])
    place = StringField(validators=[AnyOf([place.value for place in Place], message=_CHOOSE)])
    short_path = BooleanField()
    flags = SeveralField(validators=[_only_flags])
