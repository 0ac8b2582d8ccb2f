"""The way in of carers and key workers, and their invitation by a worker."""

from __future__ import annotations

import uuid

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.people import caseload, sessions, tries, with_code
from app.people.models import Person, Role
from app.people.policy import INVITERS, living_roles
from app.people.views import bp


@bp.route("/carer/sign-in", methods=["GET", "POST"])
def carer_sign_in() -> BaseResponse:
    """Ask for a link and a code. The answer is the same for an address we know and for one we do not."""
    if request.method != "POST":
        return page("people/carer_sign_in.html", where="", problem="")
    where = request.form.get("where", "")
    if not where.strip():
        # TRANSLATORS: to a carer who pressed the button with an empty field
        problem = _("Type your e-mail address or your mobile number.")
        return page("people/carer_sign_in.html", status=422, where="", problem=problem)
    try:
        token = with_code.ask(db.session, where, request.remote_addr, settings())
    except with_code.Resting as resting:
        return _resting(resting, "people.carer_sign_in")
    with_code.keep(token, shared=request.form.get("device") == "shared")
    return go("people.carer_code")


@bp.route("/carer/sign-in/code", methods=["GET", "POST"])
def carer_code() -> BaseResponse:
    """Type the six figures; with the link they open the page."""
    waiting = with_code.kept()
    if waiting is None:
        return go("people.carer_sign_in")
    token, shared = waiting
    if request.method != "POST":
        return page("people/carer_code.html", problem="")
    try:
        person = with_code.claim(db.session, token, request.form.get("code", ""), request.remote_addr, settings())
    except with_code.Resting as resting:
        return _resting(resting, "people.carer_code")
    if person is None:
        # TRANSLATORS: to a carer whose six figures did not fit, or came too late
        problem = _("Look at the six figures once more. If they came a while ago, ask for new ones.")
        return page("people/carer_code.html", status=422, problem=problem)
    sessions.begin(db.session, person, "code", settings(), shared=shared)
    return go("home.home")


@bp.post("/staff/young-people/<uuid:young_person_id>/invite/<uuid:adult_id>")
def invite_adult(young_person_id: uuid.UUID, adult_id: uuid.UUID) -> BaseResponse:
    """Invite a carer or key worker connected to a young person today. The message names no child."""
    actor, on = sessions.current_actor(), clock.today()
    young = caseload.theirs(db.session, actor, young_person_id, on, INVITERS)
    adult = db.session.get(Person, adult_id)
    at_home = living_roles(db.session, adult_id, young.id, on) & {Role.carer, Role.key_worker}
    if adult is None or not at_home or adult.role not in with_code.AT_HOME:
        raise NotFound
    try:
        invited = with_code.invite(db.session, actor, young.id, adult, settings())
    except with_code.Unreachable:
        # TRANSLATORS: to a worker who invites a carer; %(name)s is the carer
        flash(
            _(
                "We have no e-mail address or mobile number for %(name)s. Ask the Virtual School to add one.",
                name=adult.name,
            ),
            "problem",
        )
        return go("people.young_person", young_person_id=young.id)
    return page("people/invited.html", young=young, adult=adult, invited=invited)


def _resting(resting: with_code.Resting, endpoint: str) -> Response:
    minutes = tries.minutes_until(resting.until)
    response = page("people/carer_wait.html", status=429, minutes=minutes, address=url_for(endpoint))
    response.headers["Retry-After"] = str(tries.seconds_until(resting.until))
    return response
