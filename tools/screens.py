"""``make screens``: a picture of every page, in three languages, two widths, light and dark, on one contact sheet.

Add a page by adding a row to PAGES. Look at screens/index.html afterwards.
"""

import argparse
import html
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tools import browser
from tools.demo_house import House, open_house, sign_in

OUT = Path("screens")
LANGUAGES = ("en-GB", "ar", "ti")
SIZES = {"phone": (360, 740), "laptop": (1280, 800)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What the child in the pictures has said so far, by question; one of the answers is not for school.
SAID = {"sec-how": "good", "sec-proud": "I built a bird box by myself.", "sec-strengths": "creative"}
LEFT_OUT = "sec-proud"
# A bar that stays at the foot of the screen would lie across the middle of a picture of the whole page.
WHOLE_PAGE = ".dock { position: static !important }"
RESPONSE = re.compile(r"/voice/[0-9a-f-]{36}")


@dataclass(frozen=True)
class Shot:
    """One page to look at.

    ``who`` is a persona of demo.json or "" for signed out. ``follow`` are CSS selectors: the first link on ``path`` that matches
    leads to the next page, and the last of these is meant (for pages whose address holds an id). ``{response}`` in ``path`` is
    where the person's answers of this term are.
    """

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    status: int = 200


YOUNG_PEOPLE = "/staff/young-people"
A_YOUNG_PERSON = "main a[href^='/staff/young-people/']"
A_RECORD = "main a[href^='/staff/peps/']"

PAGES = (
    # signed out
    Shot("welcome", "", "/"),
    Shot("help", "", "/help"),
    Shot("sign-in", "", "/sign-in"),
    Shot("privacy", "", "/privacy"),
    Shot("accessibility", "", "/accessibility"),
    Shot("not-found", "", "/nowhere", status=404),
    Shot("drop-ins", "", "/dropins/"),
    Shot("drop-ins-month", "", "/dropins/calendar"),
    Shot("drop-in", "", "/dropins/", ("article.drop h3 a",)),
    # the secondary child: in the middle of this term's questions
    Shot("child-home", "secondary_child", "/home"),
    Shot("child-asked", "secondary_child", "/voice/"),
    Shot("child-before", "secondary_child", "{response}/"),
    Shot("child-question-faces", "secondary_child", "{response}/sec-how"),
    Shot("child-question-words", "secondary_child", "{response}/sec-proud"),
    Shot("child-question-several", "secondary_child", "{response}/sec-helps"),
    Shot("child-check", "secondary_child", "{response}/check"),
    Shot("child-share", "secondary_child", "{response}/check/sec-proud"),
    Shot("child-mine", "secondary_child", "/mine"),
    Shot("child-my-record", "secondary_child", "/home", ("a[href^='/mine/peps/']",)),
    # the others who answer
    Shot("young-child-home", "primary_child", "/home"),
    Shot("young-child-asked", "primary_child", "/voice/"),
    Shot("ucic-home", "ucic_young_person", "/home"),
    Shot("post16-home", "post16_young_person", "/home"),
    Shot("care-leaver-home", "care_leaver", "/home"),
    Shot("carer-home", "carer", "/home"),
    Shot("key-worker-home", "key_worker", "/home"),
    # workers
    Shot("teacher-home", "designated_teacher", "/home"),
    Shot("teacher-young-people", "designated_teacher", YOUNG_PEOPLE),
    Shot("teacher-young-person", "designated_teacher", YOUNG_PEOPLE, (A_YOUNG_PERSON,)),
    Shot("teacher-record", "designated_teacher", YOUNG_PEOPLE, (A_YOUNG_PERSON, A_RECORD)),
    Shot("social-worker-home", "social_worker", "/home"),
    Shot("iro-home", "iro", "/home"),
    Shot("personal-adviser-home", "personal_adviser", "/home"),
    Shot("virtual-school-home", "virtual_school", "/home"),
    Shot("virtual-school-messages", "virtual_school", "/staff/messages"),
    Shot("virtual-school-help-contacts", "virtual_school", "/staff/help-contacts"),
    Shot("virtual-school-languages", "virtual_school", "/staff/languages"),
    Shot("virtual-school-drop-ins", "virtual_school", "/staff/dropins"),
    Shot("virtual-school-drop-in", "virtual_school", "/staff/dropins", ("main table a",)),
    Shot("virtual-school-drop-in-new", "virtual_school", "/staff/dropins/new"),
    Shot("design-system", "virtual_school", "/staff/design"),
    Shot("participation-worker-home", "participation_worker", "/home"),
)


@dataclass(frozen=True)
class Visitor:
    """What a persona's browser keeps after sign-in, and where their answers of this term are."""

    kept: Any
    response: str


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


def go_to(page: Page, base: str, shot: Shot, language: str, response: str = "") -> None:
    """Open a page in a language. Raises RuntimeError when it is not there."""
    path = shot.path.replace("{response}", response)
    for selector in (*shot.follow, ""):
        answer = page.goto(base + in_language(path, language))
        if answer is None or answer.status != (200 if selector else shot.status):
            raise RuntimeError(f"{path} answered {answer.status if answer else 'nothing'}")
        if selector:
            path = str(page.locator(selector).first.get_attribute("href", timeout=2000))


def sign_everyone_in(chromium: Browser, house: House, shots: Sequence[Shot]) -> dict[str, Visitor]:
    """Sign each persona in once and return what their browser keeps, by persona."""
    kept = {"": Visitor(None, "")}
    for who in dict.fromkeys(shot.who for shot in shots if shot.who):
        context = chromium.new_context()
        page = context.new_page()
        sign_in(page, house.base, house.people[who])
        asks = any(shot.who == who and "{response}" in shot.path for shot in shots)
        response = begin_answering(page, house.base) if asks else ""
        kept[who] = Visitor(context.storage_state(), response)
        context.close()
    return kept


def begin_answering(page: Page, base: str) -> str:
    """Have a young person answer a little, with one answer kept from school, and return where their answers are."""
    page.goto(f"{base}/voice/")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url(RESPONSE)
    found = RESPONSE.search(page.url)
    if found is None:
        raise RuntimeError(f"The list of questions led to {page.url}")
    response = found.group()
    page.goto(f"{base}{response}/")
    press(page, "main form[method=post] button")
    for question, words in SAID.items():
        page.goto(f"{base}{response}/{question}")
        box = page.locator("main :is(textarea, input[type=text])[name=answer]")
        if box.count():
            box.fill(words)
        else:
            page.locator(f"main input[name=answer][value='{words}']").check(force=True)
        press(page, "main button[value=next]:visible")
    page.goto(f"{base}{response}/check/{LEFT_OUT}")
    page.locator("main input[name=share][value=not-school]").check(force=True)
    press(page, "main form[method=post] button")
    return response


def press(page: Page, button: str) -> None:
    """Press the last of these buttons and wait for what comes."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(button).last.click()
    page.wait_for_load_state("networkidle")


def take(chromium: Browser, house: House, shots: Sequence[Shot], faults: list[str]) -> Iterator[Taken]:
    """Take every picture and yield it; note in ``faults`` what could not be taken.

    A page is opened once in each language, then looked at in every size and scheme.
    """
    for who, visitor in sign_everyone_in(chromium, house, shots).items():
        context = chromium.new_context(storage_state=visitor.kept, reduced_motion="reduce", bypass_csp=True)
        page = context.new_page()
        for shot in (one for one in shots if one.who == who):
            for language in LANGUAGES:
                try:
                    go_to(page, house.base, shot, language, visitor.response)
                    yield from look(page, shot, language)
                except (RuntimeError, Error) as error:
                    faults.append(f"{shot.name} ({language}): {str(error).splitlines()[0]}")
        context.close()


def look(page: Page, shot: Shot, language: str) -> Iterator[Taken]:
    """Take the open page in every size and scheme."""
    honest = page.locator("html").get_attribute("lang") == language
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            file = f"{shot.name}.{language}.{size}.{scheme}.png"
            page.screenshot(path=OUT / file, full_page=True, style=WHOLE_PAGE)
            yield Taken(shot, language, size, scheme, file, honest)


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
