"""The open list of opportunities, one of them, its poster; a young person's own list, and showing one to somebody."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.forms import tidy
from app.core.web.pages import go, page
from app.pathways import events, interests, openings, search
from app.pathways import opportunity_telling as telling
from app.pathways.fitting import YEARS, Fit, Who, fitting, who_is
from app.pathways.models import Kind
from app.pathways.opportunity_words import TYPES
from app.pathways.shelf import published
from app.people import caseload, qr
from app.people.models import Person, Role
from app.people.policy import AT_HOME, OPPORTUNITY_TELLERS
from app.people.sessions import Actor, current_actor

bp = Blueprint("opportunities", __name__)


def reader() -> Actor | None:
    """Return who reads an open page; nobody, when an adult's own session is locked on this device."""
    actor: Actor | None = g.actor
    return None if actor is None or actor.locked else actor


# The years somebody may choose on the open list.
CHOICES = ("Y7", "Y8", "Y9", "Y10", "Y11", "Y12", "Y13", "post18")
_KEPT_SECONDS = 60
_MOST_PAGES = 500


@bp.get("/opportunities/")
def listed() -> Response:
    """What somebody can apply for or go to: open to anyone; for a signed-in young person what fits them comes first."""
    actor = reader()
    asked = _asked(actor)
    moment = clock.now()
    found = openings.listed(db.session, asked, actor, moment)
    year = _year_code(asked.who)
    response = page(
        "pathways/opportunities.html",
        found=found,
        asked=asked,
        year=year,
        own=actor is not None and actor.young is not None and request.args.get("year") is None,
        types=TYPES,
        years=CHOICES,
        address=_address,
        moment=moment,
    )
    return open_to_all(response, found.closes_next, moment)


def _asked(actor: Actor | None) -> openings.Asked:
    given = request.args
    who = who_is(actor.young) if actor else Who()
    if (year := given.get("year")) is not None:
        who = Who(YEARS.get(year), who.leaver, who.new_to_england) if year in YEARS else Who()
    number = given.get("page", "1")
    return openings.Asked(
        words=tidy(given.get("q", ""))[: search.MOST_SIGNS],
        type=given.get("type", "") if given.get("type") in TYPES else "",
        who=who,
        kept_for_leavers=given.get("kept") == "1",
        page=min(int(number), _MOST_PAGES) if number.isascii() and number.isdecimal() and int(number) > 0 else 1,
    )


def _year_code(who: Who) -> str:
    return next((code for code, place in YEARS.items() if place == who.year), "")


def _address(**changes: Any) -> str:
    """Return the list's address with some of what is asked changed; an empty value takes it out."""
    kept = {name: request.args[name] for name in ("q", "type", "year", "kept") if request.args.get(name) is not None}
    return url_for("opportunities.listed", **{k: v for k, v in {**kept, **changes}.items() if v is not None})


def open_to_all(response: Response, ends: datetime | None, moment: datetime) -> Response:
    """Let caches keep a page that nobody is signed in on, for a minute, and never past the moment at which it changes."""
    if g.actor is not None or cookie.modified or response.status_code != 200:
        return response
    g.cacheable = True
    left = int((ends - moment).total_seconds()) if ends else _KEPT_SECONDS
    response.cache_control.public = True
    response.cache_control.max_age = max(0, min(_KEPT_SECONDS, left))
    response.vary.update(("Cookie", "Accept-Language", "HX-Request"))
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/opportunities/<string:key>")
def one(key: str) -> Response:
    """Everything about one opportunity, and what whoever is signed in can do about it."""
    moment = clock.now()
    shown = shown_or_404(key)
    return open_to_all(show(shown), shown.row.closes_at, moment)


def shown_or_404(key: str) -> openings.Shown:
    """Return an opportunity this person may read. Raises NotFound for any other."""
    actor = reader()
    shown = openings.one(db.session, key, actor, who_is(actor.young) if actor else Who())
    if shown is None:
        raise NotFound
    return shown


def show(shown: openings.Shown, status: int = 200, **kept: Any) -> Response:
    """Return the page of one opportunity. ``kept`` is what a form on it has to say."""
    return page("pathways/opportunity.html", status=status, **{**around(shown, reader()), **kept})


def around(shown: openings.Shown, actor: Actor | None) -> dict[str, Any]:
    """Return what the page of an opportunity shows to whoever reads it."""
    moment, on = clock.now(), clock.today()
    steps = published(db.session, Kind.step)
    child = actor if actor is not None and actor.is_child else None
    # What a child saved tells nobody: not an adult who sits beside them either.
    alone = child if child is not None and not child.beside else None
    return {
        "shown": shown,
        "reader": actor,
        "moment": moment,
        "over": shown.is_over(moment),
        "steps": [(key, steps[key]) for key in shown.record.pathway_ids if key in steps],
        "share": settings().public_url.rstrip("/") + url_for("opportunities.one", key=shown.row.key),
        "alone": alone is not None,
        "interest": interests.of(db.session, alone.person_id, shown.row.id) if alone else None,
        "advisers": telling.advisers_of(db.session, child.person_id, on) if child else [],
        "seat": _seat(shown, child.person_id) if child else None,
        "needs_yes": telling.needs_a_yes(db.session, child.person_id) if child else False,
        "place_in_line": lambda seat: events.place_in_line(db.session, seat),
        "theirs": _theirs(shown, actor) if actor is not None and not actor.is_child else [],
        "to_show": _to_show(actor) if actor is not None and actor.role in OPPORTUNITY_TELLERS else [],
        "clash": None,
        "clash_for": None,
    }


def _seat(shown: openings.Shown, person_id: uuid.UUID) -> Any:
    if not shown.is_event:
        return None
    return events.seat_of(db.session, events.event_of(db.session, shown.row.id).id, person_id)


def _theirs(shown: openings.Shown, actor: Actor) -> list[dict[str, Any]]:
    """Return the young people for whom this adult may sign up, or of whom they may say yes, with their seats.

    A carer or key worker sees those they look after; a social worker those who wait for a yes. They see the seat alone.
    """
    if not shown.is_event or actor.role not in {*AT_HOME, Role.social_worker}:
        return []
    found = []
    for child in caseload.young_people(db.session, actor, clock.today()):
        young = db.session.get_one(Person, child.person_id)
        roles = caseload.roles(db.session, actor, child.person_id, clock.today())
        seat = _seat(shown, child.person_id)
        waits = seat is not None and seat.state in events.LIVE and events.waits_for_a_yes(db.session, seat)
        for_them = seat is not None or fitting(shown.row, telling.who_of(young.young)).fit is not Fit.no
        if caseload.may_help(young, roles) and ((actor.role in AT_HOME and for_them) or waits):
            found.append({"young": young, "seat": seat, "waits": waits})
    seen = [one["young"].id for one in found if one["seat"] is not None]
    audit.record_each(db.session, actor, "event.read", seen, thing_id=shown.row.id)
    return found


def _to_show(actor: Actor) -> list[Any]:
    return caseload.young_people(db.session, actor, clock.today())


@bp.get("/opportunities/<string:key>/poster")
def poster(key: str) -> Response:
    """One page to print and hang up, with a square code. What is by invitation only has none."""
    moment = clock.now()
    shown = shown_or_404(key)
    if shown.row.visibility == "invited" or shown.is_over(moment):
        raise NotFound
    address = settings().public_url.rstrip("/") + url_for("opportunities.one", key=key)
    made = page("pathways/opportunity_poster.html", shown=shown, address=address, code=qr.draw(address))
    return open_to_all(made, shown.row.closes_at, moment)


# -- a young person's own list ------------------------------------------------------------------------------------------


@bp.get("/opportunities/mine")
def mine() -> Response:
    """What I saved, asked about and signed up for; what is new of what I asked to hear about."""
    found = interests.mine(db.session, current_actor(), clock.now())
    return page("pathways/opportunities_mine.html", mine=found, moment=clock.now())


@bp.post("/opportunities/mine/topics")
def topics() -> BaseResponse:
    """Choose what I want to hear about; nothing at all stops it, at once."""
    chosen = [] if request.form.get("do") == "stop" else request.form.getlist("topic")
    kept = interests.choose_topics(db.session, current_actor(), chosen)
    # TRANSLATORS: after a child chose what they want to hear about
    told = _("Saved. We will tell you when there is something new.")
    # TRANSLATORS: after a child stopped being told of new opportunities
    flash(told if kept else _("Stopped. We will not tell you about new things any more."), "saved")
    return go("opportunities.mine", _anchor="topics")


@bp.post("/opportunities/<string:key>/interest")
def interest(key: str) -> BaseResponse:
    """Save it, say that I am interested, ask for help with it, or change my mind."""
    actor, shown = current_actor(), shown_or_404(key)
    do, tell = request.form.get("do", ""), request.form.get("tell") == "yes"
    if do == "change-mind":
        interests.change_mind(db.session, actor, shown.row)
        # TRANSLATORS: after a child took an opportunity off their list
        flash(_("Taken off your list. You can change your mind as often as you like."), "saved")
    elif do in interests.BY_CHILD:
        kept = interests.say(db.session, actor, shown.row, do, tell=tell)
        flash(_told(kept.tell_adviser, actor), "saved")
    else:
        # TRANSLATORS: a form came without saying which button was pressed
        flash(_("Press one of the buttons, please."), "calm")
    return go("opportunities.one", key=key, _anchor="you")


def _told(told: bool, actor: Actor) -> str:
    names = [one.name for one in telling.advisers_of(db.session, actor.person_id, clock.today())] if told else []
    if names:
        # TRANSLATORS: after a child asked for help with an opportunity; %(names)s are adults' names
        return str(_("Saved. We will tell %(names)s.", names=", ".join(names)))
    if told:
        # TRANSLATORS: after a child asked for help with an opportunity, and nobody is named as their adviser
        return str(_("Saved. The Virtual School will see it and get in touch."))
    # TRANSLATORS: after a child saved an opportunity for themselves
    return str(_("Saved on your list. Nobody else is told."))


@bp.post("/opportunities/<string:key>/show")
def show_to(key: str) -> BaseResponse:
    """Put it on a young person's own list, because I thought of them."""
    actor, shown = current_actor(), shown_or_404(key)
    try:
        young_id = uuid.UUID(request.form.get("for", ""))
    except ValueError:
        raise NotFound from None
    young = caseload.theirs(db.session, actor, young_id, clock.today(), OPPORTUNITY_TELLERS)
    interests.show_to(db.session, actor, shown.row, young)
    # TRANSLATORS: to a worker after they put an opportunity on a young person's list; %(name)s is the young person
    flash(_("It stands on %(name)s's own list now.", name=young.name), "saved")
    return go("opportunities.one", key=key, _anchor="show")
