"""The first five minutes on the page: it explains itself, and somebody signs up, ranks, and does all of it without a mouse."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import PREFERENCES, prepare
from tests.browser.trying import Trying

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

FORM = (
    ("1", "Wat kan een gast bij jou zien?"),
    ("Een dag bij de toezichthouder", "Wat wil je graag zien op je stagedag?"),
    ("[Overslaan]", "Kun je bij de startbijeenkomst en de slotbijeenkomst zijn?"),
    ("[bij allebei]", "Naar welk mailadres kan de factuur?"),
    ("factuur@afm.example", "Je doet mee aan SecretarisWissel"),
)
"""What Anna answers, with a button where there is one, and what she reads then."""


async def test_a_first_visit_explains_itself_on_one_screen(untouched: Trying, visit: Visit) -> None:
    page = await visit(untouched)
    player = Player(page)
    await player.reads("Welkom bij Kring")
    await player.reads("Je bent nu Anna de Boer")
    await player.reads("Cor Jansen is de coördinator")
    await expect(page.get_by_role("heading", name="Je bent nu Anna de Boer")).to_be_in_viewport()
    for said in ("Praat met Kring", "Rechts staat de klok", "Volg de balk bovenaan"):
        await expect(player.log.get_by_text(said)).to_be_in_viewport()
    await expect(page.get_by_role("region", name="Volgende stap")).to_be_in_viewport()
    await expect(player.box).to_be_in_viewport()
    assert "#" not in page.url, "the token has gone out of sight"


async def test_the_bar_at_the_top_leads_into_the_programme(kring: Try, visit: Visit) -> None:
    page = await visit(await kring())
    player = Player(page)
    await page.get_by_role("region", name="Volgende stap").get_by_role("button").first.click()
    await player.reads("Wil je meedoen?")
    await player.press("Ja", then="Vraag 4 van 8")


async def test_anna_signs_up_with_buttons(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    player = Player(await visit(await kring()))
    await player.say("aanmelden", then="Wil je meedoen?")
    await player.press("Ja", then="Hoeveel collega's kun je een dag ontvangen?")
    for answer, then in FORM:
        if answer.startswith("["):
            await player.press(answer.strip("[]"), then=then)
        else:
            await player.say(answer, then=then)
    await player.reads("aanbod: Een dag bij de toezichthouder")
    await expect(player.log.get_by_role("button", name="Ja", exact=True)).to_be_disabled()


async def test_somebody_ranks_places_and_lets_the_list_be_filled(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=PREFERENCES)
    player = Player(await visit(await kring()))
    await player.be("Bram Visser")
    await player.say("plekken", then="Geef je volgorde, de beste eerst.")
    await player.say("voorkeur 3 5", then="Zal ik dat doen?")
    await player.press("Ja", then="Je volgorde: 1. ")


async def test_somebody_signs_up_with_the_keyboard_alone(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    await player.reads("Welkom bij Kring")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Naar het typvak")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(player.box).to_be_focused()
    await page.keyboard.type("aanmelden")
    await page.keyboard.press("Enter")
    await player.reads("Wil je meedoen?")
    await _tab_back_to(player, "Ja")
    await page.keyboard.press("Enter")
    await player.reads("Hoeveel collega's kun je een dag ontvangen?")
    for answer, then in FORM:
        if answer.startswith("["):
            await _tab_back_to(player, answer.strip("[]"))
            await page.keyboard.press("Space")
        else:
            await page.keyboard.type(answer)
            await page.keyboard.press("Enter")
        await player.reads(then)


async def _tab_back_to(player: Player, label: str) -> None:
    """Go back from the box with shift and tab until the button has the focus; it shows that it has it."""
    await player.box.focus()
    button = player.log.get_by_role("button", name=label, exact=True, disabled=False).last
    await expect(button).to_be_visible()
    for _step in range(30):
        await player.page.keyboard.press("Shift+Tab")
        if await button.evaluate("it => it === document.activeElement"):
            break
    await expect(button).to_be_focused()
    assert await button.evaluate("it => it.matches(':focus-visible') && getComputedStyle(it).outlineStyle !== 'none'")


async def test_arrow_keys_choose_who_you_are(untouched: Trying, visit: Visit) -> None:
    page = await visit(untouched)
    people = page.get_by_role("navigation", name="Mensen")
    await people.get_by_role("button", name="Anna de Boer").focus()
    await page.keyboard.press("ArrowDown")
    await expect(people.get_by_role("button", name="Bram Visser")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Je bent nu Bram Visser")).to_be_visible()


async def test_the_page_speaks_english_and_remembers_it(untouched: Trying, visit: Visit) -> None:
    page = await visit(untouched, locale="en-GB")
    await expect(page.get_by_role("heading", name="You are Anna de Boer now")).to_be_visible()
    await page.get_by_role("button", name="Nederlands").click()
    await expect(page.locator("html")).to_have_attribute("lang", "nl")
    await page.reload()
    await expect(page.get_by_role("heading", name="Je bent nu Anna de Boer")).to_be_visible()
