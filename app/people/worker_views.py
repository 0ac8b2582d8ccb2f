"""How workers sign in: e-mail and passphrase, then a code; or the council's own account."""

from __future__ import annotations

import math

from flask import g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.people import oidc, sessions, worker_sign_in
from app.people.models import Person
from app.people.views import bp
from app.people.worker_forms import CodeForm, SignInForm
from app.people.worker_sign_in import NotNow, NotRight

_PENDING = "pending"


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask a worker for their e-mail and passphrase."""
    form = SignInForm(request.form)
    if request.method == "GET":
        return _home() if _is_in() else _sign_in_page(form)
    if not form.email.data or not form.passphrase.data:
        # TRANSLATORS: a worker pressed Next without both their e-mail address and their passphrase
        return _sign_in_page(form, _("Type your e-mail address and your passphrase."), 422)
    try:
        person = worker_sign_in.check_passphrase(
            db.session, form.email.data, form.passphrase.data, request.remote_addr, settings()
        )
    except NotNow as wait:
        return _waiting(_sign_in_page(form, _wait_words(wait), 429), wait)
    except NotRight as wait:
        # TRANSLATORS: we do not say which of the two was wrong, so that nobody can find out who works here
        words = _("This e-mail address and passphrase do not go together. Check both and try again.")
        return _sign_in_page(form, f"{words} {_wait_words(wait)}".strip(), 422)
    cookie[_PENDING] = worker_sign_in.seal_pending(person.id)
    return go("people.sign_in_code")


@bp.route("/sign-in/code", methods=["GET", "POST"])
def sign_in_code() -> Response:
    """Ask a worker for the code that their phone shows now."""
    person_id = worker_sign_in.open_pending(cookie.get(_PENDING))
    if person_id is None:
        cookie.pop(_PENDING, None)
        return go("people.sign_in")
    form = CodeForm(request.form)
    if request.method == "GET":
        return _code_page(None)
    try:
        person = worker_sign_in.check_code(db.session, person_id, form.code.data or "", request.remote_addr, settings())
    except NotNow as wait:
        return _waiting(_code_page(_wait_words(wait), 429), wait)
    except NotRight as wait:
        # TRANSLATORS: the six figures from the worker's phone were wrong or used before
        words = _(
            "That code is not right, or it was used before. Wait until your phone shows a new one, then type it here."
        )
        return _code_page(f"{words} {_wait_words(wait)}".strip(), 422)
    return _let_in(person, "worker")


@bp.get("/sign-in/council")
def oidc_start() -> Response:
    """Send a worker to the council's own sign-on."""
    if not oidc.is_configured():
        raise NotFound
    try:
        return oidc.start(url_for("people.oidc_back", _external=True))
    except oidc.CouncilSilent:
        return _stopped_silent()


@bp.get("/sign-in/council/back")
def oidc_back() -> Response:
    """Meet a worker who comes back from the council's own sign-on."""
    if not oidc.is_configured():
        raise NotFound
    try:
        account = oidc.finish(settings())
    except oidc.CouncilSilent:
        return _stopped_silent()
    except oidc.CouncilRefused:
        # TRANSLATORS: heading after the council's sign-on was cancelled, took too long or could not be trusted
        heading = _("You are not signed in yet")
        # TRANSLATORS: what to do after the council's sign-on did not finish
        advice = _("Signing in with your council account did not finish. Please start again from here.")
        return page("people/sign_in_stopped.html", status=400, heading=heading, advice=advice)
    person = oidc.worker_of(db.session, account)
    if person is None:
        # TRANSLATORS: heading when the council knows the worker, but PEP Voice has nobody with that account
        heading = _("We do not know this account yet")
        # TRANSLATORS: what to do when a council account is not known here
        advice = _("Ask the Virtual School to add you. When they have, sign in again the same way.")
        return page("people/sign_in_stopped.html", status=403, heading=heading, advice=advice)
    return _let_in(person, "oidc")


def _let_in(person: Person, way: str) -> Response:
    sessions.begin(db.session, person, way, settings(), shared=False)
    return _home()


def _home() -> Response:
    return go("home.home")


def _is_in() -> bool:
    return g.actor is not None and not g.actor.locked and not g.actor.beside


def _sign_in_page(form: SignInForm, problem: str | None = None, status: int = 200) -> Response:
    council = settings().oidc_name if oidc.is_configured() else None
    return page("people/sign_in.html", status=status, email=form.email.data or "", problem=problem, council=council)


def _code_page(problem: str | None, status: int = 200) -> Response:
    return page("people/sign_in_code.html", status=status, problem=problem)


def _stopped_silent() -> Response:
    # TRANSLATORS: heading when the council's own sign-on cannot be reached
    heading = _("The council's sign-in does not answer")
    # TRANSLATORS: what to do when the council's own sign-on cannot be reached
    advice = _("It is not your fault. Try again in a few minutes.")
    return page("people/sign_in_stopped.html", status=503, heading=heading, advice=advice)


def _wait_seconds(wait: NotRight) -> int:
    return max(1, math.ceil((wait.until - clock.now()).total_seconds())) if wait.until else 0


def _wait_words(wait: NotRight) -> str:
    seconds = _wait_seconds(wait)
    if not seconds:
        return ""
    if seconds < 60:
        # TRANSLATORS: after several wrong tries a worker has to wait a little
        words = ngettext(
            "Please wait %(num)d second, then try again.", "Please wait %(num)d seconds, then try again.", seconds
        )
        return str(words)
    # TRANSLATORS: after many wrong tries a worker has to wait some minutes
    words = ngettext(
        "Please wait %(num)d minute, then try again.",
        "Please wait %(num)d minutes, then try again.",
        math.ceil(seconds / 60),
    )
    return str(words)


def _waiting(response: Response, wait: NotRight) -> Response:
    response.headers["Retry-After"] = str(_wait_seconds(wait))
    return response
