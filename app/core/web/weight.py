"""Keeping pages light on the wire: compressed answers, static files with a year's life, served before Flask wakes up."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

from app.core.web.headers import HEADERS


def init_weight(app: Flask) -> None:
    """Compress pages (brotli, else gzip) and serve static files from their pre-compressed copies where there are any."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=400,
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/problem+json", "text/calendar"],
    )
    Compress(app)
    folder = Path(app.static_folder or "")

    def add_headers(headers: object, _path: str, _url: str) -> None:
        for name, value in HEADERS.items():
            headers[name] = value  # type: ignore[index]

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder) if folder.is_dir() else None,
        prefix="static/",
        max_age=365 * 24 * 3600,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )
