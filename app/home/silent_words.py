"""The reasons and the steps of the two lists, in the page's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core import languages
from app.home.meetings import Missing
from app.home.silent import Silent, Step, Why


def why_words(why: Why) -> str:
    """Return a reason in a few words, for the counts."""
    names = {
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.refused: _("Chose to share nothing"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.adult_wrote: _("Only by an adult's hand"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.on_paper: _("On paper, typed in by an adult"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.no_date: _("No meeting date"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.language: _("Not in their language"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.no_device: _("No phone or computer"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.not_asked: _("Not asked yet"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.no_way_in: _("No way in that works"),
        # TRANSLATORS: why a young person was not heard this term; to workers
        Why.not_known: _("Not known"),
    }
    return names[why]


def why_explained(one: Silent) -> str:
    """Return a reason as a sentence about one young person."""
    language = languages.find(one.language)
    names = {
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.refused: _("They looked, and chose to share nothing. That is their right, and they can change it."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.adult_wrote: _("An adult wrote it down. Let them look at it themselves."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.on_paper: _("They answered on paper. Let them look at what was typed in."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.no_date: _("Nobody can have asked: the meeting has no day yet."),
        # TRANSLATORS: one young person who was not heard, to a worker; %(name)s is a language
        Why.language: _("We have no pages in %(name)s yet.", name=language.english_name if language else one.language),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.no_device: _("They have no phone or computer to answer on. Bring yours, or paper."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.not_asked: _("No card, link or paper, and nobody sat beside them this term."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.no_way_in: _("They were given a card, link or paper, and have not come in with it."),
        # TRANSLATORS: one young person who was not heard, to a worker
        Why.not_known: _("They have a way in. Whether they have a device or the time, we do not know: ask."),
    }
    return names[one.why]


def step_words(step: Step) -> str:
    """Return what a step's button says."""
    names = {
        # TRANSLATORS: a button: answer together on the worker's device
        Step.beside: _("Sit beside them"),
        # TRANSLATORS: a button: print a card with a code to scan
        Step.card: _("Print a card"),
        # TRANSLATORS: a button: print the questions
        Step.paper: _("Print on paper"),
        # TRANSLATORS: a button: note that an interpreter is needed
        Step.interpreter: _("Note an interpreter"),
        # TRANSLATORS: a button: sends a message to the carer
        Step.carer: _("Ask their carer"),
        # TRANSLATORS: a button: leads to the adults who can set a meeting date
        Step.date: _("See who sets the day"),
        # TRANSLATORS: a button: note that the child has no phone or computer to answer on
        Step.no_device: _("They have no device"),
        # TRANSLATORS: a button: the child has a phone or computer now; takes the note back
        Step.has_device: _("They have a device now"),
    }
    return names[step]


def missing_words(missing: Missing) -> str:
    """Return what a meeting lacks."""
    names = {
        # TRANSLATORS: what is missing for a meeting: nothing has come in from the child by their own hand
        Missing.words: _("their own words"),
        # TRANSLATORS: what is missing for a meeting: no designated teacher is connected
        Missing.teacher: _("a designated teacher"),
        # TRANSLATORS: what is missing for a meeting: no social worker is connected
        Missing.social_worker: _("a social worker"),
        # TRANSLATORS: what is missing for a meeting: no carer or key worker is connected
        Missing.home: _("a carer or key worker"),
        # TRANSLATORS: what a meeting needs: an interpreter was noted
        Missing.interpreter: _("an interpreter: check that one is booked"),
    }
    return names[missing]
