"""Employers' open form, and the workers' side of opportunities: postings, who would like help, events."""

from __future__ import annotations

import uuid

from flask import Response, flash, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.pathways import interests, postings
from app.pathways.event_views import coming_events
from app.pathways.models import Interest
from app.pathways.opportunity_views import bp
from app.pathways.opportunity_words import SUBJECTS
from app.people.models import Role
from app.people.sessions import current_actor

RINGS = ("none", "care_leavers", "care_experienced", "ucic")


@bp.route("/opportunities/offer", methods=["GET", "POST"])
def offer() -> BaseResponse:
    """Offer an opportunity. Open to any employer, without an account; a person reads it before anybody else does."""
    if request.method != "POST":
        return _form(postings.Offered({}, {}, {}))
    offered = postings.read_form(request.form)
    if offered.problems:
        return _form(offered, 422, sealed=offered.typed["when"])
    sealed = offered.typed["when"]
    try:
        postings.keep(db.session, offered, sealed, request.remote_addr, settings())
    except postings.TooQuick:
        # TRANSLATORS: on the form for employers, when it came back within seconds or after a day
        return _form(offered, 422, again=_("Please look at it once more, then send it again. All of it is still here."))
    except postings.TooMany:
        # TRANSLATORS: heading when many postings came from one place
        heading = _("That is a lot for one day")
        # TRANSLATORS: to an employer who sent many opportunities in one day
        advice = _("Many offers came from here today. Try again tomorrow, or ring the Virtual School.")
        return page("errors/error.html", status=429, heading=heading, advice=advice)
    return go("opportunities.offered")


def _form(offered: postings.Offered, status: int = 200, *, again: str = "", sealed: str = "") -> Response:
    return page(
        "pathways/posting.html",
        status=status,
        typed=offered.typed,
        problems=offered.problems,
        chosen=offered.body.get("topics", []),
        again=again,
        types=postings.TYPES,
        subjects=SUBJECTS,
        lengths=postings.LENGTHS,
        # A form that comes back with something to put right is the same posting, opened when it was opened.
        stamp=sealed or postings.stamp(settings()),
    )


@bp.get("/opportunities/offer/sent")
def offered() -> Response:
    """Say what happens next with an offer."""
    return page("pathways/posting_sent.html")


@bp.get("/staff/opportunities")
def staff() -> Response:
    """Events, offers that wait to be read, and who would like help, at one glance."""
    actor = current_actor()
    is_school = actor.role is Role.virtual_school
    return page(
        "pathways/opportunities_staff.html",
        events=coming_events() if is_school else [],
        waiting=len(postings.waiting(db.session)) if is_school else 0,
        asked=len(interests.told_to(db.session, actor, clock.today())),
        is_school=is_school,
        moment=clock.now(),
    )


@bp.get("/staff/opportunities/interest")
def told() -> Response:
    """Who would like help with something, or is on the way, and wanted their adviser to know."""
    actor = current_actor()
    rows = interests.told_to(db.session, actor, clock.today())
    audit.record_each(db.session, actor, "opportunity.interest-read", [one.young.id for one in rows])
    return page("pathways/opportunities_interest.html", rows=rows, states=interests.BY_ADVISER)


@bp.post("/staff/opportunities/interest/<uuid:interest_id>")
def moved(interest_id: uuid.UUID) -> BaseResponse:
    """Write down how far it has come."""
    actor = current_actor()
    found = db.session.get(Interest, interest_id)
    known = found is not None and (found.tell_adviser or found.state in interests.BY_ADVISER)
    if found is None or not known or not interests.is_adviser(db.session, actor, found.person_id, clock.today()):
        raise NotFound
    try:
        interests.move(db.session, actor, found, request.form.get("state", ""))
    except ValueError:
        # TRANSLATORS: to a worker who saved without choosing
        flash(_("Choose how far it has come."), "problem")
    else:
        # TRANSLATORS: to a worker who wrote down how far somebody has come with an opportunity
        flash(_("Saved. The young person sees it on their list."), "saved")
    return go("opportunities.told")


@bp.get("/staff/opportunities/postings")
def queue() -> Response:
    """Offers from employers that wait for somebody to read them."""
    return page("pathways/postings.html", rows=postings.waiting(db.session), rings=RINGS)


@bp.post("/staff/opportunities/postings/<uuid:posting_id>")
def decide(posting_id: uuid.UUID) -> BaseResponse:
    """Publish an offer, put it by as a draft, or say no."""
    actor, do = current_actor(), request.form.get("do", "")
    ring = request.form.get("ring_fenced", "none")
    if do not in ("publish", "draft", "no") or ring not in RINGS:
        raise NotFound
    try:
        if do == "no":
            done = postings.say_no(db.session, actor, posting_id)
            # TRANSLATORS: to a worker who said no to an employer's offer
            words = _("Said no. What it said is cleared.")
        else:
            done, _key = postings.approve(db.session, actor, posting_id, ring_fenced=ring, draft=do == "draft")
            # TRANSLATORS: to a worker who published an employer's offer, or put it by to change it first
            words = (
                _("It is on the list now.")
                if do == "publish"
                else _("Put by as a draft, to change before it is on the list.")
            )
    except LookupError:
        raise NotFound from None
    if done:
        flash(words, "saved")
    else:
        # TRANSLATORS: to a worker, when a colleague was quicker
        flash(_("Somebody else has decided on this one already."), "calm")
    return go("opportunities.queue")
