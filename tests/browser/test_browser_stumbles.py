"""What somebody stumbled over who saw the page for the first time."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import MATCHING, PREFERENCES, prepare
from tests.browser.road import take_the_next_step
from tests.browser.trying import ROOT, Trying

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}


async def test_beginning_again_empties_the_chat_and_it_goes_on(kring: Try, visit: Visit) -> None:
    page = await visit(await kring())
    player = Player(page)
    await player.reads("Welkom bij Kring")
    for _press in range(2):
        await take_the_next_step(page)
    await page.get_by_role("button", name="Opnieuw", exact=True).click()
    asked = page.get_by_role("dialog", name="Opnieuw beginnen?")
    await expect(asked.get_by_role("button", name="Toch niet")).to_be_focused()
    await expect(asked.locator("button.solid")).to_have_text("Toch niet")
    await asked.get_by_role("button", name="Opnieuw beginnen").click()
    await player.reads("Welkom bij Kring")
    await expect(player.log.get_by_role("article")).to_have_count(0)
    assert (await player.box.bounding_box() or {"height": 0})["height"] > 30, "the box is not squeezed"
    await take_the_next_step(page)
    await player.press("Ja", then="Vraag 4 van 8")
    await expect(player.log.get_by_role("button", name="Ja", exact=True)).to_be_disabled()
    await player.be("Bram Visser")
    await player.reads("Bram doet al mee")
    await expect(player.log.get_by_role("article")).to_have_count(0)


async def test_a_page_that_meets_an_error_fetches_everything_again(kring: Try, visit: Visit) -> None:
    page = await visit(await kring(), watched=False)
    player = Player(page)
    await player.say("help", then="Dit kun je")
    await page.evaluate("document.querySelector('[role=log]').replaceChildren()")
    async with page.expect_websocket():
        await page.evaluate("void setTimeout(() => { throw new Error('something that nobody thought of') })")
    await player.reads("Dit kun je")
    await player.say("agenda", then="De data van SecretarisWissel")


async def test_what_is_said_in_passing_is_out_of_the_way_and_gone_at_the_next_press(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    toast = page.locator("#toast")
    await Player(page).ahead("+ 1 dag")
    await expect(toast).to_contain_text("Er kwam niets.")
    assert await page.evaluate(
        "document.querySelector('#toast').getBoundingClientRect().top > document.querySelector('#step').getBoundingClientRect().bottom"
    )
    await page.get_by_role("heading", name="Kring", exact=True).click()
    await expect(toast).to_be_empty()


async def test_somebody_new_is_let_in_and_meets_the_bot(kring: Try, visit: Visit, judge: Judge) -> None:
    page = await visit(await kring())
    player = Player(page)
    await page.get_by_role("button", name="Iemand toevoegen").click()
    asked = page.get_by_role("dialog", name="Iemand toevoegen")
    assert await judge(page) == []
    await asked.get_by_label("Naam").fill("Zoë <b>Nieuw</b>")
    await asked.get_by_label("Organisatie").fill("Gemeente Ede")
    await asked.get_by_role("button", name="Laat binnen").click()
    await expect(page.get_by_role("heading", name="Je bent nu Zoë <b>Nieuw</b>")).to_be_visible()
    await player.say("hallo", then="!aanmelden")
    await expect(page.get_by_role("navigation", name="Mensen").get_by_role("button")).to_have_count(17)


async def test_the_clock_never_proposes_a_moment_that_has_passed(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    await player.say("peiling")
    for step in ("+ 1 uur", "Naar wat er nu komt", "+ 1 uur", "+ 1 dag"):
        await player.ahead(step)
        day = await player.time.get_by_label("Naar een dag").input_value()
        time = await player.time.get_by_label("om").input_value()
        reading = await player.time.locator(".reading b").inner_text()
        today = await player.time.locator(".reading span").inner_text()
        assert not (str(int(day[-2:])) in today.split() and time.replace(":", ".") < reading)
    await player.time.get_by_label("Naar een dag").fill("2099-01-01")
    await player.time.get_by_role("button", name="Ga", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Dat is te ver weg.")
    await player.time.get_by_label("Naar een dag").fill("2026-01-01")
    await player.time.get_by_role("button", name="Ga", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("De klok gaat alleen vooruit.")


async def test_pictures_fit_on_a_phone(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING)
    page = await visit(await kring(), viewport=PHONE, has_touch=True)
    await page.get_by_role("button", name="Beelden").click()
    await expect(page.get_by_role("img", name="Wie is waar")).to_be_visible()
    wide = await page.locator(".drawing").evaluate_all(
        "all => all.filter(it => it.scrollWidth > it.clientWidth).length"
    )
    assert wide == 0


async def test_the_people_list_says_when_there_is_more_and_who_is_asked_something(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    people = page.get_by_role("navigation", name="Mensen")
    await player.say("aanmelden", then="Wil je meedoen?")
    await player.be("Bram Visser")
    anna = people.get_by_role("button", name="Anna de Boer")
    await expect(anna).to_contain_text("?")
    await expect(anna.get_by_title("Kring wacht op een antwoord van Anna de Boer")).to_be_visible()
    await expect(people.get_by_role("button", name="Carla Smit")).not_to_contain_text("?")
    await expect(people.get_by_role("button", name="Alle berichten")).to_be_in_viewport()
    await people.get_by_role("button", name="Karin Prins").scroll_into_view_if_needed()
    await expect(people.get_by_role("button", name="Karin Prins")).to_be_in_viewport()


async def test_times_days_and_commands_are_not_broken_over_two_lines(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=PREFERENCES)
    player = Player(await visit(await kring()))
    await player.say("agenda", then="De data van SecretarisWissel")
    whole = player.log.locator(".together")
    assert await whole.count() > 5
    assert await whole.evaluate_all("all => all.filter(it => it.getClientRects().length > 1).length") == 0
    await expect(whole.filter(has_text=re.compile(r"^\d{2}\.\d{2}-\d{2}\.\d{2} uur$")).first).to_be_visible()


async def test_an_english_page_first_lets_the_bot_talk_english(kring: Try, visit: Visit) -> None:
    page = await visit(await kring(), locale="en-GB")
    bar = page.locator("#step")
    await expect(bar).to_contain_text("Let Kring talk English with Anna")
    await take_the_next_step(page)
    await expect(bar.get_by_role("button", name="Type !signup as Anna")).to_be_visible()
    await take_the_next_step(page)
    await Player(page, "en").reads("Do you want to take part?")


async def test_what_the_linter_warns_of_stands_on_the_page(
    kring: Try, visit: Visit, judge: Judge, tmp_path: Path
) -> None:
    sample = (ROOT / "programme" / "editions" / "secretariswissel-2026.toml").read_text(encoding="utf-8")
    file = tmp_path / "gek.toml"
    file.write_text(re.sub(r"(?m)^publish = .*$", "publish = 2026-09-19", sample), encoding="utf-8")  # a Saturday
    page = await visit(await kring("--edition", str(file)))
    await page.get_by_role("button", name="Repetitie").click()
    found = page.get_by_role("main").get_by_text("Wat opvalt in het bestand")
    await found.click()
    await expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="gek.toml").first).to_be_visible()
    assert await judge(page) == []


async def test_a_page_whose_bot_has_stopped_says_how_to_go_on(kring: Try, visit: Visit) -> None:
    tried = await kring()
    page = await visit(tried, watched=False)
    await Player(page).reads("Welkom bij Kring")
    await tried.end()
    await expect(page.get_by_role("status")).to_contain_text("Open dan het adres dat in de terminal staat.")


async def test_a_dark_page_on_a_large_screen_has_no_violations(untouched: Trying, visit: Visit, judge: Judge) -> None:
    page: Page = await visit(untouched, viewport={"width": 1920, "height": 1080}, color_scheme="dark")
    await Player(page).reads("Welkom bij Kring")
    assert await judge(page) == []
