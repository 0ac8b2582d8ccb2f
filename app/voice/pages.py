"""What the young person's templates may ask beyond their context: sharing labels and who a choice would reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.people.audience import Dial, Reader
from app.people.models import Role
from app.questions.schema import Question
from app.questions.wording import age_group, honest_line, sharing_label
from app.voice.walk import Walk, sets_for


def sharing_group(walk: Walk) -> str:
    """Return whose sharing words fit this young person: 'younger' or 'older', by the set for their age."""
    return age_group(sets_for(walk.facts)[0])


def readers_if(walk: Walk, question: Question, share: str, readers: Iterable[Reader]) -> list[Reader]:
    """Return who could read an answer to ``question`` if it were shared like this."""
    return Dial(share, (), question.id, walk.facts.care).readers(readers)


def virtual_school_reader(readers: Iterable[Reader]) -> Reader | None:
    """Return the person at the Virtual School who looks at every answer, if there is one."""
    return next((reader for reader in readers if Role.virtual_school in reader.roles), None)


WORDS: dict[str, Callable[..., Any]] = {
    "sharing_group": sharing_group,
    "sharing_label": sharing_label,
    "honest_line": honest_line,
    "readers_if": readers_if,
    "virtual_school_reader": virtual_school_reader,
}
