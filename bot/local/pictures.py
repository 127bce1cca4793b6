"""Pictures of an edition as SVG: the ring of matches, the timeline, and who is where. Each comes with the same facts as text.

What is drawn is given in words already (`facts.py` writes them): nothing here knows a language, the store or the clock. The colours
are the reader's own: words take the colour of the page, marks take `--picture-accent` and `--picture-quiet`, whose fallbacks have
a contrast of more than 3:1 on white and on near-black (WCAG 2.2, 1.4.11). No meaning hangs on a colour alone: what has been is
filled, what is to come is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring  # builds, and never reads

from bot.local.circles import LETTER, Box, Spot, Traveller, arranged, circles, cut
from bot.markup import clean

WIDTH = 520
"""A picture is this wide, in its own units; the page scales it. Only a ring of many people is wider."""
LINE = 60.0
"""The height of a picture that says only that there is nothing to show yet."""
ACCENT = "var(--picture-accent, #3d7fc1)"
QUIET = "var(--picture-quiet, #7d8590)"
DOT = 5.0
When = Literal["past", "now", "coming"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it says: `rows` holds every fact that is drawn, a sentence each, in the order of the picture."""

    title: str
    svg: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """Who goes to whom."""

    title: str
    about: str
    """What the picture shows, in a sentence."""
    travellers: tuple[Traveller, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a row of the timeline, from day through day."""

    first: date
    last: date
    says: str
    when: When = "coming"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline. `span`: its marks last for days; else each is a dot on its day."""

    label: str
    marks: tuple[Mark, ...]
    span: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """An edition in time."""

    title: str
    about: str
    rows: tuple[Row, ...]
    months: tuple[tuple[date, str], ...]
    """First days of months, and what stands above them."""
    today: date
    today_says: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the programme, and who is there now. `names` are only for the coordinator; else it is empty."""

    label: str
    count: int
    says: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who is where in the programme."""

    title: str
    about: str
    steps: tuple[Step, ...]


def ring(facts: Ring) -> Picture:
    """Draw who goes to whom: every closed circle as a circle, with an arrow from each guest to the host."""
    boxes, width, height = arranged(circles(facts.travellers), WIDTH)
    svg = _canvas("ring", facts.title, facts.about, height or LINE, width)
    if not boxes:
        _words(svg, facts.about, width / 2, LINE / 2, anchor="middle")
    spots = {spot.traveller.id: spot for box in boxes for spot in box.spots}
    for box in boxes:
        for spot in box.spots:
            host = spots.get(spot.traveller.to or "")
            if host is not None:
                _arrow(svg, box, spot, host)
    for spot in spots.values():
        _person(svg, spot)
    return _finished(svg, facts.title, [spot.traveller.says for spot in spots.values()] or [facts.about])


def _arrow(svg: Element, box: Box, guest: Spot, host: Spot) -> None:
    group = _fact(svg, guest.traveller.says)
    line, head = box.arrow(guest, host, gap=DOT + 2)
    SubElement(group, "path", {"d": line, "fill": "none", "stroke": ACCENT, "stroke-width": "1.75"})
    SubElement(group, "path", d=head, fill=ACCENT)


def _person(svg: Element, spot: Spot) -> None:
    it = spot.traveller
    group = _fact(svg, it.says)
    place = {"cx": _px(spot.x), "cy": _px(spot.y), "r": _px(DOT), "stroke": ACCENT, "stroke-width": "2"}
    SubElement(group, "circle", place, fill=ACCENT if it.to else "none")
    label = spot.label
    text = _words(group, label.text, label.x, label.y, anchor=label.anchor)
    if label.turn:
        text.set("transform", f"rotate({_px(label.turn)} {_px(label.x)} {_px(label.y)})")


LEFT, RIGHT, TOP, ROW = 150.0, 14.0, 46.0, 30.0
"""Of the timeline: room for labels, at the other end and above, and the height of a row."""


def timeline(facts: Timeline) -> Picture:
    """Draw an edition in time: a row for each window, meeting and kind of message, and a line for today."""
    height = TOP + ROW * len(facts.rows) + 14
    svg = _canvas("timeline", facts.title, facts.about, height)
    scale = _Scale.over(facts)
    for day, month in facts.months:
        _month(svg, scale.x(day), month, height)
    for number, row in enumerate(facts.rows):
        _row(svg, row, TOP + ROW * (number + 0.5), scale, facts.today)
    _today(svg, scale.x(facts.today), facts.today_says, height)
    return _finished(svg, facts.title, [facts.today_says, *(mark.says for row in facts.rows for mark in row.marks)])


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a day lies."""

    first: date
    days: int

    @classmethod
    def over(cls, facts: Timeline) -> "_Scale":
        marks = [mark for row in facts.rows for mark in row.marks]
        first = min([facts.today, *(mark.first for mark in marks)]) - timedelta(days=4)
        last = max([facts.today, *(mark.last for mark in marks)]) + timedelta(days=4)
        return cls(first, (last - first).days)

    def x(self, day: date) -> float:
        return LEFT + (day - self.first).days / self.days * (WIDTH - LEFT - RIGHT)


def _month(svg: Element, x: float, month: str, height: float) -> None:
    if not LEFT <= x <= WIDTH - RIGHT:
        return
    _line(svg, x, TOP - 8, x, height - 8, QUIET, "0.5")
    _words(svg, month, x + 3, TOP - 12, small=True)


def _row(svg: Element, row: Row, y: float, scale: _Scale, today: date) -> None:
    _words(svg, cut(row.label, int((LEFT - 16) / LETTER)), LEFT - 12, y + 4.5, anchor="end")
    for mark in row.marks:
        group = _fact(svg, mark.says)
        first, after = scale.x(mark.first), scale.x(mark.last + timedelta(days=1))
        if row.span:
            _bar(group, y, first, after, {"past": after, "now": scale.x(today)}.get(mark.when, first))
        else:
            look = {"stroke": ACCENT, "stroke-width": "2", "fill": "none" if mark.when == "coming" else ACCENT}
            SubElement(group, "circle", look, cx=_px(first), cy=_px(y), r=_px(DOT))


def _bar(group: Element, y: float, first: float, after: float, filled: float) -> None:
    """A bar between two places, filled as far as it has been."""
    shape = {"x": _px(first), "y": _px(y - 7), "height": "14", "rx": "4", "stroke": ACCENT, "stroke-width": "2"}
    SubElement(group, "rect", shape, width=_px(max(after - first, 4)), fill="none")
    if filled > first:
        SubElement(group, "rect", shape, width=_px(max(filled - first, 4)), fill=ACCENT)


def _today(svg: Element, x: float, says: str, height: float) -> None:
    group = _fact(svg, says)
    _line(group, x, TOP - 8, x, height - 8, "currentColor", "2")
    anchor = "start" if x < LEFT + 60 else "end" if x > WIDTH - 160 else "middle"
    _words(group, says, x, 16, anchor=anchor, strong=True)


def whereabouts(facts: Whereabouts) -> Picture:
    """Draw who is where: a row for each step, with a dot for each person and the count."""
    tops, height = [], 10.0
    for step in facts.steps:
        tops.append(height)
        height += 12 + 18 * max(1, -(-step.count // A_ROW))
    svg = _canvas("whereabouts", facts.title, facts.about, height + 4)
    for step, top in zip(facts.steps, tops, strict=True):
        _step(svg, step, top)
    return _finished(svg, facts.title, [step.says for step in facts.steps])


STEP_LEFT, A_ROW = 252.0, 14
"""Of who is where: room for the labels, and so many dots stand beside each other."""


def _step(svg: Element, step: Step, top: float) -> None:
    group = _fact(svg, step.says)
    _words(group, cut(step.label, int((STEP_LEFT - 60) / LETTER)), STEP_LEFT - 56, top + 14, anchor="end")
    _words(group, str(step.count), STEP_LEFT - 16, top + 14, anchor="end", strong=step.count > 0)
    for number in range(step.count):
        x, y = STEP_LEFT + 6 + 18 * (number % A_ROW), top + 9 + 18 * (number // A_ROW)
        dot = SubElement(group, "circle", cx=_px(x), cy=_px(y), r="6", fill=ACCENT)
        if step.names:
            SubElement(dot, "title").text = clean(step.names[number])


# ── the sheet ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _canvas(name: str, title: str, about: str, height: float, width: float = WIDTH) -> Element:
    """An empty picture. To a screen reader it is one image with a name and a description; the facts stand beside it as text."""
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_px(width)} {_px(height)}",
            "role": "img",
            "class": f"picture {name}",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-about",
            "font-size": "13",
        },
    )
    SubElement(svg, "title", id=f"{name}-title").text = clean(title)
    SubElement(svg, "desc", id=f"{name}-about").text = clean(about)
    return svg


def _fact(svg: Element, says: str) -> Element:
    """A group that stands for one fact: its tooltip is the sentence."""
    group = SubElement(svg, "g")
    SubElement(group, "title").text = clean(says)
    return group


def _words(
    parent: Element, text: str, x: float, y: float, *, anchor: str = "start", strong: bool = False, small: bool = False
) -> Element:
    look = {"font-weight": "700"} if strong else {"font-size": "11"} if small else {}
    words = SubElement(
        parent, "text", {"x": _px(x), "y": _px(y), "text-anchor": anchor, "fill": "currentColor", **look}
    )
    words.text = clean(text)
    return words


def _line(parent: Element, x: float, y: float, to_x: float, to_y: float, colour: str, width: str) -> None:
    ends = {"x1": _px(x), "y1": _px(y), "x2": _px(to_x), "y2": _px(to_y)}
    SubElement(parent, "line", {**ends, "stroke": colour, "stroke-width": width})


def _finished(svg: Element, title: str, rows: Sequence[str]) -> Picture:
    return Picture(clean(title), tostring(svg, encoding="unicode"), tuple(_once(rows)))


def _once(rows: Sequence[str]) -> Iterator[str]:
    yield from dict.fromkeys(clean(row) for row in rows)


def _px(number: float) -> str:
    """A length with one decimal at most."""
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written
