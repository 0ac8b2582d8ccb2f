"""Floor 3: a young person's voice: one question at a time, kept when given, shared as they choose, sent when they say so."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the young person's pages."""
    from app.voice import pages, paper_views, wishing  # noqa: F401  (paper_views hangs on the same blueprint)
    from app.voice.sending import answers_sent
    from app.voice.telling import tell_about_new_words
    from app.voice.views import bp

    answers_sent.connect(tell_about_new_words)
    answers_sent.connect(wishing.keep_wishes_right)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(pages.WORDS)
