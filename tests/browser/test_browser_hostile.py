"""What people write is text, whatever it is; and only this machine's own page can speak to the bot."""

import asyncio
import re
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from programme.people import Person
from tests.browser.conftest import Judge, Try, Visit
from tests.browser.player import Player
from tests.browser.prepared import PREFERENCES, prepare
from tests.browser.trying import ROOT, Trying

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

MARKUP = '<img src="//example.invalid/x" onerror="alert(1)"><script>alert(2)</script>'
NAMES = {
    "mallory": f"Mal{MARKUP}",
    "rtl": "Ann\u202egro.elpmaxe\u2066",
    "long": "W" * 4000,
    "called": "@room https://example.invalid **vet** `code`",
}
TEXTS = [
    MARKUP,
    "javascript:alert(3) [klik](javascript:alert(4)) <a href='javascript:alert(5)'>hier</a>",
    "@room @anna #kamer **vet** `code` - lijst",
    "</div></main><iframe srcdoc='<script>parent.alert(6)</script>'></iframe>",
    "\u202egnidaer fo redro eht",
]
SITE = "<!doctype html><meta charset=utf-8><title>Elsewhere</title>"


async def test_hostile_names_are_text_wherever_they_stand(kring: Try, visit: Visit, tmp_path: Path) -> None:
    people = [Person(id=id_, name=name) for id_, name in NAMES.items()]
    await prepare(tmp_path / "store", people=people)
    page = await visit(await kring())
    nav = page.get_by_role("navigation", name="Mensen")
    for name in NAMES.values():
        visible = nav.locator("b", has_text=name[:40].strip())
        await expect(visible.first).to_be_attached()
    await nav.get_by_role("button", name="Mal<img").click()
    player = Player(page)
    await player.say("aanmelden", then="Wil je meedoen?")
    await expect(page.locator("script[src='main.js']")).to_have_count(1)
    await expect(page.locator("script:not([src='main.js']), iframe, object, img, a[href^=javascript]")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name makes the page wider"


async def test_hostile_texts_are_shown_as_they_were_written(kring: Try, visit: Visit, tmp_path: Path) -> None:
    await prepare(tmp_path / "store", at=PREFERENCES)
    page = await visit(await kring())
    player = Player(page)
    await player.be("Bram Visser")
    for text in TEXTS:
        await player.say(text)
        body = player.log.get_by_role("article", name=re.compile("Bram Visser")).last.locator(".body")
        await expect(body).to_have_text(text)
        await expect(body).to_have_attribute("dir", "auto")
        await player.say(f"formulier aanbod {text}")
    await player.say("plekken", then="Geef je volgorde")
    await expect(player.log.locator("img, script, iframe, a")).to_have_count(0)


async def test_a_line_of_64_kilobytes_is_shown_and_the_page_goes_on(kring: Try, visit: Visit) -> None:
    player = Player(await visit(await kring()))
    await player.say("a" * 65536)
    await player.log.get_by_role("button", name="Toon alles").click()
    await expect(player.log.get_by_role("article").first.locator(".body")).to_have_text("a" * 65536)
    await player.say("help", then="Dit kun je")


async def test_a_broken_edition_opens_the_page_with_its_faults(
    kring: Try, visit: Visit, judge: Judge, tmp_path: Path
) -> None:
    sample = ROOT / "programme" / "editions" / "secretariswissel-2026.toml"
    broken = tmp_path / "kapot.toml"
    broken.write_text(sample.read_text(encoding="utf-8").replace("[windows.visits]", "[windows.visitors]"), "utf-8")
    page = await visit(await kring("--edition", str(broken)))
    await expect(page.get_by_role("heading", name="Deze editie kan nog niet spelen")).to_be_visible()
    faults = page.get_by_role("main").get_by_role("listitem")
    await expect(faults.first).to_contain_text("kapot.toml")
    await expect(faults.filter(has_text="visits").first).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    assert await judge(page) == []


# ── who may speak ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_from_elsewhere_can_neither_read_nor_speak(untouched: Trying, visit: Visit) -> None:
    site = web.Application()
    site.add_routes([web.get("/", _elsewhere)])
    async with TestServer(site, host="127.0.0.1") as server:
        page = await visit(untouched, watched=False)
        await Player(page).reads("Welkom bij Kring")
        await page.goto(str(server.make_url("/")))
        talk = untouched.origin.replace("http", "ws") + "/talk"
        ended = await page.evaluate(
            """([talk, token]) => new Promise((done) => {
                const socket = new WebSocket(talk, ["kring", token]);
                socket.onopen = () => done("open");
                socket.onerror = () => done("refused");
            })""",
            [talk, untouched.token],
        )
        read = await page.evaluate("address => fetch(address).then(it => it.text(), () => 'refused')", untouched.origin)
        framed = await page.evaluate(
            """address => new Promise((done) => {
                const frame = document.createElement("iframe");
                frame.src = address;
                frame.onload = () => { try { done(String(frame.contentDocument)); } catch { done("refused"); } };
                document.body.append(frame);
            })""",
            untouched.origin,
        )
    assert (ended, read) == ("refused", "refused")
    assert framed in ("refused", "null")


async def _elsewhere(_request: web.Request) -> web.Response:
    return web.Response(text=SITE, content_type="text/html")


async def test_another_name_or_another_origin_is_refused(untouched: Trying) -> None:
    async with aiohttp.ClientSession() as http:
        for headers in ({"Host": "kring.example.nl"}, {"Origin": "http://example.nl"}, {"Origin": "null"}):
            for path in ("/", "/main.js", "/talk"):
                async with http.get(untouched.origin + path, headers=headers) as answer:
                    assert answer.status == HTTPStatus.FORBIDDEN, (path, headers)


async def test_the_page_is_served_on_this_machine_alone(untouched: Trying) -> None:
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.2", untouched.port)


async def test_nothing_changes_by_a_request_without_the_socket(kring: Try, tmp_path: Path) -> None:
    await prepare(tmp_path / "store")
    tried = await kring()
    before = _kept(tried)
    async with aiohttp.ClientSession() as http:
        for path in ("/", "/talk", "/say?person=anna&text=aanmelden", "/?do=say&person=anna&text=aanmelden", "/travel"):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
                async with http.request(method, tried.origin + path, json={"do": "ahead", "by": "day"}) as answer:
                    assert answer.status != HTTPStatus.INTERNAL_SERVER_ERROR
    assert _kept(tried) == before


def _kept(tried: Trying) -> dict[str, bytes]:
    """What is on disk, by file."""
    return {str(it.relative_to(tried.folder)): it.read_bytes() for it in tried.folder.rglob("*") if it.is_file()}


async def test_the_page_holds_itself_to_its_own_origin(untouched: Trying) -> None:
    async with aiohttp.ClientSession() as http, http.get(untouched.origin) as answer:
        policy = answer.headers["Content-Security-Policy"]
        written = await answer.text()
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://|//\w", written)
