"""The two pictures that an app for Teams needs, drawn here: six people in a circle.

Source: PNG specification (W3C), for the few chunks; Microsoft, "App icons" (192 and 32 pixels, the small one white on nothing).
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from math import cos, hypot, pi, sin
from typing import Final

ACCENT: Final = "#1D5C63"
"""The colour behind the circle."""
_Pixel = Callable[[float], bytes]
"""The four bytes of a pixel of which so much is covered."""
_PEOPLE = 6
_WHITE = b"\xff\xff\xff"
_RGBA = 6


def colour_icon() -> bytes:
    """The circle in white on the accent colour, 192 pixels square, as PNG."""
    ground = bytes.fromhex(ACCENT.removeprefix("#"))
    return _png(192, lambda covered: bytes(_mixed(ground, covered)) + b"\xff")


def outline_icon() -> bytes:
    """The circle in white on nothing, 32 pixels square, as PNG."""
    return _png(32, lambda covered: _WHITE + bytes([round(255 * covered)]))


def _mixed(ground: bytes, covered: float) -> Iterator[int]:
    return (round(under + (over - under) * covered) for under, over in zip(ground, _WHITE, strict=True))


def _covered(x: float, y: float, size: int) -> float:
    """How much of the pixel with this middle is white, from 0 to 1."""
    radius, reach = size * 0.105, size * 0.29
    middles = ((reach * cos(2 * pi * n / _PEOPLE), reach * sin(2 * pi * n / _PEOPLE)) for n in range(_PEOPLE))
    nearest = min(hypot(x - size / 2 - across, y - size / 2 - down) for across, down in middles)
    return min(1.0, max(0.0, radius - nearest + 0.5))


def _png(size: int, pixel: _Pixel) -> bytes:
    rows = (b"\0" + b"".join(pixel(_covered(x + 0.5, y + 0.5, size)) for x in range(size)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, _RGBA, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
