"""A young person's own side: what we agreed, ticking it, how it goes now, who sees it, and telling their story."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import languages
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import linking, next_steps, outcomes, stories, visit_words, visits
from app.dropins.models import NextStep
from app.dropins.next_steps import Mine
from app.people.models import Care, YoungPerson
from app.people.sessions import Actor, current_actor

bp = Blueprint("my_steps", __name__)


def my_next_steps(actor: Actor) -> Mine:
    """Return what a young person's own page shows of drop-ins; for any template."""
    return next_steps.mine(db.session, actor)


def steps_in_record(actor: Actor, young_person_id: uuid.UUID) -> list[NextStep]:
    """Return the steps that this adult, who may read the record, sees in it: those put forward for the plan.

    The people at home see one only when it is shared with them too; of a care leaver's, home and school see none.
    """
    shared = next_steps.steps_for_pep(db.session, young_person_id)
    if not shared:
        return []
    young = db.session.get(YoungPerson, young_person_id)
    leaver = young is None or young.care == Care.care_leaver
    if leaver and (actor.role.at_home or actor.role.at_school):
        return []
    return [step for step in shared if not actor.role.at_home or "carer" in step.share_with]


WORDS: dict[str, Any] = {
    "my_next_steps": my_next_steps,
    "steps_in_record": steps_in_record,
    "step_states": visit_words.STEP_STATES,
    "eet_statuses": visit_words.STATUSES,
}


@bp.get("/my-steps")
def listed() -> Response:
    """What we agreed at each visit, what became of it, and how it goes."""
    return _page()


def _page(status: int = 200, *, problem: str = "", story: str = "", asks: uuid.UUID | None = None) -> Response:
    actor = current_actor()
    rungs = next_steps.ladder(db.session, actor.person_id)
    linked = [step.linked for rung in rungs for step in rung.steps]
    return page(
        "dropins/my_steps.html",
        status=status,
        rungs=rungs,
        mine=next_steps.mine(db.session, actor),
        titles=linking.titles(db.session, linked, languages.current().tag),
        purposes=visit_words.PURPOSES,
        advice=visit_words.ADVICE,
        shares=visit_words.SHARES,
        useful=visit_words.USEFUL,
        stories=stories.mine(db.session, actor.person_id),
        story=story,
        key=new_id(),
        problem=problem,
        asks=asks,
    )


@bp.post("/my-steps/<uuid:step_id>")
def tick(step_id: uuid.UUID) -> BaseResponse:
    """Say what became of one of my steps."""
    state = request.form.get("state", "")
    try:
        next_steps.tick(db.session, current_actor(), step_id, state)
    except ValueError:
        raise NotFound from None
    words = {
        # TRANSLATORS: after a young person ticked a step. Warm, short, never a telling-off
        "done": _("You did it. Well done."),
        "stuck": _("Thank you for telling us. Your adviser will get in touch."),
        "changed_my_mind": _("That is fine. You can change your mind."),
        "no_longer_needed": _("All right, it is off your list."),
        "to_do": _("It is back on your list."),
    }
    flash(words[state], "saved")
    return go("my_steps.listed", _anchor="steps")


@bp.post("/my-steps/<uuid:step_id>/who")
def share(step_id: uuid.UUID) -> BaseResponse:
    """Choose who else sees one of my steps."""
    next_steps.share(db.session, current_actor(), step_id, request.form.getlist("share"))
    # TRANSLATORS: after a young person chose who sees a step
    flash(_("Saved. Only the people you chose see it."), "saved")
    return go("my_steps.listed", _anchor="steps")


@bp.post("/my-steps/how/<uuid:check_id>")
def how(check_id: uuid.UUID) -> BaseResponse:
    """Say how it goes: still there, changed, or I need help."""
    tapped, status = request.form.get("tapped", ""), request.form.get("status") or None
    try:
        check = outcomes.tap(db.session, current_actor(), check_id, tapped, status)
    except ValueError:
        raise NotFound from None
    if tapped == "need_help":
        next_steps.tell_adviser(db.session, check.visit_id, check.id, check.whose, f"outcome-help:{check.id}")
        # TRANSLATORS: after a young person said that they need help; 'Help' is the word on the red button
        flash(
            _("Thank you for telling us. Your adviser reads this on working days. If you are not safe now, tap Help."),
            "saved",
        )
    elif tapped == "changed" and not status:
        return go("my_steps.changed", check_id=check_id)
    else:
        # TRANSLATORS: after a young person said how it goes
        flash(_("Thank you. That helps us."), "saved")
    return go("my_steps.listed")


@bp.get("/my-steps/how/<uuid:check_id>")
def changed(check_id: uuid.UUID) -> Response:
    """Ask what I do now, after 'it changed'. I can leave it out."""
    return page("dropins/changed.html", check=_my_check(check_id))


def _my_check(check_id: uuid.UUID) -> Any:
    from app.dropins.models import OutcomeCheck

    check = db.session.get(OutcomeCheck, check_id)
    if check is None or check.whose != current_actor().person_id:
        raise NotFound
    return check


@bp.post("/my-steps/visits/<uuid:visit_id>")
def say(visit_id: uuid.UUID) -> BaseResponse:
    """Say if a visit helped, and add my own words to it."""
    words = request.form.get("own_words")
    try:
        visits.say(
            db.session,
            current_actor(),
            visit_id,
            useful=request.form.get("useful") or None,
            words=words.strip() if words is not None else None,
            language=languages.current().tag,
        )
    except ValueError:
        # TRANSLATORS: to a young person who wrote more than fits
        return _page(422, problem=_("That is a lot. Make it a bit shorter, so we can keep all of it."))
    # TRANSLATORS: after a young person said something about a visit; 'Help' is the word on the red button
    flash(
        _("Saved. We read these Monday to Friday, but not on bank holidays. If you are not safe now, tap Help."),
        "saved",
    )
    return go("my_steps.listed")


@bp.post("/my-steps/story")
def tell_story() -> BaseResponse:
    """Tell my story in my own words, and say yes to others reading it without my name."""
    actor = current_actor()
    words = request.form.get("story", "")
    if request.form.get("yes") != "yes":
        # TRANSLATORS: a young person wrote a story and did not say that others may read it
        return _page(422, problem=_("Say yes first, or keep it to yourself."), story=words)
    try:
        key = f"{actor.person_id}:{request.form.get('key', '')[:36]}"
        stories.tell(db.session, actor, words, languages.current().tag, key=key)
    except ValueError:
        return _page(422, problem=_("Write a few words, not more than a page."), story=words)
    # TRANSLATORS: after a young person told their story
    flash(_("Thank you for telling it. You can take it back at any time."), "saved")
    return go("my_steps.listed", _anchor="story")


@bp.post("/my-steps/story/<uuid:story_id>/back")
def take_story_back(story_id: uuid.UUID) -> BaseResponse:
    """Take my story back."""
    stories.take_back(db.session, current_actor(), story_id)
    # TRANSLATORS: after a young person took their story back
    flash(_("It is taken back. Nobody sees it any more."), "saved")
    return go("my_steps.listed", _anchor="story")
