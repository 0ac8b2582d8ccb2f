"""What the bank refuses, so that a slip in a YAML file is told at once and in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.questions.library import BankError, load, read_yaml
from app.questions.publish import main, publish
from app.questions.schema import Question, QuestionSet, UnknownQuestion

SetMaker = Callable[..., QuestionSet]
QuestionMaker = Callable[..., Question]

DRINK = {"id": "drink", "type": "choice", "options": {"tea": "Tea", "milk": "Milk"}}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "short-text", "skip": False}, "skip"),
        ({"type": "map"}, "unknown type map"),
        ({"type": "short-text", "section": "family-time"}, "unknown section family-time"),
        ({"type": "choice", "options": {}}, "needs a table of options"),
        ({"type": "multi", "options": {"a": "A", "b": "B"}}, "closed: true"),
        ({"type": "multi", "options": {"a": "A", "else": "Else"}, "closed": True}, "closed: true"),
        ({"type": "scale", "options": {"s1": "1", "s2": "2", "s3": "3", "s4": "4"}}, "exactly 5"),
        ({"type": "faces5", "options": {"happy": "Happy"}}, "has no options"),
        ({"type": "long-text", "options": {"a": "A"}}, "has no options"),
        ({"type": "short-text", "colour": "red"}, "colour"),
        ({"type": "short-text", "default_share": "unsent"}, "default_share"),
        ({"type": "short-text", "id": "Not An Id"}, "id"),
    ],
)
def test_a_question_that_breaks_a_rule_is_refused(a_question: QuestionMaker, fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        a_question(**fields)


def test_a_list_without_something_else_is_allowed_when_it_says_that_it_is_closed(a_question: QuestionMaker) -> None:
    assert a_question("multi", options={"a": "A", "b": "B"}, closed=True).option_codes == ("a", "b")


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({"q": "food", "any": ["tea"]}, "not an earlier question"),
        ({"q": "later", "any": ["tea"]}, "not an earlier question"),
        ({"q": "sweet", "any": ["tea"]}, "not an earlier question"),
        ({"q": "drink", "any": ["coffee"]}, "no option coffee"),
        ({"q": "drink", "not": ["coffee"]}, "no option coffee"),
        ({"q": "drink"}, "needs both"),
        ({"any": ["tea"]}, "needs both"),
        ({"flag": "blue-eyes"}, "unknown flag"),
        ({}, "empty"),
    ],
)
def test_a_condition_that_can_never_be_read_is_refused(a_set: SetMaker, when: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        a_set(DRINK, {"id": "sweet", "type": "short-text", "when": when}, {**DRINK, "id": "later"})


def test_two_questions_with_one_id_are_refused(a_set: SetMaker) -> None:
    with pytest.raises(ValidationError, match="used twice"):
        a_set(DRINK, DRINK)


def test_a_set_cannot_be_changed_once_it_is_read(a_set: SetMaker) -> None:
    question = a_set(DRINK).question("drink")
    with pytest.raises(ValidationError):
        question.ask = "Changed"
    with pytest.raises(TypeError):
        question.options["tea"] = "Changed"  # type: ignore[index]


def test_asking_for_a_question_that_is_not_there_says_so(a_set: SetMaker) -> None:
    with pytest.raises(UnknownQuestion, match="nowhere"):
        a_set(DRINK).question("nowhere")


def test_a_published_version_whose_words_changed_is_refused(spoilt: Path) -> None:
    edit(spoilt / "primary.1.yaml", "What are you proud of?", "What were you proud of?")
    with pytest.raises(BankError, match=r"primary\.1\.yaml was published and has changed since.*make version 2"):
        load(spoilt)


def test_a_published_version_whose_options_changed_places_is_refused(spoilt: Path) -> None:
    path = spoilt / "primary.1.yaml"
    edit(
        path,
        '      reading: "Reading"\n      writing: "Writing"\n',
        '      writing: "Writing"\n      reading: "Reading"\n',
    )
    with pytest.raises(BankError, match="has changed since"):
        load(spoilt)


def test_a_comment_may_be_added_to_a_published_version(spoilt: Path) -> None:
    path = spoilt / "primary.1.yaml"
    path.write_text("# A note for editors.\n" + path.read_text())
    assert load(spoilt).latest("primary").version == 1


def test_a_published_version_that_is_gone_is_missed(spoilt: Path) -> None:
    (spoilt / "ucic.1.yaml").unlink()
    with pytest.raises(BankError, match=r"ucic\.1\.yaml was published and is gone"):
        load(spoilt)


def test_a_new_version_waits_until_it_is_published_and_then_stands_beside_the_old(spoilt: Path) -> None:
    new_version(spoilt)
    with pytest.raises(BankError, match=r"python -m app\.questions\.publish"):
        load(spoilt)
    assert publish(spoilt) == [("primary", 2)]
    loaded = load(spoilt)
    assert loaded.versions("primary") == (1, 2)
    assert loaded.latest("primary").question("pri-proud").ask == "What made you proud?"
    assert loaded.version("primary", 1).question("pri-proud").ask == "What are you proud of?"


def test_publishing_twice_changes_nothing_and_a_dry_run_neither(spoilt: Path) -> None:
    before = (spoilt / "published.yaml").read_text()
    new_version(spoilt)
    assert main(["--dry-run", "--bank", str(spoilt)]) == 0
    assert (spoilt / "published.yaml").read_text() == before
    assert main(["--bank", str(spoilt)]) == 0
    after = (spoilt / "published.yaml").read_text()
    assert main(["--bank", str(spoilt)]) == 0
    assert (spoilt / "published.yaml").read_text() == after != before
    assert set(before.splitlines()) < set(after.splitlines())


def test_publishing_never_covers_up_a_changed_version(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(spoilt / "primary.1.yaml", "What are you proud of?", "What were you proud of?")
    before = (spoilt / "published.yaml").read_text()
    assert main(["--bank", str(spoilt)]) == 1
    assert "has changed since" in capsys.readouterr().err
    assert (spoilt / "published.yaml").read_text() == before


def test_an_option_code_written_twice_is_refused_rather_than_lost(spoilt: Path) -> None:
    edit(spoilt / "primary.1.yaml", '      reading: "Reading"\n', '      reading: "Reading"\n      reading: "Books"\n')
    with pytest.raises(BankError, match="written twice: reading"):
        load(spoilt)


def test_an_id_that_another_set_already_uses_is_refused(spoilt: Path) -> None:
    new_version(spoilt)
    edit(spoilt / "primary.2.yaml", "pri-proud", "sec-proud")
    publish(spoilt)
    with pytest.raises(BankError, match="sec-proud is used by both"):
        load(spoilt)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("pri-nowhere: {ask: Gdzie?}", "no question pri-nowhere"),
        ("pri-good-at: {ask: W czym?, options: {flying: Latanie}}", "no option flying"),
        ("pri-proud: {question: Co?}", "question"),
    ],
)
def test_a_translation_of_something_that_is_not_there_is_refused(spoilt: Path, body: str, why: str) -> None:
    translate(spoilt, body)
    with pytest.raises(BankError, match=why):
        load(spoilt)


def test_a_file_that_lies_about_what_it_holds_is_refused(spoilt: Path) -> None:
    (spoilt / "primary.1.yaml").rename(spoilt / "primary.7.yaml")
    with pytest.raises(BankError, match="its name must say so"):
        load(spoilt)


def translate(bank: Path, body: str) -> None:
    (bank / "pl").mkdir()
    head = "set: primary\nversion: 1\nlanguage: pl\nquality: draft-machine\nquestions:\n  "
    (bank / "pl" / "primary.1.yaml").write_text(head + body + "\n", encoding="utf-8")


def new_version(bank: Path) -> None:
    text = (bank / "primary.1.yaml").read_text().replace("version: 1", "version: 2", 1)
    (bank / "primary.2.yaml").write_text(text.replace("What are you proud of?", "What made you proud?"))
    assert read_yaml(bank / "primary.2.yaml")["version"] == 2


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
