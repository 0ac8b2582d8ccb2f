"""Which questions of a set are asked, given the answers so far. Evaluated on the server, nowhere else.

The rules (voice-questions.md section 6), all of which have to hold where a question has several:

- `q` with `any`: one of those options was picked;
- `q` with `not`: the question was answered, and none of those options was picked. A skipped question leads nowhere:
  asking on would be a second prompt, and a skip has none;
- `year_min`, `year_max`: the school year is known and within. An unknown year holds neither: a question that fits
  nobody in particular is better left out than asked of the wrong child;
- `flag`: staff or the child set it.

A question whose `q` is itself not asked is not asked: when an answer changes, all that hung on it goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.questions.schema import Question, QuestionSet
from app.questions.types import askable, type_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions may know of a person: nothing that says who it is."""

    year_group: int | None
    """School year; 0 is Reception, None when it is not known."""
    flags: frozenset[str] = frozenset()


def is_asked(question: Question, codes_by_question: Mapping[str, Collection[str]], facts: Facts) -> bool:
    """True if the question's own condition holds. `codes_by_question` has the codes picked in each answered question;
    leave out what is not on the path (`path` does)."""
    when = question.when
    if when is None:
        return True
    if when.q is not None:
        picked = codes_by_question.get(when.q, ())
        if not picked or not _picks_fit(picked, when.any, when.not_):
            return False
    if when.flag is not None and when.flag not in facts.flags:
        return False
    return _year_fits(facts.year_group, when.year_min, when.year_max)


def path(
    question_set: QuestionSet,
    codes_by_question: Mapping[str, Collection[str]],
    facts: Facts,
    short: bool = False,
    answered: Collection[str] = (),
) -> tuple[Question, ...]:
    """The questions to ask, in order. With `short`, only those of the short path: for the tired, the young, the new.

    What was `answered` already stays on the short path too: asking for fewer questions takes no answer back.
    """
    asked: list[Question] = []
    codes_on_path: dict[str, Collection[str]] = {}
    for question in question_set.questions:
        if (short and not question.short and question.id not in answered) or not askable(question):
            continue
        if is_asked(question, codes_on_path, facts):
            asked.append(question)
            codes_on_path[question.id] = codes_by_question.get(question.id, ())
    return tuple(asked)


def minutes(questions: Iterable[Question]) -> int:
    """About how long these questions take, in whole minutes, rounded up; 0 only when there are none."""
    seconds = sum(type_of(question).seconds for question in questions)
    return -(-seconds // 60)


def _picks_fit(picked: Collection[str], any_: Collection[str], not_: Collection[str]) -> bool:
    if any_ and not any(code in any_ for code in picked):
        return False
    return not any(code in not_ for code in picked)


def _year_fits(year: int | None, lowest: int | None, highest: int | None) -> bool:
    if lowest is None and highest is None:
        return True
    if year is None:
        return False
    return (lowest is None or year >= lowest) and (highest is None or year <= highest)
