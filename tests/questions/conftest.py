"""What the tests of the question bank share: the bank, a copy that may be spoilt, and questions made to measure."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.questions.library import BANK, Library, library
from app.questions.schema import Question, QuestionSet


@pytest.fixture(scope="session")
def bank() -> Library:
    return library()


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A copy of the English bank that a test may change."""
    copy = tmp_path / "bank"
    shutil.copytree(BANK, copy, ignore=lambda folder, names: [n for n in names if (Path(folder) / n).is_dir()])
    return copy


@pytest.fixture(scope="session")
def a_question() -> Callable[..., Question]:
    """Makes a question of a type; keyword arguments are its fields."""

    def make(type: str = "choice", **fields: Any) -> Question:
        if type in ("choice", "multi"):
            fields.setdefault("options", {"tea": "Tea", "milk": "Milk", "else": "Something else"})
        if type == "scale":
            fields.setdefault("options", {f"s{step}": f"Step {step}" for step in range(1, 6)})
        return Question.model_validate(a_raw_question(type=type, **fields))

    return make


@pytest.fixture(scope="session")
def a_set() -> Callable[..., QuestionSet]:
    """Makes a set from the raw fields of its questions."""

    def make(*questions: dict[str, Any]) -> QuestionSet:
        raw = [a_raw_question(**question) for question in questions]
        return QuestionSet.model_validate(
            {"set": "made-up", "version": 1, "audience": "child", "who": "Nobody.", "questions": raw}
        )

    return make


def a_raw_question(**fields: Any) -> dict[str, Any]:
    return {
        "id": "made-up-question",
        "ask": "What do you drink?",
        "section": "about-me",
        "skip": True,
        "age": 8,
        "default_share": "pep",
        **fields,
    }
