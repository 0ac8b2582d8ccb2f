"""A wish at the end of the paper: typed in with the answers, in the young person's own words.

A wish is nobody's draft: it is there for others, or it is not there. So it is made only when the paper asks to be sent. It is
marked as from paper, shared as the letters under it say, and stands on the young person's page, where they can take it back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.people.audience import SHARED, Reader, Share
from app.people.sessions import Actor
from app.questions.schema import QuestionSet
from app.voice.models import Response
from app.voice.walk import Walk
from app.wishes import ledger
from app.wishes.models import Raised, Wish

# What they want to be different next (voice-questions, section 3).
SECTION = "desirable-outcomes"


@dataclass(slots=True)
class WishRow:
    """The wish on the long form, as it is shown: ``made`` when one was made from this paper already."""

    made: bool = False
    words: str = ""
    share: str = ""
    who: list[str] = field(default_factory=list)
    message: str = ""


def asks(question_set: QuestionSet) -> bool:
    """Return whether a set's paper asks for a wish. What an adult saw in a small child is not the child's wish."""
    return question_set.audience != "adult-observer"


def row(session: Session, response: Response) -> WishRow:
    """Return the wish of a paper as the form shows it first: never its words, which its letters may keep from this adult."""
    return WishRow(made=bool(session.scalar(select(exists().where(Wish.key == _key(response))))))


def take(
    session: Session, actor: Actor, walk: Walk, readers: Collection[Reader], form: MultiDict[str, str], *, send: bool
) -> WishRow:
    """Make the wish that was typed in, when the paper is sent; the same paper twice is one wish. Returns what to show again."""
    found = row(session, walk.response)
    words = form.get("wish.words", "").strip()
    if found.made or not words or not asks(walk.question_set):
        return found
    known = {str(one.person_id) for one in readers}
    named = [one for one in form.getlist("wish.who") if one in known]
    shown = WishRow(False, words, form.get("wish.share", ""), named)
    share = shown.share or Share.pep
    if share not in SHARED:
        # TRANSLATORS: to a worker who types in a child's wish from paper; E is a box on the paper: 'only me'
        shown.message = _("E means that the wish stays with them. Leave it on the paper.")
    elif share == Share.chosen and not named:
        # TRANSLATORS: to a worker who types in paper: the box 'only these people' was ticked and no name was chosen
        shown.message = _("Pick the people whose names are on the paper. If there is no name, untick the letter.")
    elif not send:
        # TRANSLATORS: to a worker who types in a child's wish from paper, and the paper does not ask to be sent
        shown.message = _("A wish goes to people at once. Type it in only if the last box on the paper is ticked.")
    else:
        try:
            ledger.raise_wish(
                session,
                actor,
                young_person_id=walk.response.young_person_id,
                pep_id=walk.response.pep_id,
                words=words,
                language=walk.language,
                share=share,
                chosen=named,
                section=SECTION,
                by=Raised.paper,
                key=_key(walk.response),
            )
        except ledger.WordsMissing:
            # TRANSLATORS: to a worker who types in a child's wish from paper
            shown.message = _("That is more than a wish can hold. Type its first two pages.")
        else:
            return WishRow(made=True)
    return shown


def _key(response: Response) -> str:
    return f"paper:{response.id}"
