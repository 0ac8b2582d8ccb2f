"""Floor 3: EET drop-ins. Finding one, booking, running it, what was agreed, and what came of it (handbook, dropins)."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of drop-ins."""
    from app.dropins import models, setting_up, setting_up_more, views  # noqa: F401 - tables; more routes of setting up

    app.register_blueprint(views.bp)
    app.register_blueprint(setting_up.bp)
    open_booking(app)


def open_booking(app: Flask) -> None:
    """Add booking, its links and the team's side of it, and what templates may ask of it."""
    from app.dropins import (
        booking_helper_views,
        booking_link_views,
        booking_new_views,
        booking_staff_views,
        booking_views,
    )
    from app.dropins.booking_words import STATES
    from app.dropins.times import clock_time

    for views in (booking_views, booking_new_views, booking_link_views, booking_helper_views, booking_staff_views):
        app.register_blueprint(views.bp)
    app.jinja_env.filters["clock_time"] = clock_time
    app.jinja_env.globals.update(booking_states=STATES, my_coming_bookings=booking_views.my_coming_bookings)
