"""Whole pages and fragments: one helper decides, so that every form works with and without htmx."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_htmx import HTMX
from werkzeug.wrappers import Response as BaseResponse

from app.core import languages
from app.core.settings import Settings, settings
from app.core.web import dates
from app.core.web.forms import csrf_token
from app.core.web.roles import role_name
from app.core.web.sanitise import plain_markdown
from app.core.web.templating import init_templating
from app.core.web.terms import term_name

htmx = HTMX()
_FORM_AGAIN = (400, 409, 422)


def wants_fragment() -> bool:
    """True when htmx asked for a part of the page; a history restore must get the whole one."""
    return bool(htmx) and not htmx.history_restore_request


def page(template: str, /, status: int = 200, **context: Any) -> Response:
    """Return ``template`` as a whole page, or as its main part when htmx asked for it.

    The title of one that shows a form again, to be put right, says so first (``refused``).
    """
    layout = "fragment.html" if wants_fragment() else "base.html"
    refused = status in _FORM_AGAIN and not template.startswith("errors/")
    return make_response(render_template(template, layout=layout, refused=refused, **context), status)


def go(endpoint: str, **values: Any) -> BaseResponse:
    """Return a redirect after a POST (303), so that a refresh never sends a form again."""
    return redirect(url_for(endpoint, **values), 303)


class StaticFiles:
    """Addresses of static files with the hash of their content, so that they can be kept for a year."""

    def __init__(self, folder: Path) -> None:
        """Read the hash of every file below ``folder`` once."""
        self._hashes = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
            for path in folder.rglob("*")
            if path.is_file() and path.suffix not in (".br", ".gz")
        }

    def address(self, name: str) -> str:
        """Return the address of one file; an unknown one has no hash and will not be found."""
        found = self._hashes.get(name)
        return f"/static/{name}?v={found}" if found else f"/static/{name}"


def lang_url(tag: str) -> str:
    """Return this page's address in another language, with the rest of its question mark part kept."""
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"] if request.args else ()
    path = request.path if request.method == "GET" else g.get("get_path", request.path)
    # One slash in front, whatever was asked for: an address that begins with two leads to another site.
    return f"{quote('/' + path.lstrip('/'))}?{urlencode([*pairs, ('lang', tag)]) if pairs else 'lang=' + tag}"


def init_pages(app: Flask, config: Settings) -> None:
    """Set up Jinja (autoescape, no undefined names), htmx and what every template may use."""
    htmx.init_app(app)
    init_templating(app)
    app.jinja_env.filters.update(
        day=dates.day,
        day_short=dates.day_short,
        moment=dates.moment,
        time_of_day=dates.time_of_day,
        markdown=plain_markdown,
        role_name=role_name,
        term_name=term_name,
    )
    files = StaticFiles(Path(app.static_folder or ""))
    app.extensions["static_files"] = files
    choices = languages.offered(live=config.live)
    app.jinja_env.globals.update(
        static=files.address,
        csrf_token=csrf_token,
        lang_url=lang_url,
        languages=choices,
        find_language=languages.find,
        device_voice=languages.device_voice,
        today=dates.clock.today,
        role_name=role_name,
        authority=config.authority_name,
    )

    @app.context_processor
    def _context() -> dict[str, Any]:
        actor = g.get("actor")
        look = getattr(actor, "look", None)
        return {
            "language": languages.current(),
            "actor": actor,
            "exit_url": "/exit",
            "help_url": "/help",
            "page_theme": look.theme if look else "clay",
            "page_scheme": look.scheme if look else "",
            "page_contrast": look.contrast if look else "",
        }


def init_language(app: Flask) -> None:
    """Choose the language of each page: explicit, the person's, the browser's, English (contracts)."""
    from flask_babel import Babel

    def locale() -> str:
        return languages.current().babel

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(app.root_path).parent / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = "en_GB"
    Babel(app, locale_selector=locale, default_timezone="Europe/London")


def set_language(explicit: str | None, kept: str | None, of_person: str | None) -> None:
    """Put the language of this page on ``g``, from the candidates in the order of the contract."""
    accepted = [tag for tag, _ in request.accept_languages]
    g.language = languages.choose([explicit, kept, of_person, *accepted], live=settings().live)
