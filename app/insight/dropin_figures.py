"""D1 to D20, exactly as the handbook has them (dropins 9), from facts. Nothing is hidden here: that is ``suppression``'s.

A person is one pseudonymous id. Somebody of another council counts in D1 and D2 only. Where the handbook leaves a choice:

- NEET or in EET at a first visit is what was said at it, else the dated row of that day.
- Still in EET on a day is a dated row that covers it. It counts as known when something was recorded about the person from two
  weeks before that day on: a look again, a newer row, a later visit, or the end of the row itself. Otherwise it is 'not known',
  stays in the denominator and is not in the numerator.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from app.core.working_days import working_days_after
from app.dropins.models import BookingState
from app.dropins.visit_words import IN_EET, NEET
from app.insight.dropin_facts import CheckFact, Facts, StatusFact, StepFact, VisitFact
from app.insight.periods import Period, term_code, twelve_months_to

STARTS_WITHIN = 90
THREE_MONTHS, SIX_MONTHS = 91, 183
GAPS = {THREE_MONTHS: 14, SIX_MONTHS: 31}
KNOWN_FROM = timedelta(days=14)
STEP_GRACE = timedelta(days=7)
NONE_DONE_AFTER = timedelta(days=28)
SETTLED_WITHIN = 5
CANCELLED_LATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before anything is hidden: n of d, or a count (d None), or a median over n people."""

    n: int
    d: int | None = None
    value: float | None = None
    # How many persons stand behind it, where n and d count something else.
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Of those who started: who is still in EET some months later, by how well that is known."""

    confirmed: int
    told_us: int
    not_known: int
    over: int

    @property
    def figure(self) -> Figure:
        """Those known to be in EET still, of all whose day has passed."""
        return Figure(self.confirmed + self.told_us, self.all)

    @property
    def all(self) -> int:
        """Everybody whose day has passed."""
        return self.confirmed + self.told_us + self.not_known + self.over


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period, by their code, and the two with groups of their own."""

    by_code: dict[str, Figure]
    kept_3: Kept
    kept_6: Kept


def figures(facts: Facts, period: Period, today: date) -> Figures:
    """Return every figure of a period as it stands on a day."""
    visits = [one for one in facts.visits if one.day in period]
    ours = [one for one in visits if one.ours]
    firsts = _firsts(ours)
    started = _started(facts, firsts, today)
    kept_3, kept_6 = (_kept(facts, started, days, today) for days in (THREE_MONTHS, SIX_MONTHS))
    people = len({one.whose for one in visits})
    found = {
        "D1": Figure(len(visits), people=people),
        "D2": Figure(people),
        **_reach(facts, period, {one.whose for one in ours}),
        **_repeats(facts, period, ours),
        **_bookings(facts, period, today),
        "D9": Figure(sum(one.walk_in for one in ours), len(ours), people=len(firsts)),
        "D10": Figure(
            len(ours), sum(one.places for one in facts.sessions if one.ended and one.day in period), people=len(firsts)
        ),
        **_steps(facts, period, ours, firsts, today),
        **_into_eet(facts, firsts, started, today),
        "D15": kept_3.figure,
        "D16": kept_6.figure,
        **_kept_eet(facts, firsts, today),
        "D18": _helped(ours),
    }
    return Figures(found, kept_3, kept_6)


def _firsts(visits: Iterable[VisitFact]) -> dict[uuid.UUID, VisitFact]:
    """Return everybody's first visit of the period."""
    found: dict[uuid.UUID, VisitFact] = {}
    for one in sorted(visits, key=lambda visit: (visit.at, visit.id)):
        found.setdefault(one.whose, one)
    return found


# -- who comes, and comes again ---------------------------------------------------------------------------------------


def _reach(facts: Facts, period: Period, came: set[uuid.UUID]) -> dict[str, Figure]:
    cohort = {
        person_id
        for person_id, one in facts.people.items()
        if one.in_cohort and (one.ended_on is None or one.ended_on > period.first)
    }
    ucic = {person_id for person_id in cohort if facts.people[person_id].ucic}
    neet = {person_id for person_id in cohort if _status_on(facts.statuses.get(person_id, ()), period.first) in NEET}
    return {
        "D3": Figure(len(cohort & came), len(cohort)),
        "D3-ucic": Figure(len(ucic & came), len(ucic)),
        "D3-neet": Figure(len(neet & came), len(neet)),
    }


def _repeats(facts: Facts, period: Period, ours: Sequence[VisitFact]) -> dict[str, Figure]:
    days, terms = _days_of(ours), defaultdict(set)
    for one in ours:
        terms[one.whose].add(term_code(one.day))
    first, last = twelve_months_to(period.last)
    long = _days_of(one for one in facts.visits if one.ours and first <= one.day <= last)

    def at_least(most: int, of: dict[uuid.UUID, set[date]]) -> Figure:
        return Figure(sum(len(on) >= most for on in of.values()), len(of))

    return {
        "D4": at_least(2, days),
        "D5": at_least(3, days),
        "R2": at_least(2, long),
        "R3": at_least(3, long),
        "R6": at_least(6, long),
        "D6": Figure(sum(len(one) >= 2 for one in terms.values()), len(terms)),
    }


def _days_of(visits: Iterable[VisitFact]) -> dict[uuid.UUID, set[date]]:
    found: dict[uuid.UUID, set[date]] = defaultdict(set)
    for one in visits:
        found[one.whose].add(one.day)
    return found


# -- bookings and sessions --------------------------------------------------------------------------------------------


def _bookings(facts: Facts, period: Period, today: date) -> dict[str, Figure]:
    here = [one for one in facts.bookings if one.day in period]
    states = [one.state for one in here]
    missed, came = states.count(BookingState.did_not_attend), states.count(BookingState.attended)
    booked = [one for one in here if one.was_booked and one.state != BookingState.cancelled_by_service]
    in_time = sum(one.state == BookingState.cancelled and not one.late for one in booked)
    sessions = [one for one in facts.sessions if one.day in period]
    cancelled_late = sum(
        one.cancelled_on is not None and one.day - one.cancelled_on <= CANCELLED_LATE for one in sessions
    )
    return {
        "D7": Figure(missed, missed + came),
        "D8": Figure(in_time, len(booked)),
        "D19": Figure(cancelled_late, len(sessions)),
        "D20": _recorded_in_time(facts, period, today),
    }


def _recorded_in_time(facts: Facts, period: Period, today: date) -> Figure:
    """Bookings settled within five working days, of sessions that are over (unsettled ones once the days have passed)."""
    settled = over = 0
    ends = (BookingState.attended, BookingState.did_not_attend)
    open_ = (BookingState.booked, BookingState.arrived, BookingState.not_recorded)
    for one in facts.bookings:
        if one.day not in period or one.session_done_on is None or one.state not in (*ends, *open_):
            continue
        until = working_days_after(one.session_done_on, SETTLED_WITHIN)
        if one.state in ends:
            over += 1
            settled += one.settled_on is None or one.settled_on <= until
        elif today > until:
            over += 1
    return Figure(settled, over)


# -- next steps -------------------------------------------------------------------------------------------------------


def _steps(
    facts: Facts, period: Period, ours: Sequence[VisitFact], firsts: dict[uuid.UUID, VisitFact], today: date
) -> dict[str, Figure]:
    due = [
        step
        for steps in facts.steps.values()
        for step in steps
        if step.due_on in period and step.due_on <= today and step.state != "no_longer_needed"
    ]
    on_time = sum(step.done_on is not None and step.done_on <= step.due_on + STEP_GRACE for step in due)
    theirs: dict[uuid.UUID, list[StepFact]] = defaultdict(list)
    for one in ours:
        theirs[one.whose].extend(facts.steps.get(one.id, ()))
    took, waited, long_none = [], 0, 0
    for whose, first in firsts.items():
        done = [step.done_on for step in theirs[whose] if step.state == "done" and step.done_on]
        if done:
            took.append((min(done) - first.day).days)
        if theirs[whose] and first.day + NONE_DONE_AFTER < today:
            waited += 1
            long_none += not done or min(done) > first.day + NONE_DONE_AFTER
    return {
        "D11": Figure(sum(bool(facts.steps.get(one.id)) for one in ours), len(ours), people=len(firsts)),
        "D12": Figure(on_time, len(due)),
        "D13": Figure(len(took), value=float(median(took)) if took else None),
        "D13-none": Figure(long_none, waited),
    }


# -- into education, work or training ---------------------------------------------------------------------------------


def _status_on(rows: Sequence[StatusFact], day: date) -> str | None:
    """Return what somebody did on a day; of rows that overlap, the one recorded last."""
    found = [row for row in rows if row.from_on <= day and (row.to_on is None or day < row.to_on)]
    return found[-1].status if found else None


def _at_first(facts: Facts, visit: VisitFact) -> str | None:
    return visit.eet_before or _status_on(facts.statuses.get(visit.whose, ()), visit.day)


def _started(facts: Facts, firsts: dict[uuid.UUID, VisitFact], today: date) -> dict[uuid.UUID, date]:
    """Return on which day those who were NEET at their first visit started something, within 90 days of it."""
    found = {}
    for whose, first in firsts.items():
        if _at_first(facts, first) not in NEET:
            continue
        days = [
            row.from_on
            for row in facts.statuses.get(whose, ())
            if row.status in IN_EET and first.day <= row.from_on <= first.day + timedelta(days=STARTS_WITHIN)
        ]
        if days and min(days) <= today:
            found[whose] = min(days)
    return found


def _into_eet(
    facts: Facts, firsts: dict[uuid.UUID, VisitFact], started: dict[uuid.UUID, date], today: date
) -> dict[str, Figure]:
    passed = {
        whose
        for whose, first in firsts.items()
        if _at_first(facts, first) in NEET and first.day + timedelta(days=STARTS_WITHIN) < today
    }
    return {"D14": Figure(len(passed & started.keys()), len(passed))}


def _kept(facts: Facts, started: dict[uuid.UUID, date], days: int, today: date) -> Kept:
    groups = {"confirmed": 0, "told_us": 0, "not_known": 0, "over": 0}
    for whose, start in started.items():
        if start + timedelta(days=days) >= today:
            continue
        rows = facts.statuses.get(whose, ())
        still = _status_on(rows, start + timedelta(days=days)) in IN_EET and _gap(rows, start, days) <= GAPS[days]
        groups[_how_known(facts, whose, start + timedelta(days=days)) if still else "over"] += 1
    return Kept(**groups)


def _gap(rows: Sequence[StatusFact], start: date, days: int) -> int:
    """Return on how many days from a start on nothing in EET was recorded."""
    end = start + timedelta(days=days)
    covered: set[date] = set()
    for row in rows:
        if row.status in IN_EET:
            first, last = max(row.from_on, start), min(row.to_on or end, end)
            covered.update(first + timedelta(days=step) for step in range(max(0, (last - first).days)))
    return days - len(covered)


def _how_known(facts: Facts, whose: uuid.UUID, day: date) -> str:
    """Return how well it is known what somebody did on a day: confirmed, told_us or not_known."""
    since = day - KNOWN_FROM
    rows = facts.statuses.get(whose, ())
    grades = {row.confidence for row in rows if row.recorded_on >= since}
    grades |= {row.confidence for row in rows if row.from_on <= day and row.to_on is not None and row.to_on > day}
    checks: Sequence[CheckFact] = facts.checks.get(whose, ())
    grades |= {one.grade for one in checks if one.done_on >= since}
    if any(one.whose == whose and one.ours and one.day >= since and one.eet_before for one in facts.visits):
        grades.add("told_us")
    return next((grade for grade in ("confirmed", "told_us") if grade in grades), "not_known")


def _kept_eet(facts: Facts, firsts: dict[uuid.UUID, VisitFact], today: date) -> dict[str, Figure]:
    kept = passed = 0
    for whose, first in firsts.items():
        then = first.day + timedelta(days=SIX_MONTHS)
        if _at_first(facts, first) not in IN_EET or then >= today:
            continue
        passed += 1
        still = _status_on(facts.statuses.get(whose, ()), then) in IN_EET
        kept += still and _how_known(facts, whose, then) != "not_known"
    return {"D17": Figure(kept, passed)}


def _helped(ours: Sequence[VisitFact]) -> Figure:
    """Return how many felt helped, of those who said: what each said last in the period."""
    said = {one.whose: one.useful for one in ours if one.useful and one.useful != "rather_not_say"}
    return Figure(sum(word in ("a_lot", "a_bit") for word in said.values()), len(said))


# -- splits -----------------------------------------------------------------------------------------------------------


def split(facts: Facts, period: Period, of: Callable[[VisitFact], Iterable[str]]) -> dict[str, tuple[int, int]]:
    """Return visits and people of a period by something about the visit; one with several counts in each."""
    visits: dict[str, int] = defaultdict(int)
    people: dict[str, set[uuid.UUID]] = defaultdict(set)
    for one in facts.visits:
        if one.ours and one.day in period:
            for key in of(one):
                visits[key] += 1
                people[key].add(one.whose)
    return {key: (visits[key], len(people[key])) for key in sorted(visits, key=lambda key: (-visits[key], key))}


def splits(facts: Facts, period: Period) -> dict[str, dict[str, tuple[int, int]]]:
    """Return the splits that the page shows: by topic, place, language, UCiC, and NEET before."""

    def ucic(one: VisitFact) -> list[str]:
        person = facts.people.get(one.whose)
        return ["unknown" if person is None else "yes" if person.ucic else "no"]

    firsts = _firsts(one for one in facts.visits if one.ours and one.day in period)

    def neet(one: VisitFact) -> list[str]:
        status = _at_first(facts, firsts[one.whose])
        return ["unknown" if status in (None, "unknown") else "yes" if status in NEET else "no"]

    return {
        "topic": split(facts, period, lambda one: one.purposes),
        "place": split(facts, period, lambda one: [one.place]),
        "language": split(facts, period, lambda one: [one.language]),
        "ucic": split(facts, period, ucic),
        "neet": split(facts, period, neet),
    }
