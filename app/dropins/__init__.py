"""Floor 3: EET drop-ins. Finding one, booking, running it, what was agreed, and what came of it (handbook, dropins)."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add finding, setting up, booking, running, and what came of it; and what templates of other rooms may ask."""
    from app.dropins import (  # noqa: F401 - tables; more routes of setting up
        apart_views,
        booking_contact_views,
        booking_helper_views,
        booking_link_views,
        booking_new_views,
        booking_staff_views,
        booking_views,
        models,
        my_steps_views,
        running_views,
        setting_up,
        setting_up_more,
        views,
        visit_views,
    )
    from app.dropins.booking_words import STATES
    from app.dropins.times import clock_time

    finding = (views, setting_up)
    booking = (booking_views, booking_new_views, booking_link_views, booking_helper_views, booking_staff_views)
    for pages in (*finding, *booking, running_views, visit_views, my_steps_views, apart_views, booking_contact_views):
        app.register_blueprint(pages.bp)
    app.jinja_env.filters["clock_time"] = clock_time
    app.jinja_env.globals.update(
        my_steps_views.WORDS, booking_states=STATES, my_coming_bookings=booking_views.my_coming_bookings
    )
