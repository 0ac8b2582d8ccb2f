"""The map as a drawing: where each box stands, how its title wraps, and the line of each arrow. Knows no page and no colour.

``down`` is for a phone, from top to bottom along a trunk. ``onwards`` is the same steps for a wide page, from now to later;
``across`` is all there are, in columns by stage. Everything is laid out from left to right and mirrored as a whole for
languages that are written the other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.core import languages
from app.pathways.records import Step
from app.pathways.ways import COLUMNS, FAR, Ahead, Seen, arrow_short, column_name, column_of, far_name
from app.questions.text import Text

FONT = 15
_LINE = 20
_PAD = 13
_SMALL = 18
_MOST_COLUMNS = 6
_PAGE = 1024.0
_HEADED = frozenset({"next", "restart", "opens"})
# How wide a letter is, as a part of the font's size: a little more than most typefaces need.
_NARROW, _WIDE = frozenset("iljtfrI.,'’()|-"), frozenset("mwMW@")


@dataclass(frozen=True, slots=True)
class Box:
    """One step: its corner and size, the lines of its title with the place of the first, and where it stands in the picture."""

    key: str
    x: float
    y: float
    wide: float
    high: float
    lines: tuple[str, ...]
    text_x: float
    text_y: float
    title: Text
    far: int
    # 'ltr' or 'rtl': the title's own direction, and at which end of a line it begins.
    direction: str
    anchor: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One arrow: its kind, from and to which step, its line and, for some kinds, its head.

    One that ``rests`` is always drawn; the others when somebody looks at the step they come from, or the picture were a net.
    """

    kind: str
    start: str
    end: str
    line: str
    head: str = ""
    rests: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a column."""

    x: float
    y: float
    lines: tuple[str, ...]
    direction: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a template draws. ``frames`` are the columns, or what holds several boxes where somebody is."""

    wide: float
    high: float
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    headings: tuple[Heading, ...] = ()
    frames: tuple[tuple[float, float, float, float], ...] = ()

    def lines(self, kind: str, key: str | None = None) -> str:
        """Return the lines of the arrows of a kind that rest as one path; or all those of one step."""
        return "".join(way.line for way in self.ways if way.kind == kind and (way.start == key if key else way.rests))

    def heads(self, kind: str, key: str | None = None) -> str:
        """Return their heads."""
        return "".join(way.head for way in self.ways if way.kind == kind and (way.start == key if key else way.rests))


@dataclass(slots=True)
class _Spot:
    key: str
    lines: tuple[str, ...]
    far: int
    small: str = ""
    x: float = 0
    y: float = 0
    wide: float = 0
    high: float = 0

    @property
    def middle(self) -> float:
        return self.y + self.high / 2


@dataclass(slots=True)
class _Pen:
    """Writes coordinates, mirrored where the page is."""

    wide: float
    mirrored: bool
    titles: Mapping[str, Text]
    spots: dict[str, _Spot] = field(default_factory=dict)

    def x(self, value: float) -> str:
        return _short(self.wide - value if self.mirrored else value)

    def at(self, x: float, y: float) -> str:
        return f"{self.x(x)} {_short(y)}"

    def bend(self, *points: tuple[float, float]) -> str:
        """Return a curve from the first point to the last, pulled by those between."""
        first, *rest = points
        return f"M{self.at(*first)}C{','.join(self.at(*one) for one in rest)}"

    def tip(self, x: float, y: float, way: int = 1) -> str:
        """Return the head of an arrow that comes in from the start side (``way`` 1) or from the end side."""
        return f"M{self.at(x - 7 * way, y - 5)}L{self.at(x, y)}L{self.at(x - 7 * way, y + 5)}"

    def box(self, spot: _Spot) -> Box:
        title = self.titles[spot.key]
        direction = _direction(title.language)
        begins_right = direction == "rtl"
        left = self.wide - spot.x - spot.wide if self.mirrored else spot.x
        text_x = left + spot.wide - _PAD if self.mirrored else left + _PAD
        inner = len(spot.lines) * _LINE + (_SMALL if spot.small else 0)
        text_y = spot.y + (spot.high - inner) / 2 + (_SMALL if spot.small else 0) + _LINE * 0.75
        anchor = "start" if begins_right == self.mirrored else "end"
        return Box(
            spot.key,
            round(left, 1),
            round(spot.y, 1),
            round(spot.wide, 1),
            round(spot.high, 1),
            spot.lines,
            round(text_x, 1),
            round(text_y, 1),
            title,
            spot.far,
            direction,
            anchor,
            spot.small,
        )


def down(steps: Mapping[str, Step], part: Ahead, titles: Mapping[str, Text], *, mirrored: bool) -> Drawing:
    """Draw what lies ahead for a phone: where I am on top, each further step under the one it comes from."""
    wide, indent, gap = 288.0, 34.0, 10.0
    pen = _Pen(wide, mirrored, titles)
    by_parent: dict[str | None, list[Seen]] = {}
    here = [one for one in part.seen if one.far == 0]
    several = len(here) > 1
    for one in part.seen:
        # From several places at once the ways are drawn from what holds them: each leads to most of what follows.
        by_parent.setdefault(None if one.far == 0 else here[-1].key if several and one.far == 1 else one.by, []).append(
            one
        )
    y = 8.0 if several else 2.0
    order: list[Seen] = []

    def put(one: Seen) -> None:
        nonlocal y
        x = one.far * indent + (8 if several and not one.far else 0)
        room = wide - x - (8 if several and not one.far else 1)
        small = arrow_short(one.arrow.kind) if one.arrow else ""
        spot = _Spot(one.key, wrap(titles[one.key].text, room - 2 * _PAD), one.far, small, x, y, room)
        spot.high = max(48.0, len(spot.lines) * _LINE + (_SMALL if small else 0) + 22)
        pen.spots[one.key] = spot
        order.append(one)
        y += spot.high + gap

    def family(one: Seen) -> None:
        put(one)
        for child in by_parent.get(one.key, ()):
            family(child)

    for one in here:
        if several:
            put(one)
        else:
            family(one)
    frames: tuple[tuple[float, float, float, float], ...] = ()
    if several:
        frames = ((0, 0, wide, y - gap + 8),)
        y += 12
        for child in by_parent.get(here[-1].key, ()):
            family(child)
    bottom = frames[0][3] if frames else None
    ways = _trunks(pen, order, here, by_parent, indent, bottom)
    return Drawing(wide, round(y - gap + 2, 1), tuple(pen.box(pen.spots[one.key]) for one in order), ways, (), frames)


def _trunks(
    pen: _Pen,
    order: Sequence[Seen],
    here: Sequence[Seen],
    by_parent: Mapping[str | None, Sequence[Seen]],
    indent: float,
    bottom: float | None,
) -> tuple[Way, ...]:
    ways = []
    for parent in order:
        if parent in here[:-1] and bottom is not None:
            continue
        under = pen.spots[parent.key]
        trunk = parent.far * indent + 15
        last = bottom if bottom is not None and parent.far == 0 else under.y + under.high
        for child in by_parent.get(parent.key, ()):
            if child.arrow is None:
                continue
            spot, kind = pen.spots[child.key], child.arrow.kind
            turn = f"Q{pen.at(trunk, spot.middle)} {pen.at(trunk + 9, spot.middle)}H{pen.x(spot.x - 1)}"
            line = f"M{pen.at(trunk, last)}V{_short(spot.middle - 9)}{turn}"
            head = pen.tip(spot.x - 1, spot.middle) if kind in _HEADED else ""
            ways.append(Way(kind, parent.key, child.key, line, head))
            # The next branch leaves the trunk where this one did, so that no stretch is drawn twice.
            last = spot.middle - 9
    return tuple(ways)


def onwards(steps: Mapping[str, Step], part: Ahead, titles: Mapping[str, Text], *, mirrored: bool) -> Drawing:
    """Draw what lies ahead for a wide page: a column for now, one for what is next, one for what may come after it."""
    columns = [(far_name(far), [one.key for one in part.seen if one.far == far]) for far in range(FAR + 1)]
    far = {one.key: one.far for one in part.seen}
    return _lay(steps, [(name, keys) for name, keys in columns if keys], far, titles, mirrored=mirrored)


def across(steps: Mapping[str, Step], titles: Mapping[str, Text], *, mirrored: bool) -> Drawing:
    """Draw every step for a wide page, in columns by stage."""
    columns = [(column_name(code), keys) for code, keys in _columns(steps)]
    return _lay(steps, columns, dict.fromkeys(steps, 1), titles, mirrored=mirrored)


def _lay(
    steps: Mapping[str, Step],
    columns: Sequence[tuple[str, list[str]]],
    far: Mapping[str, int],
    titles: Mapping[str, Text],
    *,
    mirrored: bool,
) -> Drawing:
    pen = _Pen(_PAGE, mirrored, titles)
    pitch = _PAGE / max(1, len(columns))
    room = min(250.0, pitch - (36 if len(columns) > 5 else 72))
    for _name, keys in columns:
        for key in keys:
            lines = wrap(titles[key].text, room - 2 * _PAD)
            pen.spots[key] = _Spot(key, lines, far[key], wide=room, high=max(48.0, len(lines) * _LINE + 24))
    _settle(steps, [keys for _name, keys in columns])
    high = _stack(pen, [keys for _name, keys in columns], pitch, room)
    places = range(len(columns))
    frames = tuple(
        (round((len(columns) - 1 - n if mirrored else n) * pitch + 4, 1), 0.0, round(pitch - 8, 1), high)
        for n in places
    )
    headings = tuple(_heading(pen, name, n * pitch + pitch / 2, pitch - 24) for n, (name, _keys) in enumerate(columns))
    column = {key: n for n, (_name, keys) in enumerate(columns) for key in keys}
    ways = tuple(
        _curve(pen, arrow.kind, pen.spots[key], pen.spots[arrow.to], rests=column[arrow.to] - column[key] == 1)
        for key in column
        for arrow in steps[key].leads_to
        if arrow.to in column
    )
    return Drawing(_PAGE, high, tuple(pen.box(pen.spots[key]) for key in column), ways, headings, frames)


def _stack(pen: _Pen, columns: Sequence[Sequence[str]], pitch: float, room: float) -> float:
    """Put each column's boxes under each other, in the middle of the picture's height, and return that height."""
    top, gap = 60.0, 16.0
    tall = [sum(pen.spots[key].high for key in keys) + gap * (len(keys) - 1) for keys in columns]
    for place, (keys, height) in enumerate(zip(columns, tall, strict=True)):
        y = top + (max(tall) - height) / 2
        for key in keys:
            spot = pen.spots[key]
            spot.x, spot.y = place * pitch + (pitch - room) / 2, y
            y += spot.high + gap
    return round(top + max(tall, default=0.0) + 16, 1)


def _columns(steps: Mapping[str, Step]) -> list[tuple[str, list[str]]]:
    """Return the columns that hold something. When there are too many for a page, the last two of school become one."""
    found: dict[str, list[str]] = {code: [] for code, _stages in COLUMNS}
    for key, step in steps.items():
        found[column_of(step)].append(key)
    if sum(map(bool, found.values())) > _MOST_COLUMNS:
        found["exams"] += found.pop("leaving")
    return [(code, held) for code, held in found.items() if held]


def _settle(steps: Mapping[str, Step], columns: Sequence[list[str]]) -> None:
    """Order each column so that arrows run as level as they can: by the middle of what each step is joined to."""
    joined: dict[str, set[str]] = {key: set() for keys in columns for key in keys}
    for key in joined:
        for arrow in steps[key].leads_to:
            if arrow.to in joined:
                joined[key].add(arrow.to)
                joined[arrow.to].add(key)
    for _sweep in range(6):
        for one, other in [*pairwise(columns), *((b, a) for a, b in reversed(list(pairwise(columns))))]:
            place = {key: (n + 0.5) / len(one) for n, key in enumerate(one)}
            own = {key: (n + 0.5) / len(other) for n, key in enumerate(other)}

            def middle(key: str, place: Mapping[str, float] = place, own: Mapping[str, float] = own) -> float:
                near = [place[friend] for friend in joined[key] if friend in place]
                return sum(near) / len(near) if near else own[key]

            other.sort(key=middle)


def _curve(pen: _Pen, kind: str, start: _Spot, end: _Spot, *, rests: bool) -> Way:
    y, goal = start.middle, end.middle
    if end.x > start.x:
        a, b = start.x + start.wide, end.x - 1
        pull = max(18.0, (b - a) * 0.45)
        line, head = pen.bend((a, y), (a + pull, y), (b - pull, goal), (b, goal)), pen.tip(b, goal)
    elif end.x < start.x:
        a, b = start.x, end.x + end.wide + 1
        pull = max(18.0, (a - b) * 0.45)
        line, head = pen.bend((a, y), (a - pull, y), (b + pull, goal), (b, goal)), pen.tip(b, goal, -1)
    else:
        a = start.x + start.wide
        pull = min(34.0, 14 + abs(goal - y) * 0.08)
        line, head = pen.bend((a, y + 4), (a + pull, y + 4), (a + pull, goal), (a + 1, goal)), pen.tip(a + 1, goal, -1)
    return Way(kind, start.key, end.key, line, head if kind in _HEADED else "", rests)


def _heading(pen: _Pen, name: str, x: float, room: float) -> Heading:
    return Heading(float(pen.x(x)), 28, wrap(name, room), "rtl" if pen.mirrored else "ltr")


def wrap(words: str, room: float) -> tuple[str, ...]:
    """Return a title as lines that fit into ``room``. A word that is longer than a line stands alone on one."""
    lines: list[str] = []
    for word in _together(words, room):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def _together(words: str, room: float) -> list[str]:
    """Return the words of a title. What stands in brackets at its end is one of them when it fits on a line."""
    start = words.find(" (")
    if start < 0 or not words.endswith(")") or measure(words[start + 1 :]) > room:
        return words.split()
    return [*words[:start].split(), words[start + 1 :]]


def measure(words: str) -> float:
    """Return about how wide words are at the size of a title."""
    return FONT * 1.06 * sum(map(_width, words))


def _width(letter: str) -> float:
    if letter == " ":
        return 0.28
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE:
        return 0.88
    if "؀" <= letter <= "ۿ":
        return 0.5
    return 0.68 if letter.isupper() else 0.57


def _direction(tag: str) -> str:
    found = languages.find(tag)
    return found.direction if found else "ltr"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
