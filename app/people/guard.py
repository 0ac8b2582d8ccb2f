"""The door: before every request, who is it, may they, and is the form their own."""

from __future__ import annotations

import logging

from flask import Flask, Response, abort, flash, g, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, languages
from app.core.db import db
from app.core.web.forms import SAFE_METHODS, csrf_is_right
from app.core.web.pages import htmx, page, set_language
from app.people import sessions
from app.people.models import Person
from app.people.policy import Csrf, Rule, rule_for

log = logging.getLogger("pepvoice")


def init_guard(app: Flask) -> None:
    """Put the door in front of every route, and behind every answer one commit, or for a refusal none."""
    app.before_request(_door)
    app.after_request(_commit)


def _door() -> BaseResponse | None:
    if request.method == "HEAD":
        # A HEAD is a GET without its body. Views ask "is it a GET?", and must not take a preview's HEAD for a sent form; what
        # was asked for in so many words still stands in the environ.
        request.method = "GET"
    g.actor = None
    g.csrf_ok = True
    g.expired_person_id = None
    g.expired_helper_id = None
    if request.endpoint == "static":
        return None
    rule = rule_for(request.endpoint)
    if rule is not None and rule.csrf is Csrf.machine:
        set_language(None, None, None)
        return None
    g.actor = sessions.on_this_device(db.session, by_itself=rule is not None and rule.by_itself)
    _language()
    if request.endpoint is None:
        return None  # Flask answers with its own 404 or 405, in the page's language
    if rule is None:
        log.error("A route without a rule was asked for and not served: %s", request.endpoint)
        abort(404)
    return _who(rule) or _form(rule)


def _language() -> None:
    explicit = request.args.get("lang")
    actor = g.actor
    set_language(explicit, cookie.get("lang"), actor.language if actor else None)
    # A language we do not offer changes nothing, above all not the one that a person has on record.
    if explicit and languages.find(explicit) == g.language and g.language.tag != cookie.get("lang"):
        cookie["lang"] = g.language.tag
        if actor is not None and not actor.beside:
            person = db.session.get(Person, actor.person_id)
            if person is not None:
                person.language = g.language.tag


def _who(rule: Rule) -> BaseResponse | None:
    actor = g.actor
    if actor is None:
        if rule.who is None or _may_keep_words(rule):
            return None
        return _to_the_door()
    if actor.locked and not rule.while_locked:
        if _may_keep_words(rule):
            # The time beside a young person ran out while they typed: their words are theirs, not the waiting adult's.
            g.actor = None
            return None
        return _move(url_for("people.unlock"))
    if actor.beside and not rule.while_beside:
        abort(404)
    if rule.who is not None and actor.role not in rule.who:
        abort(403)
    return None


def _may_keep_words(rule: Rule) -> bool:
    """A session that ran out while somebody typed: the view may put their words aside for them, and nothing else."""
    return rule.csrf is Csrf.keeps_words and request.method == "POST" and g.get("expired_person_id") is not None


def _to_the_door() -> BaseResponse:
    if g.get("expired_person_id") is not None:
        # TRANSLATORS: shown on the welcome page after a session ended by itself
        flash(
            _("You were away for a while, so we closed your page. Everything you saved is safe. Sign in to go on."),
            "calm",
        )
    elif request.method not in SAFE_METHODS or request.path != "/home":
        # TRANSLATORS: shown on the welcome page when somebody opened a page that needs a sign-in
        flash(_("Please sign in first."), "calm")
    return _move(url_for("home.welcome"))


def _move(address: str) -> BaseResponse:
    if htmx:
        response = Response("", 200)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, 303)


def _form(rule: Rule) -> BaseResponse | None:
    g.csrf_ok = csrf_is_right()
    if g.csrf_ok or rule.csrf is Csrf.keeps_words:
        return None
    # TRANSLATORS: shown when a form was open so long that we could not be sure it was theirs
    heading = _("Please press that once more")
    # TRANSLATORS: explains why a form has to be sent again
    advice = _("This page was open for a long time. Go back, check it, and press the button again.")
    return page("errors/error.html", status=400, heading=heading, advice=advice)


def _commit(response: Response) -> Response:
    """One commit per request, before the answer leaves: what a page calls saved is on the disk.

    A refusal (4xx) leaves nothing half-done behind, unless what wrote said that it stays (``core.db.stays``).
    """
    if request.endpoint == "static":
        return response
    if response.status_code >= 500:
        db.session.rollback()
        return response
    if response.status_code >= 400 and not db.session.info.get("stays"):
        audit.undo_all_but_readings(db.session)
        if (seen := g.get("seen_sign_in")) is not None:
            sessions.seen(db.session, seen)
    db.session.commit()
    return response
