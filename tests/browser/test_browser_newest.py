"""The page keeps up with whoever plays: the newest message is in sight, the bar tells the truth, and nothing is lost by a reload."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import MATCHING, prepare
from tests.browser.road import BELOW, walk_to

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_whoever_reads_back_stays_there_and_gets_a_way_to_the_end(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store")
    tried = await kring()
    reader, other = Player(await visit(tried)), Player(await visit(tried))
    for word in ("help", "agenda", "help", "agenda"):
        await reader.say(word)
        await reader.settled()
    await reader.log.evaluate("it => { it.scrollTop = 0; it.dispatchEvent(new Event('scroll')); }")
    await other.say("contact", then="070 123 45 67")
    await reader.reads("070 123 45 67")
    assert await reader.log.evaluate("it => it.scrollTop") == 0
    await reader.page.get_by_role("button", name="2 nieuwe berichten").click()
    assert await reader.page.evaluate(BELOW) <= 1
    await expect(reader.page.get_by_role("button", name="nieuwe berichten")).to_have_count(0)


async def test_the_bar_knows_that_somebody_waits_and_lets_them_in(kring: Try, visit: Visit) -> None:
    page = await visit(await kring())
    player = Player(page)
    await player.reads("Welkom bij Kring")
    await walk_to(page, "Antwoord: 1")
    await player.time.get_by_role("button", name="Speel door").click()
    await player.reads("De laatste dag om je formulier")
    await walk_to(page, "Anna staat op de wachtlijst.")
    await expect(page.locator("#step")).to_contain_text("Typ !toelaten anna als Cor")
    await walk_to(page, "Anna doet mee.")
    await player.reads("Je doet mee aan SecretarisWissel")


async def test_the_bar_knows_who_has_no_match_and_begins_again(
    kring: Try, visit: Visit, judge: Judge, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store", at=MATCHING)
    page = await visit(await kring())
    player = Player(page)
    await player.be("Cor Jansen")
    await player.say("!match voorstel", then="Voorstel: 10 matches.")
    await player.say("!match publiceer 10", then="Tot dan kun je het stoppen")
    await player.ahead("Naar wat er nu komt")
    bar = page.locator("#step")
    await expect(bar).to_contain_text("Anna heeft deze keer geen match. Speel nog eens?")
    await bar.get_by_role("button", name="Opnieuw beginnen").click()
    asked = page.get_by_role("dialog", name="Opnieuw beginnen?")
    assert await judge(page) == []
    await asked.get_by_role("button", name="Toch niet").click()
    await expect(asked).to_be_hidden()
    await bar.get_by_role("button", name="Opnieuw beginnen").click()
    await asked.get_by_role("button", name="Opnieuw beginnen").click()
    await expect(page.get_by_role("heading", name="Je bent nu Anna de Boer")).to_be_visible()
    await expect(bar).to_contain_text("Meld Anna aan")
    await player.reads("Welkom bij Kring")


async def test_a_reload_keeps_who_one_is_and_what_is_half_typed(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    await player.box.fill("dit is van Anna")
    await player.be("Cor Jansen")
    await expect(player.box).to_have_value("")
    await player.box.fill("nog niet verst")
    await page.reload()
    await expect(page.get_by_role("heading", name="Je bent nu Cor Jansen")).to_be_visible()
    await expect(page.get_by_role("tab", name="Coördinatie")).to_have_attribute("aria-selected", "true")
    await expect(player.box).to_have_value("nog niet verst")
    await player.be("Anna de Boer")
    await expect(player.box).to_have_value("dit is van Anna")
