"""What the codes of a meeting are called, for templates."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import Role
from app.people.policy import ORGANISERS


def attendance_words() -> dict[str, dict[str, str]]:
    """Return what the codes for taking part are called."""
    return {
        "came": {
            # TRANSLATORS: how somebody came to a meeting
            "in-person": _("In person"),
            "online": _("Phone or video"),
            "part": _("Part of it"),
            "not-there": _("Not there"),
        },
        "coming": {
            # TRANSLATORS: whether somebody is asked to a meeting, and what they said
            "asked": _("Asked, no answer yet"),
            "yes": _("Comes"),
            "no": _("Cannot come"),
            "not-asked": _("Not asked this time"),
        },
        "own_word": {
            # TRANSLATORS: what people at home answered when they were asked if they can come to the meeting
            "can": _("Yes"),
            "online": _("Online or by phone"),
            "other-time": _("Only at another time"),
            "cannot": _("No"),
            "me": _("I will be there"),
            "colleague": _("A colleague will be there"),
            "nobody": _("Nobody can come at that time"),
        },
        "voice": {
            # TRANSLATORS: how a child's voice came to their meeting
            "self": _("They said it themselves"),
            "chosen-adult": _("An advocate or an adult they chose"),
            "app": _("What they sent here"),
            "drawing-or-recording": _("A drawing or recording"),
            "observed": _("An adult watched and wrote it down"),
            "none": _("Not heard"),
        },
        "reason": {
            # TRANSLATORS: why a child was not at their meeting. 'own-choice' is a good outcome, not a failure.
            "own-choice": _("They chose not to come"),
            "not-asked": _("Nobody asked them"),
            "timing": _("The time did not work"),
            "safety": _("It was not safe"),
            "other": _("Something else"),
        },
    }


def signal_words() -> dict[str, str]:
    """Return what the silent card says, to the organiser."""
    return {
        # TRANSLATORS: what a child says with the silent card, as the organiser reads it
        "stop": _("Stop"),
        "too-fast": _("Too fast"),
        "explain": _("Explain, please"),
        "not-here": _("Not in front of everyone"),
    }


def is_organiser(role: Role | str) -> bool:
    """Return whether somebody with this role may run a meeting."""
    return Role(role) in ORGANISERS
