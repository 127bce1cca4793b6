"""Make the pictures of the README anew: the page as somebody plays with it, and a conversation as a transcript has it.

    python docs/pictures.py [FOLDER]

Everything that could differ from one day to another is fixed: clock, people, size, language, colours, and nothing moves.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from playwright.async_api import Browser, ViewportSize, async_playwright, expect
from playwright.async_api import Page as Tab

import commands
from bot.app import Setup
from bot.clock import SetClock
from bot.command import find
from bot.files import read_people, sample_edition
from bot.local.play import Play
from bot.local.server import Page
from bot.transcript import LOTTERY, ZONE, enrolled, ranked
from programme import rooms
from tests.install_chromium import FLAGS, MISSING, chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PICTURES = {"page.png": (1280, 800), "conversation.png": (720, 680)}
"""The files, and how wide and high they are in pixels."""
LINES = ("aanmelden", "ja", "1", "Een dag bij de toezichthouder, met een bestuursvergadering.", "overslaan")
"""What Anna has said when the picture of the page is taken."""
QUESTION = "Kun je bij de startbijeenkomst en de slotbijeenkomst zijn?"
BEGIN = datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
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
    return await browser.new_page(
        viewport=size, color_scheme="light", reduced_motion="reduce", locale="nl-NL", timezone_id=ZONE.key
    )


async def _draw_conversation(browser: Browser, folder: Path) -> None:
    tab = await _tab(browser, "conversation.png")
    await tab.set_content(page_of(conversation(TRANSCRIPT.read_text(encoding="utf-8"))))
    await tab.screenshot(path=folder / "conversation.png")


async def _draw_page(browser: Browser, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="kring-") as store:
        play = _play(Path(store))
        page = Page(play, "the-token-of-a-picture")
        runner = await page.listen("127.0.0.1", 0)
        try:
            await play.open()
            for line in LINES:
                await play.say("anna", rooms.direct("anna"), line)
            tab = await _tab(browser, "page.png")
            await tab.goto(page.address)
            await expect(tab.get_by_role("log")).to_contain_text(QUESTION)
            await tab.screenshot(path=folder / "page.png")
        finally:
            await runner.cleanup()
            await play.end()


def _play(store: Path) -> Play:
    """The sample, as `kring try` begins it, on a fixed day."""
    people, coordinators = read_people(None)
    edition = sample_edition(BEGIN.date(), coordinators)
    others = [person for person in people if person.id not in coordinators][1:]
    already = tuple(ranked(enrolled(others, edition, BEGIN), len(others)))
    setup = Setup(store / "state", find(commands), [edition], people, secret=lambda: LOTTERY)
    return Play(setup, SetClock(BEGIN), already, file=None, past=None)


async def make(folder: Path) -> None:
    """Make all of them in this folder, which is there. Raises `RuntimeError` without a Chromium."""
    path = chromium()
    if path is None:
        raise RuntimeError(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            await _draw_conversation(browser, folder)
            await _draw_page(browser, folder)
        finally:
            await browser.close()


def main(folder: Path) -> None:
    """Make all of them in this folder, and the folder too."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
