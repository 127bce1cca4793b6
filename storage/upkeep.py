"""Upkeep of an open store: it sees when the journal is worth a compaction, and has one made beside the work."""

import asyncio
from collections.abc import Mapping

from storage.compaction import GROWN, OUT_OF_DATE, Compaction, Condensed, Volume
from storage.errors import StoreError
from storage.folder import Folder
from storage.journal import Journal
from storage.snapshot import count
from storage.table import Shelf

MOST_A_CHANGE = 3
"""So much nearer to a compaction one document brings at most: a deletion is one more in the file and one less that lives."""


class Upkeep:
    """Compactions of a journal with so many documents, one at a time.

    `compactions` counts those that were done; `trouble` says why the latest one was not, when it was not.
    """

    def __init__(self, folder: Folder, journal: Journal, documents: int) -> None:
        self.compactions = 0
        self.trouble: str | None = None
        self._folder = folder
        self._journal = journal
        self._documents = documents
        self._began = journal.end
        self._not_before = self._not_below = 0  # nothing can be worth it before so many documents or bytes
        self._task: asyncio.Task[None] | None = None
        self._compaction: Compaction | None = None
        self._one_at_a_time = asyncio.Lock()

    def note(self, documents: int) -> None:
        """So many documents have come into the file."""
        self._documents += documents

    def look(self, shelves: Mapping[str, Shelf]) -> None:
        """Begin a compaction, on the loop that runs, when the file is worth one beside what lives in these shelves."""
        if self._documents < self._not_before and self._journal.end < self._not_below:
            return
        if self._task is not None and not self._task.done():
            return
        volume = Volume(documents=self._documents, live=count(shelves), size=self._journal.end, began=self._began)
        if volume.is_worth_compacting:
            self._task = asyncio.get_running_loop().create_task(self._compact_quietly())
        else:
            self._not_before = self._documents + volume.short_of_documents // MOST_A_CHANGE + 1
            self._not_below = volume.enough_bytes

    async def compact(self) -> None:
        """Make one now. Raises `OSError` or `StoreDamaged` (and then all is as it was), `StoreBroken`."""
        async with self._one_at_a_time:
            self._compaction = compaction = Compaction(self._folder, self._journal)
            child = asyncio.get_running_loop().run_in_executor(None, compaction.wait)
            child.add_done_callback(_heard)
            try:
                condensed = await asyncio.shield(child)  # whoever is cancelled, the child is waited for
                await asyncio.wrap_future(compaction.finish(condensed))
            finally:
                compaction.abandon()
            self._documents -= condensed.left_out
            self._began = condensed.size
            self._not_before = self._not_below = 0
            self.compactions += 1

    def abandon(self) -> None:
        """Stop a compaction that is under way."""
        if self._compaction is not None:
            self._compaction.abandon()

    async def stop(self) -> None:
        """Do the same on the loop, and let nothing be under way after that."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _compact_quietly(self) -> None:
        # The work goes on without it, on a file that is longer than it need be; a full disk says so to the next unit.
        try:
            await self.compact()
        except (OSError, StoreError) as error:
            self.trouble = str(error)
            self._not_before = self._documents + OUT_OF_DATE
            self._not_below = self._journal.end + GROWN
        else:
            self.trouble = None


def _heard(child: asyncio.Future[Condensed]) -> None:
    """Take note of how a child ended whom nobody waits for any more."""
    if not child.cancelled():
        child.exception()
