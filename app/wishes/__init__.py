"""Floor 2: the wish ledger. A wish, its owner, its date, what was done, the answer, the young person's verdict.

Any page may show a part of it with ``{% include %}``, and its view need not know: ``wishes/on_my_page.html`` (a young person's
wishes and their way), ``wishes/on_workers_page.html`` (an adult's), ``wishes/whys.html`` ('why did you open this?').
"""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of wishes, what templates may ask of them, and the signal that tells a young person."""
    from app.wishes import parts, staff_views, word_views  # noqa: F401 - they add their routes to the blueprint
    from app.wishes.views import bp

    app.register_blueprint(bp)
    app.jinja_env.globals.update(parts.WORDS)
