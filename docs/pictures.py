"""Make the pictures of the README anew: the page as somebody plays with it, and a conversation as a transcript has it.

    python docs/pictures.py [FOLDER]

Everything that could differ from one day to another is fixed: clock, people, size, language, colours, and nothing moves.
"""

import asyncio
import re
import struct
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from playwright.async_api import Browser, ViewportSize, async_playwright, expect
from playwright.async_api import Page as Tab

from bot import log
from bot.local.play import Play
from bot.transcript import ZONE
from programme import rooms
from tests.browser.prepared import prepare
from tests.browser.trying import Trying
from tests.install_chromium import FLAGS, MISSING, chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PICTURES = {"page.png": (1280, 800), "conversation.png": (720, 680)}
"""The files, and how wide and high they are in pixels."""
AS_DUTCH = """all => all.forEach(it => {
    const look = getComputedStyle(it);
    for (const name of look) it.style.setProperty(name, look.getPropertyValue(name));
    const [year, month, day] = it.value.split("-");
    const shown = it.type === "date" ? `${day}-${month}-${year}` : it.value;
    it.type = "text";
    it.value = shown;
})"""
"""Shows fields for a day and a time as a Dutch browser does, also in a Chromium that speaks English only."""
LINES = ("aanmelden", "ja", "1", "Een dag bij de toezichthouder, met een bestuursvergadering.", "overslaan")
"""What Anna has said when the picture of the page is taken."""
QUESTION = "Kun je bij de startbijeenkomst en de slotbijeenkomst zijn?"
TRANSCRIPT = ROOT / "tests" / "transcripts" / "stagedag.chat"
FIRST = "carla in #pair/bram: !stagedag 19-10-2026 9.30-16.00"
LAST = " (bestand: stagedag.ics)"
NAMES = {"": "", "#pair/bram": " in de kamer van Bram en Carla"}
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { font: 17px/1.45 "DejaVu Sans", sans-serif; background: #f6f4ef; color: #22262b; padding: 26px 30px }
.said { max-width: 78%; margin-bottom: 14px }
.person { margin-left: auto }
.who { font-size: 13px; color: #5b626b; margin: 0 6px 3px }
.person .who { text-align: right }
.text { background: #fff; border: 1px solid #d9d5cb; border-radius: 4px 16px 16px 16px; padding: 10px 15px }
.person .text { background: #17496b; border-color: #17496b; color: #fff; border-radius: 16px 4px 16px 16px; width: fit-content; margin-left: auto }
.text p + p { margin-top: 6px }
.below span { display: inline-block; margin: 8px 8px 0 0; padding: 4px 18px; border: 1.5px solid #17496b; border-radius: 999px; color: #17496b; background: #fff }
.below .file { border-style: dashed; border-radius: 8px }
"""


@dataclass(frozen=True)
class Said:
    """One message of the conversation."""

    who: str
    lines: tuple[str, ...]
    person: bool = False
    buttons: tuple[str, ...] = ()
    file: str = ""


def conversation(written: str) -> list[Said]:
    """The messages of the piece of a transcript that is shown."""
    said: list[Said] = []
    for line in _piece(written):
        if marked := re.fullmatch(r" bot(?: to (\w+))?: (.*)", line):
            said.append(Said(_bot(marked[1], said), (marked[2],)))
        elif line.startswith(" | "):
            said[-1] = replace(said[-1], lines=(*said[-1].lines, line[3:]))
        elif line.startswith(" ["):
            said[-1] = replace(said[-1], buttons=tuple(re.findall(r"\[(.*?)\]", line)))
        elif line.startswith(" (bestand: "):
            said[-1] = replace(said[-1], file=line.removeprefix(" (bestand: ").rstrip(")"))
        else:
            who, text = line.split(": ", 1)
            name, _in, room = who.partition(" in ")
            said.append(Said(name.capitalize() + NAMES[room], (text,), person=True))
    return said


def _piece(written: str) -> Iterator[str]:
    lines = written[written.index(FIRST) :].splitlines()
    yield from lines[: lines.index(LAST) + 1]


def _bot(to: str | None, before: list[Said]) -> str:
    """Whom the bot talks to: whom the transcript names, else who spoke last."""
    if to:
        return f"Kring, aan {to.capitalize()}"
    asker = next(it.who for it in reversed(before) if it.person)
    return f"Kring{asker[asker.index(' in ') :]}" if " in " in asker else f"Kring, aan {asker}"


def page_of(said: list[Said]) -> str:
    """The conversation as a page of HTML. What was said is put in as text."""
    html = Element("html", lang="nl")
    SubElement(SubElement(html, "head"), "style").text = STYLE
    body = SubElement(html, "body")
    for it in said:
        row = SubElement(body, "div", {"class": "said person" if it.person else "said"})
        SubElement(row, "div", {"class": "who"}).text = it.who
        text = SubElement(row, "div", {"class": "text"})
        for line in it.lines:
            SubElement(text, "p").text = line
        below = SubElement(row, "div", {"class": "below"})
        for label in it.buttons:
            SubElement(below, "span").text = label
        if it.file:
            SubElement(below, "span", {"class": "file"}).text = it.file
    return "<!doctype html>" + tostring(html, encoding="unicode", method="html")


async def _tab(browser: Browser, file: str) -> Tab:
    """An empty tab of the right size, that looks the same wherever it is made."""
    width, height = PICTURES[file]
    size: ViewportSize = {"width": width, "height": height}
    look = await browser.new_context(
        viewport=size, color_scheme="light", reduced_motion="reduce", locale="nl-NL", timezone_id=ZONE.key
    )
    return await look.new_page()


async def _conversation(browser: Browser) -> bytes:
    tab = await _tab(browser, "conversation.png")
    await tab.set_content(page_of(conversation(TRANSCRIPT.read_text(encoding="utf-8"))))
    return await _shot(tab)


async def _page(browser: Browser) -> bytes:
    with tempfile.TemporaryDirectory(prefix="kring-") as store:
        await prepare(Path(store), then=_signing_up)
        tried = Trying(Path(store))
        await tried.start()
        try:
            tab = await _tab(browser, "page.png")
            await tab.goto(tried.address)
            await expect(tab.get_by_role("log")).to_contain_text(QUESTION)
            await tab.locator("input[type=date], input[type=time]").evaluate_all(AS_DUTCH)
            return await _shot(tab)
        finally:
            await tried.end()


async def _signing_up(play: Play) -> None:
    for line in LINES:
        await play.say("anna", rooms.direct("anna"), line)


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


PIXELS = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const sheet = new OffscreenCanvas(image.width, image.height).getContext("2d");
    sheet.drawImage(image, 0, 0);
    const all = sheet.getImageData(0, 0, image.width, image.height).data;
    let text = "";
    for (let at = 0; at < all.length; at += 32768) text += String.fromCharCode(...all.subarray(at, at + 32768));
    return btoa(text);
}"""
"""Gives the pixels of a picture: red, green, blue and opacity of each, in base64."""


async def _shot(tab: Tab) -> bytes:
    """What the tab shows, in a smaller file than the browser makes of it."""
    png = await tab.screenshot()
    sheet = await tab.context.new_page()
    pixels = bytearray(b64decode(await sheet.evaluate(PIXELS, f"data:image/png;base64,{b64encode(png).decode()}")))
    del pixels[3::4]
    (width, height) = struct.unpack(">II", png[16:24])
    return packed(bytes(pixels), width, height)


def packed(pixels: bytes, width: int, height: int) -> bytes:
    """Three bytes a pixel as a PNG without filters: large even areas are smallest so. Source: PNG, Third Edition, 5, 11.2 and 12.7."""
    rows = b"".join(b"\0" + pixels[at : at + width * 3] for at in range(0, len(pixels), width * 3))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


async def drawn() -> dict[str, bytes]:
    """All of them, by file. Raises `RuntimeError` without a Chromium."""
    path = chromium()
    if path is None:
        raise RuntimeError(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            return {"conversation.png": await _conversation(browser), "page.png": await _page(browser)}
        finally:
            await browser.close()


def main(folder: Path) -> None:
    """Make all of them in this folder, and the folder too."""
    log.set_up()
    folder.mkdir(parents=True, exist_ok=True)
    for name, png in asyncio.run(drawn()).items():
        (folder / name).write_bytes(png)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
