"""A visit's note on a screen turned round to the young person; what is for the team alone; the ladder; looks that are due."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import eet, linking, outcomes, stories, visit_words, visits
from app.dropins.models import NewFace, NextStep, OutcomeCheck, Visit
from app.dropins.next_steps import MOST_STEPS, ladder, shared_with, tick, usual_share
from app.dropins.reach import roles_towards
from app.dropins.running_views import reasons
from app.people.models import Person, Role
from app.people.sessions import current_actor
from app.wishes import plainness

bp = Blueprint("visits", __name__)


def _words() -> dict[str, Any]:
    return {
        "purposes": visit_words.PURPOSES,
        "pictures": visit_words.PICTURES,
        "advice": visit_words.ADVICE,
        "statuses": visit_words.STATUSES,
        "with_whom": visit_words.WITH_WHOM,
        "owners": visit_words.OWNERS,
        "shares": visit_words.SHARES,
        "useful": visit_words.USEFUL,
        "step_states": visit_words.STEP_STATES,
        "bands": visit_words.BANDS,
    }


# -- the note ---------------------------------------------------------------------------------------------------------


@bp.route("/staff/dropins/visits/<uuid:visit_id>", methods=["GET", "POST"])
def visit(visit_id: uuid.UUID) -> BaseResponse:
    """Write the note together, on a screen turned round; once it is kept, show what was agreed."""
    one = visits.for_staff(db.session, visit_id)
    if request.method == "GET":
        audit.record(db.session, current_actor(), "visit.read", subject_id=one.person_id, thing_id=one.id)
        if one.saved_key and not request.args.get("change") and one.purposes:
            return _agreed(one)
        return _form(one, _as_form(one))
    note = _note(one)
    wrong = visits.faults(note, clock.today())
    if wrong:
        return _form(one, request.form, status=422, problem=_fault(wrong[0]))
    texts = [note.talked_about, *(step.words for step in note.steps)]
    plain = plainness.look(db.session, "\n".join(text for text in texts if text), note.written_in)
    private = visits.looks_private([*texts, note.own_words])
    if (plain or private) and not request.form.get("anyway"):
        return _form(one, request.form, hints=plain, private=private)
    try:
        visits.save(db.session, current_actor(), one, note, key=_key(), seen_version=_version())
    except visits.Overtaken:
        db.session.rollback()
        # TRANSLATORS: to a worker, when a colleague changed a visit's note while the page was open
        problem = _("Somebody else changed this note meanwhile. Look at it, and save again to keep yours.")
        one = visits.for_staff(db.session, visit_id)
        return _form(one, request.form, status=422, problem=problem, version=one.version)
    # TRANSLATORS: after a visit's note was kept; the young person reads it too
    flash(_("Saved. It is on your page too."), "saved")
    return go("visits.visit", visit_id=one.id)


def _key() -> str:
    return f"{current_actor().person_id}:{request.form.get('key', '')[:36]}"


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else -1


def _fault(code: str) -> str:
    words = {
        # TRANSLATORS: beside the note of a visit, when something is missing or too much
        "purposes": _("Choose one to three things that you talked about."),
        "advice": _("Choose five things at the most that you did together."),
        "status": _("Choose what you do now. ‘Not sure’ is fine."),
        "since": _("That day has not come yet. Choose an earlier one."),
        "talk": _("That is a lot. Make it shorter, up to 500 letters."),
        "own": _("That is a lot. Make it shorter, up to 300 letters."),
    }
    return words.get(code) or _("Each step needs a day from today on, and up to 200 letters.")


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def _tag(name: str) -> str:
    found = languages.find(request.form.get(name))
    return found.tag if found else languages.ENGLISH.tag


def _note(one: Visit) -> visits.Note:
    form = request.form
    return visits.Note(
        purposes=form.getlist("purposes"),
        advice=form.getlist("advice"),
        with_whom=form.getlist("with_whom"),
        language_used=_tag("language_used"),
        minutes_band=form.get("minutes_band") or None,
        eet_now=form.get("eet_now") or None,
        eet_since=_day(form.get("eet_since")),
        eet_after=form.get("eet_after") or None,
        talked_about=form.get("words", "").strip(),
        steps=tuple(_step(number) for number in range(1, MOST_STEPS + 1)),
        useful=form.get("useful") or None,
        own_words=form.get("own_words", "").strip(),
        own_words_language=_tag("own_words_language"),
        written_in=_tag("language"),
    )


def _step(number: int) -> visits.StepGiven:
    form = request.form
    linked = form.get(f"step{number}_linked") or None
    try:
        step_id = uuid.UUID(form.get(f"step{number}_id", ""))
    except ValueError:
        step_id = None
    return visits.StepGiven(
        words=form.get(f"step{number}_words", "").strip(),
        owner=form.get(f"step{number}_owner", "me"),
        due_on=_day(form.get(f"step{number}_due")),
        linked=linked if linking.is_known(db.session, linked) else None,
        share_with=tuple(form.getlist(f"step{number}_share")),
        step_id=step_id,
        other_words=form.get(f"step{number}_other", "").strip(),
    )


def _as_form(one: Visit) -> MultiDict[str, str]:
    """Return a visit as its form would send it: what is there already, and what is usual."""
    known_now = eet.current(db.session, one.person_id) if one.person_id else None
    before = one.eet_before or (known_now.status if known_now else "")
    form: MultiDict[str, str] = MultiDict(
        {
            "words": one.talked_about or "",
            "language_used": one.language_used,
            "minutes_band": one.minutes_band or "",
            "eet_now": before,
            "eet_after": one.eet_after or "",
            "useful": one.useful or "",
            "own_words": one.own_words or "",
            "own_words_language": one.own_words_language or one.language_used,
        }
    )
    form.setlist("purposes", list(one.purposes))
    form.setlist("advice", list(one.advice))
    form.setlist("with_whom", list(one.with_whom))
    usual = usual_share(visits.young_of(db.session, one))
    agreed = [step for step in visits.steps_of(db.session, one.id) if step.state != "no_longer_needed"]
    for number in range(1, MOST_STEPS + 1):
        step = agreed[number - 1] if number <= len(agreed) else None
        due = step.due_on if step else clock.today() + visits.USUAL_STEP
        form[f"step{number}_due"] = due.isoformat()
        form[f"step{number}_owner"] = step.owner if step else "me"
        form.setlist(f"step{number}_share", list(step.share_with) if step else usual)
        if step is not None:
            form[f"step{number}_words"], form[f"step{number}_id"] = step.words, str(step.id)
            form[f"step{number}_linked"], form[f"step{number}_other"] = step.linked or "", step.other_words or ""
    return form


def _reads(one: Visit) -> languages.Language:
    person = db.session.get(Person, one.person_id) if one.person_id else None
    return languages.find(person.language if person else one.language_used) or languages.ENGLISH


def _form(
    one: Visit,
    form: MultiDict[str, str],
    *,
    status: int = 200,
    problem: str = "",
    hints: plainness.Plainness | None = None,
    private: list[str] | None = None,
    version: int | None = None,
) -> Response:
    reads = _reads(one)
    return page(
        "dropins/visit.html",
        status=status,
        one=one,
        name=visits.name_of(db.session, one),
        young=visits.young_of(db.session, one),
        form=form,
        problem=problem,
        hints=hints,
        private=private or [],
        version=version or form.get("version") or one.version,
        key=form.get("key") or new_id(),
        reads=reads,
        other_language=None if reads.tag.startswith("en") else reads,
        linked=linking.choices(
            db.session,
            languages.current().tag,
            kept=[step.linked for step in visits.steps_of(db.session, one.id)],
        ),
        most_steps=MOST_STEPS,
        **_words(),
    )


def _agreed(one: Visit) -> Response:
    steps = [step for step in visits.steps_of(db.session, one.id) if step.state != "no_longer_needed"]
    return page(
        "dropins/agreed.html",
        one=one,
        name=visits.name_of(db.session, one),
        steps=steps,
        titles=linking.titles(db.session, [step.linked for step in steps], languages.current().tag),
        **_words(),
    )


@bp.route("/staff/dropins/visits/<uuid:visit_id>/team", methods=["GET", "POST"])
def team(visit_id: uuid.UUID) -> BaseResponse:
    """What is for the team alone, on a screen that is not turned round: facts, and the council's own form."""
    one = visits.for_staff(db.session, visit_id)
    words, flagged = one.staff_note or "", one.safeguarding_flag
    problem, version, key = "", one.version, str(new_id())
    private: list[str] = []
    if request.method == "POST":
        words, flagged = request.form.get("words", "").strip(), request.form.get("safeguarding") == "yes"
        private = visits.looks_private([words])
        if not private or request.form.get("anyway"):
            problem = _keep_for_team(visit_id, words, flagged)
            if not problem:
                return go("visits.team", visit_id=visit_id)
            one = visits.for_staff(db.session, visit_id)
            version = one.version
    else:
        audit.record(
            db.session, current_actor(), "visit.read", subject_id=one.person_id, thing_id=one.id, detail="team"
        )
    return page(
        "dropins/team.html",
        status=422 if problem else 200,
        one=one,
        name=visits.name_of(db.session, one),
        words=words,
        flagged=flagged,
        problem=problem,
        private=private,
        version=version,
        key=key,
        reasons=reasons(),
    )


def _keep_for_team(visit_id: uuid.UUID, words: str, flagged: bool) -> str:
    """Keep the team's note. Returns what to say when it could not be kept."""
    one = visits.for_staff(db.session, visit_id)
    try:
        visits.staff_note(db.session, current_actor(), one, words, flagged, key=_key(), seen_version=_version())
    except visits.Overtaken:
        db.session.rollback()
        return _("Somebody else changed this note meanwhile. Look at it, and save again to keep yours.")
    except ValueError:
        return _("That is a lot. Make it shorter, up to 300 letters.")
    # TRANSLATORS: to a worker after they wrote a note that only the team reads
    flash(_("Saved, for the team only."), "saved")
    return ""


# -- the ladder -------------------------------------------------------------------------------------------------------


@bp.get("/staff/young-people/<uuid:young_person_id>/dropins")
def ladder_of(young_person_id: uuid.UUID) -> Response:
    """Show visit, step and outcome. The team sees all; an adviser or social worker the days, and the steps shared with them."""
    actor = current_actor()
    roles = roles_towards(db.session, actor, young_person_id)
    person = db.session.get(Person, young_person_id)
    if not roles or person is None:
        raise NotFound
    audit.record(db.session, actor, "visit.read", subject_id=young_person_id, detail="ladder")
    whole = Role.virtual_school in roles
    kinds = {"pa" if role is Role.personal_adviser else str(role) for role in roles}
    rungs = ladder(db.session, young_person_id)
    shown = {step.id for step in shared_with(db.session, young_person_id, kinds)}
    steps = [step for rung in rungs for step in rung.steps]
    return page(
        "dropins/ladder.html",
        person=person,
        rungs=rungs,
        whole=whole,
        shown={step.id for step in steps} if whole else shown,
        statuses_since=eet.rows_of(db.session, young_person_id) if whole else [],
        titles=linking.titles(db.session, [step.linked for step in steps], languages.current().tag),
        **_words(),
    )


@bp.post("/staff/dropins/steps/<uuid:step_id>")
def tick_for(step_id: uuid.UUID) -> BaseResponse:
    """Keep what became of a step, as the adviser knows it."""
    step = db.session.get(NextStep, step_id)
    if step is None or Role.virtual_school not in roles_towards(db.session, current_actor(), step.whose):
        raise NotFound
    try:
        tick(db.session, current_actor(), step_id, request.form.get("state", ""))
    except ValueError:
        raise NotFound from None
    # TRANSLATORS: after somebody said what became of a next step
    flash(_("Saved."), "saved")
    return go("visits.ladder_of", young_person_id=step.whose)


# -- looks that are due -----------------------------------------------------------------------------------------------


@bp.get("/staff/dropins/outcomes")
def due() -> Response:
    """The looks that are due: who to ask how it goes, and how often somebody tried."""
    checks = outcomes.due(db.session, clock.today())
    names = _names_of({check.whose for check in checks})
    audit.record_each(
        db.session, current_actor(), "young-person.listed", sorted({check.whose for check in checks}), detail="outcome"
    )
    told = db.session.scalars(
        select(OutcomeCheck)
        .where(OutcomeCheck.tapped == "need_help", OutcomeCheck.done_on >= clock.today() - timedelta(days=28))
        .order_by(OutcomeCheck.done_on.desc())
    ).all()
    names |= _names_of({check.whose for check in told})
    return page("dropins/outcomes.html", checks=checks, told=told, names=names, hows=_hows(), **_words())


def _names_of(ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    names = {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    rest = ids - names.keys()
    faces = db.session.scalars(select(NewFace).where(NewFace.id.in_(rest))).all() if rest else []
    return names | {face.id: face.first_name or "" for face in faces}


def _hows() -> dict[str, str]:
    return {
        # TRANSLATORS: how a worker learned how somebody is getting on
        "call": _("They told me on the phone"),
        "text_reply": _("They wrote back"),
        "pa_told_us": _("Their personal adviser told us"),
        "provider_told_us": _("The college or employer told us"),
        "council_feed": _("From the council’s own list"),
    }


@bp.post("/staff/dropins/outcomes/<uuid:check_id>")
def look(check_id: uuid.UUID) -> BaseResponse:
    """Keep what was found out, or that nobody could be reached."""
    check = db.session.get(OutcomeCheck, check_id)
    if check is None:
        raise NotFound
    if request.form.get("tried"):
        outcomes.tried(db.session, current_actor(), check)
        # TRANSLATORS: to a worker who tried to reach somebody in vain
        flash(_("Thank you for trying. After three tries it counts as ‘not known’."), "saved")
        return go("visits.due")
    person = db.session.get(Person, check.whose)
    try:
        kept = outcomes.write_down(
            db.session,
            current_actor(),
            check,
            how=request.form.get("how", ""),
            status=request.form.get("status", ""),
            person_id=person.id if person else None,
        )
    except ValueError:
        # TRANSLATORS: to a worker who did not choose how they know something, or what it is
        flash(_("Choose what they do now, and how you know."), "problem")
        return go("visits.due")
    # TRANSLATORS: to a worker: a colleague was quicker, or it is saved
    flash(
        _("Saved.") if kept else _("Somebody else was quicker. Here is how it stands now."), "saved" if kept else "calm"
    )
    return go("visits.due")


@bp.get("/staff/dropins/stories")
def told_stories() -> Response:
    """Stories that young people wrote and said yes to; one that is taken back is gone from here at once."""
    found = stories.with_a_yes(db.session)
    audit.record_each(db.session, current_actor(), "story.read", [story.person_id for story in found])
    return page("dropins/stories.html", stories=found)
