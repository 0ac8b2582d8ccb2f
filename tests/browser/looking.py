"""Looking at a page as axe-core does, and as somebody with a small phone and a thumb would."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

from tests.browser.visitors import LAPTOP, PHONE

_AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between two sizes or two colour schemes of one and the same page.
LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
SMALLEST = 320
ColourScheme = Literal["dark", "light"]
THUMB = 44

_RUN = """async ([only, more]) => {
  const rules = Object.fromEntries(more.map((rule) => [rule, {enabled: true}]))
  const found = await axe.run(document, {runOnly: only, rules, resultTypes: ['violations']})
  return found.violations.flatMap((one) => one.nodes.map((node) =>
    one.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary.replace(/\\s+/g, ' ')))
}"""

# What sticks to the edge of the screen lies over what one scrolls past; it is looked at where it would rest.
_LET_GO = "() => document.querySelectorAll('.bar, .dock').forEach((one) => { one.style.position = 'static' })"

_SIDEWAYS = """() => {
  const wide = document.documentElement
  if (wide.scrollWidth <= wide.clientWidth) return []
  return [...document.querySelectorAll('body *')].filter((one) => {
    const box = one.getBoundingClientRect()
    return box.width && (box.right > innerWidth + 1 || box.left < -1) && getComputedStyle(one).position !== 'absolute'
  }).slice(0, 5).map((one) => one.tagName + '.' + one.className + ' ' + Math.round(one.getBoundingClientRect().width))
    .concat(['the page is ' + wide.scrollWidth + ' wide'])
}"""

# A link in running text is as high as its line (WCAG 2.5.8 leaves those out); everything else is made for a thumb.
_SMALL = """(least) => [...document.querySelectorAll('a[href], button, summary, input, textarea, select')].filter((one) => {
  if (one.type === 'hidden' || one.closest('.unseen, .skip, [aria-hidden=true]')) return false
  const target = ['radio', 'checkbox'].includes(one.type) ? one.labels[0] : one
  const box = target.getBoundingClientRect()
  if (!box.width || !box.height) return false
  const inText = getComputedStyle(one).display === 'inline'
    && one.parentElement.textContent.trim() !== one.textContent.trim()
  return !inText && (box.height < least - .5 || box.width < least - .5)
}).map((one) => {
  const box = one.getBoundingClientRect()
  const words = one.textContent.trim().slice(0, 30)
  return `${one.tagName}.${one.className} "${words}" is ${Math.round(box.width)}×${Math.round(box.height)}`
})"""


@cache
def axe() -> str:
    """Return axe-core. It is put in through the browser's own door for tools, which the page's policy does not close."""
    return _AXE.read_text(encoding="utf-8")


# Colours are the same in every language, so the dark ones are looked at in English; a wide page is looked at the longest way
# round, from right to left. How a page is built is the same in Polish as in English: only what longer words change is looked at.
_FURTHER: dict[str, tuple[tuple[ViewportSize, ColourScheme], ...]] = {
    "en-GB": ((PHONE, "dark"),),
    "ar": ((LAPTOP, "light"),),
}
_ONLY_LOOKS = ("pl",)


def faults(page: Page, *, for_a_child: bool) -> list[str]:
    """Return what is wrong with the page on show: every rule once, then what looks can change in other sizes and schemes."""
    contrast = ["color-contrast-enhanced"] if for_a_child else []
    page.evaluate(axe())
    page.evaluate(_LET_GO)
    language = page.locator("html").get_attribute("lang") or ""
    looks = {"type": "rule", "values": [*LOOKS, *contrast]}
    if language in _ONLY_LOOKS:
        found = _run(page, looks, [], "phone, light")
    else:
        found = _run(page, {"type": "tag", "values": TAGS}, [*contrast, "target-size"], "phone, light")
    for size, scheme in _FURTHER.get(language, ()):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        look = f"{'phone' if size is PHONE else 'laptop'}, {scheme}"
        found += _run(page, looks, [], look)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": SMALLEST, "height": PHONE["height"]})
    found += [f"scrolls sideways at {SMALLEST}: {one}" for one in page.evaluate(_SIDEWAYS)]
    page.set_viewport_size(PHONE)
    if for_a_child:
        found += [f"too small for a thumb: {one}" for one in page.evaluate(_SMALL, THUMB)]
    return found


def _run(page: Page, only: dict[str, Any], more: list[str], look: str) -> list[str]:
    return [f"({look}) {one}" for one in page.evaluate(_RUN, [only, more])]
