"""A programme is played on the page: matches are published, a group meets, polls close, weeks pass, and a restart loses nothing."""

import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.local.play import Play
from programme import rooms
from tests.browser.conftest import Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import MATCHING, PREFERENCES, prepare

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

GROUP = ("bram", "carla", "daan", "eva")
COHORT = re.compile(r"^Iedereen")
SECRET = "Mijn bestuurder luistert niet."


async def test_the_coordinator_publishes_with_the_counted_confirmation(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store", at=MATCHING)
    player = Player(await visit(await kring()))
    await player.be("Cor Jansen")
    await player.say("!match voorstel", then="Voorstel: 10 matches.")
    await player.say("!match publiceer 3", then="Het aantal matches in het voorstel is 10, en jij typte 3.")
    await player.say("!match publiceer 10", then="Tot dan kun je het stoppen")
    await player.ahead("Naar wat er nu komt")
    await player.be("Bram Visser")
    await player.reads("De matches van SecretarisWissel zijn er.")
    await player.reads("Spreek nu samen een dag af.")


async def test_a_group_meets_with_turns_as_several_people(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, groups=[GROUP])
    page = await visit(await kring())
    player, group = Player(page), re.compile("Groep 1")
    await player.be("Bram Visser")
    await player.go(group)
    await player.say("!start intervisie incident 90", then="Fase 1 van 11")
    await player.reads("Carla Smit, jij bent aan de beurt.")
    await player.be("Daan Mulder")
    await player.go(group)
    await player.say("!hand")
    await expect(page.locator(".pinned")).to_contain_text("Carla Smit is aan de beurt.")
    spoken = [await _take_the_turn(player, group) for _turn in range(3)]
    assert sorted(spoken) == ["Carla Smit", "Daan Mulder", "Eva Bakker"]


async def _take_the_turn(player: Player, group: re.Pattern[str]) -> str:
    """Let whoever has the turn say something and hand it on; gives the name."""
    status = await player.page.locator(".pinned summary span").first.get_attribute("title")
    (name,) = re.findall(r"^(.+) is aan de beurt\.", status or "", re.MULTILINE)
    await player.be(name)
    await player.go(group)
    await player.say("Ik heb het gesprek gevoerd.", then="Ik heb het gesprek gevoerd.")
    await player.say("klaar")
    await expect(player.page.locator(".pinned")).not_to_contain_text(f"{name} is aan de beurt.")
    return str(name)


async def test_what_is_said_in_a_session_is_gone_after_a_restart(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=MATCHING, groups=[GROUP])
    tried = await kring()
    page = await visit(tried)
    player, group = Player(page), re.compile("Groep 1")
    await player.be("Bram Visser")
    await player.go(group)
    await player.say("!start intervisie incident 90", then="Fase 1 van 11")
    await player.be("Carla Smit")
    await player.go(group)
    await player.say(SECRET, then=SECRET)
    await player.settled()
    await page.goto("about:blank")
    await tried.restart()
    on_disk = [
        file for file in (tmp_path / "store").rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()
    ]
    assert on_disk == []
    await page.goto(tried.address)
    await player.be("Carla Smit")
    await player.go(group)
    await player.reads("Fase 1 van 11")
    await expect(player.log).not_to_contain_text(SECRET)


async def test_a_poll_is_answered_and_closes_when_its_day_comes(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    await player.be("Cor Jansen")
    await player.go(COHORT)
    await player.say("!peiling Koffie of thee?; koffie; thee; sluit 10-7-2026 17.00", then="Koffie of thee?")
    for name, choice in (("Bram Visser", "thee"), ("Carla Smit", "koffie"), ("Daan Mulder", "thee")):
        await player.be(name)
        await player.go(COHORT)
        await player.log.get_by_role("radio", name=choice).check()
        await player.log.get_by_role("button", name="Kies", exact=True).click()
        await expect(player.log.get_by_role("article", name=name)).to_contain_text(choice)
    await player.settled()
    await player.time.get_by_label("Naar een dag").fill("2026-07-10")
    await player.time.get_by_label("om").fill("17:00")
    await player.time.get_by_role("button", name="Ga", exact=True).click()
    await player.reads("Peiling 1 is gesloten: Koffie of thee?")
    await player.reads("thee: 2 stemmen")
    await player.reads("Besloten: thee.")
    await expect(player.log.get_by_role("radio", name="thee")).to_be_disabled()


async def test_the_clock_goes_a_day_to_the_next_thing_and_to_a_date(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    page = await visit(await kring())
    player = Player(page)
    reading = player.time.locator(".reading")
    await expect(reading).to_have_text(re.compile(r"09.30\s*maandag 6 juli 2026"))
    await player.ahead("+ 1 uur")
    await expect(reading).to_have_text(re.compile(r"10.30\s*maandag 6 juli 2026"))
    await player.ahead("+ 1 dag")
    await expect(reading).to_have_text(re.compile(r"10.30\s*dinsdag 7 juli 2026"))
    comes = await player.time.get_by_role("button", name="Naar wat er nu komt").inner_text()
    await player.ahead("Naar wat er nu komt")
    await expect(reading).to_have_text(re.compile(r"09.00\s*vrijdag 7 augustus 2026"))
    assert "7 aug" in comes
    await player.time.get_by_label("Naar een dag").fill("2026-10-19")
    await player.time.get_by_role("button", name="Ga", exact=True).click()
    await expect(reading).to_have_text(re.compile(r"09.00\s*maandag 19 oktober 2026"))
    await player.settled()
    moments = await _moments(player)
    assert len(moments) >= 3
    assert all(earlier <= later for earlier, later in pairwise(moments))


async def _moments(player: Player) -> list[datetime]:
    """When everything was said, in the order in which it stands under all messages."""
    await player.page.get_by_role("button", name="Alle berichten").click()
    await expect(player.log).to_have_attribute("aria-label", "Alle berichten")
    await player.reads("De loting bij gelijke uitkomsten staat nu vast.")
    stamps = await player.log.locator("article header time").evaluate_all("all => all.map(it => it.dateTime)")
    return [datetime.fromisoformat(stamp) for stamp in stamps]


async def test_a_restart_keeps_the_conversation_and_the_open_question(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    tried = await kring()
    page = await visit(tried)
    player = Player(page)
    await player.say("aanmelden", then="Wil je meedoen?")
    await player.settled()
    await page.goto("about:blank")
    await tried.restart()
    await page.goto(tried.address)
    await player.reads("aanmelden")
    await player.press("Ja", then="Dit weet ik al van je")


async def test_a_restart_weeks_later_takes_the_sample_for_the_same_one(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store", at=PREFERENCES)
    tried = await kring()
    page = await visit(tried)
    player = Player(page)
    await player.be("Cor Jansen")
    await player.ahead("+ 1 dag")
    await page.get_by_role("button", name="Alle berichten").click()
    await player.reads("De loting bij gelijke uitkomsten staat nu vast.")
    await expect(player.log).not_to_contain_text("Het bestand van SecretarisWissel")


async def test_a_page_of_an_earlier_start_says_so(kring: Try, visit: Visit) -> None:
    tried = await kring()
    page = await visit(tried, watched=False)
    await Player(page).reads("Welkom bij Kring")
    await tried.restart()
    await expect(page.get_by_role("status")).to_contain_text("Deze pagina hoort bij een eerdere start.")
    await page.goto(tried.address)
    await expect(page.get_by_role("status")).not_to_contain_text("Deze pagina hoort bij een eerdere start.")
    await Player(page).say("help", then="Dit kun je")


async def test_two_tabs_see_the_same(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    tried = await kring()
    one, other = Player(await visit(tried)), Player(await visit(tried))
    await one.be("Bram Visser")
    await other.be("Bram Visser")
    await one.say("plekken", then="De plekken zie je vanaf")
    await other.reads("De plekken zie je vanaf")
    await other.ahead("+ 1 dag")
    await expect(one.time.locator(".reading")).to_have_text(re.compile("dinsdag 7 juli 2026"))


async def test_pictures_show_the_ring_and_say_it_in_words(kring: Try, visit: Visit, tmp_path: Path) -> None:
    async def proposed(play: Play) -> None:
        await play.say("cor", rooms.direct("cor"), "match voorstel")

    await prepare(tmp_path / "store", at=MATCHING, then=proposed)
    page = await visit(await kring(), viewport={"width": 390, "height": 844})
    await page.get_by_role("button", name="Beelden").click()
    for name in ("Wie gaat naar wie: het voorstel", "SecretarisWissel in de tijd", "Wie is waar"):
        await expect(page.get_by_role("img", name=name)).to_be_visible()
    figure = page.get_by_role("figure").first
    await figure.get_by_text("In woorden").click()
    await expect(figure.get_by_role("listitem")).to_have_count(10)
    await expect(figure.get_by_role("listitem").first).to_contain_text(" gaat naar ")


async def test_what_somebody_is_busy_with_stays_when_something_happens_elsewhere(
    kring: Try, visit: Visit, tmp_path: Path
) -> None:
    await prepare(tmp_path / "store")
    tried = await kring()
    one, other = Player(await visit(tried)), Player(await visit(tried))
    await one.box.fill("nog niet verst")
    await one.time.get_by_label("Naar een dag").fill("2026-07-10")
    await one.page.get_by_role("button", name="Beelden").click()
    words = one.page.get_by_role("figure").first
    await words.get_by_text("In woorden").click()
    await other.ahead("+ 1 dag")
    await expect(one.time.locator(".reading")).to_contain_text("dinsdag 7 juli 2026")
    await expect(words.get_by_role("listitem").first).to_be_visible()
    await expect(one.time.get_by_label("Naar een dag")).to_have_value("2026-07-10")
    await one.be("Anna de Boer")
    await expect(one.box).to_have_value("nog niet verst")
