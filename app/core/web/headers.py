"""Every header the service sends, in one table. A test compares the whole of it on each kind of answer."""

from __future__ import annotations

from flask import Flask, Response, g, request

from app.core.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_TABLE = tuple((name, name.lower(), value) for name, value in HEADERS.items())
NO_STORE = "no-store, max-age=0"


def init_headers(app: Flask, config: Settings) -> None:
    """Send the table with every answer; nothing is kept by a cache unless a view says that it may be."""

    @app.after_request
    def _headers(response: Response) -> Response:
        named = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 (they are pairs)
        for name, lower, value in _TABLE:
            if lower in named:
                response.headers[name] = value
            else:
                # Quicker by far: nothing has to be looked for first.
                response.headers.add(name, value)
        if config.production:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if not g.get("cacheable", False):
            response.headers["Cache-Control"] = NO_STORE
        if request.endpoint and response.mimetype == "text/html":
            response.vary.add("HX-Request")
            response.vary.add("Cookie")
        return response


def clear_this_device(response: Response) -> Response:
    """Ask the browser to forget what it kept for us (safeguarding 6: on sign-out and exit)."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
