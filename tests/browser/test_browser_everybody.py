"""The page can be read and used by everybody: axe finds nothing, in light and dark, wide and narrow, Dutch and English."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.local.play import Play
from programme import rooms
from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import MATCHING, prepare
from tests.browser.trying import Trying

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

COHORT = re.compile(r"^(Iedereen|Everybody)")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


async def conversed(play: Play) -> None:
    """A chat with a question and buttons, a poll, a room with a status text, a proposal, and a file."""
    cor, bram = rooms.direct("cor"), rooms.direct("bram")
    cohort = rooms.cohort(play.edition.id)
    await play.say("cor", cohort, "!peiling Koffie of thee?; koffie; thee")
    await play.say("cor", cor, "match voorstel")
    await play.say("anna", rooms.direct("anna"), "aanmelden")
    await play.say("bram", bram, "agenda")
    await play.say("bram", bram, "kalender")


async def test_axe_finds_nothing_on_a_wide_screen(kring: Try, visit: Visit, judge: Judge, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, then=conversed)
    tried = await kring()
    found: list[str] = []
    for language, theme in (("nl", "light"), ("en", "dark"), ("nl", "dark"), ("en", "light")):
        page = await visit(tried, viewport=WIDE, color_scheme=theme, locale=language)
        player = Player(page, language)
        assert await _dressed(page) == theme
        await player.reads("aanmelden")
        found += await judge(page)
        await player.be("Cor Jansen")
        await player.go(COHORT)
        await expect(player.log.get_by_role("radio", name="thee")).to_be_visible()
        found += await judge(page)
    assert found == []


async def test_axe_finds_nothing_in_all_messages(kring: Try, visit: Visit, judge: Judge, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, then=conversed)
    page = await visit(await kring(), color_scheme="dark")
    await page.get_by_role("button", name="Alle berichten").click()
    await expect(Player(page).box).to_be_hidden()
    assert await judge(page) == []


async def test_axe_finds_nothing_on_a_phone(kring: Try, visit: Visit, judge: Judge, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, then=conversed)
    tried = await kring()
    found = []
    for theme in ("light", "dark"):
        page = await visit(tried, viewport=PHONE, color_scheme=theme, has_touch=True)
        await Player(page).reads("aanmelden")
        found += await judge(page)
        panels = page.get_by_role("navigation", name="Onderdelen")
        for panel in ("Mensen", "Klok", "Beelden"):
            await panels.get_by_role("button", name=panel).click()
            await expect(panels.get_by_role("button", name=panel)).to_have_attribute("aria-current", "true")
            if panel == "Beelden":
                await expect(page.get_by_role("img", name="Wie is waar")).to_be_visible()
            found += await judge(page)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{panel} is too wide"
    assert found == []


async def _dressed(page: Page) -> str:
    """Whether the page is really light or dark: its ground, by its lightness."""
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in ground.strip("rgb()").split(",")[:3]]
    return "light" if sum(channels) > 384 else "dark"


async def test_the_theme_can_be_switched_and_is_remembered(untouched: Trying, visit: Visit) -> None:
    page = await visit(untouched)
    await page.get_by_role("button", name="Donker").click()
    await expect(page.get_by_role("button", name="Licht")).to_be_visible()
    assert await _dressed(page) == "dark"
    await page.reload()
    await expect(page.get_by_role("button", name="Licht")).to_be_visible()
    assert await _dressed(page) == "dark"


async def test_what_the_bot_says_is_told_to_a_screen_reader(untouched: Trying, visit: Visit) -> None:
    page = await visit(untouched)
    log = Player(page).log
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("main")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Mensen")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Kring")
