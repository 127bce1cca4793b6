"""A real browser and a real `kring try` for each test. Whatever the page does that it should not, fails the test."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Dialog, Page, async_playwright, expect

from tests.browser.trying import Trying
from tests.install_chromium import FLAGS, MISSING, chromium

PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What the page keeps: WCAG 2.2 on level AA, and axe's own good practice."""
Judge = Callable[[Page], Awaitable[list[str]]]
Try = Callable[..., Awaitable[Trying]]
Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium. A machine of a person may be without; a CI machine may not."""
    path = chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def kring(tmp_path: Path) -> AsyncIterator[Try]:
    """Start `kring try`, with more options if need be; ended with the test."""
    started: list[Trying] = []

    async def start(*options: str, folder: Path | None = None) -> Trying:
        it = Trying(folder or tmp_path / "store", options)
        started.append(it)
        await it.start()
        return it

    yield start
    for it in started:
        await it.end()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def untouched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Trying]:
    """One `kring try` for all who only look: nothing is said or moved there."""
    it = Trying(tmp_path_factory.mktemp("untouched") / "store")
    await it.start()
    yield it
    await it.end()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """Open the page as a new visitor. At the end of the test no page may have met a fault, or have asked anything of another origin."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def open_(tried: Trying, *, watched: bool = True, **how: Any) -> Page:
        context = await browser.new_context(
            **{"locale": "nl-NL", "reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}, **how}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        if watched:
            _watch(page, tried, faults)
        await page.goto(tried.address)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert faults == []


def _watch(page: Page, tried: Trying, faults: list[str]) -> None:
    """Note what no page of ours does: an error or a CSP report on the console, a dialogue, a request to anywhere else."""

    async def dismissed(dialog: Dialog) -> None:
        faults.append(f"dialogue: {dialog.message}")
        await dialog.dismiss()

    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console", lambda said: faults.append(f"console: {said.text}") if said.type in ("error", "warning") else None
    )
    page.on("dialog", dismissed)
    page.on("request", lambda asked: None if _is_own(asked.url, tried) else faults.append(f"request: {asked.url}"))
    page.on("websocket", lambda socket: None if _is_own(socket.url, tried) else faults.append(f"socket: {socket.url}"))


def _is_own(url: str, tried: Trying) -> bool:
    own = tried.origin.removeprefix("http")
    return url.startswith((f"http{own}/", f"ws{own}/", "blob:", "data:"))


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Gives what axe finds on a page: the rule, and the elements that break it."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make browser")
    source = AXE.read_text(encoding="utf-8")

    async def judged(page: Page) -> list[str]:
        await page.evaluate(source)
        options = json.dumps({"runOnly": STANDARDS, "resultTypes": ["violations"]})
        found: list[dict[str, Any]] = (await page.evaluate(f"() => axe.run(document, {options})"))["violations"]
        return [f"{it['id']}: {[node['target'] for node in it['nodes']]} {it['help']}" for it in found]

    return judged
