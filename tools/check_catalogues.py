"""Every sentence of the source stands in the template, and every language on offer has all of them, whole and well formed.

Run by ``make check``. Prints what is wrong, a line each, and ends with 1.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from app.core.languages import ENGLISH, LANGUAGES
from tools.catalogues import FOLDER, TEMPLATE, extract, read

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
SHOWN_PER_FILE = 10


def placeholders(text: str) -> set[str]:
    """Return the names that a sentence leaves open, as in %(name)s."""
    return set(PLACEHOLDER.findall(text))


def template_faults(source: Catalog, template: Catalog) -> list[str]:
    """Return what the template lacks of the source, holds beyond it, or says otherwise to translators."""
    now = {(m.context, m.id): m for m in source if m.id}
    kept = {(m.context, m.id): m for m in template if m.id}
    faults = [f"not in the template yet: {_short(m)}" for key, m in now.items() if key not in kept]
    faults += [f"no longer in the source: {_short(m)}" for key, m in kept.items() if key not in now]
    faults += [
        f"its note to translators changed: {_short(m)}"
        for key, m in now.items()
        if key in kept and _note(m) != _note(kept[key])
    ]
    return faults


def _note(message: Message) -> list[str]:
    # A long note is broken over lines in the file: its words count, not its lines.
    return sorted(" ".join(message.auto_comments).split())


def sentence_faults(message: Message, translated: Message | None, forms: int) -> list[str]:
    """Return what is wrong with one sentence in one language that counts in so many ``forms``."""
    if translated is None or not translated.string:
        return ["has no translation"]
    if translated.fuzzy:
        return ["is marked as unsure (fuzzy)"]
    strings = [translated.string] if isinstance(translated.string, str) else list(translated.string)
    if not all(text.strip() for text in strings):
        return ["has no translation for every form"]
    wanted = set().union(
        *(placeholders(text) for text in ([message.id] if isinstance(message.id, str) else message.id))
    )
    if isinstance(message.id, str):
        return [] if placeholders(strings[0]) == wanted else ["has other placeholders than the English"]
    if len(strings) != forms:
        return [f"has {len(strings)} forms where the language has {forms}"]
    # Forms for none, one and two may say the number in words; the last form, for any other number, must show it.
    if any(placeholders(text) - wanted for text in strings) or placeholders(strings[-1]) != wanted:
        return ["has other placeholders than the English"]
    return []


def language_faults(template: Catalog, catalogue: Catalog, locale: str) -> list[str]:
    """Return what is wrong with one language's catalogue."""
    forms, expression = get_plural(locale)
    faults = []
    if (catalogue.num_plurals, catalogue.plural_expr) != (forms, expression):
        faults.append(f"its Plural-Forms header should be: nplurals={forms}; plural={expression};")
    for message in template:
        if message.id:
            translated = catalogue.get(message.id, message.context)
            faults += [f"{fault}: {_short(message)}" for fault in sentence_faults(message, translated, forms)]
    return faults


def main() -> int:
    """Check the template and every language on offer. Returns the exit code."""
    if not TEMPLATE.exists():
        print(f"{TEMPLATE} is missing. Run: make catalogues")
        return 1
    template = read(TEMPLATE)
    by_file: dict[Path, list[str]] = {TEMPLATE: template_faults(extract(), template)}
    offered = [language for language in LANGUAGES if language.offered and language is not ENGLISH]
    for language in offered:
        path = FOLDER / language.babel / "LC_MESSAGES" / "messages.po"
        if path.exists():
            by_file[path] = language_faults(template, read(path, language.babel), language.babel)
        else:
            by_file[path] = [f"is missing. Run: pybabel init -i {TEMPLATE} -d {FOLDER} -l {language.babel}"]
    for path, faults in by_file.items():
        for fault in faults[:SHOWN_PER_FILE]:
            print(f"{path}: {fault}")
        if len(faults) > SHOWN_PER_FILE:
            print(f"{path}: and {len(faults) - SHOWN_PER_FILE} more")
    if any(by_file.values()):
        return 1
    print(
        f"{len(template)} sentences, whole in {', '.join(language.english_name for language in offered) or 'English'}"
    )
    return 0


def _short(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return repr(text if len(text) <= 60 else text[:57] + "...")


if __name__ == "__main__":
    sys.exit(main())
