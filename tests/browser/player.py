"""Somebody who plays on the page: only by what a person sees and can reach. Every step waits until the page shows what follows."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

WORDS = {
    "nl": {"people": "Mensen", "time": "Klok", "send": "Verstuur", "you": "Je bent nu {}", "choose": "Kies"},
    "en": {"people": "People", "time": "Clock", "send": "Send", "you": "You are {} now", "choose": "Choose"},
}


@dataclass(frozen=True)
class Player:
    """Plays on one tab, in the language of the page."""

    page: Page
    language: str = "nl"

    def _word(self, key: str) -> str:
        return WORDS[self.language][key]

    @property
    def log(self) -> Locator:
        """What was said, as far as it is looked at."""
        return self.page.get_by_role("log")

    @property
    def box(self) -> Locator:
        """Where one types."""
        return self.page.get_by_role("textbox").and_(self.page.locator("textarea"))

    @property
    def time(self) -> Locator:
        """The column with the clock."""
        return self.page.get_by_role("complementary", name=self._word("time"))

    async def be(self, name: str) -> None:
        """Go on as somebody else."""
        people = self.page.get_by_role("navigation", name=self._word("people"))
        await people.get_by_role("button", name=name).click()
        await expect(self.page.get_by_role("heading", name=self._word("you").format(name))).to_be_visible()

    async def go(self, room: str | re.Pattern[str]) -> None:
        """Go to a room of the person at hand."""
        tab = self.page.get_by_role("tab", name=room)
        await tab.click()
        await expect(tab).to_have_attribute("aria-selected", "true")

    async def say(self, text: str, *, then: str = "") -> None:
        """Type this and send it; wait for an answer with `then` in it."""
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.box).to_have_value("")
        await self.reads(then)

    async def press(self, label: str, *, then: str = "") -> None:
        """Press the newest button with this label that can be pressed."""
        await self.log.get_by_role("button", name=label, exact=True, disabled=False).last.click()
        await self.reads(then)

    async def reads(self, text: str) -> None:
        """Wait until this stands in what is looked at."""
        if text:
            await expect(self.log).to_contain_text(text)

    async def ahead(self, label: str) -> None:
        """Move the clock with one of its buttons, and wait until it has arrived."""
        reading = self.time.locator(".reading")
        before = await reading.inner_text()
        await self.time.get_by_role("button", name=label).first.click()
        await expect(reading).not_to_have_text(re.compile(re.escape(before).replace(r"\n", r"\s*")))
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
