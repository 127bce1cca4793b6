"""What can be wrong with the store, where, and how an operator mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file: the byte at which the record begins, and the record's number in the sequence."""

    file: Path
    offset: int
    record: int

    def __str__(self) -> str:
        return f"{self.file}, byte {self.offset}, record {self.record}"


class StoreError(Exception):
    """The store cannot do what was asked. `place` is where the trouble is, if it is in a file; `what` is wrong and `mend` is what to do.

    Both are English; `facts` are what the edge needs to say the same in another language, by name.
    """

    def __init__(
        self, what: str, *, mend: str, place: Place | None = None, facts: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        super().__init__(f"{what} ({place}). {mend}" if place else f"{what}. {mend}")
        self.what = what
        self.place = place
        self.mend = mend
        self.facts = facts


class StoreFull(StoreError):  # noqa: N818 - the state of the store, named in the design
    """A unit could not be written. Nothing has changed, in memory or in the file; a later unit may succeed."""


class StoreBroken(StoreError):  # noqa: N818 - the state of the store, named in the design
    """The disk did not keep its word. Nothing more is written; the process must end and recover at its next start."""


class StoreLocked(StoreError):  # noqa: N818 - the state of the store, named in the design
    """Another process has this store open."""


class StoreDamaged(StoreError):  # noqa: N818 - the state of the store, named in the design
    """The file is not what was written: bit rot, a hole, a missing piece. It is left as it was found."""


class StoreExposed(StoreError):  # noqa: N818 - the state of the store, named in the design
    """Others than the owner may read or change the folder or a file in it."""


class StoreForeign(StoreError):  # noqa: N818 - the state of the store, named in the design
    """The file is whole, but of another version of this program."""
