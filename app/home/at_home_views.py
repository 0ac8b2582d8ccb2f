"""Around the carers' page: guides, the meeting's calendar file, when carers meet, and advice for families."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Response, flash, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.core.working_days import working_days_after
from app.home import advice, guides, network
from app.home.calendar_file import calendar_file
from app.home.models import Topic
from app.home.views import bp
from app.people.models import Pep
from app.people.sessions import current_actor
from app.pep.models import Meeting
from app.voice.living_with import theirs_at_home


@bp.get("/carer/guides/<string:code>")
def guide(code: str) -> Response:
    """Show one short guide. Open to anyone: nothing in it is about anybody."""
    found = guides.guide(code, languages.current().tag)
    if found is None:
        raise NotFound
    return page("home/guide.html", guide=found, others=guides.guides(languages.current().tag))


@bp.get("/carer/meeting/<uuid:pep_id>.ics")
def meeting_file(pep_id: uuid.UUID) -> Response:
    """Hand out the day of a meeting for a calendar, to those who live with the child today. No name stands in it."""
    pep = db.session.get(Pep, pep_id)
    if pep is None:
        raise NotFound
    theirs_at_home(db.session, current_actor(), pep.young_person_id, clock.today())
    meeting = db.session.get(Meeting, pep_id)
    if pep.meeting_on is None and (meeting is None or meeting.moved_from is None):
        raise NotFound
    # TRANSLATORS: what stands in a carer's calendar; no name on purpose
    response = make_response(calendar_file(pep, _("PEP meeting"), meeting))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response


@bp.route("/staff/carer-network", methods=["GET", "POST"])
def carer_network() -> BaseResponse:
    """Keep the list of dates on which carers meet."""
    problem = ""
    if request.method == "POST":
        day, place = _day_in_form(), request.form.get("place", "").strip()
        if day is not None and day >= clock.today() and place and len(place) <= 160:
            network.add(db.session, current_actor(), day, place, request.form.get("note", "").strip()[:300])
            # TRANSLATORS: after the Virtual School added a date on which carers meet
            flash(_("Added. Carers see it on their page."), "saved")
            return go("home.carer_network")
        # TRANSLATORS: on the form with a date on which carers meet
        problem = _("Give a day that is still to come, as day, month, year, and a place.")
    coming = network.coming(db.session, clock.today())
    return page(
        "home/carer_network.html", status=422 if problem else 200, coming=coming, problem=problem, kept=request.form
    )


def _day_in_form() -> date | None:
    try:
        # int() reads the digits of every script.
        return date(*(int(request.form.get(part, "")) for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None


@bp.post("/staff/carer-network/<uuid:date_id>/remove")
def remove_network_date(date_id: uuid.UUID) -> BaseResponse:
    """Take a date off the list."""
    if not network.take_off(db.session, current_actor(), date_id):
        raise NotFound
    # TRANSLATORS: after the Virtual School removed a date on which carers meet
    flash(_("Taken off the list."), "saved")
    return go("home.carer_network")


@bp.route("/advice", methods=["GET", "POST"])
def ask_advice() -> BaseResponse:
    """Ask for advice about a child previously in care. No account, no child's name."""
    asked = advice.Asked(
        topic=request.form.get("topic", ""),
        name=request.form.get("name", "").strip()[:80],
        contact=request.form.get("contact", ""),
        words=request.form.get("words", "").strip(),
        agreed=request.form.get("agreed") == "yes",
    )
    if request.method != "POST" or (problems := asked.problems):
        shown = {} if request.method != "POST" else problems
        return page(
            "home/advice.html",
            status=422 if shown else 200,
            asked=asked,
            problems=shown,
            topics=[(topic.value, advice.topic_words(topic)) for topic in Topic],
            days=settings().advice_working_days,
        )
    if request.form.get("website"):
        # A field that no person sees was filled in: a machine. It gets the same page, and nothing is kept.
        return go("home.advice_asked")
    try:
        advice.ask(db.session, asked, languages.current().tag, request.remote_addr, settings())
    except advice.TooMany:
        # TRANSLATORS: heading when many questions came from one place
        heading = _("Let's wait a little")
        # TRANSLATORS: to a family that asked for advice several times in a row
        words = _("Several questions came from here just now. Try again in half an hour, or ring the Virtual School.")
        return page("errors/error.html", status=429, heading=heading, advice=words)
    return go("home.advice_asked")


@bp.get("/advice/asked")
def advice_asked() -> Response:
    """Say who answers, and by when."""
    by = working_days_after(clock.today(), settings().advice_working_days)
    return page("home/advice_asked.html", by=by)


@bp.get("/advice/summary")
def education_summary() -> Response:
    """An education summary like a PEP, to fill in and print. Nothing of it is sent or stored."""
    return page("home/education_summary.html")


@bp.get("/staff/advice")
def advice_queue() -> Response:
    """The questions that wait for an answer."""
    on = clock.today()
    rows = [(row, advice.is_late(row, on)) for row in advice.waiting(db.session)]
    return page("home/advice_queue.html", rows=rows, topic_words=advice.topic_words, find=languages.find)


@bp.post("/staff/advice/<uuid:request_id>/answered")
def advice_answered(request_id: uuid.UUID) -> BaseResponse:
    """Write down that a family was answered; what we held about them is cleared."""
    if not advice.answered(db.session, current_actor(), request_id):
        raise NotFound
    # TRANSLATORS: after the Virtual School answered a family
    flash(_("Done. Their name, contact and words are cleared."), "saved")
    return go("home.advice_queue")
