"""A unit of work: everything that one handled event changes, kept all together or not at all."""

from collections.abc import Iterable, Iterator

from programme.model import Model
from storage.table import Json, M, Shelf, Table


class Unit:
    """Puts in order, one per table and key: a later put of the same key takes the place of the earlier one.

    Made at once, from `(table name, key, model or None)`, or put by put. None deletes.
    """

    def __init__(self, puts: Iterable[tuple[str, str, Model | Json | None]] = ()) -> None:
        self._puts = {(table, key): value for table, key, value in puts}

    def put(self, table: Table[M] | str, key: str, model: M | None) -> None:
        """Add a change: keep `model` under `key`, or with None delete what is there."""
        name = table.name if isinstance(table, Shelf) else table
        self._puts[name, key] = model

    def __iter__(self) -> Iterator[tuple[str, str, Model | Json | None]]:
        return ((table, key, value) for (table, key), value in self._puts.items())

    def __len__(self) -> int:
        return len(self._puts)

    def __contains__(self, place: object) -> bool:
        """Whether this unit changes the place `(table name, key)`."""
        return place in self._puts

    def __getitem__(self, place: tuple[str, str]) -> Model | Json | None:
        """What this unit puts at `(table name, key)`; None when it deletes. Raises `KeyError`."""
        return self._puts[place]
