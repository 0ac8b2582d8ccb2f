"""A young person's own route: what they think of each step, their dream, and putting both into their PEP.

Not reached while an adult sits beside them: what somebody dreams of, and how it changed, is not for the adult's screen.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, flash, g, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.web.pages import go, page, wants_fragment
from app.pathways import my_route
from app.pathways.models import SharedRoute
from app.pathways.my_route import Feeling, MyRoute, NothingToShare, Preview, Turn, Unreadable
from app.people.audience import SHARED, Dial, Share, readers_today
from app.people.models import Care, Pep, Role
from app.people.peps import current_pep
from app.people.sessions import Actor, YoungFacts, current_actor
from app.questions.choosing import set_for
from app.questions.wording import age_group, honest_line, sharing_label
from app.wishes import ledger
from app.wishes.views import problem_with

bp = Blueprint("my_route", __name__)


def route_of(actor: Actor | None) -> MyRoute | None:
    """Return the route of whoever looks at an open page: None unless it is a young person by themselves. Asked once a request."""
    if actor is None or not actor.is_child or actor.beside:
        return None
    if "my_route" not in g:
        g.my_route = my_route.route(db.session, actor.person_id, languages.current().tag)
    found: MyRoute = g.my_route
    return found


def feeling_words(feeling: str) -> str:
    """Return what a button says that keeps this feeling, in the page's language."""
    names = {
        # TRANSLATORS: buttons on a step of a pathway, such as 'A levels'; a young person says what they think of it
        Feeling.pinned: _("Pin it"),
        Feeling.thinking: _("I'm thinking about it"),
        Feeling.want: _("I want this"),
        Feeling.not_for_me: _("Not for me"),
    }
    return names[Feeling(feeling)]


def felt_words(feeling: str) -> str:
    """Return the heading over steps with this feeling, in the page's language."""
    names = {
        # TRANSLATORS: headings over steps such as 'A levels' that a young person chose for themselves
        Feeling.pinned: _("Pinned"),
        Feeling.thinking: _("I'm thinking about it"),
        Feeling.want: _("I want this"),
        Feeling.not_for_me: _("Not for me"),
    }
    return names[Feeling(feeling)]


def turn_words(turn: Turn, own: bool = False) -> str:
    """Return what changed, before the name of the step or the words of the dream; ``own``: in the file they take with them."""
    if turn.dream is not None:
        if turn.taken_away:
            # TRANSLATORS: in the list of how a young person's route changed; the words of the dream stand after it
            return _("I took away this dream:") if own else _("You took away this dream:")
        # TRANSLATORS: in the list of how a young person's route changed; the words of the dream stand after it
        return _("My dream:") if own else _("Your dream:")
    return {
        # TRANSLATORS: in the list of how a young person's route changed; the name of a step stands after it
        Feeling.pinned: _("Pinned:"),
        # TRANSLATORS: in the list of how a young person's route changed; the name of a step stands after it
        Feeling.thinking: _("Thinking about:"),
        # TRANSLATORS: in the list of how a young person's route changed; the name of a step stands after it
        Feeling.want: _("Wanted:"),
        # TRANSLATORS: in the list of how a young person's route changed; the name of a step stands after it
        Feeling.not_for_me: _("Not for me:"),
        # TRANSLATORS: in the list of how a young person's route changed: they took a step off; its name stands after it
        Feeling.none: _("Taken off:"),
    }[turn.feeling]


@bp.get("/my-route")
def mine() -> Response:
    """Show my route: my steps, my dream, how both changed, and what of it stands in my PEP."""
    return _mine()


def _mine(status: int = 200, *, typed: str | None = None, message: str = "") -> Response:
    actor, facts = _me()
    pep = _pep(actor)
    shared = my_route.shared_now(db.session, actor.person_id, pep.id) if pep else None
    readers = readers_today(db.session, actor.person_id, clock.today()) if shared else []
    found = my_route.route(db.session, actor.person_id, languages.current().tag)
    return page(
        "pathways/my_route.html",
        status=status,
        mine=found,
        pep=pep,
        shared=shared,
        is_new=shared is not None and _has_changed(actor, shared),
        read_by=my_route.read_by(db.session, shared, facts.care, readers) if shared else [],
        typed=typed if typed is not None else found.dream.words if found.dream else "",
        message=message,
        leaver=_is_leaver(facts),
    )


def _has_changed(actor: Actor, shared: SharedRoute) -> bool:
    try:
        return my_route.preview(db.session, actor, languages.current().tag).words != shared.words
    except NothingToShare:
        return False


def _me() -> tuple[Actor, YoungFacts]:
    actor = current_actor()
    if actor.young is None:
        raise NotFound
    return actor, actor.young


def _is_leaver(facts: YoungFacts) -> bool:
    """A care leaver has a plan, where others have a PEP."""
    return facts.care == Care.care_leaver


def _pep(actor: Actor) -> Pep | None:
    return current_pep(db.session, actor.person_id, clock.today())


@bp.post("/my-route/steps/<string:key>")
def feel(key: str) -> BaseResponse:
    """Keep what I think of a step. The buttons change in place, or the page of the step is shown again."""
    actor, _facts = _me()
    try:
        feeling = Feeling(request.form.get("feeling", ""))
    except ValueError:
        raise NotFound from None
    my_route.feel(db.session, actor, key, feeling)
    if wants_fragment():
        return make_response(render_template("pathways/step_mine.html", step_key=key))
    if request.form.get("back") == "my-route":
        return go("my_route.mine", _anchor="steps")
    return go("pathways.step", key=key, _anchor="my-step")


@bp.post("/my-route/dream")
def dream() -> BaseResponse:
    """Keep my dream, in my own words."""
    actor, facts = _me()
    words = request.form.get("words", "")
    try:
        my_route.dream(db.session, actor, words, languages.current().tag)
    except Unreadable:
        if words.strip():
            return _mine(422, typed=words, message=_("That is a lot. Make it a bit shorter, so we can keep all of it."))
        # TRANSLATORS: a young person pressed 'Keep my dream' and the box was empty
        return _mine(422, typed=words, message=_("Write a word or two first. It can be anything you hope for."))
    # TRANSLATORS: after a young person wrote down their dream
    kept = _("Your dream is kept. Nobody else sees it until you put it in your PEP.")
    # TRANSLATORS: the same to a care leaver
    kept_by_leaver = _("Your dream is kept. Nobody else sees it until you put it in your plan.")
    flash(kept_by_leaver if _is_leaver(facts) else kept, "saved")
    return go("my_route.mine")


@bp.post("/my-route/dream/take-away")
def take_dream_away() -> BaseResponse:
    """Take my dream away. It stays mine to look back at."""
    actor, _facts = _me()
    my_route.take_dream_away(db.session, actor)
    # TRANSLATORS: after a young person took their dream away
    flash(_("We took it away. Changing your mind is fine."), "saved")
    return go("my_route.mine")


@bp.route("/my-route/share", methods=["GET", "POST"])
def share() -> BaseResponse:
    """Show what would stand in my PEP and who would read it, and put it there when I say so."""
    actor, facts = _me()
    pep = _pep(actor)
    if pep is None:
        return go("my_route.mine", _anchor="pep")
    try:
        what = my_route.preview(db.session, actor, languages.current().tag)
    except NothingToShare:
        return go("my_route.mine", _anchor="pep")
    if request.method == "GET":
        return _choose(actor, facts, pep, what, 200)
    readers = {str(one.person_id): one.person_id for one in readers_today(db.session, actor.person_id, clock.today())}
    named = [readers[one] for one in request.form.getlist("who") if one in readers]
    code = request.form.get("share")
    # Somebody who changed their route on another page meanwhile sees first what it is now.
    if code not in SHARED or (code == Share.chosen and not named) or request.form.get("seen") != what.digest:
        return _choose(actor, facts, pep, what, 422)
    my_route.share(db.session, actor, pep, what, Share(code), named)
    # TRANSLATORS: after a young person put their route into their PEP
    done = _("It is in your PEP now. You can change it, or take it back.")
    # TRANSLATORS: after a care leaver put their route into their plan
    done_by_leaver = _("It is in your plan now. You can change it, or take it back.")
    flash(done_by_leaver if _is_leaver(facts) else done, "saved")
    return go("my_route.mine", _anchor="pep")


def _choose(actor: Actor, facts: YoungFacts, pep: Pep, what: Preview, status: int) -> Response:
    language = languages.current().tag
    readers = readers_today(db.session, actor.person_id, clock.today())
    group = age_group(set_for(facts.year_group, facts.care, facts.flags, facts.place, facts.question_set)[0])
    codes = [code for code in Share if code in SHARED]
    before = my_route.shared_now(db.session, actor.person_id, pep.id)
    picked = request.form.get("share") or (before.share if before else Share.pep)
    return page(
        "pathways/my_route_share.html",
        status=status,
        what=what,
        picked=picked,
        named=request.form.getlist("who") or (list(before.chosen) if before else []),
        choose_somebody=status == 422 and picked == Share.chosen,
        has_changed=status == 422 and request.form.get("seen") != what.digest,
        labels={str(code): sharing_label(code, group, language) for code in codes},
        reads={str(code): Dial(code, (), my_route.QUESTION, facts.care).readers(readers) for code in codes},
        nameable=[one for one in readers if _can_be_named(one.person_id, one.roles, facts.care)],
        virtual_school=next((one.name for one in readers if Role.virtual_school in one.roles), ""),
        honest=honest_line(language),
        leaver=_is_leaver(facts),
    )


def _can_be_named(person_id: uuid.UUID, roles: frozenset[Role], care: str) -> bool:
    return Dial(Share.chosen, (str(person_id),), my_route.QUESTION, care).allows(person_id, roles)


@bp.post("/my-route/take-back")
def take_back() -> BaseResponse:
    """Take my route out of my PEP."""
    actor, facts = _me()
    pep = _pep(actor)
    if pep is not None:
        my_route.take_back(db.session, actor, pep)
        # TRANSLATORS: after a young person took their route out of their PEP
        done = _("It is out of your PEP. Adults do not see it there any more.")
        # TRANSLATORS: after a care leaver took their route out of their plan
        done_by_leaver = _("It is out of your plan. Adults do not see it there any more.")
        flash(done_by_leaver if _is_leaver(facts) else done, "saved")
    return go("my_route.mine", _anchor="pep")


@bp.route("/my-route/wish", methods=["GET", "POST"])
def wish() -> BaseResponse:
    """Make what I put into my PEP, or a part of it, a wish that somebody looks after."""
    actor, facts = _me()
    leaver = _is_leaver(facts)
    pep = _pep(actor)
    shared = my_route.shared_now(db.session, actor.person_id, pep.id) if pep else None
    if shared is None:
        return go("my_route.mine", _anchor="pep")
    words = request.form.get("words", shared.words if request.method == "GET" else "")
    if request.method == "GET":
        return page("pathways/my_route_wish.html", words=words, message="", leaver=leaver)
    try:
        my_route.make_wish(db.session, actor, shared, words)
    except ledger.WordsMissing:
        return page("pathways/my_route_wish.html", status=422, words=words, message=problem_with(words), leaver=leaver)
    flash(_("It is a wish now. You can see here what happens next."), "saved")
    return go("home.home", _anchor="wishes")


# What templates may ask, also those of open pages and of the file a young person takes with them.
WORDS: dict[str, Callable[..., object]] = {
    "my_route": route_of,
    "feeling_words": feeling_words,
    "felt_words": felt_words,
    "turn_words": turn_words,
}
