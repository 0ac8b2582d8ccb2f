"""Ways in and out: cards, one-time links, 'beside me', unlocking, signing out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.settings import settings
from app.core.web.forms import renew_session
from app.core.web.headers import clear_this_device
from app.core.web.pages import go, page
from app.people import beside, cards, caseload, codes, coming_in, links, not_me, sessions, tries, with_code
from app.people.coming_in import Note, Step, Visit
from app.people.models import CardKind, OneTimeLink
from app.people.policy import HELPERS

bp = Blueprint("people", __name__)


# -- a card or a link ---------------------------------------------------------------------------------------------------


@bp.route("/go/<token>", methods=["GET", "POST"], endpoint="go")
def come_in(token: str) -> BaseResponse:
    """A card or a link. Looking (GET) changes nothing and tells nothing: every address shows the same page with one button."""
    visit = coming_in.load(token)
    if request.method != "POST":
        return _show(token, visit)
    if visit is None or request.form.get("do") == "open":
        return _open(token)
    return _STEPS[visit.step](token, visit)


def _open(token: str) -> BaseResponse:
    """The button on the first page: a card goes on to its code; so does one that does not exist, and a link of somebody who
    has a code. Only a link of somebody without one signs in by itself."""
    shared = request.form.get("device") != "mine"
    link = links.find(db.session, token)
    if link is not None and link.code_hash is not None:
        with_code.keep(token, shared=shared)
        return go("people.carer_code")
    if link is not None:
        card = cards.asks_for_code(db.session, link) if links.works(link, settings()) else None
        if card is None:
            return _use_link(link, shared=shared)
        _begin(token, Step.unlock, CardKind(card.kind), shared=shared)
        return go("people.go", token=token)
    card = cards.find(db.session, token)
    step = Step.choose if cards.waits_for_a_code(card) else Step.unlock
    _begin(token, step, cards.kind_behind(card, token), shared=shared)
    return go("people.go", token=token)


def _begin(token: str, step: Step, kind: CardKind, *, shared: bool) -> None:
    coming_in.keep(coming_in.begin(token, step, kind, shared=shared, language=languages.current().tag))


def _use_link(link: OneTimeLink, *, shared: bool) -> BaseResponse:
    person = links.claim(db.session, link, settings())
    if person is None:
        return page("people/link_used.html", status=410)
    sessions.begin(db.session, person, links.WAY, settings(), shared=shared)
    return go("home.home")


def _choose(token: str, visit: Visit) -> BaseResponse:
    """A child chooses the code of their new card."""
    language = languages.current().tag
    if request.form.get("do") == "others":
        coming_in.keep(visit.choose_anew(None, language))
        return go("people.go", token=token)
    visit, code, weak = _said(visit)
    if weak is not None:
        visit = visit.choose_anew(Note(weak.value), language)
    elif code is not None:
        visit = visit.say_again(code)
    return _on(token, visit)


def _again(token: str, visit: Visit) -> BaseResponse:
    """The chosen code once more; when it is the same, the card is theirs and they are in."""
    language = languages.current().tag
    if request.form.get("do") == "anew":
        coming_in.keep(visit.choose_anew(None, language))
        return go("people.go", token=token)
    visit, code, _weak = _said(visit)
    if code is None:
        return _on(token, visit)
    if not visit.is_the_same(code):
        coming_in.keep(visit.choose_anew(Note.not_the_same, language))
        return go("people.go", token=token)
    if cards.claim(db.session, token, code, settings(), shared=visit.shared) is not None:
        # TRANSLATORS: on a child's page after they chose their secret code
        flash(_("Your code is kept. Next time, use your card and your code."), "saved")
        return go("home.home")
    # Claimed on another device a moment ago, or taken back: from here on it is a card like any other.
    coming_in.keep(replace(visit, step=Step.unlock, picked=(), first="", note=Note.no_match))
    return go("people.go", token=token)


def _unlock_card(token: str, visit: Visit) -> BaseResponse:
    """The code of a card, or of the card of somebody who came with a link."""
    visit, code, _weak = _said(visit)
    if code is None:
        return _on(token, visit)
    link = links.find(db.session, token)
    if link is not None and not links.works(link, settings()):
        return page("people/link_used.html", status=410)
    if link is not None:
        opening = cards.unlock_link(
            db.session, link, code, settings(), address=request.remote_addr, shared=visit.shared
        )
    else:
        opening = cards.unlock(db.session, token, code, settings(), address=request.remote_addr, shared=visit.shared)
    if opening.sign_in is not None:
        return go("home.home")
    coming_in.keep(visit.no_match(int(opening.until.timestamp()) if opening.until else 0))
    if opening.locked or not opening.looked_at:
        return _wait(opening.until, url_for("people.go", token=token), locked=opening.locked)
    return go("people.go", token=token)


def _on(token: str, visit: Visit) -> BaseResponse:
    """Go on with the code: after a tap to where the taps are counted, else to the top of the page."""
    coming_in.keep(visit)
    return go("people.go", token=token, _anchor="taps" if visit.picked else None)


_STEPS: dict[Step, Callable[[str, Visit], BaseResponse]] = {
    Step.choose: _choose,
    Step.again: _again,
    Step.unlock: _unlock_card,
}


def _said(visit: Visit) -> tuple[Visit, str | None, codes.Weak | None]:
    """Read one form of the code pages: the visit as it is now, the whole code when it is there, and why it is too easy."""
    if visit.kind is CardKind.words:
        typed = request.form.get("words", "")
        if visit.step is Step.choose and request.form.get("do") == "take":
            typed = " ".join(visit.offered)
        weak = codes.weakness_of_words(typed) if visit.step is Step.choose else None
        return visit, codes.from_words(typed[: codes.LONGEST_WORDS]), weak
    visit = visit.undo() if request.form.get("do") == "undo" else visit.pick(request.form.get("picture"))
    if not visit.full:
        return visit, None, None
    weak = codes.weakness_of_pictures(visit.picked) if visit.step is Step.choose else None
    return visit, codes.from_pictures(visit.picked), weak


def _show(token: str, visit: Visit | None) -> Response:
    address = url_for("people.go", token=token)
    if visit is None:
        config = settings()
        quiet = [int(one.total_seconds() // 60) for one in (config.child_shared_idle, config.child_idle)]
        return page("people/go_open.html", address=address, quiet=quiet)
    template = "people/go_pictures.html" if visit.kind is CardKind.pictures else "people/go_words.html"
    minutes = tries.minutes_until(datetime.fromtimestamp(visit.until, tz=UTC)) if visit.until else 0
    return page(template, address=address, visit=visit, pictures=codes.PICTURES, minutes=minutes)


def _wait(until: datetime | None, address: str, *, locked: bool) -> Response:
    minutes = tries.minutes_until(until)
    response = page("people/wait.html", status=429, minutes=minutes, address=address, locked=locked)
    response.headers["Retry-After"] = str(tries.seconds_until(until))
    return response


@bp.post("/mine/not-me")
def not_me_who_came_in() -> BaseResponse:
    """'That was not me': stop a card or link that somebody else used to come in as me."""
    way_id = request.form.get("way", type=uuid.UUID)
    if way_id is None:
        raise NotFound
    not_me.stop(db.session, sessions.current_actor(), way_id)
    # TRANSLATORS: to a child who said that somebody else used their card or link
    flash(
        _("Thank you for telling us. We stopped it, and the Virtual School looks into it. You stay signed in here."),
        "saved",
    )
    return go("home.home")


@bp.get("/more-time")
def more_time() -> tuple[str, int]:
    """'I need more time': asking keeps the session open. The answer is empty, so that the page it stands on stays as it is."""
    return "", 204


# -- out ----------------------------------------------------------------------------------------------------------------


@bp.post("/sign-out")
def sign_out() -> BaseResponse:
    """Sign out. Beside a young person it ends the time together, and the adult's own screen comes back locked."""
    actor = sessions.current_actor()
    if actor.beside:
        return beside_end()
    sessions.end(db.session, actor)
    renew_session()
    # TRANSLATORS: on the welcome page after signing out
    flash(_("You are signed out."), "calm")
    return clear_this_device(make_response(go("home.welcome")))


# -- beside me ----------------------------------------------------------------------------------------------------------


@bp.route("/beside/<uuid:young_person_id>", methods=["GET", "POST"])
def beside_start(young_person_id: uuid.UUID) -> BaseResponse:
    """An adult opens a young person's answering on the adult's own device (POST); first it is said what that means (GET)."""
    actor = sessions.current_actor()
    young = caseload.theirs(db.session, actor, young_person_id, clock.today(), HELPERS)
    if request.method != "POST":
        return page("people/beside.html", young=young)
    beside.begin(db.session, actor, young, settings())
    return go("home.home")


@bp.post("/beside/end")
def beside_end() -> BaseResponse:
    """'We are finished': the device goes back to the adult, locked."""
    actor = sessions.current_actor()
    if not actor.beside:
        return go("home.home")
    beside.end(db.session, actor)
    return clear_this_device(make_response(go("people.unlock")))


@bp.route("/unlock", methods=["GET", "POST"])
def unlock() -> BaseResponse:
    """The adult's locked screen: their passphrase, or signing in again the way they came."""
    actor = sessions.current_actor()
    if not actor.locked:
        return go("home.home")
    with_passphrase = beside.has_passphrase(db.session, actor)
    wrong = False
    if request.method == "POST":
        if not with_passphrase:
            return sign_out()
        tried = beside.unlock(
            db.session, actor, request.form.get("passphrase", ""), settings(), address=request.remote_addr
        )
        if tried.opened:
            return go("home.home")
        if tried.until is not None:
            return _wait(tried.until, url_for("people.unlock"), locked=tried.locked)
        wrong = True
    return page("people/unlock.html", status=422 if wrong else 200, with_passphrase=with_passphrase, wrong=wrong)
