"""Invented people never stand beside real ones: production does not start while there are any in its database."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import inspect, select

from app.core.db import db
from app.core.settings import Settings, SettingsRefused
from app.people.models import Person


def refuse_demo_data(app: Flask, config: Settings) -> None:
    """Raise SettingsRefused in production when somebody in the database is invented (contracts, 'Demo sign-ins').

    Before the first migration there is no table of people, and nobody in it.
    """
    if not config.production:
        return
    with app.app_context():
        try:
            found = inspect(db.engine).has_table(Person.__tablename__) and db.session.scalar(
                select(Person.id).where(Person.is_demo.is_(True)).limit(1)
            )
        finally:
            db.session.remove()  # type: ignore[attr-defined]
            # Server workers are copies of the process that starts the app and must not share its connections.
            db.engine.dispose()
    if found:
        raise SettingsRefused("There is demo data in this database: production does not start beside invented people.")
