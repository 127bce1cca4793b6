"""Pressing the button of the bar is enough: through the exchange, a session of the incident method, and on to the closing meeting."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.local.play import Play
from programme import rooms
from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import MATCHING, prepare
from tests.browser.road import BELOW, take_the_next_step, walk_to

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

GROUP = ("bram", "carla", "daan", "eva")
EXCHANGED = "De uitwisseling is klaar."
DONE = "Klaar. Zo werkt SecretarisWissel."


async def in_a_session(play: Play) -> None:
    """A group has begun a session, without Anna."""
    room = rooms.group(play.edition.id, 1)
    for person in GROUP:
        await play.say(person, room, "!akkoord")
    await play.say("bram", room, "!start intervisie incident")


async def test_a_first_visitor_plays_the_exchange_and_a_session_to_the_end_by_pressing(
    kring: Try, visit: Visit
) -> None:
    page = await visit(await kring(), reduced_motion="no-preference")
    await Player(page).reads("Welkom bij Kring")
    paces = await walk_to(page, EXCHANGED)
    assert 20 < len(paces) <= 30
    paces += await walk_to(page, DONE)
    assert [it.below for it in paces if it.below > 1] == []
    assert len({it.height for it in paces}) == 1, "the bar stays where it is"
    await page.get_by_role("button", name="Alle berichten").click()
    await Player(page).reads("Deze sessie is klaar. Dank je wel.")
    assert await page.evaluate(BELOW) <= 1
    await page.locator("#step").get_by_role("button", name="Bekijk de ring").click()
    await expect(page.get_by_role("img", name="Wie gaat naar wie")).to_be_visible()


async def test_nobody_answers_for_anna_on_the_way_to_the_closing_meeting(kring: Try, visit: Visit) -> None:
    page = await visit(await kring())
    player = Player(page)
    await player.reads("Welkom bij Kring")
    await walk_to(page, EXCHANGED)
    mine = player.log.get_by_role("article", name="Anna de Boer")
    said = await mine.count()
    closing = page.locator("#step").get_by_role("button", name="Naar de slotbijeenkomst")
    await closing.click()
    await expect(page.get_by_role("status")).to_contain_text("Gestopt: Anna is aan zet.")
    await expect(page.locator("#step")).to_contain_text("Kring heeft Anna iets gevraagd.")
    for _halt in range(9):
        await player.settled()
        if not await closing.count():
            break
        await closing.click()
    await expect(player.time.locator(".reading")).to_contain_text("09.00")
    await expect(closing).to_have_count(0)
    assert await mine.count() == said


async def test_the_bar_leads_a_session_turn_by_turn_for_whoever_is_played(
    kring: Try, visit: Visit, judge: Judge, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store", at=MATCHING, groups=[GROUP], then=in_a_session)
    page = await visit(await kring())
    player, bar = Player(page), page.locator("#step")
    await expect(bar).not_to_contain_text("Fase")
    await player.be("Carla Smit")
    await player.go("Groep 1")
    await walk_to(page, "Fase 2 van 11")
    await expect(page.get_by_role("heading", name="Je bent nu Carla Smit")).to_be_visible()
    await walk_to(page, "Carla is aan de beurt")
    assert await judge(page) == []
    await bar.get_by_role("button", name="Zelf doen").click()
    await expect(player.box).to_be_focused()
    await player.say("Twee mensen willen hetzelfde.", then="Twee mensen willen hetzelfde.")
    await player.say("klaar")
    await expect(bar).not_to_contain_text("Carla is aan de beurt")
    await walk_to(page, "Iedereen schrijft, alleen")
    await take_the_next_step(page)
    await expect(bar).to_contain_text("Sluit de fase als Bram")


async def test_a_session_leaves_room_for_the_chat(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, groups=[GROUP], then=in_a_session)
    page = await visit(await kring())
    player = Player(page)
    await player.be("Bram Visser")
    await player.go("Groep 1")
    pinned = page.locator(".pinned")
    assert await _height(page, ".pinned") < 45
    await expect(pinned).to_contain_text("Incidentmethode, fase 1 van 11")
    await pinned.locator("summary").click()
    await expect(pinned).to_contain_text("4 mensen: Bram Visser")
    assert await _height(page, ".chips") < 80, "two rows at most"
    whole = await page.get_by_role("tab", name="Groep 1").evaluate(
        "it => it.getBoundingClientRect().right <= it.parentElement.getBoundingClientRect().right + 1"
    )
    assert whole, "the chosen tab is not cut"


async def _height(page: Page, selector: str) -> float:
    found: float = await page.locator(selector).evaluate("it => it.getBoundingClientRect().height")
    return found
