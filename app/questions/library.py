"""Reads the bank: every set, version and translation, checked once and kept in memory.

A version that has been published can no longer change, because answers were given to its words: its digest stands in
`bank/published.yaml`, and a file that no longer matches is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from app.questions.schema import QuestionSet, Translation, UnknownQuestion, Words
from app.questions.text import SOURCE_LANGUAGE

__all__ = ["BANK", "BankError", "Library", "UnknownQuestion", "UnknownSet", "library", "load"]

BANK = Path(__file__).parent / "bank"
PUBLISHED = "published.yaml"

Key = tuple[str, int]
"""A set id and a version."""


class BankError(ValueError):
    """A file of the bank is not as it must be; the message says which and why."""


class UnknownSet(LookupError):
    """There is no such set, or no such version of it."""


class Library:
    """Every published set and its translations."""

    def __init__(
        self,
        sets: Mapping[Key, QuestionSet],
        translations: Mapping[tuple[str, int, str], Translation],
        words: Mapping[str, Words],
    ) -> None:
        self._sets = dict(sets)
        self._translations = dict(translations)
        self._words = dict(words)

    def ids(self) -> tuple[str, ...]:
        """The ids of all sets."""
        return tuple(sorted({set_id for set_id, _ in self._sets}))

    def versions(self, set_id: str) -> tuple[int, ...]:
        """The versions of a set, oldest first; empty for an unknown set."""
        return tuple(sorted(version for known, version in self._sets if known == set_id))

    def latest(self, set_id: str) -> QuestionSet:
        """The newest version of a set. Raises UnknownSet."""
        versions = self.versions(set_id)
        if not versions:
            raise UnknownSet(set_id)
        return self._sets[set_id, versions[-1]]

    def version(self, set_id: str, version: int) -> QuestionSet:
        """The version that answers were given to. Raises UnknownSet."""
        try:
            return self._sets[set_id, version]
        except KeyError:
            raise UnknownSet(f"{set_id} {version}") from None

    def languages(self) -> tuple[str, ...]:
        """The languages that something in the bank is written in, English first."""
        others = {language for *_, language in self._translations} | set(self._words)
        return (SOURCE_LANGUAGE, *sorted(others - {SOURCE_LANGUAGE}))

    def translation(self, set_id: str, version: int, language: str) -> Translation | None:
        """A version of a set in another language, if somebody has translated it."""
        return self._translations.get((set_id, version, language))

    def words(self, language: str) -> Words | None:
        """The shared words in a language, if somebody has translated them."""
        return self._words.get(language)


@lru_cache(maxsize=1)
def library() -> Library:
    """The product's own bank, read once. Raises BankError if a file is not as it must be."""
    return load(BANK)


def load(bank: Path) -> Library:
    """Read and check a bank. Raises BankError."""
    raw_sets = read_sets(bank)
    check_published(raw_sets, read_published(bank))
    sets = {key: _checked(QuestionSet, raw, _path(bank, key)) for key, raw in raw_sets.items()}
    _refuse_shared_ids(sets)
    words = _read_words(bank)
    if gaps := words[SOURCE_LANGUAGE].missing():
        raise BankError(f"The English words file lacks {', '.join(gaps)}.")
    return Library(sets, _read_translations(bank, sets), words)


def read_sets(bank: Path) -> dict[Key, dict[str, Any]]:
    """Every version of every set as it stands in its file, not yet checked."""
    raw_sets: dict[Key, dict[str, Any]] = {}
    for path in sorted(bank.glob("*.yaml")):
        if path.name == PUBLISHED or path.name.startswith("words."):
            continue
        raw = read_yaml(path)
        key = (raw.get("set"), raw.get("version"))
        if path.name != f"{key[0]}.{key[1]}.yaml":
            raise BankError(f"{path}: the file holds {key[0]} {key[1]}; its name must say so.")
        raw_sets[str(key[0]), int(str(key[1]))] = raw
    return raw_sets


def read_published(bank: Path) -> dict[Key, str]:
    """The digests of all published versions."""
    path = bank / PUBLISHED
    if not path.exists():
        return {}
    return {(set_id, version): digest for set_id, all_ in read_yaml(path).items() for version, digest in all_.items()}


def digest(raw: Mapping[str, Any]) -> str:
    """The SHA-256 of a set's content: blind to layout and comments, not to the order of questions and options."""
    text = json.dumps(_canonical(raw), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(node: Any, key: str = "") -> Any:
    if isinstance(node, Mapping):
        pairs = [[str(name), _canonical(value, str(name))] for name, value in node.items()]
        return pairs if key == "options" else sorted(pairs, key=lambda pair: str(pair[0]))
    return [_canonical(item) for item in node] if isinstance(node, list) else node


def check_published(raw_sets: Mapping[Key, Mapping[str, Any]], published: Mapping[Key, str]) -> None:
    """Raise BankError if a published version has changed or gone, or if a version has not been published."""
    for key, expected in published.items():
        name = f"{key[0]}.{key[1]}.yaml"
        if key not in raw_sets:
            raise BankError(f"{name} was published and is gone. Answers rest on it: bring it back.")
        if digest(raw_sets[key]) != expected:
            raise BankError(f"{name} was published and has changed since. Undo that, and make version {key[1] + 1}.")
    for set_id, version in raw_sets:
        if (set_id, version) not in published:
            raise BankError(f"{set_id}.{version}.yaml is not published. Run: python -m app.questions.publish")


def _refuse_shared_ids(sets: Mapping[Key, QuestionSet]) -> None:
    """Ids are never reused: one id belongs to one set, in all its versions."""
    owners: dict[str, str] = {}
    for question_set in sets.values():
        for question in question_set.questions:
            owner = owners.setdefault(question.id, question_set.id)
            if owner != question_set.id:
                raise BankError(f"{question.id} is used by both {owner} and {question_set.id}.")


def _read_translations(bank: Path, sets: Mapping[Key, QuestionSet]) -> dict[tuple[str, int, str], Translation]:
    translations = {}
    for path in sorted(bank.glob("*/*.yaml")):
        if path.name.startswith("words."):
            continue
        translation = _checked(Translation, read_yaml(path), path)
        key = (translation.id, translation.version)
        if path.name != f"{key[0]}.{key[1]}.yaml" or path.parent.name != translation.language:
            raise BankError(
                f"{path}: the file holds {key[0]} {key[1]} in {translation.language}; its path must say so."
            )
        if key not in sets:
            raise BankError(f"{path}: there is no set {key[0]} {key[1]} to translate.")
        try:
            translation.check_against(sets[key])
        except ValueError as error:
            raise BankError(f"{path}: {error}") from None
        translations[(*key, translation.language)] = translation
    return translations


def _read_words(bank: Path) -> dict[str, Words]:
    """The newest words file of each language."""
    newest: dict[str, Words] = {}
    for path in [*sorted(bank.glob("words.*.yaml")), *sorted(bank.glob("*/words.*.yaml"))]:
        words = _checked(Words, read_yaml(path), path)
        if path.parent.name != (bank.name if words.language == SOURCE_LANGUAGE else words.language):
            raise BankError(f"{path}: the file is in {words.language}; its path must say so.")
        if words.language not in newest or newest[words.language].version < words.version:
            newest[words.language] = words
    if SOURCE_LANGUAGE not in newest:
        raise BankError(f"{bank}: there is no English words file.")
    return newest


_Model = TypeVar("_Model", QuestionSet, Translation, Words)


def _checked(model: type[_Model], raw: Any, path: Path) -> _Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise BankError(f"{path}: {error}") from None


def _path(bank: Path, key: Key) -> Path:
    return bank / f"{key[0]}.{key[1]}.yaml"


class _Loader(yaml.CSafeLoader):
    """Plain YAML that refuses a key written twice: the second would silently win."""


def _mapping_without_twins(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twins = {str(key) for key in keys if keys.count(key) > 1}
    if twins:
        raise BankError(f"{node.start_mark.name}: written twice: {', '.join(sorted(twins))}")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_twins)


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises BankError."""
    try:
        with path.open(encoding="utf-8") as file:
            content = _Loader(file).get_single_data()
    except yaml.YAMLError as error:
        raise BankError(f"{path}: {error}") from None
    if not isinstance(content, dict):
        raise BankError(f"{path}: this is not a table of names and values.")
    return content
