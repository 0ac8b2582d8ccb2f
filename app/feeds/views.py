"""The machine side: what a child agreed to share, for the platforms that the council has let in."""

from __future__ import annotations

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import NotFound, ServiceUnavailable

from app.core import audit
from app.core.db import db, key_ring
from app.core.settings import Settings, settings
from app.core.web.errors import problem
from app.feeds import access, cursor, openapi, reading, sequence
from app.feeds.message import environment_of, message
from app.feeds.models import ApiClient, Scope
from app.feeds.records import Platform

bp = Blueprint("feeds", __name__, url_prefix="/api/v1")

USUAL_LIMIT = 100


class BadLimit(ValueError):
    """The limit is not a whole number above nought."""


@bp.post("/token")
def token() -> Response:
    """Give a token to a platform that shows its id and secret."""
    return access.give_token()


@bp.get("/pep-records")
def pep_records() -> Response:
    """Give every change since a cursor, in order, with the address of what comes next."""
    client = access.require(Scope.pep_read)
    config = settings()
    limit = _limit(config)
    start = cursor.opened(request.args.get("cursor"), environment_of(config), key_ring())
    cursor.check_stands(db.session, start)
    sequence.place_waiting(db.session, db.engine)
    page = reading.page_after(db.session, start, _platform(client, config), limit)
    _audit(client, page)
    response = jsonify(message(page.records, start.environment))
    after = url_for("feeds.pep_records", cursor=page.next.sealed(key_ring()), limit=limit)
    response.headers["Link"] = f'<{_root(config)}{after}>; rel="next"'
    return response


@bp.get("/peps/<string:pep_id>")
def pep(pep_id: str) -> Response:
    """Give what stands in one PEP now, by the platform's own id of it."""
    client = access.require(Scope.pep_read)
    config = settings()
    found = reading.pep_with(db.session, pep_id)
    if found is None:
        raise NotFound("There is no PEP with this id.")
    page = reading.standing_in(db.session, found, _platform(client, config), environment_of(config))
    _audit(client, page)
    return jsonify(message(page.records, environment_of(config)))


@bp.get("/openapi.json", endpoint="openapi")
def openapi_json() -> Response:
    """Describe this interface."""
    return jsonify(openapi.document())


@bp.errorhandler(OAuth2Error)
def _not_allowed(error: OAuth2Error) -> Response:
    response = problem(error.status_code, error.error.replace("_", " ").capitalize(), error.get_error_description())
    for name, value in error.get_headers():
        if name == "WWW-Authenticate":
            response.headers[name] = value
    return response


@bp.errorhandler(BadLimit)
@bp.errorhandler(cursor.BadCursor)
def _bad_request(error: Exception) -> Response:
    return problem(400, "Bad request", str(error))


@bp.errorhandler(cursor.CursorGone)
def _gone(error: Exception) -> Response:
    return problem(410, "This cursor is no longer good", str(error))


def _limit(config: Settings) -> int:
    given = request.args.get("limit", str(USUAL_LIMIT))
    if not given.isascii() or not given.isdecimal() or len(given) > 9 or int(given) < 1:
        raise BadLimit("The limit is a whole number, 1 or more.")
    return min(int(given), config.feed_page_max)


def _platform(client: ApiClient, config: Settings) -> Platform:
    if config.ref_key is None:
        raise ServiceUnavailable("The feed is not set up here: PEPVOICE_REF_KEY is missing.")
    return Platform(client.can_hide_fields, config.ref_key.get_secret_value().encode())


def _root(config: Settings) -> str:
    # In production the address comes from the settings: a platform must never be led elsewhere, or off https, with its token.
    return (config.public_url if config.production else request.host_url).rstrip("/")


def _audit(client: ApiClient, page: reading.Page) -> None:
    """One entry for each young person of whom something was read; a page without anybody leaves none."""
    audit.record_each(db.session, None, "feed.read", page.read, thing_id=client.id, detail=client.client_id)
