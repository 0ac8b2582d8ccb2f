"""An adult's side of wishes: what is mine, taking one on, small steps, the answer; and answering 'why?'."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db
from app.core.languages import Language
from app.core.web.pages import go, page
from app.core.working_days import working_days_after
from app.people.audience import Reader, care_of
from app.people.caseload import roles as roles_of
from app.people.models import Person
from app.people.sessions import current_actor
from app.wishes import ledger, plainness, telling, whys
from app.wishes.desk import ON_A_PAGE, List, desk_of, names_of, page_of
from app.wishes.models import ReplyKind
from app.wishes.reading import WishView
from app.wishes.views import bp

# A week is offered as the day by which something is done; whoever takes a wish on changes it.
USUAL_DAYS = 5


@bp.errorhandler(ledger.TakenBack)
def taken_back(_error: ledger.TakenBack) -> Response:
    """Say that a wish is there no more, without a word of it. Nothing that was sent for it is kept."""
    return page("wishes/taken_back.html", status=200 if request.method == "GET" else 404)


@bp.get("/staff/wishes")
def listed() -> Response:
    """My wishes: overdue first, then by date; what waits for somebody; for the Virtual School what others are late with."""
    session, actor = db.session, current_actor()
    desk = desk_of(session, actor, clock.now())
    ledger.shown(session, actor, [one.wish for some in desk.lists.values() for one in some.shown])
    return page("wishes/listed.html", desk=desk)


@bp.get("/staff/wishes/list/<string:which>")
def one_list(which: str) -> Response:
    """One of my lists of wishes, page by page."""
    if which not in set(List):
        raise NotFound
    session, actor, number = db.session, current_actor(), _page_asked()
    some = page_of(session, actor, clock.now(), List(which), number)
    ledger.shown(session, actor, [one.wish for one in some.shown])
    pages = max(1, -(-some.count // ON_A_PAGE))
    names = names_of(session, some.shown)
    return page("wishes/one_list.html", which=which, some=some, names=names, number=number, pages=pages)


def _page_asked() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1


@bp.get("/staff/wishes/<uuid:wish_id>")
def wish(wish_id: uuid.UUID) -> Response:
    """Show a wish and everything that can be done with it."""
    one = ledger.for_adult(db.session, current_actor(), wish_id)
    ledger.looked_again(db.session, current_actor(), one.wish)
    return _show(one)


def _show(one: WishView, status: int = 200, *, problem: str = "", **kept: Any) -> Response:
    session, actor = db.session, current_actor()
    # Whatever this page answers to, its words are read: each time is written down.
    ledger.seen(session, actor, [one.wish])
    audit.record(session, actor, ledger.READ, subject_id=one.wish.young_person_id, thing_id=one.wish.id)
    one = ledger.for_adult(session, actor, one.wish.id)
    young = session.get_one(Person, one.wish.young_person_id)
    reads = languages.find(young.language) or languages.ENGLISH
    me = Reader(actor.person_id, actor.name, roles_of(session, actor, young.id, clock.today()))
    care = care_of(session, young.id)
    context: dict[str, object] = {
        "form": "",
        "kind": "",
        "words": "",
        "language_kept": "",
        "hints": None,
        "other": "",
        "due_on": "",
        "owner_kept": "",
        **kept,
    }
    return page(
        "wishes/wish.html",
        status=status,
        one=one,
        young=young,
        reads=reads,
        own_language=same_words(reads),
        owners=ledger.may_own(session, one.wish),
        usual_day=working_days_after(clock.today(), USUAL_DAYS),
        way=telling.way_for(session, one.wish, me, care),
        may_act=actor.person_id == one.wish.owner_id or actor.role in ledger.WRITERS,
        problem=problem,
        **context,
    )


def same_words(reads: Language) -> bool:
    """Return whether this young person reads the language in which workers write."""
    return reads.tag.startswith("en")


@bp.post("/staff/wishes/<uuid:wish_id>/own")
def own(wish_id: uuid.UUID) -> BaseResponse:
    """Take a wish on, or give it to somebody who may see it, with a day."""
    one = ledger.for_adult(db.session, current_actor(), wish_id)
    kept = {"form": "own", "owner_kept": request.form.get("owner", ""), "due_on": request.form.get("due_on", "")}
    try:
        owner_id, due_on = uuid.UUID(kept["owner_kept"]), date.fromisoformat(kept["due_on"])
        ledger.own(db.session, current_actor(), one.wish, owner_id, due_on, seen_version=_version())
    except ledger.Overtaken:
        return _overtaken(wish_id)
    except ledger.TooFarAhead:
        # TRANSLATORS: to a worker who takes a child's wish on and chooses a day more than a year away
        return _show(one, 422, problem=_("That is a long time for a young person. Choose a day within a year."), **kept)
    except ValueError:
        # TRANSLATORS: to a worker who takes a wish on: the day or the person is missing
        return _show(one, 422, problem=_("Choose who looks after it, and a day from today on."), **kept)
    # TRANSLATORS: to a worker who took a wish on
    flash(_("Saved. The young person sees who looks after it, and by when."), "saved")
    return go("wishes.wish", wish_id=wish_id)


@bp.post("/staff/wishes/<uuid:wish_id>/steps")
def step(wish_id: uuid.UUID) -> BaseResponse:
    """Write down something small that was done, or will be."""

    def keep(one: WishView, words: str) -> None:
        done, language = request.form.get("done") != "later", _language()
        step = ledger.step(db.session, current_actor(), one.wish, words, done=done, language=language)
        other = request.form.get("other", "").strip()
        reads = languages.find(request.form.get("other_language"))
        if other and reads is not None:
            ledger.translate_step(db.session, current_actor(), one.wish, step.id, other, reads.tag)

    return _written(wish_id, "step", keep)


@bp.post("/staff/wishes/<uuid:wish_id>/steps/<uuid:step_id>/done")
def step_done(wish_id: uuid.UUID, step_id: uuid.UUID) -> BaseResponse:
    """Tick a step that was promised for later: now it is done."""
    one = ledger.for_adult(db.session, current_actor(), wish_id)
    try:
        ledger.step_done(db.session, current_actor(), one.wish, step_id)
    except ledger.Overtaken:
        return _overtaken(wish_id)
    # TRANSLATORS: to a worker who ticked a step that they had promised
    flash(_("Ticked. The young person sees that it is done."), "saved")
    return go("wishes.wish", wish_id=wish_id)


@bp.post("/staff/wishes/<uuid:wish_id>/steps/<uuid:step_id>")
def translate_step(wish_id: uuid.UUID, step_id: uuid.UUID) -> BaseResponse:
    """Add a step in the young person's own language, as an interpreter put it."""

    def keep(one: WishView, words: str) -> None:
        ledger.translate_step(db.session, current_actor(), one.wish, step_id, words, _language())

    return _written(wish_id, f"step-{step_id}", keep)


@bp.post("/staff/wishes/<uuid:wish_id>/reply")
def reply(wish_id: uuid.UUID) -> BaseResponse:
    """Answer a wish, in words for its young person."""

    def keep(one: WishView, words: str) -> None:
        kind, language = request.form.get("kind", ""), _language()
        answer = ledger.reply(db.session, current_actor(), one.wish, kind, words, language, seen_version=_version())
        other = request.form.get("other", "").strip()
        reads = languages.find(request.form.get("other_language"))
        if other and reads is not None:
            ledger.translate(db.session, current_actor(), one.wish, answer.id, other, reads.tag)

    return _written(wish_id, "reply", keep)


@bp.post("/staff/wishes/<uuid:wish_id>/reply/<uuid:reply_id>")
def translate(wish_id: uuid.UUID, reply_id: uuid.UUID) -> BaseResponse:
    """Add the answer in the young person's own language, as an interpreter put it."""

    def keep(one: WishView, words: str) -> None:
        ledger.translate(db.session, current_actor(), one.wish, reply_id, words, _language())

    return _written(wish_id, "translate", keep)


@bp.post("/staff/wishes/<uuid:wish_id>/reply/<uuid:reply_id>/told")
def told(wish_id: uuid.UUID, reply_id: uuid.UUID) -> BaseResponse:
    """Tick that the answer was told to a young person who wants to be told by somebody."""
    one = ledger.for_adult(db.session, current_actor(), wish_id)
    ledger.told(db.session, current_actor(), one.wish, reply_id)
    # TRANSLATORS: to a worker who ticked that they told a young person the answer to a wish
    flash(_("Ticked. Thank you for telling them."), "saved")
    return go("wishes.wish", wish_id=wish_id)


def _written(wish_id: uuid.UUID, form: str, keep: Callable[[WishView, str], None]) -> BaseResponse:
    """Keep words that a young person will read. What could be plainer is said after that: nothing of it holds words back."""
    one = ledger.for_adult(db.session, current_actor(), wish_id)
    words = request.form.get("words", "")
    kept: dict[str, Any] = {
        "form": form,
        "kind": request.form.get("kind", ""),
        "words": words,
        "language_kept": _language(),
        "other": request.form.get("other", ""),
    }
    try:
        keep(one, words)
    except ledger.Overtaken:
        return _overtaken(wish_id)
    except ledger.WordsMissing:
        return _show(one, 422, problem=_missing(form), **kept)
    except ValueError:
        # TRANSLATORS: to a worker who answers a wish without choosing yes, partly or no
        return _show(one, 422, problem=_("Choose what the answer is."), **kept)
    # TRANSLATORS: to a worker after they wrote something about a wish
    flash(_("Saved. The young person sees it on their own page."), "saved")
    if not request.form.get("anyway") and (remarks := plainness.look(db.session, words, _language()).remarks):
        # TRANSLATORS: to a worker whose words for a child are saved; %(hints)s are hints such as '‘placement’: say ‘home’'
        flash(_("Next time it could be plainer. %(hints)s", hints=" · ".join(remarks)), "calm")
    return go("wishes.wish", wish_id=wish_id)


def _missing(form: str) -> str:
    if form == "reply" and request.form.get("kind") == ReplyKind.no:
        # TRANSLATORS: to a worker who answers a child's wish with no
        return _("Say kindly why not. A no without its reason cannot be sent.")
    # TRANSLATORS: to a worker who saved without words, or with far too many
    return _("Write a few words first, not more than two pages.")


def _overtaken(wish_id: uuid.UUID) -> BaseResponse:
    # TRANSLATORS: to a worker, when a colleague or the child changed a wish while the worker's page was open
    flash(_("Somebody else was quicker: this changed while your page was open. Here is how it stands now."), "calm")
    return go("wishes.wish", wish_id=wish_id)


def _version() -> int | None:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _language() -> str:
    found = languages.find(request.form.get("language"))
    return found.tag if found else languages.ENGLISH.tag


@bp.post("/staff/why/<uuid:why_id>")
def answer_why(why_id: uuid.UUID) -> BaseResponse:
    """Answer a young person who asked me why I opened their words."""
    session, actor = db.session, current_actor()
    try:
        row = whys.answer(session, actor, why_id, request.form.get("words", ""), languages.ENGLISH.tag)
        reads = languages.find(request.form.get("other_language"))
        if reads is not None and request.form.get("other", "").strip():
            whys.translate(session, actor, row, request.form["other"], reads.tag)
    except ledger.WordsMissing:
        # TRANSLATORS: to a worker who sent an empty answer to 'why did you open this?'
        flash(_("Write a few words first. The young person is waiting for them."), "problem")
    except Forbidden:
        # TRANSLATORS: to a worker who answered 'why did you open this?' twice
        flash(_("You have answered this already."), "calm")
    else:
        # TRANSLATORS: to a worker who answered 'why did you open this?'
        flash(_("Thank you. The young person can read your answer now."), "saved")
    return go("home.home")
