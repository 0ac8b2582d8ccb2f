"""Templates parse and hold nothing that our content security policy would stop; style sheets know no left and right.

Run by ``make check``. Prints what is wrong as file:line, and ends with 1.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

TEMPLATES = Path("app/templates")
STATIC = Path("app/static")

# What no template may say, after comments are taken out.
IN_TEMPLATE = {
    r"\|\s*safe\b": "|safe switches escaping off",
    r"autoescape\s+false": "escaping is never switched off",
    r"(?<![\w'\"])_\(\s*f['\"]": "a sentence for translators cannot be an f-string",
}
# What no tag may hold, after Jinja's own parts are taken out as well.
IN_HTML = {
    r"<style\b": "styles belong in the style sheet",
    r"\sstyle\s*=\s*[\"']": "styles belong in the style sheet",
    r"\son[a-z]+\s*=\s*[\"']": "behaviour belongs in a module under static/js",
    r"\shx-on\b": "behaviour belongs in a module under static/js",
    r"hx-(?:vals|headers)\s*=\s*[\"']js:": "behaviour belongs in a module under static/js",
    r"<script\b(?![^>]*\ssrc\s*=)": "scripts belong in a module under static/js",
    r"javascript:": "behaviour belongs in a module under static/js",
    r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//": "nothing comes from another host",
}
IN_STYLE = {
    r"@import\b": "one style sheet, nothing imported",
    r"url\(\s*[\"']?(?:https?:)?//": "nothing comes from another host",
    r"(?:^|[{;\s])(?:left|right)\s*:": "use inset-inline-start or inset-inline-end",
    r"(?:^|[{;\s])[a-z-]+-(?:left|right)(?:-[a-z]+)?\s*:": "use the logical property (-inline-start, -inline-end)",
    r"(?:text-align|float|clear)\s*:\s*(?:left|right)\b": "use start or end",
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def without(pattern: re.Pattern[str], text: str) -> str:
    """Return the text with matches blanked out and every line where it was."""
    return pattern.sub(lambda match: "\n" * match.group().count("\n") or " ", text)


def faults(text: str, rules: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Yield line and reason for every rule that the text breaks."""
    for pattern, reason in rules.items():
        for match in re.finditer(pattern, text, re.I | re.M):
            start = match.start() + (len(match.group()) - len(match.group().lstrip()))
            yield text.count("\n", 0, start) + 1, reason


def template_faults(path: Path, environment: Environment) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with one template."""
    text = path.read_text(encoding="utf-8")
    try:
        environment.parse(text, filename=str(path))
    except TemplateSyntaxError as error:
        yield error.lineno, str(error.message)
        return
    said = without(COMMENT, text)
    yield from faults(said, IN_TEMPLATE)
    yield from faults(without(JINJA, said), IN_HTML)


def main() -> int:
    """Check every template and style sheet. Returns the exit code."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    templates = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt", ".svg", ".xml"))
    styles = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
    found = [(path, line, reason) for path in templates for line, reason in template_faults(path, environment)]
    for path in styles:
        text = without(CSS_COMMENT, path.read_text(encoding="utf-8"))
        found += [(path, line, reason) for line, reason in faults(text, IN_STYLE)]
    for path, line, reason in found:
        print(f"{path}:{line}: {reason}")
    if not found:
        print(f"{len(templates)} templates, {len(styles)} style sheets")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
