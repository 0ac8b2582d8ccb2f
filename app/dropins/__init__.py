"""Floor 3: EET drop-ins. Finding one, booking, running it, what was agreed, and what came of it (handbook, dropins)."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of drop-ins."""
    from app.dropins import models  # noqa: F401 - its tables
