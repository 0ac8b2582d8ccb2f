"""When something goes wrong: kind pages for people, RFC 9457 problem documents for machines."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from app.core import audit
from app.core.db import db
from app.core.web.pages import page

log = logging.getLogger("pepvoice")


class Explained(NotFound):
    """A page that is not there any more for somebody who knows that it was: it says why, kindly."""

    @property
    def heading(self) -> str:
        """What the page says first."""
        raise NotImplementedError

    @property
    def advice(self) -> str:
        """What to know or do."""
        raise NotImplementedError


def words_for(status: int) -> tuple[str, str]:
    """Return a heading and a sentence for a status, in the page's language; what to do comes first."""
    match status:
        case 401:
            # TRANSLATORS: heading when somebody must sign in before they can see a page
            return _("Please sign in first"), _("Use your card or your link, then we will bring you back.")
        case 403:
            # TRANSLATORS: heading when a page is for other people
            return _("This page is for someone else"), _("Go back to your own page. Nothing you wrote is lost.")
        case 404:
            # TRANSLATORS: heading when a page does not exist, or is not this person's
            return _("We could not find that page"), _(
                "It may have moved. Go back to your own page and try from there."
            )
        case 405 | 400:
            # TRANSLATORS: heading when a page was opened in a way that does not work
            return _("That did not work"), _("Go back one page and try again. Nothing you saved is lost.")
        case 413:
            # TRANSLATORS: heading when more was sent than we can take
            return _("That is too much to send at once"), _("Make it shorter and try again. Nothing you saved is lost.")
        case 429:
            # TRANSLATORS: heading when somebody tried a code too often
            return _("Let's wait a little"), _("Try again in a few minutes, or ask an adult you trust to help.")
        case _:
            # TRANSLATORS: heading when something broke on our side
            return _("Something went wrong on our side"), _(
                "It is not your fault. Everything you saved is safe. Try again in a minute."
            )


def problem(status: int, title: str, detail: str | None = None, kind: str = "about:blank") -> Response:
    """Return an RFC 9457 problem document."""
    body = {"type": kind, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def init_errors(app: Flask) -> None:
    """Answer every error in the page's language, or as a problem document under /api/."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None and 300 <= error.response.status_code < 400:
            return error.get_response()  # type: ignore[return-value]
        # Whoever raises has stopped half-way; what is to stay is returned (docs/decisions/one-commit-per-request.md).
        audit.undo_all(db.session)
        if request.path.startswith("/api/"):
            return problem(status, error.name, error.description)
        heading, advice = (error.heading, error.advice) if isinstance(error, Explained) else words_for(status)
        response = page("errors/error.html", status=status, heading=heading, advice=advice)
        retry = error.get_headers()
        for name, value in retry:
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def _crash(error: Exception) -> Response:
        # The trace names code and ids, never words: request bodies and locals are not logged.
        log.exception("A page failed: %s %s", request.method, request.url_rule)
        audit.undo_all(db.session)
        if app.testing and app.config.get("PROPAGATE_CRASHES", True):
            raise error
        if request.path.startswith("/api/"):
            return problem(500, "Something went wrong on our side")
        heading, advice = words_for(500)
        return page("errors/error.html", status=InternalServerError.code or 500, heading=heading, advice=advice)
