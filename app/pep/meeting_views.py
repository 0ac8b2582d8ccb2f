"""The organiser's pages of a meeting: the checklist, who was there, the cards, the decisions, closing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db, new_id
from app.core.settings import settings
from app.core.web.pages import go, page, wants_fragment
from app.people.sessions import current_actor
from app.pep import (
    in_their_words,
    meeting_cards,
    meeting_closing,
    meeting_coming,
    meeting_decisions,
    meeting_people,
    meeting_signals,
    meeting_wishes,
)
from app.pep import meeting as the_meeting
from app.pep.meeting import CannotBe, Room, open_room
from app.pep.meeting_reopening import may_be_reopened
from app.pep.models import ChildsPart, Meeting, MeetingDecision
from app.pep.telling_them import telling_of
from app.pep.versions import NewerThere
from app.pep.views import bp
from app.wishes.watch import words_looked_at


def room_of(pep_id: uuid.UUID) -> Room:
    """Return the meeting for the organiser who asks. Raises NotFound for anybody else."""
    return open_room(db.session, current_actor(), pep_id, clock.today())


def version_seen() -> int:
    """Return the version of a thing that the form was made from, 0 for none."""
    seen = request.form.get("seen", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else 0


def _read(room: Room, event: str) -> None:
    audit.record(db.session, current_actor(), event, subject_id=room.young_person.id, thing_id=room.pep.id)


def _signals(room: Room) -> meeting_signals.Signals | None:
    on_today = meeting_signals.is_on(room.pep, clock.today())
    return meeting_signals.waiting(db.session, room.pep.id) if on_today else None


def _kept(
    act: Callable[[], Any], again: Callable[..., BaseResponse], then: Callable[[Any], BaseResponse]
) -> BaseResponse:
    """Keep something and go on. What cannot be kept comes back in its box: beside what is newer, or with what to do first."""
    try:
        kept = act()
    except NewerThere as newer:
        return again(409, newer=newer.row)
    except CannotBe as cannot:
        return again(422, message=why_not(str(cannot)))
    say_saved()
    return then(kept)


def _in_both(room: Room, keep: Callable[[], in_their_words.Row]) -> Callable[[], in_their_words.Row]:
    """Return what keeps words for the child, and the same words in their language."""

    def kept() -> in_their_words.Row:
        row = keep()
        in_their_words.keep_beside(db.session, current_actor(), room, row, request.form)
        return row

    return kept


# -- before: the checklist, and who was there ----------------------------------------------------------------------------


@bp.get("/staff/peps/<uuid:pep_id>/meeting")
def meeting(pep_id: uuid.UUID) -> Response:
    """Show the organiser how the child wants their meeting to be, and who was there."""
    room = room_of(pep_id)
    _read(room, "meeting.read")
    return checklist_page(room)


def checklist_page(room: Room, status: int = 200, **clash: Any) -> Response:
    """Return the organiser's page; ``clash`` is what could not be kept, and why."""
    actor, on = current_actor(), clock.today()
    tag = languages.current().tag
    return page(
        "pep/meeting_checklist.html",
        status=status,
        room=room,
        checklist=meeting_wishes.checklist(db.session, actor, room, tag),
        asked=meeting_people.asked(db.session, room, on),
        part=db.session.get(ChildsPart, room.pep.id),
        coming=meeting_coming.expected(db.session, room, on),
        guests=meeting_coming.guests(db.session, room.pep.id),
        afterwards=meeting_wishes.afterwards(db.session, actor, room, tag) if room.over else [],
        from_home=meeting_wishes.from_home(db.session, actor, room, tag) if room.over else [],
        may_reopen=may_be_reopened(room, on),
        may_record=room.has_been(on),
        signals=_signals(room),
        telling=telling_of(db.session, room) if room.over else None,
        clash=clash,
    )


@bp.post("/staff/peps/<uuid:pep_id>/meeting/wishes/<string:question_id>")
def keep_wish(pep_id: uuid.UUID, question_id: str) -> BaseResponse:
    """Keep whether one wish for the meeting was met."""
    room = room_of(pep_id)
    typed = {"met": request.form.get("met", ""), "why": request.form.get("why", "")}
    told: dict[str, Any] = {**typed, "language": languages.current().tag, "seen": version_seen()}
    return _kept(
        _in_both(room, partial(meeting_wishes.keep_met, db.session, current_actor(), room, question_id, **told)),
        partial(checklist_page, room, question_id=question_id, typed=typed),
        lambda _kept: go("pep.meeting", pep_id=pep_id, _anchor=f"w-{question_id}"),
    )


@bp.post("/staff/peps/<uuid:pep_id>/meeting/there")
def keep_attendance(pep_id: uuid.UUID) -> BaseResponse:
    """Keep who was there, and how the child took part."""
    room = room_of(pep_id)
    try:
        meeting_people.keep_attendance(db.session, current_actor(), room, request.form, clock.today())
    except meeting_people.NewerAttendance as newer:
        return checklist_page(room, 409, newer_people=newer.who, typed=request.form.to_dict())
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
        return go("pep.meeting", pep_id=pep_id)
    say_saved()
    return go("pep.meeting", pep_id=pep_id, _anchor="there")


@bp.route("/staff/peps/<uuid:pep_id>/meeting/day", methods=["GET", "POST"])
def meeting_day(pep_id: uuid.UUID) -> BaseResponse:
    """Set or move the day, the time and the place."""
    room = room_of(pep_id)
    if request.method == "GET":
        return _day_page(room, typed=None)
    typed = {name: request.form.get(name, "") for name in ("day", "month", "year", "starts_at", "place")}

    def change() -> None:
        day = _date(typed)
        if day is None:
            raise CannotBe("date")
        when: dict[str, Any] = {"day": day, "starts_at": typed["starts_at"], "place": typed["place"]}
        the_meeting.change_day(db.session, current_actor(), room, **when, seen=version_seen(), on=clock.today())

    return _kept(change, partial(_day_page, room, typed=typed), lambda _kept: go("pep.meeting", pep_id=pep_id))


def _day_page(
    room: Room, status: int = 200, *, typed: dict[str, str] | None, message: str = "", newer: Meeting | None = None
) -> Response:
    # What somebody else has just kept stands in the row; the room was opened before it.
    room = room_of(room.pep.id) if newer else room
    return page("pep/meeting_day.html", status=status, room=room, typed=typed, message=message, newer=newer is not None)


@bp.post("/staff/peps/<uuid:pep_id>/meeting/called-off")
def call_off(pep_id: uuid.UUID) -> BaseResponse:
    """Call the meeting off; what the child wrote stays theirs and open."""
    room = room_of(pep_id)
    try:
        the_meeting.call_off(db.session, current_actor(), room, version_seen(), clock.today())
    except NewerThere:
        # TRANSLATORS: to a worker, when somebody else has just changed the same thing
        flash(_("Somebody else has just changed the day. Look at it first."), "problem")
        return go("pep.meeting_day", pep_id=pep_id)
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
        return go("pep.meeting", pep_id=pep_id)
    # TRANSLATORS: to a worker, after a meeting was called off
    flash(_("Called off. The young person sees it on their page. What they wrote is kept for the new day."), "saved")
    return go("pep.meeting", pep_id=pep_id)


# -- in the meeting: cards, silent card, decisions -----------------------------------------------------------------------


@bp.get("/staff/peps/<uuid:pep_id>/meeting/cards")
def cards(pep_id: uuid.UUID) -> Response:
    """Show the cards of the room, one a screen."""
    room = room_of(pep_id)
    on = clock.today()
    found = meeting_cards.cards(db.session, room.pep, room.young_person, room.facts, on)
    _read(room, "meeting.cards-shown")
    return page(
        "pep/meeting_cards.html",
        pep=room.pep,
        name=room.young_person.name,
        cards=found,
        place=_place(len(found)),
        mine=False,
        signals=_signals(room),
    )


def _place(count: int) -> int:
    asked = request.args.get("card", "0")
    return min(int(asked), max(count - 1, 0)) if asked.isdecimal() and len(asked) < 5 else 0


# Where the silent card comes up: on the organiser's own pages, and on the screen that everybody in the room sees.
_SCREENS = {"desk": "pep.meeting", "decisions": "pep.decisions", "room": "pep.cards"}


def _screen() -> str:
    asked = request.values.get("screen", "")
    return asked if asked in _SCREENS else "desk"


@bp.get("/staff/peps/<uuid:pep_id>/meeting/signals")
def signals(pep_id: uuid.UUID) -> Response:
    """Answer the open page that asks each second: what the child's silent card says, or nothing when nothing is new."""
    room = room_of(pep_id)
    found = _signals(room)
    if found is None:
        raise NotFound
    if not wants_fragment():
        return make_response(go(_SCREENS[_screen()], pep_id=pep_id))
    if request.args.get("mark") == found.mark:
        return make_response("", 204)
    return _signals_part(room, found)


def _signals_part(room: Room, found: meeting_signals.Signals) -> Response:
    """Only this part of the page is put in: what somebody types beside it stays."""
    return make_response(render_template("pep/meeting_signals.html", pep=room.pep, signals=found, screen=_screen()))


@bp.post("/staff/peps/<uuid:pep_id>/meeting/signals")
def signals_seen(pep_id: uuid.UUID) -> BaseResponse:
    """Tell the child's card that somebody has seen it."""
    room = room_of(pep_id)
    ids = [uuid.UUID(one) for one in request.form.getlist("signal") if _is_id(one)]
    meeting_signals.seen(db.session, room.pep.id, ids)
    found = _signals(room)
    if wants_fragment() and found is not None:
        return _signals_part(room, found)
    card = {"card": request.form.get("card", "0")} if _screen() == "room" else {}
    return go(_SCREENS[_screen()], pep_id=pep_id, **card)


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@bp.get("/staff/peps/<uuid:pep_id>/meeting/decisions")
def decisions(pep_id: uuid.UUID) -> Response:
    """Show the child's words with what is decided beside them, and the line that answers each section."""
    room = room_of(pep_id)
    # The same words as on the record, so it counts as having read them.
    _read(room, "record.read")
    words_looked_at(db.session, current_actor(), room.pep.id, room.roles, room.facts.care)
    return _desk(room)


def _desk(room: Room, status: int = 200, **clash: Any) -> Response:
    desk = meeting_decisions.desk(db.session, current_actor(), room, clock.today(), languages.current().tag)
    return page(
        "pep/meeting_decisions.html",
        status=status,
        room=room,
        desk=desk,
        clash=clash,
        new_id=new_id,
        signals=_signals(room),
    )


@bp.post("/staff/peps/<uuid:pep_id>/meeting/decisions")
def decide(pep_id: uuid.UUID) -> BaseResponse:
    """Keep one decision, new or changed."""
    room = room_of(pep_id)
    names = ("words", "owner", "day", "month", "year", "beside", "decision", "once")
    typed = {name: request.form.get(name, "") for name in names}
    return _kept(
        _in_both(room, partial(_decide, room, typed)),
        partial(_desk, room, place=typed["decision"] or typed["beside"] or "new", typed=typed),
        lambda kept: go("pep.decisions", pep_id=pep_id, _anchor=f"d-{kept.id}"),
    )


def _decide(room: Room, typed: dict[str, str]) -> MeetingDecision:
    return meeting_decisions.decide(
        db.session,
        current_actor(),
        room,
        decision_id=uuid.UUID(typed["decision"]) if _is_id(typed["decision"]) else None,
        once=uuid.UUID(typed["once"]) if _is_id(typed["once"]) else None,
        words=typed["words"],
        owner=typed["owner"],
        due_on=_date(typed),
        beside=typed["beside"],
        language=languages.current().tag,
        seen=version_seen(),
        on=clock.today(),
    )


@bp.post("/staff/peps/<uuid:pep_id>/meeting/lines/<string:section>")
def keep_line(pep_id: uuid.UUID, section: str) -> BaseResponse:
    """Keep the line that answers one section."""
    room = room_of(pep_id)
    typed = {"kind": request.form.get("kind", ""), "words": request.form.get("words", "")}
    told: dict[str, Any] = {**typed, "language": languages.current().tag, "seen": version_seen(), "on": clock.today()}
    return _kept(
        _in_both(room, partial(meeting_decisions.keep_line, db.session, current_actor(), room, section, **told)),
        partial(_desk, room, place=section, typed=typed),
        lambda _kept: go("pep.decisions", pep_id=pep_id, _anchor=f"l-{section}"),
    )


# -- after: closing ------------------------------------------------------------------------------------------------------


@bp.route("/staff/peps/<uuid:pep_id>/meeting/close", methods=["GET", "POST"])
def close(pep_id: uuid.UUID) -> BaseResponse:
    """Look once more at what has no answer yet, then close the meeting."""
    room = room_of(pep_id)
    actor, on, tag = current_actor(), clock.today(), languages.current().tag
    if request.method == "POST":
        try:
            meeting_closing.close(db.session, actor, room, on, tag)
        except CannotBe as cannot:
            flash(why_not(str(cannot)), "problem")
            return go("pep.close" if str(cannot) == "lines" else "pep.meeting", pep_id=pep_id)
        # TRANSLATORS: to a worker, after closing a meeting
        flash(_("Closed. The young person has their PEP on a page now."), "saved")
        return go("pep.meeting", pep_id=pep_id)
    desk = meeting_decisions.desk(db.session, actor, room, on, tag)
    wishes = meeting_wishes.checklist(db.session, actor, room, tag).wishes
    blocked = bool(desk.without_line) and settings().close_without_lines == "block" and not room.reopened
    return page(
        "pep/meeting_close.html",
        room=room,
        desk=desk,
        part=db.session.get(ChildsPart, room.pep.id),
        wishes=wishes,
        on=on,
        blocked=blocked,
        decisions=in_their_words.decisions_on(desk),
        written=list(in_their_words.written(desk, wishes)),
    )


# -- words ---------------------------------------------------------------------------------------------------------------


def say_saved() -> None:
    """Say on the next page that one thing was kept."""
    # TRANSLATORS: to a worker, after one thing on a page was kept
    flash(_("Saved."), "saved")


def _date(typed: dict[str, str]) -> date | None:
    """Return the day in three boxes, None when they are empty. Raises CannotBe."""
    parts = [typed[name].strip() for name in ("day", "month", "year")]
    if not any(parts):
        return None
    try:
        day, month, year = (int(part) for part in parts)
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        raise CannotBe("date") from None


def why_not(code: str) -> str:
    """Say what to do, to a worker."""
    words = {
        # TRANSLATORS: to a worker; begins with what to do
        "met": _("Pick one: met, partly, or no."),
        "why": _("Say why in a few words. The young person reads it."),
        "words": _("Write a few words first."),
        "kind": _("Pick one: we will, or we cannot."),
        "date": _("Try the date again: day, month, year."),
        "day": _("Pick today or a day to come."),
        "time": _("Try the time again, like 14:30."),
        "guest": _("Give a first name, what they are to the young person, and how they came."),
        "reason": _("Say in a few words what has to be put right."),
        "too-late": _("It was closed more than five working days ago. Write what is new into the next meeting."),
        "not-yet": _("You can write down who was there on the day of the meeting or after."),
        "too-soon": _("You can close it on the day of the meeting or after."),
        "lines": _("Write one line for each section first. Then you can close the meeting."),
        "open": _("Close the meeting first."),
        "closed": _("This meeting is closed. It can only be read now."),
    }
    return words[code]
