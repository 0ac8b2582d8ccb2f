"""Views of the room ``safeguarding``."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("safeguarding", __name__)
