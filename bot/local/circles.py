"""The circles that visits make, and where they stand in a picture.

Everybody visits one person at most, so what hangs together has at most one closed circle; whoever is outside it comes in towards it.
People stand in the order in which the arrows run, which makes nearly every arrow a short one to the neighbour.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, degrees, hypot, pi, sin
from typing import Literal

from bot.markup import clean

Anchor = Literal["start", "middle", "end"]
MOST_UPRIGHT = 16
"""With more people on a circle the names are written outwards, as spokes."""
LETTER = 7.2
"""How wide a letter of our labels is, on the average and at most: labels are cut before they meet."""
LONGEST = 17
"""So many letters of a name are shown."""
HEAD = 8.0
"""The length of the head of an arrow."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody in the ring: whom they visit (None: nobody), and that as a sentence."""

    id: str
    name: str
    to: str | None
    says: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a spot, turned by so many degrees."""

    text: str
    x: float
    y: float
    anchor: Anchor
    turn: float = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stands."""

    traveller: Traveller
    x: float
    y: float
    angle: float
    """On the circle, in radians, clockwise from three o'clock."""
    label: Label


@dataclass(frozen=True, slots=True)
class Box:
    """One circle on the sheet."""

    x: float
    """Its centre."""
    y: float
    radius: float
    spots: tuple[Spot, ...]

    def arrow(self, guest: Spot, host: Spot, gap: float) -> tuple[str, str]:
        """The line from guest to host and the head at its end, as two paths. `gap` is kept free around both."""
        after = self.spots[(self.spots.index(guest) + 1) % len(self.spots)]
        return self._along(guest, host, gap) if host is after else self._across(guest, host, gap)

    def _along(self, guest: Spot, host: Spot, gap: float) -> tuple[str, str]:
        """To the neighbour: along the circle, clockwise."""
        trim = gap / self.radius
        begin, end = guest.angle + trim, host.angle - trim
        (x, y), (to_x, to_y) = self._at(begin), self._at(end - HEAD / 2 / self.radius)
        line = f"M {x:.1f} {y:.1f} A {self.radius:.1f} {self.radius:.1f} 0 0 1 {to_x:.1f} {to_y:.1f}"
        return line, _head(*self._at(end), end + pi / 2 - HEAD / 2 / self.radius)

    def _across(self, guest: Spot, host: Spot, gap: float) -> tuple[str, str]:
        """To anybody else: bent towards the centre."""
        bend_x, bend_y = (
            (a + b) / 2 * 0.45 + c * 0.55 for a, b, c in ((guest.x, host.x, self.x), (guest.y, host.y, self.y))
        )
        x, y, _dx, _dy = _towards(guest.x, guest.y, bend_x, bend_y, gap)
        tip_x, tip_y, dx, dy = _towards(host.x, host.y, bend_x, bend_y, gap)
        to_x, to_y = tip_x + dx * HEAD / 2, tip_y + dy * HEAD / 2
        line = f"M {x:.1f} {y:.1f} Q {bend_x:.1f} {bend_y:.1f} {to_x:.1f} {to_y:.1f}"
        return line, _head_along(tip_x, tip_y, -dx, -dy)

    def _at(self, angle: float) -> tuple[float, float]:
        return self.x + self.radius * cos(angle), self.y + self.radius * sin(angle)


def _towards(x: float, y: float, to_x: float, to_y: float, far: float) -> tuple[float, float, float, float]:
    """The point so far from here in that direction, and the direction (of length 1)."""
    length = hypot(to_x - x, to_y - y) or 1.0
    dx, dy = (to_x - x) / length, (to_y - y) / length
    return x + dx * far, y + dy * far, dx, dy


def _head(x: float, y: float, angle: float) -> str:
    return _head_along(x, y, cos(angle), sin(angle))


def _head_along(x: float, y: float, dx: float, dy: float) -> str:
    """The head of an arrow with its tip here, that points in this direction."""
    back_x, back_y, half = x - dx * HEAD, y - dy * HEAD, HEAD / 2
    left = f"{back_x - dy * half:.1f} {back_y + dx * half:.1f}"
    right = f"{back_x + dy * half:.1f} {back_y - dx * half:.1f}"
    return f"M {x:.1f} {y:.1f} L {left} L {right} Z"


# ── who belongs together ─────────────────────────────────────────────────────────────────────────────────────────────────────


def circles(travellers: Sequence[Traveller]) -> list[list[Traveller]]:
    """Split people into those whose visits hang together, each in the order of the arrows; the largest first."""
    by_id = {it.id: it for it in travellers}
    guests: dict[str, list[str]] = defaultdict(list)
    for it in travellers:
        if it.to in by_id and it.to != it.id:
            guests[str(it.to)].append(it.id)
    found: list[list[Traveller]] = []
    placed: set[str] = set()
    for it in travellers:
        if it.id not in placed:
            together = [by_id[id_] for id_ in _together(it.id, by_id, guests)]
            placed |= {one.id for one in together}
            found.append(together)
    return sorted(found, key=len, reverse=True)


def _together(start: str, by_id: dict[str, Traveller], guests: dict[str, list[str]]) -> Iterator[str]:
    """Everybody who hangs together with this person: before each of the closed circle, those who come in there."""
    closed = _closed(start, by_id)
    for id_ in closed:
        yield from _coming(id_, guests, frozenset(closed))
        yield id_


def _closed(start: str, by_id: dict[str, Traveller]) -> list[str]:
    """The closed circle to which the visits from here lead; where there is none, the one person with whom they end."""
    way: list[str] = []
    here: str | None = start
    while here in by_id and here not in way:
        way.append(here)
        here = by_id[here].to
    return way[way.index(here) :] if here in way else way[-1:]


def _coming(host: str, guests: dict[str, list[str]], closed: frozenset[str]) -> Iterator[str]:
    """Those who visit this person from outside the closed circle, each after those who visit them."""
    for guest in guests[host]:
        if guest not in closed:
            yield from _coming(guest, guests, closed)
            yield guest


# ── where they stand ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Size:
    radius: float
    width: float
    height: float


def arranged(found: Sequence[Sequence[Traveller]], width: float) -> tuple[list[Box], float, float]:
    """Put circles beside and under each other on a sheet of this width, or of the widest circle; gives also its width and height."""
    boxes: list[Box] = []
    top = 0.0
    width = max([width, *(_size(people).width for people in found)])
    for shelf in _shelves(found, width):
        sizes = [_size(people) for people in shelf]
        high = max(size.height for size in sizes)
        left = (width - sum(size.width for size in sizes)) / 2
        for people, size in zip(shelf, sizes, strict=True):
            boxes.append(_box(people, left + size.width / 2, top + high / 2, size.radius))
            left += size.width
        top += high
    return boxes, width, top


def _shelves(found: Sequence[Sequence[Traveller]], width: float) -> Iterator[list[Sequence[Traveller]]]:
    shelf: list[Sequence[Traveller]] = []
    used = 0.0
    for people in found:
        wide = _size(people).width
        if shelf and used + wide > width:
            yield shelf
            shelf, used = [], 0.0
        shelf.append(people)
        used += wide
    if shelf:
        yield shelf


def _size(people: Sequence[Traveller]) -> _Size:
    count, label = len(people), max(len(_label(it)) for it in people) * LETTER + 20
    if count == 1:
        return _Size(0, label, 48)
    radius = count * 22 / 2 / pi if count > MOST_UPRIGHT else 40.0 + 10 * count
    across = 2 * (radius + label)
    return _Size(radius, across, across if count > MOST_UPRIGHT else 2 * (radius + 32))


def _box(people: Sequence[Traveller], x: float, y: float, radius: float) -> Box:
    spots = []
    for number, it in enumerate(people):
        angle = 2 * pi * number / len(people) - pi / 2
        at_x, at_y = x + radius * cos(angle), y + radius * sin(angle)
        beside = _spoke if len(people) > MOST_UPRIGHT else _upright
        label = beside(_label(it), x, y, radius, angle)
        spots.append(Spot(it, at_x, at_y, angle, label))
    return Box(x, y, radius, tuple(spots))


def _upright(text: str, x: float, y: float, radius: float, angle: float) -> Label:
    """A name beside its spot; above or below it where the circle is steepest."""
    side, down = cos(angle), sin(angle)
    if abs(side) < 0.2:  # noqa: PLR2004 - nearly on top, or at the bottom
        return Label(text, x + radius * side, y + radius * down + (22 if down > 0 else -13), "middle")
    out = radius + 12
    return Label(text, x + out * side, y + out * down + 4.5, "start" if side > 0 else "end")


def _spoke(text: str, x: float, y: float, radius: float, angle: float) -> Label:
    """A name outwards; on the left side the other way round, so that nobody reads upside down."""
    out = radius + 12
    at_x, at_y = x + out * cos(angle), y + out * sin(angle)
    turn = degrees(angle)
    shift_x, shift_y = -4.5 * sin(angle), 4.5 * cos(angle)
    if cos(angle) < 0:
        return Label(text, at_x - shift_x, at_y - shift_y, "end", turn + 180)
    return Label(text, at_x + shift_x, at_y + shift_y, "start", turn)


def _label(it: Traveller) -> str:
    return cut(it.name, LONGEST)


def cut(label: str, letters: int) -> str:
    """A label that is not longer than so many letters. What is cut off stands in the facts."""
    whole = clean(label)
    return whole if len(whole) <= letters else whole[: letters - 1].rstrip() + "…"
