"""The answering pages: what is asked, one question at a time, check, share, send.

A young person's own, and, from a question on, those of a carer or key worker about a young person they live with.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, g, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.web.pages import go, page, wants_fragment
from app.people.audience import Reader, Share, readers_today
from app.people.peps import current_pep, is_open
from app.people.sessions import current_actor
from app.questions.choosing import AFTER_MEETING
from app.questions.schema import Question, UnknownQuestion
from app.questions.types import Fields, type_of
from app.voice import paper_photos, paper_typing, responses, sharing, steps
from app.voice.answering import put_aside, take_back
from app.voice.living_with import NoLongerYours, readers_of_their_words
from app.voice.models import Response as Answering
from app.voice.models import State
from app.voice.notices import notice_for
from app.voice.sending import hold, latest_sent, waits_for_send
from app.voice.sending import send as send_answers
from app.voice.walk import Walk, load

bp = Blueprint("voice", __name__)


def _walk(response_id: uuid.UUID, *, to_show: bool = False) -> Walk:
    return load(db.session, current_actor(), response_id, languages.current().tag, to_show=to_show)


def _walk_alone(response_id: uuid.UUID) -> Walk:
    """Return the walk as it stands while nobody else can send or share anything of it."""
    hold(db.session, _walk(response_id).response)
    return _walk(response_id)


def _readers(walk: Walk) -> list[Reader]:
    find = readers_of_their_words if walk.by_adult else readers_today
    return find(db.session, walk.response.young_person_id, clock.today())


def _list(walk: Walk) -> BaseResponse:
    return go("home.carer") if walk.by_adult else go("voice.asked")


@bp.get("/voice/")
def asked() -> Response:
    """List what is asked, and how long it takes."""
    actor = current_actor()
    pep = current_pep(db.session, actor.person_id, clock.today())
    tag = languages.current().tag
    sets = responses.asked_of(db.session, actor, pep, tag) if pep else []
    over = responses.feedback_pep(db.session, actor.person_id)
    if over is not None:
        sets.insert(0, responses.asked_after(db.session, actor, over, tag))
    typed_in = paper_typing.unseen(db.session, actor.person_id)
    return page("voice/asked.html", pep=pep, sets=sets, typed_in=typed_in)


@bp.post("/voice/start")
def start() -> BaseResponse:
    """Begin a set, or go on where it was left."""
    actor = current_actor()
    wanted = request.form.get("set", "")
    if wanted == AFTER_MEETING:
        pep = responses.feedback_pep(db.session, actor.person_id)
    else:
        pep = current_pep(db.session, actor.person_id, clock.today())
    if pep is None:
        return go("voice.asked")
    return _go_on(responses.begin(db.session, actor, pep, wanted))


@bp.post("/carer/<uuid:young_person_id>/start")
def start_about(young_person_id: uuid.UUID) -> BaseResponse:
    """Begin a carer's or key worker's questions about a young person, or go on where they were left."""
    return _go_on(responses.begin_about(db.session, current_actor(), young_person_id, clock.today()))


def _go_on(response: Answering) -> BaseResponse:
    walk = _walk(response.id)
    if response.read_notice_at is None:
        return go("voice.before", response_id=response.id)
    following = walk.first_open
    if following is None:
        return go("voice.check", response_id=response.id)
    return go("voice.question", response_id=response.id, question_id=following.id)


@bp.route("/voice/<uuid:response_id>/", methods=["GET", "POST"])
def before(response_id: uuid.UUID) -> BaseResponse:
    """Say who will read this, in words for the age, before the first question; choose the short or the long way."""
    walk = _walk(response_id)
    if request.method == "POST":
        responses.read_notice(walk.response)
        responses.lengthen(walk.response, short=request.form.get("length") == "short")
        following = walk.first_open
        if following is None:
            return go("voice.check", response_id=response_id)
        return go("voice.question", response_id=response_id, question_id=following.id)
    readers = _readers(walk)
    return page(
        "voice/before.html", walk=walk, readers=readers, notice=notice_for(walk, readers), set_title=_title(walk)
    )


@bp.route("/voice/<uuid:response_id>/<string:question_id>", methods=["GET", "POST"])
def question(response_id: uuid.UUID, question_id: str) -> BaseResponse:
    """Ask one question; keep the answer the moment it is given."""
    if g.actor is None:
        return _keep_for_later(response_id, question_id)
    try:
        walk = _walk(response_id, to_show=request.method == "GET")
    except NoLongerYours as closed:
        # The child moved on while they typed: their last words are put aside. Returned, not raised, so that they stay.
        put_aside(db.session, current_actor().person_id, response_id, question_id, _typed())
        return page("errors/error.html", status=404, heading=closed.heading, advice=closed.advice)
    try:
        asked_now = walk.question_set.question(question_id)
    except UnknownQuestion:
        raise NotFound from None
    if asked_now.id in walk.hidden:
        return _said_alone(walk, asked_now)
    if asked_now not in walk.path:
        return _off_the_path(walk, asked_now)
    if walk.response.read_notice_at is None and request.method == "GET":
        return go("voice.before", response_id=response_id)
    if request.method == "GET":
        return _ask(walk, asked_now)
    if not g.csrf_ok:
        return _ask(walk, asked_now, _stale(asked_now))
    outcome = steps.take(db.session, current_actor(), walk, asked_now, request.form)
    if isinstance(outcome, steps.ShowAgain):
        return _ask(walk, asked_now, outcome)
    return _move(walk, outcome)


def _ask(walk: Walk, asked_now: Question, again: steps.ShowAgain | None = None) -> Response:
    draft = walk.drafts.get(asked_now.id)
    put_back = None
    if again is None and walk.has_kept_words:
        put_back = take_back(db.session, current_actor(), walk.response.id, asked_now.id)
    kept: Fields
    if again is not None:
        kept = again.kept
    elif put_back is not None:
        kept = put_back
    elif draft is not None and draft.state == State.answered:
        kept = type_of(asked_now).filled(walk.value(draft))
    else:
        kept = {}
    return page(
        "voice/question.html",
        status=again.status if again else 200,
        walk=walk,
        question=asked_now,
        draft=draft,
        kept=kept,
        message=again.message if again else "",
        # Beside an adult: what was saved on the young person's own phone meanwhile is not shown, only that it is there.
        newer=([] if current_actor().beside else walk.words(again.newer)) if again and again.newer else None,
        newer_state=again.newer.state if again and again.newer else "",
        put_back=put_back is not None,
        seen=again.newer.version if again and again.newer else (draft.version if draft else 0),
        previous=walk.before(asked_now),
        then=request.values.get("then", ""),
        still_open=responses.may_send(walk.response, clock.today()),
        set_title=_title(walk),
    )


def _move(walk: Walk, move: steps.Move) -> BaseResponse:
    response_id = walk.response.id
    if move.question is not None:
        address = url_for("voice.question", response_id=response_id, question_id=move.question.id)
        if not wants_fragment():
            return go("voice.question", response_id=response_id, question_id=move.question.id)
        answer = _ask(walk, move.question)
        # Few history entries inside a form (safeguarding, section 5), so that leaving leaves little behind.
        answer.headers["HX-Replace-Url"] = address
        return answer
    if move.to is steps.Press.later:
        # TRANSLATORS: shown after 'Save and come back later'
        later = _("Saved. You can come back any time before your meeting.")
        # TRANSLATORS: to a carer, after 'Save and come back later'
        flash(_("Saved. You can come back any time before the meeting.") if walk.by_adult else later, "saved")
        return _list(walk)
    if move.to is steps.Press.back:
        return go("voice.before", response_id=response_id)
    return go("voice.check", response_id=response_id)


def _stale(asked_now: Question) -> steps.ShowAgain:
    # TRANSLATORS: shown when a page was open so long that its form is out of date; the words are still there
    message = _(
        "This page was open for a long time. Your words are still here. Press the button once more to save them."
    )
    return steps.ShowAgain(kept=type_of(asked_now).kept(request.form), message=message, status=400)


def _off_the_path(walk: Walk, asked_now: Question) -> BaseResponse:
    if request.method == "GET":
        raise NotFound
    kept = type_of(asked_now).kept(request.form)
    actor = current_actor()
    put_aside(db.session, actor.person_id, walk.response.id, asked_now.id, kept, actor.helper_id)
    flash(steps.no_longer_asked(), "calm")
    return go("voice.check", response_id=walk.response.id)


def _said_alone(walk: Walk, asked_now: Question) -> BaseResponse:
    """Beside an adult, what was answered without them is neither shown nor changed."""
    if request.method == "POST":
        actor = current_actor()
        kept = type_of(asked_now).kept(request.form)
        put_aside(db.session, actor.person_id, walk.response.id, asked_now.id, kept, actor.helper_id)
    # TRANSLATORS: shown to a child who sits with an adult, about an answer they gave earlier without this adult
    flash(_("You answered that one before. Only you can see it, with your own card."), "calm")
    return go("voice.check", response_id=walk.response.id)


def _typed() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in ("answer", "else", "day", "month", "year")}


def _keep_for_later(response_id: uuid.UUID, question_id: str) -> BaseResponse:
    """The session ran out while they typed: put the words aside for them, then show the way in."""
    put_aside(db.session, g.expired_person_id, response_id, question_id, _typed(), g.expired_helper_id)
    # TRANSLATORS: shown on the welcome page when a session ended while a child was typing
    flash(_("You were away for a while, so we closed your page. We kept what you typed. Sign in to go on."), "calm")
    if wants_fragment():
        moved = make_response("", 200)
        moved.headers["HX-Redirect"] = url_for("home.welcome")
        return moved
    return go("home.welcome")


@bp.get("/voice/<uuid:response_id>/check")
def check(response_id: uuid.UUID) -> Response:
    """Check your answers, and who sees each."""
    walk = _walk(response_id)
    readers = _readers(walk)
    standing = latest_sent(db.session, walk.response)
    mine = tuple(one for one in walk.path if one.id not in walk.hidden)
    paper_typing.mark_seen(db.session, walk.response)
    return page(
        "voice/check_adult.html" if walk.by_adult else "voice/check.html",
        walk=walk,
        answers=sharing.overview(walk, readers),
        readers=readers,
        sent=standing,
        waits_for_send=bool(standing) and waits_for_send(mine, walk.drafts, standing),
        still_open=responses.may_send(walk.response, clock.today()),
        set_title=_title(walk),
        kept_from_helper=bool(walk.hidden),
        photos=[] if current_actor().beside else paper_photos.all_of(db.session, walk.response),
        photos_until=None if current_actor().beside else paper_photos.kept_until(db.session, walk.response),
    )


@bp.route("/voice/<uuid:response_id>/check/<string:question_id>", methods=["GET", "POST"])
def share(response_id: uuid.UUID, question_id: str) -> BaseResponse:
    """Choose who may read one answer."""
    actor = current_actor()
    walk = _walk_alone(response_id) if request.method == "POST" else _walk(response_id)
    asked_now = walk.question(question_id)
    draft = walk.drafts.get(question_id)
    if question_id in walk.hidden:
        raise NotFound
    if draft is None:
        return go("voice.question", response_id=response_id, question_id=question_id)
    readers = _readers(walk)
    message = ""
    picked, named = draft.share, list(draft.chosen)
    if request.method == "POST":
        picked, named = request.form.get("share"), request.form.getlist("who")
        try:
            sharing.change(db.session, actor, walk, asked_now, Share(picked or ""), named, readers)
        except sharing.NobodyChosen:
            # TRANSLATORS: shown when a child chose 'only these people' and named nobody
            message = _("Pick at least one person. Or choose another answer.")
        except ValueError:
            # TRANSLATORS: shown when a child pressed the button without choosing who can see an answer
            message = _("Pick who can see this answer.")
        else:
            return go("voice.check", response_id=response_id, _anchor=f"a-{question_id}")
    return page(
        "voice/share_adult.html" if walk.by_adult else "voice/share.html",
        status=422 if message else 200,
        walk=walk,
        question=asked_now,
        draft=draft,
        picked=picked,
        named=named,
        readers=readers,
        nameable=sharing.nameable(walk, asked_now, readers),
        already=sharing.already_read_by(db.session, walk, readers),
        message=message,
    )


@bp.get("/voice/<uuid:response_id>/seen-by/<uuid:person_id>")
def seen_by(response_id: uuid.UUID, person_id: uuid.UUID) -> Response:
    """Show the young person exactly what one named adult will see."""
    walk = _walk(response_id)
    readers = _readers(walk)
    reader = next((one for one in readers if one.person_id == person_id), None)
    if reader is None:
        raise NotFound
    visible = [
        one
        for one in sharing.overview(walk, readers)
        if reader in one.readers and one.draft and one.draft.state != State.skipped
    ]
    return page("voice/seen_by.html", walk=walk, reader=reader, visible=visible, set_title=_title(walk))


@bp.post("/voice/<uuid:response_id>/send")
def send(response_id: uuid.UUID) -> BaseResponse:
    """Send what is shared. Until now nobody has seen it."""
    walk = _walk_alone(response_id)
    if not is_open(walk.response.pep, clock.today()) and walk.by_adult:
        # TRANSLATORS: shown when a carer presses Send after the PEP meeting has been
        flash(_("The meeting has been, so this was not sent. Your words are still here."), "calm")
        return go("voice.check", response_id=response_id)
    if not responses.may_send(walk.response, clock.today()):
        # TRANSLATORS: shown when a child presses Send after the PEP meeting has been
        flash(
            _(
                "Your meeting has been, so this was not sent. Your words are still here. You can show them to an adult you trust."
            ),
            "calm",
        )
        return go("voice.check", response_id=response_id)
    send_answers(db.session, current_actor(), walk.response, walk.path, walk.drafts, untouched=walk.hidden)
    if not walk.by_adult:
        paper_photos.remove_all(db.session, current_actor(), walk.response)
    return go("voice.sent", response_id=response_id)


@bp.get("/voice/<uuid:response_id>/sent")
def sent(response_id: uuid.UUID) -> BaseResponse:
    """Say that it was sent, to whom, and what happens next."""
    walk = _walk(response_id)
    if walk.response.sent_at is None:
        return go("voice.check", response_id=response_id)
    readers = _readers(walk)
    standing = latest_sent(db.session, walk.response)
    if walk.by_adult:
        reads = any(one.share == Share.pep for one in standing.values())
        return page("voice/sent_adult.html", walk=walk, readers=readers, standing=standing, child_reads=reads)
    reached = sharing.reached(standing.values(), walk.facts.care, readers)
    return page("voice/sent.html", walk=walk, reached=reached, standing=standing, set_title=_title(walk))


def _title(walk: Walk) -> str:
    return responses.title(walk.response.set_id)
