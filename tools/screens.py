"""``make screens``: a picture of every page, in three languages, two widths, light and dark, on one contact sheet.

Add a page by adding a row to PAGES. Look at screens/index.html afterwards.
"""

import argparse
import html
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tools import browser
from tools.demo_house import House, open_house, sign_in

OUT = Path("screens")
LANGUAGES = ("en-GB", "ar", "ti")
SIZES = {"phone": (360, 740), "laptop": (1280, 800)}
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """One page to look at.

    ``who`` is a persona of demo.json or "" for signed out. ``follow`` is a CSS selector: the first link on ``path`` that
    matches is the page that is meant (for pages whose address holds an id).
    """

    name: str
    who: str
    path: str
    follow: str = ""


PAGES = (
    Shot("welcome", "", "/"),
    Shot("help", "", "/help"),
    Shot("offline", "", "/offline"),
    Shot("child-home", "secondary_child", "/home"),
    Shot("child-voice", "secondary_child", "/voice/"),
    Shot("child-question", "secondary_child", "/voice/", "main a[href^='/voice/']"),
    Shot("child-mine", "secondary_child", "/mine"),
    Shot("young-child-home", "primary_child", "/home"),
    Shot("young-child-question", "primary_child", "/voice/", "main a[href^='/voice/']"),
    Shot("carer-home", "carer", "/home"),
    Shot("carer-questions", "carer", "/carer/"),
    Shot("key-worker-home", "key_worker", "/home"),
    Shot("teacher-first", "designated_teacher", "/home"),
    Shot("teacher-young-people", "designated_teacher", "/staff/young-people"),
    Shot("teacher-young-person", "designated_teacher", "/staff/young-people", "main a[href^='/staff/young-people/']"),
    Shot("sign-in", "", "/sign-in"),
    Shot("social-worker-first", "social_worker", "/home"),
    Shot("virtual-school-first", "virtual_school", "/home"),
    Shot("design-system", "virtual_school", "/staff/design"),
)


@dataclass(frozen=True)
class Taken:
    """One picture: of what, how, where the file is, and whether the page came in the language that was asked for."""

    shot: Shot
    language: str
    size: str
    scheme: str
    file: str
    honest: bool


def in_language(path: str, language: str) -> str:
    """Return an address with the page's language chosen."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def go_to(page: Page, base: str, shot: Shot, language: str) -> None:
    """Open a page in a language. Raises RuntimeError when it is not there."""
    answer = page.goto(base + in_language(shot.path, language))
    if answer is None or not answer.ok:
        raise RuntimeError(f"{shot.path} answered {answer.status if answer else 'nothing'}")
    if shot.follow:
        link = page.locator(shot.follow).first.get_attribute("href", timeout=2000)
        answer = page.goto(base + in_language(str(link), language))
        if answer is None or not answer.ok:
            raise RuntimeError(f"{link} answered {answer.status if answer else 'nothing'}")


def sign_everyone_in(chromium: Browser, house: House, shots: Sequence[Shot]) -> dict[str, Any]:
    """Sign each persona in once and return what their browser keeps, by persona."""
    kept: dict[str, Any] = {"": None}
    for who in dict.fromkeys(shot.who for shot in shots if shot.who):
        context = chromium.new_context()
        sign_in(context.new_page(), house.base, house.people[who])
        kept[who] = context.storage_state()
        context.close()
    return kept


def take(chromium: Browser, house: House, shots: Sequence[Shot], faults: list[str]) -> Iterator[Taken]:
    """Take every picture and yield it; note in ``faults`` what could not be taken."""
    kept = sign_everyone_in(chromium, house, shots)
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            for who in kept:
                context = chromium.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    storage_state=kept[who],
                    reduced_motion="reduce",
                )
                page = context.new_page()
                for shot in (one for one in shots if one.who == who):
                    for language in LANGUAGES:
                        file = f"{shot.name}.{language}.{size}.{scheme}.png"
                        try:
                            go_to(page, house.base, shot, language)
                            page.screenshot(path=OUT / file, full_page=True)
                        except (RuntimeError, Error) as error:
                            faults.append(f"{shot.name} ({language}, {size}, {scheme}): {str(error).splitlines()[0]}")
                            continue
                        honest = page.locator("html").get_attribute("lang") == language
                        yield Taken(shot, language, size, scheme, file, honest)
                context.close()


def contact_sheet(pictures: Sequence[Taken]) -> str:
    """Return the page that shows all pictures, a section for each page."""
    by_page: dict[str, list[Taken]] = defaultdict(list)
    for picture in pictures:
        by_page[picture.shot.name].append(picture)
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>",
        "<title>Every page</title><style>body{font:1rem/1.5 system-ui;margin:1rem;background:#ddd}",
        ".row{display:flex;gap:1rem;overflow-x:auto;align-items:start}figure{margin:0;flex:none}",
        "img{height:30rem;max-width:40rem;object-fit:cover;object-position:top;border:1px solid #999}</style><h1>Every page</h1>",
    ]
    for name, taken in by_page.items():
        shot = taken[0].shot
        parts.append(
            f"<h2 id='{name}'>{name}</h2><p>{shot.who or 'signed out'}, {html.escape(shot.path)}</p><div class='row'>"
        )
        for one in sorted(
            taken, key=lambda one: (one.size != "phone", one.scheme != "light", LANGUAGES.index(one.language))
        ):
            said = f"{one.language}, {one.size}, {one.scheme}" + ("" if one.honest else " (shown in another language)")
            parts.append(
                f"<figure><a href='{one.file}'><img loading='lazy' src='{one.file}' alt='{name}'></a>"
                f"<figcaption>{said}</figcaption></figure>"
            )
        parts.append("</div>")
    return "".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures that were asked for. Returns the exit code: 1 when a page could not be taken."""
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pages (names of PAGES); all when none is given")
    chosen = parser.parse_args(arguments)
    shots = [shot for shot in PAGES if not chosen.names or shot.name in chosen.names]
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    faults: list[str] = []
    with open_house() as house, sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        pictures = list(take(chromium, house, shots, faults))
        chromium.close()
    (OUT / "index.html").write_text(contact_sheet(pictures), encoding="utf-8")
    print("\n".join(faults))
    print(f"{len(pictures)} pictures in {OUT / 'index.html'}, {len(faults)} not taken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
