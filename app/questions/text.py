"""A piece of text that knows its language, so that a page can give it its own `lang` and `dir`."""

from dataclasses import dataclass

SOURCE_LANGUAGE = "en-GB"

# HTML's own mark for "language not known": a person's words may be in any language, whatever the page is in.
OWN_WORDS = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Text to show. `language` is a BCP 47 code, or `OWN_WORDS` for words that somebody typed."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text
