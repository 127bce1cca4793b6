"""The others play themselves, the road leads to the end, and a rehearsal shows every message before it is real."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import prepare
from tests.browser.road import walk_to

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_the_bar_alone_leads_from_signing_up_to_an_agreed_day(kring: Try, visit: Visit) -> None:
    """Somebody who has never heard of Kring needs nothing but the button of the next step."""
    page = await visit(await kring())
    player = Player(page)
    await player.reads("Welkom bij Kring")
    await walk_to(page, "Zeg dat de dag is geweest")
    assert await _stage(page) == "Ervaring"
    await player.be("Anna de Boer")
    await player.reads("Je doet mee aan SecretarisWissel")
    await player.reads("De matches van SecretarisWissel zijn er.")
    await player.reads("Afgesproken: de stagedag van Anna de Boer bij")


async def _stage(page: Page) -> str:
    """Where on the road it is."""
    return await page.get_by_role("region", name="Volgende stap").locator("[aria-current=step]").inner_text()


async def test_made_up_people_do_something_by_themselves(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    reading = player.time.locator(".reading")
    await expect(reading).to_contain_text("maandag 6 juli 2026")
    await player.time.get_by_label("Laat Anna en Cor ook vanzelf meespelen").check()
    await player.time.get_by_role("button", name="Speel door").click()
    await expect(reading).not_to_contain_text("maandag 6 juli 2026")
    await player.settled()
    await player.reads("aanmelden")
    await player.reads("Wil je meedoen?")


async def test_a_rehearsal_tells_every_message_and_its_warnings(
    kring: Try, visit: Visit, judge: Judge, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    await page.get_by_role("button", name="Repetitie").click()
    await page.get_by_role("button", name="Repeteer het hele programma").click()
    main = page.get_by_role("main")
    await expect(main.get_by_text("Meestal duurt het een halve minuut.")).to_be_visible()
    await expect(main.get_by_text("Wie het meeste kreeg")).to_be_visible(timeout=60_000)
    await main.get_by_text("Wat jij leest, belt of beslist").click()
    await expect(main.locator(".decisions").get_by_text("!match voorstel").first).to_be_visible()
    await main.get_by_text("Elk bericht").click()
    await expect(main.get_by_text("De plekken van SecretarisWissel").first).to_be_visible()
    assert await judge(page) == []
    await Player(page).be("Anna de Boer")
    await Player(page).reads("Welkom bij Kring")
