"""Views of the room ``pep``."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pep", __name__)
