"""'What can I get?': a few questions, answered in the request and forgotten with it (handbook, pathways 2 and 4).

What somebody answers here is in the body of their own POST and on the page that comes back, and nowhere else: no address, no
cookie, no session, no log, no table. So these POSTs answer with a page and do not redirect: a redirect would need a place to keep
the answers in. A refresh asks the person whether to send them again, which is as it should be.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Response, abort, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.web.dates import day_short
from app.core.web.pages import page
from app.core.web.press import PressUnavailable, to_pdf
from app.pathways import entitlement_guide as guide
from app.pathways import entitlement_reasons, entitlement_words
from app.pathways.entitlement_answers import FIELDS, FOLLOW_UPS, Answers, care_question, read
from app.pathways.entitlement_asking import Asked, whom_to_ask
from app.pathways.entitlement_letter import first_name, sheets
from app.pathways.models import Kind
from app.pathways.shelf import Published, published
from app.people.models import Care, Flag, Place
from app.people.sessions import Actor

bp = Blueprint("entitlements", __name__)

# The press is a process of its own, and anybody may ask for a letter: one at a time in each worker, the others print the page.
_press = threading.BoundedSemaphore(1)
_NOW_BY_PLACE = {Place.school: "school", Place.college: "p16_education"}


@bp.route("/pathways/what-can-i-get", methods=["GET", "POST"])
def what_can_i_get() -> Response:
    """Ask a few questions; then show what there is for somebody who answers like that."""
    if request.method == "GET":
        return _form(_known_already(g.actor))
    answers = read(request.form)
    if answers.age_is_odd or (answers.nothing_said and "change" not in request.form):
        return _form(answers, status=422)
    if "change" in request.form:
        return _form(answers)
    records, today = _records(), clock.today()
    more = guide.still_to_ask(records, answers, today)
    if more:
        return _ask_more(answers, more)
    return page(
        "pathways/entitlement_results.html",
        found=guide.work_out(records, answers, today),
        answers=answers,
        carried=_carried(answers),
        as_if=entitlement_words.as_if(answers.said.get("next", "")),
        **shared(),
    )


@bp.post("/pathways/what-can-i-get/letter")
def letter() -> Response:
    """Show a letter to take along; a first name may be put in."""
    return _letter_page(*_asked_for())


@bp.post("/pathways/what-can-i-get/letter.pdf")
def letter_pdf() -> BaseResponse:
    """Hand out the letter as a PDF; where none can be made now, the page does the same."""
    answers, outcome = _asked_for()
    name = first_name(request.form.get("name", ""))
    written = sheets(_contacts(), outcome, name, languages.current(), clock.today())
    html = render_template("pathways/entitlement_letter_print.html", sheets=written)
    try:
        made = _pressed(html)
    except PressUnavailable:
        return _letter_page(answers, outcome, no_pdf=True)
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response


def _pressed(html: str) -> bytes:
    if not _press.acquire(blocking=False):
        raise PressUnavailable("Another letter is being made.")
    try:
        return to_pdf(html)
    finally:
        _press.release()


def _records() -> Mapping[str, Published]:
    return published(db.session, Kind.entitlement)


def _contacts() -> Mapping[str, Published]:
    return published(db.session, Kind.contact)


def _known_already(actor: Actor | None) -> Answers:
    """Return what the council's list says of a young person who is signed in: it is put into the form, and they may change it."""
    young = actor.young if actor is not None and actor.is_child else None
    if young is None:
        return read({})
    found = {"care": "in" if young.care == Care.in_care else "left"}
    if young.year_group is not None and young.year_group >= 0:
        found["year"] = "R" if young.year_group == 0 else f"Y{young.year_group}"
    now = "neet_seeking" if Flag.neet in young.flags else _NOW_BY_PLACE.get(Place(young.place), "")
    return read({**found, "now": now})


def _form(answers: Answers, status: int = 200) -> Response:
    return page(
        "pathways/entitlements.html",
        status=status,
        answers=answers,
        nothing=status == 422 and not answers.age_is_odd,
        kept={name: answers.said[name] for name in FOLLOW_UPS if name in answers.said},
        everything=list(guide.everything(_records(), clock.today()).values()),
        **shared(),
    )


def _ask_more(answers: Answers, more: tuple[str, ...]) -> Response:
    question = care_question(answers)
    # What was answered before they went back to change something.
    before = {name: request.form.get(f"was_{name}", "") for name in more}
    return page(
        "pathways/entitlement_more.html",
        more=more,
        before=before,
        carried=_carried(answers),
        care_words=entitlement_words.care_more_question(question) if question else "",
        care_answers=entitlement_words.care_more_options(question) if question else [],
        ahead=clock.today().month == 8,
        **shared(),
    )


def _carried(answers: Answers) -> list[tuple[str, str]]:
    """Return the answers as hidden fields of the page that comes back: they are on that page, and nowhere else."""
    held = [(name, answers.said.get(name, "")) for name in FIELDS if name in answers.said or name in answers.asked]
    return [("age", answers.age_typed), *((name, value) for name, value in held if name != "age")]


def _asked_for() -> tuple[Answers, guide.Outcome]:
    g.get_path = url_for("entitlements.what_can_i_get")
    answers = read(request.form)
    outcome = guide.one(_records(), request.form.get("entitlement", ""), answers, clock.today())
    if outcome is None:
        abort(404)
    return answers, outcome


def _letter_page(answers: Answers, outcome: guide.Outcome, *, no_pdf: bool = False) -> Response:
    name = first_name(request.form.get("name", ""))
    return page(
        "pathways/entitlement_letter.html",
        sheets=sheets(_contacts(), outcome, name, languages.current(), clock.today()),
        name=name,
        no_pdf=no_pdf,
        carried=[*_carried(answers), ("entitlement", outcome.shown.record.id)],
        **shared(),
    )


def shared() -> dict[str, Any]:
    """Return what the words of every entitlement on a page need."""
    tag, contacts = languages.current().tag, _contacts()

    # The same few words stand on every card: each is looked up once a page.
    @cache
    def who(code: str) -> Asked:
        return whom_to_ask(contacts, code, tag)

    in_words = cache(day_short)

    def looked_at(shown: guide.Shown) -> str:
        return in_words(min(source.checked for source in shown.record.sources))

    actor = g.actor
    return {
        "looked_at": looked_at,
        "kind_words": cache(entitlement_words.kind_words),
        "wording": entitlement_words,
        "reasons": entitlement_reasons.reasons,
        "who": who,
        "for_another": bool(actor and not actor.is_child),
        "action": url_for("entitlements.what_can_i_get"),
    }
