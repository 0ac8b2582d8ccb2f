"""The way in, everybody's own page, what is held about them, and the pages about the product itself."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db
from app.core.settings import settings
from app.core.web.forms import renew_session
from app.core.web.headers import clear_this_device
from app.core.web.pages import go, page
from app.home import looks
from app.home.at_home import children_of
from app.home.completeness import languages_for_staff
from app.home.guides import guides
from app.home.held import held_of_adult, held_of_young
from app.home.keepsake import chapters
from app.home.my_page import my_page, name_of_helper
from app.home.naming import way_name
from app.home.network import coming
from app.home.today import worker_list
from app.home.upkeep import upkeep
from app.pathways.my_route import route
from app.people import mobiles, not_me
from app.people.models import Person, Role, YoungPerson
from app.people.policy import RECORD_READERS
from app.people.sessions import Actor, current_actor, end_everywhere
from app.people.words import role_words, year_words
from app.pep.record import for_young_person
from app.voice import paper_typing

bp = Blueprint("home", __name__)


@bp.get("/")
def welcome() -> Response:
    """Say hello: languages first, then the card or the link."""
    return page("home/welcome.html")


@bp.get("/home")
def home() -> Response:
    """Show everybody their own page after they came in."""
    actor = current_actor()
    if actor.young is not None:
        return _beside(actor) if actor.beside else _child(actor)
    if actor.role is Role.carer:
        return carer()
    if actor.role not in RECORD_READERS:
        return page("home/wording.html")
    return _worker(actor)


@bp.get("/carer/")
def carer() -> Response:
    """Show a carer or key worker their young people today, the meeting, and their own part."""
    on = clock.today()
    return page(
        "home/carer.html",
        children=children_of(db.session, current_actor(), on),
        guides=guides(languages.current().tag),
        network=coming(db.session, on),
    )


def _child(actor: Actor) -> Response:
    if actor.young is None:
        raise NotFound
    mine = my_page(db.session, actor, actor.young, clock.today())
    return page(
        "home/child.html",
        mine=mine,
        care=actor.young.care,
        missing_language=_missing_language(actor),
        typed_in=paper_typing.unseen(db.session, actor.person_id),
        ways_in=not_me.lately_used(db.session, actor),
    )


def _beside(actor: Actor) -> Response:
    return page("home/beside.html", helper=name_of_helper(db.session, actor), missing_language=_missing_language(actor))


def _worker(actor: Actor) -> Response:
    on = clock.today()
    listed = worker_list(db.session, actor.person_id, on)
    return page(
        "home/worker.html",
        listed=listed,
        waiting=[one for one in listed if one.waits(on)],
        unread=[one for one in listed if one.has_new_words],
        upkeep=upkeep(db.session, on) if actor.role is Role.virtual_school else None,
        year_words=year_words,
    )


def _missing_language(actor: Actor) -> str:
    """Return the name of this person's language when we have no pages in it, as the page they read would call it."""
    known = languages.find(actor.language)
    if known is None or known in languages.offered(live=settings().live):
        return ""
    return known.english_name if languages.current() == languages.ENGLISH else known.name


@bp.get("/mine")
def mine() -> Response:
    """Show what is held about me, and what I can do about it."""
    actor = current_actor()
    if not actor.is_child:
        return _mine_of_adult()
    return page("home/mine.html", held=held_of_young(db.session, actor, clock.today()), **_mine_words())


def _mine_words() -> dict[str, Any]:
    return {
        "themes": looks.themes(),
        "schemes": looks.schemes(),
        "contrasts": looks.contrasts(),
        "year_words": year_words,
        "role_words": role_words,
        "way_name": way_name,
    }


@bp.post("/mine/look")
def my_look() -> BaseResponse:
    """Keep how I like my pages."""
    looks.change(db.session.get_one(Person, current_actor().person_id), request.form)
    # TRANSLATORS: shown after somebody chose colours for their pages
    flash(_("Your page looks like you chose now."), "saved")
    return go("home.mine", _anchor="look")


@bp.post("/mine/mobile")
def my_mobile() -> BaseResponse:
    """Set, change or remove the mobile number by which I am reached."""
    typed = request.form.get("mobile", "")
    try:
        number = mobiles.change_my_mobile(db.session, current_actor(), typed[:40])
    except mobiles.NotAMobile:
        # TRANSLATORS: to an adult who typed something that is not a mobile number
        return _mine_of_adult(_("Try the mobile number again, like 07700 900123 or +48 512 345 678."), typed)
    except mobiles.InUse:
        # TRANSLATORS: to an adult who typed a number that somebody else uses here
        return _mine_of_adult(_("Somebody else is reached by this number. Ask the Virtual School to help."), typed)
    # TRANSLATORS: after an adult set or removed their mobile number
    flash(
        _("Saved. Messages can reach you there.") if number else _("Saved. We have no mobile number of you."), "saved"
    )
    return go("home.mine", _anchor="reach")


def _mine_of_adult(problem: str = "", typed: str | None = None) -> Response:
    held = held_of_adult(db.session, current_actor(), clock.today())
    mobile = (held.person.mobile or "") if typed is None else typed
    return page(
        "home/mine_adult.html",
        status=422 if problem else 200,
        held=held,
        problem=problem,
        mobile=mobile,
        **_mine_words(),
    )


@bp.post("/mine/carers")
def carer_sees() -> BaseResponse:
    """Choose whether the people I live with see that I have sent something (never what)."""
    actor = current_actor()
    shown = request.form.get("carer_sees_sent") == "yes"
    db.session.get_one(YoungPerson, actor.person_id).carer_sees_sent = shown
    detail = f"carer-sees-sent {'on' if shown else 'off'}"
    audit.record(db.session, actor, "young-person.changed", subject_id=actor.person_id, detail=detail)
    # TRANSLATORS: shown after the child chose whether their carer sees 'sent' or 'not yet'
    flash(
        _("They can see if you have sent something.") if shown else _("They cannot see if you have sent anything."),
        "saved",
    )
    return go("home.mine", _anchor="carers")


@bp.post("/mine/sign-out-everywhere")
def sign_out_everywhere() -> BaseResponse:
    """End every place where I am signed in, this one too."""
    end_everywhere(db.session, current_actor())
    renew_session()
    # TRANSLATORS: shown on the welcome page after 'Sign out everywhere'
    flash(_("You are signed out everywhere."), "saved")
    return clear_this_device(make_response(redirect(url_for("home.welcome"), 303)))


@bp.get("/mine/peps/<uuid:pep_id>")
def my_pep(pep_id: uuid.UUID) -> Response:
    """Show me what I said for one of my PEPs, and before."""
    actor = current_actor()
    record = for_young_person(db.session, actor, pep_id, languages.current().tag)
    audit.record(db.session, actor, "record.read", subject_id=actor.person_id, thing_id=pep_id)
    return page("home/my_pep.html", record=record)


@bp.get("/mine/keepsake")
def keepsake() -> Response:
    """Hand out my own words as one file to keep."""
    actor = current_actor()
    tag = languages.current().tag
    found = chapters(db.session, actor, tag)
    mine = route(db.session, actor.person_id, tag)
    audit.record(db.session, actor, "record.exported", subject_id=actor.person_id, detail="keepsake")
    response = make_response(render_template("home/keepsake.html", chapters=found, mine=mine))
    # The name of the file says nothing about whose it is: phones are shared.
    response.headers["Content-Disposition"] = 'attachment; filename="my-words.html"'
    return response


@bp.get("/privacy")
def privacy() -> Response:
    """Say in plain words what we hold, why, who sees it, and what anybody can ask for."""
    return page("home/privacy.html")


@bp.get("/accessibility")
def accessibility() -> Response:
    """Say honestly how far this can be used by everybody."""
    return page("home/accessibility.html")


@bp.get("/staff/design")
def design() -> Response:
    """Show every part of the look."""
    return page("home/design.html")


@bp.get("/staff/languages")
def language_quality() -> Response:
    """Show how good and how complete each language is."""
    return page("home/language_quality.html", found=languages_for_staff(), live=settings().live)
