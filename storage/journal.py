"""The open end of the file: units are appended to it, and one thread sees to it that they are on disk.

The loop never waits for the disk. A unit that arrives while the disk is busy waits for the next `fdatasync`, together with
all others that did. An error of `fdatasync` is the end: the kernel may have thrown the pages away that it could not write, so
a second call that succeeds proves nothing (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
"""

import asyncio
import os
from concurrent.futures import Future as Promise
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from storage.errors import Place, StoreBroken, StoreFull
from storage.records import frame

Waiter = asyncio.Future[None] | Promise[None]
"""Somebody who waits for the disk: on the loop, or in a plain call."""

_FREE_SPACE = "Free space on the disk or mend it, and try again; nothing was changed."
_RESTART = "Stop the process, see to the disk, and start again: it goes on from what is on disk."


class Journal:
    """An open file with `end` bytes, the last record of which has `number`. One thread calls it; it has one more of its own.

    `syncs` counts the calls of `fdatasync`.
    """

    def __init__(self, fd: int, path: Path, *, end: int, number: int) -> None:
        self._fd = fd
        self._path = path
        self.end = end
        self.number = number
        self.syncs = 0
        self.broken: StoreBroken | None = None
        self._on_disk = end
        self._waiting: SimpleQueue[Waiter | None] = SimpleQueue()
        self._thread = Thread(target=self._keep_syncing, name="journal", daemon=True)
        self._thread.start()

    def append(self, payload: bytes) -> None:
        """Write one record. Raises `StoreFull` (the file is as it was) or `StoreBroken`."""
        self.check()
        line = frame(self.number + 1, payload)
        try:
            self._write(line)
        except OSError as error:
            self._take_back()
            raise StoreFull(f"A unit could not be written: {error}", place=self.place, mend=_FREE_SPACE) from error
        self.number += 1
        self.end += len(line)

    def durable(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """Give a future of this loop that is done when all that was appended is on disk, or `StoreBroken`."""
        future: asyncio.Future[None] = loop.create_future()
        if self._on_disk == self.end:
            future.set_result(None)
        else:
            self._waiting.put(future)
        return future

    def sync(self) -> None:
        """Wait here until all that was appended is on disk. Raises `StoreBroken`."""
        self.check()
        if self._on_disk != self.end:
            promise: Promise[None] = Promise()
            self._waiting.put(promise)
            promise.result()

    def check(self) -> None:
        """Raise `StoreBroken` when the disk has failed before."""
        if self.broken is not None:
            raise self.broken

    def close(self) -> None:
        """Let everybody who waits have an answer, and close the file. Nothing can be appended after that."""
        self._waiting.put(None)
        self._thread.join()
        os.close(self._fd)
        self.broken = self.broken or StoreBroken("The store is closed", mend="Open it again.")

    @property
    def place(self) -> Place:
        """Where the next record goes."""
        return Place(self._path, self.end, self.number + 1)

    def _write(self, line: bytes) -> None:
        written = os.write(self._fd, line)
        while written < len(line):  # a full disk takes a part and gives the error at the next call
            written += os.write(self._fd, line[written:])

    def _take_back(self) -> None:
        """Cut off what a failed write has left."""
        try:
            os.ftruncate(self._fd, self.end)
        except OSError as error:
            self.broken = self._breakage(error)
            raise self.broken from error

    def _breakage(self, error: OSError) -> StoreBroken:
        return StoreBroken(f"The disk failed: {error}", place=self.place, mend=_RESTART)

    def _keep_syncing(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            self._sync()
            _answer([waiter for waiter in batch if waiter is not None], self.broken)
            if None in batch:
                return

    def _sync(self) -> None:
        """Bring on disk what is in the file now; whoever was in the queue has written before."""
        end = self.end
        if self.broken is None and self._on_disk < end:
            try:
                os.fdatasync(self._fd)
            except OSError as error:
                self.broken = self._breakage(error)
            else:
                self._on_disk = end
            self.syncs += 1


def _answer(waiters: list[Waiter], error: StoreBroken | None) -> None:
    """Tell everybody, on the loop each one waits on; a loop that has gone has nobody left to tell."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiter in waiters:
        if isinstance(waiter, Promise):
            _settle(waiter, error)
        else:
            loops.setdefault(waiter.get_loop(), []).append(waiter)
    for loop, futures in loops.items():
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(_settle_all, futures, error)


def _settle_all(futures: list[asyncio.Future[None]], error: StoreBroken | None) -> None:
    for future in futures:
        if not future.done():  # its waiter may have been cancelled meanwhile
            _settle(future, error)


def _settle(waiter: Waiter, error: StoreBroken | None) -> None:
    if error is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(error)
