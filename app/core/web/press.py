"""The printing press: HTML in, an accessible tagged PDF out (WeasyPrint, PDF/UA-1).

It runs as a process of its own (``python -m app.core.web.press``), because WeasyPrint and its fonts would triple the memory of
every worker for a page that is asked for a few times a day; the process ends with the page.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

STATIC = Path(__file__).resolve().parents[2] / "static"
_LONGEST = 60


class PressUnavailable(RuntimeError):
    """No PDF can be made on this machine now; the print view still works."""


def to_pdf(html: str) -> bytes:
    """Return ``html`` as a PDF. Raises PressUnavailable when the libraries for it are missing or it takes too long."""
    try:
        made = subprocess.run(
            [sys.executable, "-m", "app.core.web.press"],
            input=html.encode("utf-8"),
            capture_output=True,
            timeout=_LONGEST,
            cwd=Path(__file__).resolve().parents[3],
            # The press needs no secret of ours, so it gets none.
            env={name: value for name, value in os.environ.items() if not name.startswith("PEPVOICE_")},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PressUnavailable("It took too long.") from error
    if made.returncode != 0 or not made.stdout.startswith(b"%PDF"):
        raise PressUnavailable(made.stderr.decode("utf-8", "replace")[-400:])
    return made.stdout


def _press() -> None:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class OnlyOurOwn(URLFetcher):
        """Fetches files of app/static and nothing else: a record never makes a request."""

        def fetch(self, url: str, headers: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
            path = (STATIC / unquote(urlsplit(url).path).removeprefix("/static/")).resolve()
            if not path.is_relative_to(STATIC) or not path.is_file():
                raise ValueError("Only our own static files are printed.")
            return super().fetch(path.as_uri(), headers)

    html = sys.stdin.buffer.read().decode("utf-8")
    document = HTML(string=html, base_url="file:///static/", url_fetcher=OnlyOurOwn())
    sys.stdout.buffer.write(document.write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    _press()
