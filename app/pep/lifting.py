"""Lifting a wish from what a young person said: by a worker who may read it, in the young person's own words."""

from __future__ import annotations

import uuid

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.people.policy import RULES, require_connection
from app.people.sessions import Actor, current_actor
from app.pep.record import Record, Said, Section, for_adult
from app.pep.views import bp
from app.voice.models import SentAnswer
from app.wishes import ledger
from app.wishes.following import stands_in
from app.wishes.models import Raised


@bp.route("/staff/peps/<uuid:pep_id>/wishes/<uuid:sent_answer_id>", methods=["GET", "POST"])
def lift_wish(pep_id: uuid.UUID, sent_answer_id: uuid.UUID) -> BaseResponse:
    """Lift a wish from an answer, quoting it. The young person sees that it was lifted, and by whom."""
    actor = current_actor()
    record = for_adult(db.session, actor, pep_id, clock.today(), languages.current().tag)
    may = RULES["pep.lift_wish"].who or frozenset()
    require_connection(db.session, actor, record.young_person.id, clock.today(), may)
    section, said = _find(record, sent_answer_id)
    words = "\n".join(text.text for text in said.words)
    quote = request.form.get("words", words if request.method == "GET" else "")
    if request.method == "GET":
        return _show(record, said, quote, 200)
    if not stands_in(quote, words):
        return _show(record, said, quote, 422)
    _lift(actor, record, section, said, quote)
    # TRANSLATORS: to a worker who made a part of a child's answer a wish
    flash(_("It stands in the wish ledger now. The young person sees that you lifted it."), "saved")
    return go("pep.record", pep_id=pep_id, _anchor=f"s-{section.key}")


def _find(record: Record, sent_answer_id: uuid.UUID) -> tuple[Section, Said]:
    """Return an answer of this term that this reader may see. Raises NotFound for any other."""
    for section in record.sections:
        for said in section.now:
            if said.sent_answer_id == sent_answer_id and said.words and not said.from_route:
                return section, said
    raise NotFound


def _lift(actor: Actor, record: Record, section: Section, said: Said, quote: str) -> None:
    answer = db.session.scalars(select(SentAnswer).where(SentAnswer.id == said.sent_answer_id)).one()
    ledger.raise_wish(
        db.session,
        actor,
        young_person_id=record.young_person.id,
        pep_id=record.pep.id,
        words=quote,
        language=said.words[0].language,
        share=answer.share,
        chosen=list(answer.chosen),
        section=section.key,
        sent_answer_id=answer.id,
        question_id=answer.question_id,
        by=Raised.worker,
        key=f"lift:{actor.person_id}:{request.form.get('once', '')[:36]}",
    )


def _show(record: Record, said: Said, quote: str, status: int) -> BaseResponse:
    return page("pep/lift_wish.html", status=status, record=record, said=said, quote=quote, once=new_id())
