"""An answer that is a wish: made one by a tap, kept right when the answer changes, and looked at within two working days."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import languages
from app.core.db import db
from app.core.web.pages import go, page
from app.core.web.terms import term_name_in
from app.people.models import Pep, Person
from app.people.sessions import Actor, current_actor
from app.questions.library import library
from app.questions.types import type_of
from app.questions.wording import Wording
from app.voice.models import Response, SentAnswer, State
from app.voice.sending import latest_sent
from app.voice.views import bp
from app.voice.walk import Walk, load
from app.wishes import following, ledger, telling, watch
from app.wishes.views import problem_with

# How the meeting was is for quality checks only; nobody has to act on it as on words for the plan.
_NOT_FOR_READERS = "meeting-feedback"


def keep_wishes_right(
    response: Response,
    *,
    session: Session,
    actor: Actor,
    sent: list[SentAnswer],
    withdrawn: list[SentAnswer],
    words_are_new: bool = True,
    **_rest: Any,
) -> None:
    """Let wishes follow their answers, start the clock of new words, and remember how the young person wants to be told.

    What a carer or key worker wrote is none of the young person's words: nothing of this is about it.
    """
    if response.by_person_id != response.young_person_id:
        return
    for one in sent:
        if one.supersedes_id is not None:
            following.sent_again(
                session,
                actor,
                one.supersedes_id,
                one.id,
                pep_id=one.pep_id,
                question_id=one.question_id,
                share=one.share,
                chosen=one.chosen,
                words=partial(_words_of, session, one) if words_are_new else None,
            )
    for one in withdrawn:
        following.taken_back(session, actor, one.id, pep_id=one.pep_id, question_id=one.question_id)
    words = [one for one in sent if one.section != _NOT_FOR_READERS]
    if words and words_are_new:
        watch.words_came(
            session,
            young_person_id=response.young_person_id,
            pep_id=response.pep_id,
            came_at=max(one.sent_at for one in words),
            dials=[(one.share, list(one.chosen), one.question_id) for one in words],
        )
    for one in (*withdrawn, *sent):
        if one.question_id == telling.QUESTION:
            telling.wants_to_hear(
                session, response.young_person_id, None if one in withdrawn else _way(one), one.share, list(one.chosen)
            )


def _way(answer: SentAnswer) -> str | None:
    codes = answer.content["value"].get("codes", []) if answer.state == State.answered else []
    return codes[0] if codes else None


def _words_of(session: Session, answer: SentAnswer, language: str) -> str:
    """Return what an answer says, picked options in a language, as a worker who lifted from it read it."""
    if answer.state != State.answered:
        return ""
    person, pep = session.get_one(Person, answer.young_person_id), session.get_one(Pep, answer.pep_id)
    place = person.young.place if person.young else "school"
    asked = library().version(answer.set_id, answer.set_version)
    wording = Wording(asked, language, place, name=person.name, term=term_name_in(pep.term, language))
    question = asked.question(answer.question_id)
    kind = type_of(question)
    return "\n".join(text.text for text in kind.words(kind.from_json(answer.content["value"]), question, wording))


@bp.route("/voice/<uuid:response_id>/wish/<string:question_id>", methods=["GET", "POST"])
def make_wish(response_id: uuid.UUID, question_id: str) -> BaseResponse:
    """Make an answer that I sent, or a part of it, a wish. Whoever can read the answer can read the wish.

    Never beside an adult: what was sent may have been said alone, whatever has become of its draft since.
    """
    actor = current_actor()
    if actor.beside:
        raise NotFound
    walk = load(db.session, actor, response_id, languages.current().tag)
    answer = latest_sent(db.session, walk.response).get(question_id)
    if answer is None or answer.state != State.answered:
        raise NotFound
    if request.method == "GET":
        return _show(walk, answer, "\n".join(text.text for text in walk.words(answer)))
    words = request.form.get("words", "")
    try:
        _raise(walk, actor, answer, words)
    except ledger.WordsMissing:
        return _show(walk, answer, words, problem_with(words))
    # TRANSLATORS: after a child made one of their answers a wish
    flash(_("It is a wish now. You can see here what happens next."), "saved")
    return go("home.home", _anchor="wishes")


def _show(walk: Walk, answer: SentAnswer, words: str, message: str = "") -> BaseResponse:
    question = walk.question_set.question(answer.question_id)
    status = 422 if message else 200
    return page("voice/make_wish.html", status=status, walk=walk, question=question, words=words, message=message)


def _raise(walk: Walk, actor: Actor, answer: SentAnswer, words: str) -> None:
    own = any(not text.language for text in walk.words(answer))
    ledger.raise_wish(
        db.session,
        actor,
        young_person_id=actor.person_id,
        pep_id=walk.response.pep_id,
        words=words,
        language=answer.language if own else walk.wording.language,
        share=answer.share,
        chosen=list(answer.chosen),
        section=answer.section,
        sent_answer_id=answer.id,
        question_id=answer.question_id,
        key=following.key_of(f"answer:{walk.response.id}:{answer.question_id}", words),
    )
