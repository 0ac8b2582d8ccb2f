"""Signing up for an HE event, for oneself or for somebody one looks after; and the day itself, for who runs it."""

from __future__ import annotations

import uuid

from flask import Response, flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.web.forms import tidy
from app.core.web.pages import go, page
from app.pathways import events, openings
from app.pathways import opportunity_telling as telling
from app.pathways.models import HeEvent, Opportunity, Seat
from app.pathways.opportunity_views import bp, show, shown_or_404
from app.people import caseload
from app.people.models import Person
from app.people.policy import AT_HOME
from app.people.sessions import Actor, current_actor

# How long the name of somebody who said yes may be.
_NAME = 80


def event_or_404(key: str) -> openings.Shown:
    """Return an HE event this person may read. Raises NotFound for anything else."""
    shown = shown_or_404(key)
    if not shown.is_event:
        raise NotFound
    return shown


def for_whom(actor: Actor) -> uuid.UUID:
    """Return for whom this is: a young person themselves, or somebody the adult looks after today. Raises NotFound."""
    if actor.is_child:
        return actor.person_id
    try:
        young_id = uuid.UUID(request.form.get("for", ""))
    except ValueError:
        raise NotFound from None
    roles = AT_HOME if actor.role in AT_HOME else frozenset(telling.MAY_SAY_YES)
    return caseload.theirs(db.session, actor, young_id, clock.today(), roles).id


@bp.post("/opportunities/<string:key>/sign-up")
def sign_up(key: str) -> BaseResponse:
    """Sign up, or wait in the line when every place is taken."""
    actor, shown = current_actor(), event_or_404(key)
    person_id = for_whom(actor)
    comes, anyway = request.form.get("carer_comes") == "yes", request.form.get("anyway") == "yes"
    try:
        seat = events.sign_up(db.session, actor, shown.row, person_id, carer_comes=comes, anyway=anyway)
    except events.Clash as clash:
        other = openings.read(db.session, [clash.other.id])
        return show(shown, 422, clash=other[0] if other else None, clash_for=person_id)
    except events.NotNow:
        return _too_late(key)
    flash(_signed_up(seat), "saved")
    return go("opportunities.one", key=key, _anchor="place")


def _signed_up(seat: Seat) -> str:
    if seat.state == "waiting":
        # TRANSLATORS: after somebody signed up for an event that is full
        return str(_("All places are taken. You are in the line, and we tell you when one comes free."))
    if events.waits_for_a_yes(db.session, seat):
        # TRANSLATORS: after a child under 16 signed up for an event
        return str(_("We keep a place for you. Now somebody who looks after you says yes."))
    # TRANSLATORS: after somebody signed up for an event
    return str(_("You have a place."))


def _too_late(key: str) -> BaseResponse:
    # TRANSLATORS: somebody pressed a button about an event that has begun, is full, or was called off
    flash(_("That is not possible any more. Have a look at what else there is."), "calm")
    return go("opportunities.one", key=key, _anchor="place")


@bp.post("/opportunities/<string:key>/seat")
def seat(key: str) -> BaseResponse:
    """Give a seat back, take one that came free, or say yes for somebody under 16."""
    actor, shown = current_actor(), event_or_404(key)
    person_id, do = for_whom(actor), request.form.get("do", "")
    if do == "cancel":
        events.cancel(db.session, actor, shown.row, person_id)
        # TRANSLATORS: after somebody gave their place at an event back
        flash(_("Done: the place is free for somebody else. You can sign up again."), "saved")
    elif do == "accept":
        _accept(actor, shown, person_id)
    elif do == "yes" and actor.role in telling.MAY_SAY_YES:
        found = events.seat_of(db.session, events.event_of(db.session, shown.row.id).id, person_id)
        if found is None or found.state not in events.LIVE:
            raise NotFound
        events.say_yes(db.session, actor, found)
        # TRANSLATORS: to an adult who said yes to a young person's event
        flash(_("Thank you. They see that you said yes."), "saved")
    else:
        raise NotFound
    return go("opportunities.one", key=key, _anchor="place")


def _accept(actor: Actor, shown: openings.Shown, person_id: uuid.UUID) -> None:
    try:
        events.accept(db.session, actor, shown.row, person_id)
    except events.NotNow:
        # TRANSLATORS: somebody wanted a free place after it had been kept for them for a day
        flash(
            _("We kept it for a day, and then it went to the next person. That happens. You are still welcome."), "calm"
        )
    else:
        # TRANSLATORS: somebody took a place that came free
        flash(_("You have a place. Good!"), "saved")


@bp.post("/opportunities/<string:key>/thought")
def thought(key: str) -> BaseResponse:
    """Say afterwards what I thought: two taps."""
    actor, shown = current_actor(), event_or_404(key)
    found = events.seat_of(db.session, events.event_of(db.session, shown.row.id).id, actor.person_id)
    if found is None:
        raise NotFound
    given = request.form
    try:
        events.say_how_it_was(db.session, shown.row, found, given.get("see_myself", ""), given.get("was", ""))
    except events.NotNow:
        return _too_late(key)
    except ValueError:
        # TRANSLATORS: a form came without saying which button was pressed
        flash(_("Press one of the buttons, please."), "calm")
    else:
        # TRANSLATORS: after a child said what they thought of an event
        flash(_("Thank you for telling us."), "saved")
    return go("opportunities.one", key=key, _anchor="place")


@bp.get("/staff/events/<string:key>")
def who_comes(key: str) -> Response:
    """Show who signed up, by first name, for the day itself. Every one of them sees that somebody looked."""
    return _who_comes(event_or_404(key))


def _who_comes(shown: openings.Shown, missing: uuid.UUID | None = None) -> Response:
    """``missing`` is the seat for which it has to be said first who said yes."""
    actor = current_actor()
    event = events.event_of(db.session, shown.row.id)
    rows = db.session.execute(
        select(Seat, Person)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.event_id == event.id, Seat.state.not_in(("cancelled", "lapsed")))
        .order_by(Seat.state.in_(("waiting", "offered")), Seat.waiting_since, Person.name, Seat.id)
    ).all()
    audit.record_each(db.session, actor, "event.read", [seat.person_id for seat, _person in rows], thing_id=event.id)
    return page(
        "pathways/event_people.html",
        status=422 if missing else 200,
        shown=shown,
        event=event,
        signed=[(seat, person, events.waits_for_a_yes(db.session, seat)) for seat, person in rows],
        begun=shown.row.starts_at is not None and shown.row.starts_at <= clock.now(),
        may_say_yes=telling.MAY_SAY_YES,
        missing=missing,
        typed=request.form,
    )


@bp.post("/staff/events/<string:key>/attendance")
def attendance(key: str) -> BaseResponse:
    """Tick whether somebody came. Where a yes is missing, the worker writes down who said it to them."""
    actor, shown, given = current_actor(), event_or_404(key), request.form
    name, role = tidy(given.get("name", ""))[:_NAME], given.get("role", "")
    told = {"name": name, "role": role} if name and role in telling.MAY_SAY_YES else None
    try:
        seat_id = uuid.UUID(given.get("seat", ""))
        events.tick(db.session, actor, shown.row, seat_id, given.get("state", ""), told=told)
    except events.YesMissing:
        return _who_comes(shown, seat_id)
    except events.NotNow:
        # TRANSLATORS: to a worker who ticks who came, before the event began
        flash(_("Tick who came when the event has begun."), "calm")
    except (ValueError, LookupError):
        raise NotFound from None
    return go("opportunities.who_comes", key=key, _anchor="people")


def coming_events() -> list[tuple[openings.Shown, HeEvent]]:
    """Return the HE events of the last weeks and to come, for the staff's list."""
    rows = db.session.execute(
        select(HeEvent, Opportunity.id)
        .join(Opportunity, Opportunity.id == HeEvent.opportunity_id)
        .where(Opportunity.withdrawn_at.is_(None))
        .order_by(Opportunity.starts_at.desc())
        .limit(60)
    ).all()
    shown = {one.row.id: one for one in openings.read(db.session, [row.id for row in rows])}
    return [(shown[row.id], row.HeEvent) for row in rows if row.id in shown]
