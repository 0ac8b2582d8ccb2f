"""Pages that are the same for everybody may be kept for a while; every other answer is kept by nobody."""

from __future__ import annotations

from flask import Response, g, request
from flask import session as cookie


def same_for_everybody() -> bool:
    """Return whether nothing on this page can be about one person: no cookie came, and none is set."""
    return g.get("actor") is None and not request.cookies and not cookie.modified


def keep_for(response: Response, seconds: int) -> Response:
    """Let caches keep an open page for so long, and ask again by its ETag. Changes nothing for somebody with a cookie."""
    if not same_for_everybody():
        return response
    g.cacheable = True
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response
