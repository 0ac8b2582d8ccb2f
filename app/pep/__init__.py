"""Floor 4: the record of a PEP, the child's own words first in every section, and the meeting it is talked about in."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the record, its print view and its PDF, lifting a wish from it, and the pages of its meeting."""
    from app.pep import (  # noqa: F401 - they add their routes to the blueprint
        lifting,
        meeting_after_views,
        meeting_around_views,
        meeting_views,
        meeting_words,
        my_meeting_views,
    )
    from app.pep.views import bp

    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        attendance_words=meeting_words.attendance_words,
        signal_words=meeting_words.signal_words,
        is_organiser=meeting_words.is_organiser,
    )
