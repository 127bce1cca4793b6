"""The open end of the file: units are appended to it, and one thread sees to it that they are on disk.

The loop never waits for the disk. A unit that arrives while the disk is busy waits for the next `fdatasync`, together with
all others that did. An error of `fdatasync` is the end: the kernel may have thrown the pages away that it could not write, so
a second call that succeeds proves nothing (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).

The thread is woken by an eventfd (Linux, eventfd(2)), which takes half as long as a queue does. Writing zeros ahead, so that
`fdatasync` need not keep a new length, would save a quarter of its time; but then a power cut can leave a hole with whole lines
after it, and nobody could tell whether that is a unit that was never acknowledged or one that has rotted. The file grows by appending.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future as Promise
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from storage.errors import Place, StoreBroken, StoreFull
from storage.records import frame

Waiter = asyncio.Future[None] | Promise[None]
"""Somebody who waits for the disk: on the loop, or in a plain call."""

_FREE_SPACE = "Free space on the disk or mend it, and try again; nothing was changed."
_RESTART = "Stop the process, see to the disk, and start again: it goes on from what is on disk."


@dataclass(frozen=True, slots=True)
class Successor:
    """A file that holds the same as the journal's, and is to take its place. Its last record has `number`.

    `take_place` gives it the name of the old file, after a crash the one or the other; raises `OSError`.
    """

    fd: int
    end: int
    number: int
    take_place: Callable[[], None]


class _Wish(NamedTuple):
    """What the thread is asked for: everything on disk that was `appended` so far, in this file or in the next one."""

    appended: int
    waiter: Waiter
    successor: Successor | None = None


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
        self._appended = 0  # how many records since the start; the same whatever file they are in
        self._on_disk = 0
        self._syncing = fd  # the file of the thread: it follows when a successor has taken its place
        self._wishes: deque[_Wish | None] = deque()
        self._bell = os.eventfd(0, os.EFD_CLOEXEC)
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
            raise StoreFull(
                f"A unit could not be written: {error}",
                place=self.place,
                mend=_FREE_SPACE,
                facts={"reason": error},
            ) from error
        self.number += 1
        self.end += len(line)
        self._appended += 1

    def durable(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """Give a future of this loop that is done when all that was appended is on disk, or `StoreBroken`.

        Futures are done in the order in which they were asked for, also when nothing is left to write.
        """
        future: asyncio.Future[None] = loop.create_future()
        self._ask(_Wish(self._appended, future))
        return future

    def sync(self) -> None:
        """Wait here until all that was appended is on disk. Raises `StoreBroken`."""
        self.check()
        if self._on_disk != self._appended:
            promise: Promise[None] = Promise()
            self._ask(_Wish(self._appended, promise))
            promise.result()

    def move(self, successor: Successor) -> Promise[None]:
        """Append to this file from now on, which is the journal's own to close.

        What was appended before is in both files. Nobody is told that something is on disk that is in the successor alone
        before that has taken its place. The promise is kept when it has, or `StoreBroken`.
        """
        self.check()
        moved: Promise[None] = Promise()
        self._fd, self.end, self.number = successor.fd, successor.end, successor.number
        self._ask(_Wish(self._appended, moved, successor))
        return moved

    def check(self) -> None:
        """Raise `StoreBroken` when the disk has failed before."""
        if self.broken is not None:
            raise self.broken

    def close(self) -> None:
        """Let everybody who waits have an answer, and close the file. Nothing can be appended after that."""
        self._ask(None)
        self._thread.join()
        for fd in {self._fd, self._syncing, self._bell}:  # two files when the disk failed between them
            os.close(fd)
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
        facts = {"reason": error}
        return StoreBroken(f"The disk failed: {error}", place=self.place, mend=_RESTART, facts=facts)

    def _ask(self, wish: _Wish | None) -> None:
        self._wishes.append(wish)
        os.eventfd_write(self._bell, 1)

    def _keep_syncing(self) -> None:
        going_on = True
        while going_on:
            os.eventfd_read(self._bell)
            asked = [self._wishes.popleft() for _ in range(len(self._wishes))]
            going_on = None not in asked
            wishes = [wish for wish in asked if wish is not None]
            self._fulfil(wishes)
            _answer([wish.waiter for wish in wishes], self.broken)

    def _fulfil(self, wishes: list[_Wish]) -> None:
        """Bring everything on disk that was asked for, with one wait. An error is kept in `broken`."""
        if self.broken is not None or not wishes:
            return
        try:
            for wish in wishes:
                if wish.successor is not None:
                    self._succeed(wish.successor, wish.appended)
            self._sync(wishes[-1].appended)
        except OSError as error:
            self.broken = self._breakage(error)

    def _sync(self, appended: int) -> None:
        if self._on_disk < appended:
            self.syncs += 1
            os.fdatasync(self._syncing)
            self._on_disk = appended

    def _succeed(self, successor: Successor, appended: int) -> None:
        os.fsync(successor.fd)
        successor.take_place()
        os.close(self._syncing)
        self._syncing = successor.fd
        self._on_disk = appended


def _answer(waiters: list[Waiter], error: StoreBroken | None) -> None:
    """Tell everybody, on the loop each one waits on; a loop that has gone has nobody left to tell."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiter in waiters:
        if isinstance(waiter, Promise):
            if waiter.set_running_or_notify_cancel():
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
