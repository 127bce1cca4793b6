"""Compaction: the journal written anew without what is out of date, while the bot runs and knows nothing of it.

A child process reads the old file and writes the new one (`python -m storage.compaction JOURNAL DESCRIPTOR`); the bot's memory
and its loop have no part in that. What the bot appends meanwhile the child adds as well, until next to nothing is missing. Then the loop
adds the rest in one write and appends to the new file from there on; the journal's thread brings it on disk, keeps the old file as a
backup and gives the new one its name. A crash at any moment leaves the old file or the new one, each with everything acknowledged.
"""

import errno
import os
import subprocess
import sys
from concurrent.futures import Future as Promise
from pathlib import Path
from typing import BinaryIO

from programme.model import Model
from storage.errors import StoreError
from storage.folder import Folder
from storage.journal import Journal, Successor
from storage.records import Scan, frame, renumber
from storage.snapshot import Shelves, count, load, snapshot

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 20
"""How often the child looks for what has come since, at most."""
FEW = 50
"""So few that come during one look can be left to the loop."""
NICE = 10
"""How far the child stands back behind the bot when both want to compute."""
OUT_OF_DATE = 1_000
"""So many documents out of date, beyond one for each that is not, are worth a compaction; fewer are not."""
GROWN = 64 << 20
"""So many bytes since the last snapshot, beyond twice its own, are worth one too: documents may be large."""


_NONE = -1


class Condensed(Model):
    """What the child has done: the old file has been read up to byte `read`, and the new one has `size` bytes.

    `number` is that of the last record of the new file. `left_out` counts the documents of the old one that were out of date.
    """

    read: int
    size: int
    number: int
    left_out: int


class Volume(Model):
    """How much there is: documents in the file, documents that live, bytes in the file, and bytes right after its start."""

    documents: int
    live: int
    size: int = 0
    began: int = 0

    @property
    def is_worth_compacting(self) -> bool:
        """The one rule for it: most of the file is out of date, so that a compaction is paid for by what it saves."""
        return self.short_of_documents < 0 or self.size >= self.enough_bytes

    @property
    def short_of_documents(self) -> int:
        """How many documents the file may still have more."""
        return 2 * self.live + OUT_OF_DATE - self.documents

    @property
    def enough_bytes(self) -> int:
        """The size at which a file is too long whatever is in it."""
        return 3 * self.began + GROWN


class Compaction:
    """One compaction of an open journal. Raises `OSError` where it cannot begin."""

    def __init__(self, folder: Folder, journal: Journal) -> None:
        self._folder = folder
        self._journal = journal
        self._fd = folder.begin_fresh()
        command = [sys.executable, "-m", "storage.compaction", str(folder.journal.resolve()), str(self._fd)]
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, pass_fds=[self._fd]
        )

    def wait(self) -> Condensed:
        """Wait for the child, in a thread that may. Raises `OSError` when it did not get there."""
        said, fault = self._child.communicate()
        if self._child.returncode:
            raise OSError(
                f"the compaction ended with {self._child.returncode} {fault.decode(errors='replace').strip()}"
            )
        return Condensed.model_validate_json(said)

    def finish(self, condensed: Condensed) -> Promise[None]:
        """Add what has come since, and let the journal go on in the new file; kept when that has taken its place.

        Raises `OSError` (then nothing has changed), `StoreBroken`.
        """
        lines = renumber(self._rest(condensed.read), condensed.number + 1)
        if os.write(self._fd, lines) != len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        end, number = condensed.size + len(lines), condensed.number + lines.count(b"\n")
        moved = self._journal.move(Successor(self._fd, end, number, self._folder.put_in_place))
        self._fd = _NONE  # the journal closes it
        return moved

    def abandon(self) -> None:
        """Stop the child and leave nothing behind. After `finish`, or a second time, there is nothing to do."""
        if self._fd != _NONE:
            self._child.kill()
            os.close(self._fd)
            self._fd = _NONE
            self._folder.drop_fresh()

    def _rest(self, read: int) -> bytes:
        with self._folder.journal.open("rb") as file:
            file.seek(read)
            return file.read(self._journal.end - read)


def condense(journal: Path, fd: int) -> Condensed:
    """Write what lives in a file into another one, which is empty, with what comes into the first meanwhile.

    Raises `StoreDamaged`, `OSError`.
    """
    shelves: Shelves = {}
    with journal.open("rb", buffering=1 << 20) as source, os.fdopen(fd, "wb", buffering=1 << 20) as target:
        scan = Scan(source, journal)
        left_out = load(scan, shelves) - count(shelves)
        target.writelines(snapshot(shelves, number=scan.number + 1))
        number = scan.number + 1 + count(shelves)
        for _ in range(ROUNDS):
            number += (came := _follow(scan, target, number))
            target.flush()
            if came < FEW:
                break
            os.fsync(fd)
        return Condensed(read=scan.end, size=target.tell(), number=number, left_out=left_out)


def _follow(scan: Scan, target: BinaryIO, number: int) -> int:
    """Add the records that have come since the last look. Gives how many."""
    came = 0
    for came, record in enumerate(scan, 1):
        target.write(frame(number + came, record.payload))
    return came


def main() -> None:
    """Do it for the process that started this one."""
    os.nice(NICE)
    try:
        condensed = condense(Path(sys.argv[1]), int(sys.argv[2]))
    except (OSError, StoreError) as error:
        raise SystemExit(str(error)) from error
    sys.stdout.write(condensed.model_dump_json())


if __name__ == "__main__":
    main()
