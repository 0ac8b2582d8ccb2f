"""Open pages may be kept by browsers and shared caches while nobody is signed in: they hold nothing about anybody.

The tag of an answer stands on what was published, the language, what was asked for, the day (a check may become overdue
overnight) and the build. A page that shows the signed-in person anything of their own is never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from flask import Response, current_app, g, request
from flask import session as cookie

from app.core import clock, languages
from app.core.db import db
from app.core.web.pages import wants_fragment
from app.pathways import shelf

LIFE = "public, max-age=300, stale-while-revalidate=3600"
P = ParamSpec("P")


def kept_by_caches(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let caches keep what ``view`` answers while nobody is signed in, and answer 304 without making the page again."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        # A cookie set by this very request (a language chosen) is one person's: that answer is theirs alone.
        if g.get("actor") is not None or cookie.modified or cookie.get("_flashes"):
            return view(*args, **kwargs)
        tag = _tag()
        response = Response(status=304) if request.if_none_match.contains_weak(tag) else view(*args, **kwargs)
        if response.status_code in (200, 304):
            g.cacheable = True
            response.headers["Cache-Control"] = LIFE
            response.set_etag(tag, weak=True)
            response.vary.update(["Accept-Language", "Cookie", "HX-Request"])
        return response

    return answer


def _tag() -> str:
    parts = (
        _build(),
        str(shelf.stamp(db.session)),
        languages.current().tag,
        request.full_path,
        clock.today().isoformat(),
        str(wants_fragment()),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _build() -> str:
    """Return a digest of everything that comes with the product and is seen on these pages, worked out once."""
    known: str | None = current_app.extensions.get("pathways_build")
    if known is None:
        root = Path(current_app.root_path)
        folders = (
            root / "static" / "css",
            root / "static" / "js",
            root / "templates",
            root / "pathways",
            root.parent / "translations",
        )
        whole = hashlib.sha256()
        for path in sorted(
            path for folder in folders for path in folder.rglob("*") if path.suffix not in (".pyc", ".po", ".pot")
        ):
            if path.is_file():
                whole.update(path.read_bytes())
        known = current_app.extensions["pathways_build"] = whole.hexdigest()
    return known
