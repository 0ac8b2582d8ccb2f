"""Makes docs/picture.png, the picture at the head of README.md, from the demo: ``python -m tools.picture``.

A child's first question and who may read an answer, in Arabic, on phones; beside them the record that a teacher reads.
"""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools import browser
from tools.demo_house import House, open_house, sign_in
from tools.screens import A_RECORD, begin_answering

OUT = Path("docs/picture.png")
HEIGHT, GAP, MARGIN, CORNER = 900, 36, 40, 28
PAPER, EDGE = "#e9dccf", "#c9b5a3"
PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1180, "height": 740}
COLOURS = 128


def look(page: Page) -> Image.Image:
    """Return what the screen shows, as tall as the picture wants it."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shown.resize((round(shown.width * HEIGHT / shown.height), HEIGHT), Image.Resampling.LANCZOS)


def screens(chromium: Browser, house: House) -> list[Image.Image]:
    """Return the three screens, in order."""
    child = chromium.new_context(viewport=PHONE, device_scale_factor=2, reduced_motion="reduce").new_page()
    sign_in(child, house.base, house.people["secondary_child"])
    response = begin_answering(child, house.base)
    child.goto(f"{house.base}{response}/sec-how")
    seen = [look(child)]
    child.goto(f"{house.base}{response}/check/sec-proud?lang=ar")
    child.locator("main input[name=share]:checked").evaluate("one => one.scrollIntoView({block: 'center'})")
    seen.append(look(child))
    teacher = chromium.new_context(viewport=LAPTOP, device_scale_factor=2, reduced_motion="reduce").new_page()
    sign_in(teacher, house.base, house.people["designated_teacher"])
    teacher.goto(f"{house.base}/home?lang=en-GB")
    # The first on a teacher's page is the one whose words are new.
    teacher.goto(house.base + str(teacher.locator(A_RECORD).first.get_attribute("href")))
    teacher.locator("h1").evaluate("one => one.scrollIntoView({block: 'start'})")
    seen.append(look(teacher))
    return seen


def side_by_side(shown: list[Image.Image]) -> Image.Image:
    """Return the screens beside each other on one sheet, with round corners."""
    width = sum(one.width for one in shown) + GAP * (len(shown) - 1) + 2 * MARGIN
    sheet = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), PAPER)
    left = MARGIN
    for one in shown:
        corners = Image.new("L", one.size, 0)
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, one.width - 1, one.height - 1), CORNER, fill=255)
        sheet.paste(one, (left, MARGIN), corners)
        frame = (left, MARGIN, left + one.width - 1, MARGIN + HEIGHT - 1)
        ImageDraw.Draw(sheet).rounded_rectangle(frame, CORNER, outline=EDGE, width=3)
        left += one.width + GAP
    return sheet


def main() -> int:
    """Make the picture. Returns the exit code."""
    with open_house() as house, sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        sheet = side_by_side(screens(chromium, house))
        chromium.close()
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT, optimize=True)
    print(f"{OUT}: {sheet.width} x {sheet.height}, {OUT.stat().st_size / 1024:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
