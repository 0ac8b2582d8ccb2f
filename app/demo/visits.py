"""Visits of the demo: sessions of three terms that are over with what came of them, and one that runs right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import new_id
from app.demo.terms import on_a_weekday, terms_until
from app.dropins import looks
from app.dropins.models import (
    Booking,
    BookingMove,
    DropIn,
    DropInStaff,
    EetStatus,
    NewFace,
    NextStep,
    OutcomeCheck,
    SessionState,
    Slot,
    Story,
    Venue,
    Visit,
)
from app.people.models import Person

# People without a record, so that figures are large enough to be shown: only a first name is known of them.
_FACES = (
    "Sorrel",
    "Tansy",
    "Yarrow",
    "Clover",
    "Fennel",
    "Basil",
    "Sage",
    "Bryony",
    "Borage",
    "Comfrey",
    "Teasel",
    "Vetch",
    "Campion",
    "Betony",
    "Mallow",
    "Arum",
    "Melilot",
    "Burdock",
)
_TOPICS = (
    ["find_job", "cv"],
    ["find_course"],
    ["money_help"],
    ["find_apprenticeship"],
    ["university"],
    ["just_to_talk"],
)
_LANGUAGES = ("en-GB", "en-GB", "en-GB", "ar", "pl")
_SESSIONS_A_TERM = 3


@dataclass
class _Visitors:
    """Writes visits one after another, turning through topics, languages and states so that each figure has something."""

    session: Session
    worker: Person
    count: int = 0

    def visit(self, whose: Person | NewFace, dropin: DropIn, slot: Slot, *, neet: bool) -> Visit:
        """Write one visit, booked or not, with a step."""
        place, self.count = self.count, self.count + 1
        person = whose if isinstance(whose, Person) else None
        language = (whose.language or "en-GB") if person else _LANGUAGES[place % len(_LANGUAGES)]
        booking = self._booking(whose, dropin, slot, language) if place % 3 else None
        moment = slot.starts_at + timedelta(minutes=place % 20)
        visit = Visit(
            id=new_id(),
            key=f"demo:{dropin.id}:{whose.id}",
            dropin_id=dropin.id,
            booking_id=booking.id if booking else None,
            whose=whose.id,
            person_id=person.id if person else None,
            new_face_id=None if person else whose.id,
            was_walk_in=booking is None,
            mode=dropin.mode,
            started_at=moment,
            left_at=moment + timedelta(minutes=25),
            minutes_band="15-30",
            staff_id=self.worker.id,
            with_whom=["alone"],
            language_used=language,
            purposes=_TOPICS[place % len(_TOPICS)],
            advice=["options_explored", "listened"],
            eet_before="neet_seeking" if neet else "p16_education",
            talked_about="You looked at what is possible, and chose one thing to try.",
            useful=("a_lot", "a_bit", "a_lot", "not_really")[place % 4],
            recorded_at=moment,
            saved_key="demo",
        )
        self.session.add(visit)
        self.session.flush()
        if place % 4 != 3:
            self._step(visit, done=place % 5 != 0)
        return visit

    def _booking(self, whose: Person | NewFace, dropin: DropIn, slot: Slot, language: str) -> Booking:
        return self.booking(whose, dropin, slot, "attended", language)

    def booking(
        self,
        whose: Person | NewFace,
        dropin: DropIn,
        slot: Slot,
        state: str,
        language: str = "en-GB",
        *,
        moves: bool = True,
    ) -> Booking:
        """Write a booking that ended so, with its moves."""
        person = isinstance(whose, Person)
        made = dropin.starts_at - timedelta(days=4)
        booking_id = new_id()
        booking = Booking(
            id=booking_id,
            key=f"demo:{dropin.id}:{whose.id}",
            dropin_id=dropin.id,
            slot_id=slot.id,
            whose=whose.id,
            person_id=whose.id if person else None,
            new_face_id=None if person else whose.id,
            calendar_id=booking_id,
            language=language,
            purposes=["find_job"],
            state=state,
            made_at=made,
            changed_at=made,
        )
        self.session.add(booking)
        self.session.flush()
        path = [(None, "booked", made)] + ([("booked", state, slot.starts_at)] if state != "booked" else [])
        for came_from, went_to, at in path if moves else []:
            self.session.add(
                BookingMove(
                    booking_id=booking.id,
                    at=at,
                    by_id=None,
                    by_role="virtual_school",
                    came_from=came_from,
                    went_to=went_to,
                )
            )
        return booking

    def _step(self, visit: Visit, *, done: bool) -> None:
        day = clock.local(visit.started_at).date()
        done_on = day + timedelta(days=8)
        done = done and done_on <= clock.today()
        self.session.add(
            NextStep(
                visit_id=visit.id,
                whose=visit.whose,
                words="I will ask one place for a visit",
                language="en-GB",
                owner="me",
                due_on=day + timedelta(days=14),
                state="done" if done else "to_do",
                done_on=done_on if done else None,
                changed_at=visit.started_at,
            )
        )


def write_visits(session: Session, young: Mapping[str, Person], adults: Mapping[str, Person], today: date) -> None:
    """Write the demo's visits. The places stand already."""
    venues = list(session.scalars(select(Venue).order_by(Venue.name_public)))
    moss = adults["moss"]
    faces = [NewFace(id=new_id(), first_name=name, language="en-GB", made_at=clock.now()) for name in _FACES]
    session.add_all(faces)
    session.flush()
    visitors = _Visitors(session, moss)
    regulars: list[Person | NewFace] = [young["heron"], young["linnet"], *faces]
    days = _days(today)
    for number, day in enumerate(days):
        dropin, slots = _session(session, moss, venues[number % len(venues)], day)
        here = [one for place, one in enumerate(regulars) if (place + number) % 3 or place < 2]
        for place, whose in enumerate(here):
            slot = slots[place % len(slots)]
            if place > 1 and (place + number) % 7 == 0:
                visitors.booking(whose, dropin, slot, "did_not_attend")
            else:
                visitors.visit(whose, dropin, slot, neet=number < 4 and whose is not young["linnet"])
    _heron(session, young["heron"], days, today)
    _running_now(session, visitors, venues[0], young, faces)
    session.flush()


def _days(today: date) -> list[date]:
    """Return the days of past sessions: three in each of the last three terms, as far as they are over."""
    found = []
    for term in sorted(terms_until(today).values(), key=lambda one: one.code):
        year = term.year + (term.number > 1)
        month = {1: 9, 2: 1, 3: 4}[term.number]
        first = date(year, month, 21)
        found += [on_a_weekday(first + timedelta(weeks=4 * number)) for number in range(_SESSIONS_A_TERM)]
    return [day for day in found if day < today]


def _session(session: Session, worker: Person, venue: Venue, day: date) -> tuple[DropIn, list[Slot]]:
    starts = datetime.combine(day, time(13), clock.LONDON)
    return _dropin(session, worker, venue, starts, SessionState.closed, hours=4)


def _dropin(
    session: Session, worker: Person, venue: Venue, starts: datetime, state: str, *, hours: int
) -> tuple[DropIn, list[Slot]]:
    dropin = DropIn(
        id=new_id(),
        title="Talk about your next step",
        plain="Jobs, courses, money, or you don't know yet.",
        mode="venue",
        venue_id=venue.id,
        starts_at=starts,
        ends_at=starts + timedelta(hours=hours),
        slot_minutes=30,
        languages=["en-GB", "ar", "pl"],
        state=state,
    )
    session.add(dropin)
    session.flush()
    session.add(DropInStaff(dropin_id=dropin.id, person_id=worker.id))
    slots = [
        Slot(
            id=new_id(),
            dropin_id=dropin.id,
            starts_at=starts + timedelta(minutes=30 * place),
            ends_at=starts + timedelta(minutes=30 * place + 30),
            capacity=3,
            taken=0,
        )
        for place in range(hours * 2)
    ]
    session.add_all(slots)
    session.flush()
    return dropin, slots


def _heron(session: Session, heron: Person, days: list[date], today: date) -> None:
    """Heron looked for something, found work, and is asked how it goes."""
    found_work = days[1] + timedelta(days=20)
    rows = [("neet_seeking", days[0] - timedelta(days=60), found_work), ("work_with_training", found_work, None)]
    for status, begins, ends in rows:
        session.add(
            EetStatus(
                person_id=heron.id,
                status=status,
                from_on=begins,
                to_on=ends,
                source="visit",
                confidence="told_us",
                recorded_at=datetime.combine(begins, time(12), clock.LONDON),
            )
        )
    visits = list(session.scalars(select(Visit).where(Visit.whose == heron.id).order_by(Visit.started_at)))
    looks.plan(session, visits[0])
    for check in session.scalars(select(OutcomeCheck).where(OutcomeCheck.whose == heron.id)):
        if check.weeks == 26:
            check.due_on = today
        elif check.due_on < today:
            check.done_on, check.how, check.tapped, check.grade = check.due_on, "app_tap", "still_there", "told_us"
            check.eet_status_then, check.still_in_same = "work_with_training", True
    last = visits[-1]
    for words, owner, due, share in (
        ("I will ask my boss about the training day", "me", today + timedelta(days=5), ["pa"]),
        ("Moss will send the form for the bus pass", "adviser", today + timedelta(days=2), []),
        ("I will put my certificates in one folder", "me", today - timedelta(days=3), []),
    ):
        session.add(
            NextStep(
                visit_id=last.id,
                whose=heron.id,
                words=words,
                language="en-GB",
                owner=owner,
                due_on=due,
                share_with=share,
                changed_at=last.started_at,
            )
        )
    session.add(
        Story(
            person_id=heron.id,
            words="I came because of the tea. Now I have a job with training, and I know who to ask.",
            language="en-GB",
            key="demo",
            yes_at=last.started_at,
        )
    )


def _running_now(
    session: Session, visitors: _Visitors, venue: Venue, young: Mapping[str, Person], faces: list[NewFace]
) -> None:
    """Write a session that runs right now, within this day, with people expected."""
    now = clock.local(clock.now()).replace(minute=0, second=0, microsecond=0)
    midnight = now.replace(hour=0)
    starts = max(midnight, min(now - timedelta(hours=1), midnight + timedelta(hours=21)))
    dropin, slots = _dropin(session, visitors.worker, venue, starts, SessionState.published, hours=3)
    expected: list[Person | NewFace] = [young["heron"], young["linnet"], faces[0], faces[1]]
    for place, whose in enumerate(expected):
        visitors.booking(whose, dropin, slots[place + 1], "booked")
        slots[place + 1].taken += 1
