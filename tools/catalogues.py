"""``make catalogues``: reads the sentences out of the source and brings every language's catalogue up to date.

New sentences arrive empty, changed ones are never guessed at, and a file is only written when a sentence changed.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

FOLDER = Path("translations")
TEMPLATE = FOLDER / "messages.pot"
MAPPING = FOLDER / "babel.cfg"
KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2", "_l"])}
TELLS_TRANSLATORS = ("TRANSLATORS:",)
WIDTH = 120


def extract() -> Catalog:
    """Return every sentence that the source shows to people, with what it tells translators. Changes no file."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(project="PEP Voice", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ".",
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=TELLS_TRANSLATORS,
        strip_comment_tags=True,
        directory_filter=lambda path: not Path(path).name.startswith((".", "_")) and Path(path).name != "node_modules",
    )
    for name, line, message, comments, context in found:
        catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def read(path: Path, locale: str | None = None) -> Catalog:
    """Return the catalogue in a file."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def as_file(catalogue: Catalog) -> bytes:
    """Return a catalogue as the text of its file: no line numbers, which would change it with every edit."""
    text = BytesIO()
    write_po(text, catalogue, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    return text.getvalue()


def same_sentences(one: Catalog, other: Catalog) -> bool:
    """True when two catalogues hold the same sentences, forms and notes, whatever their dates."""

    def content(catalogue: Catalog) -> list[tuple[object, ...]]:
        rows = [(m.context, m.id, m.string, sorted(m.auto_comments), sorted(m.flags)) for m in catalogue if m.id]
        return sorted(rows, key=repr)

    return content(one) == content(other)


def translated(message: Message) -> bool:
    """True when every form of a sentence has a translation."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(form.strip() for form in forms)


def files() -> list[Path]:
    """Return the catalogue file of every language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def main() -> None:
    """Write the template and update every catalogue, each only when a sentence changed."""
    template = extract()
    if not TEMPLATE.exists() or not same_sentences(template, read(TEMPLATE)):
        TEMPLATE.write_bytes(as_file(template))
    print(f"{TEMPLATE}: {len(template)} sentences")
    for path in files():
        locale = path.parts[-3]
        before, after = read(path, locale), read(path, locale)
        after.update(template, no_fuzzy_matching=True, update_creation_date=False)
        after.obsolete.clear()
        if not same_sentences(before, after):
            path.write_bytes(as_file(after))
        waiting = sum(bool(m.id) and (m.fuzzy or not translated(m)) for m in after)
        print(f"{path}: {waiting} waiting for a translation")


if __name__ == "__main__":
    main()
