"""The least that a Flask service of this kind can do, to measure ourselves against on the same machine in the same minute.

Six mixed questions drawn by WTForms with a CSRF token; a POST that checks them and writes one row. No sign-in, no
languages, no audit, no encryption. DATABASE_URL and SQLITE_SYNC choose what it writes to.
"""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, redirect
from flask_wtf import FlaskForm
from sqlalchemy import String, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

URL = os.environ.get("DATABASE_URL", "sqlite:///floor.db")
SYNC = os.environ.get("SQLITE_SYNC", "FULL")


class Base(DeclarativeBase):
    """Base of the one table."""


class Given(Base):
    """What one visitor said."""

    __tablename__ = "given"
    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[str] = mapped_column(String(20))
    helps: Mapped[str] = mapped_column(String(200))
    proud: Mapped[str] = mapped_column(Text)
    differently: Mapped[str] = mapped_column(Text)
    invited: Mapped[str] = mapped_column(String(200))
    coming: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC).replace(tzinfo=None))


def choices(*labels: str) -> list[tuple[str, str]]:
    """Return choices for a field: a value and its label."""
    return [(label.lower().replace(" ", "_"), label) for label in labels]


class Questions(FlaskForm):
    """Two single choices, one multiple choice, one short text and two long ones."""

    mood = RadioField(
        "How is school?",
        choices=choices("Really good", "Good", "OK", "Not so good", "Hard"),
        validators=[InputRequired()],
    )
    helps = SelectMultipleField(
        "What helps you?",
        choices=choices("Quiet", "A friend", "Breaks", "Pictures", "Time"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    proud = TextAreaField("What are you proud of?", validators=[Length(max=4000)])
    differently = TextAreaField("What should be different?", validators=[Length(max=4000)])
    invited = StringField("Who should come to your meeting?", validators=[Length(max=200)])
    coming = RadioField("Will you come?", choices=choices("Yes", "No", "Not sure"))


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{% block title %}Questions{% endblock %}</title></head><body><main><h1>Questions</h1>
{% for name, errors in form.errors.items() %}<p role="alert">{{ name }}: {{ errors|join(", ") }}</p>{% endfor %}
<form method="post">{{ form.csrf_token }}
{% for field in form if field.name != "csrf_token" %}
{% if field.type in ("RadioField", "SelectMultipleField") %}
<fieldset><legend>{{ field.label.text }}</legend>{{ field }}</fieldset>
{% else %}<p>{{ field.label }} {{ field }}</p>{% endif %}
{% endfor %}<button>Next</button></form></main></body></html>"""


def create_app() -> Flask:
    """Build the floor app and its table."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "only-for-measuring"
    engine = create_engine(URL, pool_size=8, max_overflow=0)
    if URL.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def _habits(connection: Any, _record: object) -> None:
            for pragma in ("journal_mode=WAL", f"synchronous={SYNC}", "busy_timeout=10000"):
                connection.execute(f"PRAGMA {pragma}")

    session = sessionmaker(engine)
    page = app.jinja_env.from_string(PAGE)
    Base.metadata.create_all(engine)
    engine.dispose()

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.route("/form", methods=["GET", "POST"])
    def form() -> tuple[str, int] | AnyResponse:
        asked = Questions()
        if not asked.validate_on_submit():
            return page.render(form=asked), 422 if asked.errors else 200
        with session.begin() as work:
            given = {name: value for name, value in asked.data.items() if name not in ("csrf_token", "helps")}
            work.add(Given(**{**given, "coming": given["coming"] or ""}, helps=",".join(asked.helps.data or [])))
        return redirect("/done", 303)

    @app.get("/done")
    def done() -> Response:
        return Response("done")

    return app
