"""Searching opportunities in any language: words are folded alike when they are published and when they are asked for.

Folding happens here and not in a database, so that SQLite (FTS5) and PostgreSQL (GIN) find the same: no diacritics, no capitals,
Arabic letters in one form, any digits. Every word must be there; the last one may still be being typed.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, cast, delete, insert, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from app.pathways.models import Opportunity, SearchDocument

MOST_SIGNS = 200
MOST_WORDS = 8
MOST_OF_A_WORD = 40

# Letters that Unicode does not take apart, and forms of one letter that people type in place of each other.
_SAME = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ə": "e",
        "ـ": "",  # tatweel
        "ء": "",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ێ": "ي",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ھ": "ه",
        "ہ": "ه",
        "ک": "ك",
        "ګ": "گ",
        "ۆ": "و",
        "ڕ": "ر",
        "ڵ": "ل",
        "\u200c": "",  # a Persian word is typed with and without it
        "\u200d": "",
        "'": "",
        "’": "",
        "ʼ": "",
        "`": "",
    }
)
# 'and', 'with', 'for', 'the' are written onto an Arabic word.
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_LEAST_OF_A_WORD = 3


def fold(words: str) -> list[str]:
    """Return the words of a text as they are compared: letters and digits only, without what people leave out or add."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    kept = []
    for mark in plain.translate(_SAME):
        kind = unicodedata.category(mark)
        if kind[0] == "M":
            continue
        if kind == "Nd":
            kept.append(str(unicodedata.digit(mark)))
        else:
            kept.append(mark if kind[0] in "LN" else " ")
    return [_without_article(word)[:MOST_OF_A_WORD] for word in "".join(kept).casefold().split()]


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _LEAST_OF_A_WORD:
            return word[len(article) :]
    return word


def asked(typed: str) -> list[str]:
    """Return the words somebody searches for; none when they typed nothing that could be a word."""
    return fold(typed[:MOST_SIGNS])[:MOST_WORDS]


def keep(session: Session, opportunity_id: uuid.UUID, texts: Mapping[str, Iterable[str]]) -> None:
    """Keep what can be found of an opportunity, by language, in place of what was kept before."""
    forget(session, opportunity_id)
    rows = [
        {
            "opportunity_id": opportunity_id,
            "language": language,
            "words": " ".join(dict.fromkeys(fold(" ".join(parts)))),
        }
        for language, parts in texts.items()
    ]
    if rows:
        session.execute(insert(SearchDocument), rows)


def forget(session: Session, opportunity_id: uuid.UUID) -> None:
    """Take an opportunity out of what can be found."""
    session.execute(delete(SearchDocument).where(SearchDocument.opportunity_id == opportunity_id))


def found(session: Session, words: list[str]) -> ColumnElement[bool]:
    """Return the condition that an opportunity has all these words, the last of them perhaps only begun, in one language."""
    if session.get_bind().dialect.name == "sqlite":
        return Opportunity.id.in_(select(SearchDocument.opportunity_id).where(_on_sqlite(words)))
    return Opportunity.id.in_(select(SearchDocument.opportunity_id).where(_on_postgres(words)))


def _on_sqlite(words: list[str]) -> ColumnElement[bool]:
    # Folded words hold letters and digits only, so quotes around them are all the care FTS5 needs.
    wanted = " ".join(f'"{word}"' for word in words) + "*"
    rows: Any = text("SELECT rowid FROM opportunity_words WHERE opportunity_words MATCH :wanted").bindparams(
        wanted=wanted
    )
    return SearchDocument.id.in_(rows)


def _on_postgres(words: list[str]) -> ColumnElement[bool]:
    # Built word by word, so that PostgreSQL parses no text of ours. The column is the database's own (migration 0006).
    wanted = " & ".join(f"'{word}'" for word in words) + ":*"
    lexemes: Any = literal_column("opportunity_document.lexemes")
    return lexemes.op("@@")(cast(literal(wanted), TSQUERY))
