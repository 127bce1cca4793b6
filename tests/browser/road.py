"""Following the bar at the top of the page, as somebody does who sees it for the first time."""

import re
from dataclasses import dataclass

from playwright.async_api import Page, expect

MANY_STEPS = 100
"""More than the road has, with a session in it."""
BELOW = """() => {
  const log = document.querySelector("[role=log]");
  return log.lastElementChild.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom;
}"""
"""How far the end of the newest message lies below what can be seen, in pixels."""


@dataclass(frozen=True)
class Pace:
    """How it was after one step."""

    below: float
    """How far the end of the newest message lay below the edge, in pixels."""
    height: float
    """How high the bar was, in pixels."""


async def take_the_next_step(page: Page) -> Pace:
    """Press the button that the bar proposes most, and wait until the house has done it."""
    bar = page.locator("#step")
    before = await bar.inner_text()
    await bar.locator("button.solid").click()
    said = re.compile(rf"^{re.escape(before)}$".replace(r"\n", r"\s*"))
    await expect(bar).not_to_have_text(said, use_inner_text=True)
    await expect(page.locator("body[data-busy]")).to_have_count(0)
    return Pace(await page.evaluate(BELOW), await bar.evaluate("it => it.getBoundingClientRect().height"))


async def walk_to(page: Page, what: str) -> list[Pace]:
    """Follow the bar until it says this; gives how it was after each step."""
    paces: list[Pace] = []
    for _step in range(MANY_STEPS):
        if what in await page.locator("#step").inner_text():
            return paces
        paces.append(await take_the_next_step(page))
    raise AssertionError(f"the bar never said {what!r}")
