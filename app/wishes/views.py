"""A young person's wishes: saying one, seeing its way, saying if it helped, taking it back; and asking 'why?'."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.people.audience import SHARED, Dial, Reader, Share, readers_today
from app.people.models import Role
from app.people.peps import current_pep
from app.people.sessions import Actor, current_actor
from app.questions.choosing import set_for
from app.questions.wording import age_group, honest_line, sharing_label
from app.wishes import following, happened, ledger, whys
from app.wishes.models import Wish
from app.wishes.reading import WishView, gather

bp = Blueprint("wishes", __name__)

# A wish of their own, from no question: what they want to be different next (voice-questions, section 3).
SECTION = "desirable-outcomes"


@bp.route("/wishes/new", methods=["GET", "POST"])
def new() -> BaseResponse:
    """Say one thing I want to happen, see who will read it, and only then send it."""
    actor = current_actor()
    words, share = request.form.get("words", ""), request.form.get("share")
    problem = problem_with(words) if request.method == "POST" else ""
    if request.method == "GET" or problem:
        return _ask(words, problem)
    readers = readers_today(db.session, actor.person_id, clock.today())
    named = [one for one in request.form.getlist("who") if one in {str(reader.person_id) for reader in readers}]
    if share not in SHARED or (share == Share.chosen and not named):
        return _who_sees(actor, words, readers, share, named)
    pep = current_pep(db.session, actor.person_id, clock.today())
    ledger.raise_wish(
        db.session,
        actor,
        young_person_id=actor.person_id,
        pep_id=pep.id if pep else None,
        words=words,
        language=languages.current().tag,
        share=share,
        chosen=named,
        section=SECTION,
        key=following.key_of(f"own:{actor.person_id}:{request.form.get('once', '')}", words),
    )
    # TRANSLATORS: after a child said one thing that they want to happen
    flash(_("Thank you. We have it. You can see here what happens next."), "saved")
    return go("home.home", _anchor="wishes")


def problem_with(words: str) -> str:
    """Return what a young person has to put right in the words of a wish; nothing when they can be kept."""
    if not words.strip():
        # TRANSLATORS: a child wants to make a wish, and the box is empty
        return _("Write a word or two first. It can be small.")
    if len(words.strip()) > ledger.MOST:
        # TRANSLATORS: a child wants to make a wish, and there is too much in the box
        return _("Keep only the part you want to happen. One line is enough.")
    return ""


def _ask(words: str, message: str) -> Response:
    status = 422 if message else 200
    # The number of the form: two presses of its button are one wish.
    return page("wishes/new.html", status=status, words=words, message=message, readers=None, once=new_id())


def _who_sees(actor: Actor, words: str, readers: list[Reader], share: str | None, named: list[str]) -> Response:
    facts = actor.young
    if facts is None:
        raise NotFound
    language = languages.current().tag
    sets = set_for(facts.year_group, facts.care, facts.flags, facts.place, facts.question_set)
    group = age_group(sets[0])
    codes = [code for code in Share if code in SHARED]
    # TRANSLATORS: the child chose 'Only these people' and picked nobody
    nobody = _("Pick at least one person. Or choose another answer.") if share else ""
    return page(
        "wishes/new.html",
        status=422 if share else 200,
        words=words,
        message=nobody,
        once=request.form.get("once") or new_id(),
        readers=readers,
        picked=share or Share.pep,
        named=named,
        labels={str(code): sharing_label(code, group, language) for code in codes},
        reads={str(code): Dial(code, (), "", facts.care).readers(readers) for code in codes},
        virtual_school=next((one.name for one in readers if Role.virtual_school in one.roles), ""),
        honest=honest_line(language),
    )


@bp.get("/wishes/<uuid:wish_id>")
def my_wish(wish_id: uuid.UUID) -> Response:
    """Show one of my wishes and its whole way."""
    return page("wishes/my_wish.html", one=_mine(wish_id))


def _mine(wish_id: uuid.UUID) -> WishView:
    wish = db.session.get(Wish, wish_id)
    if wish is None or wish.young_person_id != current_actor().person_id or wish.withdrawn_at is not None:
        raise NotFound
    return gather(db.session, [wish])[0]


@bp.post("/wishes/<uuid:wish_id>/verdict")
def say_verdict(wish_id: uuid.UUID) -> BaseResponse:
    """Keep what I say of the answer: it helped, not yet, or no."""
    one = _mine(wish_id)
    try:
        ledger.verdict(db.session, current_actor(), one.wish, request.form.get("verdict", ""))
    except (ValueError, ledger.Overtaken):
        # TRANSLATORS: the child pressed 'it helped' on a page that was out of date
        flash(_("Something changed here. Have a look, then tell us."), "calm")
    else:
        words = {
            # TRANSLATORS: after the child said that it helped
            "helped": _("That is good to hear. Thank you for telling us."),
            # TRANSLATORS: after the child said 'not yet' about the answer to their wish
            "not-yet": _("Thank you for telling us. Someone looks at it again."),
            # TRANSLATORS: after the child said that it did not help
            "no": _("Thank you for telling us. We tell the person who answered."),
        }
        flash(words[one.wish.verdict or "no"], "saved")
    return go("home.home", _anchor="wishes")


@bp.post("/wishes/<uuid:wish_id>/happened")
def say_happened(wish_id: uuid.UUID) -> BaseResponse:
    """Keep what I say when asked if it happened: yes, not yet, or no."""
    said = request.form.get("happened", "")
    try:
        happened.say(db.session, current_actor(), _mine(wish_id), said)
    except (ValueError, ledger.Overtaken):
        # TRANSLATORS: the child pressed 'it helped' on a page that was out of date
        flash(_("Something changed here. Have a look, then tell us."), "calm")
    else:
        words = {
            # TRANSLATORS: after the child said that what was promised has happened
            "yes": _("That is good to hear. Thank you for telling us."),
            # TRANSLATORS: after the child said that what was promised has not happened yet
            "not-yet": _("Thank you for telling us. We go back to the person who said they would do it."),
            # TRANSLATORS: after the child said that what was promised did not happen
            "no": _(
                "Thank you for telling us. That is not your fault. We go back to the person who said they would do it."
            ),
        }
        flash(words[said], "saved")
    return go("home.home", _anchor="wishes")


@bp.post("/wishes/<uuid:wish_id>/withdraw")
def take_back(wish_id: uuid.UUID) -> BaseResponse:
    """Take one of my wishes back."""
    ledger.withdraw(db.session, current_actor(), _mine(wish_id).wish)
    # TRANSLATORS: after the child took a wish back
    flash(_("You took it back. Nobody else sees it now."), "saved")
    return go("home.home", _anchor="wishes")


@bp.post("/mine/why")
def ask_why() -> BaseResponse:
    """Ask an adult why they opened what is mine."""
    try:
        entry_id = uuid.UUID(request.form.get("entry", ""))
    except ValueError:
        raise NotFound from None
    asked = whys.ask(db.session, current_actor(), entry_id)
    # What there is to say of somebody who has left stands beside the question.
    if not whys.no_answer_comes(db.session, asked):
        # TRANSLATORS: after the child asked an adult why they opened the child's words
        flash(_("We asked them for you. Their answer comes here."), "saved")
    return go("home.mine", _anchor="looked")
