"""The store: tables of models in memory, and a journal on disk that every change goes into first."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self, cast

from programme.model import Model
from storage.documents import Database
from storage.errors import StoreBroken
from storage.folder import Folder
from storage.records import Written, pack
from storage.recovery import Recovered, recover, without_collection
from storage.table import Change, M, Shelf, Table
from storage.unit import Unit
from storage.upkeep import Upkeep


class Store:
    """What the bot remembers. One process has it open, and one thread calls it; made by `Store.open`.

    `dropped` is how many bytes of a record that was never finished stood at the end of the file, and were left out; `aside` is the
    file in which they are now, if there was room for one.
    The file is written anew, beside the work, whenever most of it is out of date.
    """

    def __init__(self, shelves: dict[str, Shelf], recovered: Recovered, upkeep: Upkeep, closing: ExitStack) -> None:
        self._shelves = shelves
        self._by_model: dict[type[Model], list[Table[Any]]] = {}
        for shelf in shelves.values():
            if isinstance(shelf, Table):
                self._by_model.setdefault(shelf.model, []).append(shelf)
        self._journal = recovered.journal
        self.upkeep = upkeep
        self.dropped, self.aside = recovered.dropped, recovered.aside
        self._closing = closing

    @classmethod
    def open(
        cls, folder: Path, tables: Mapping[str, type[Model]], *, indexes: Mapping[str, Sequence[str]] | None = None
    ) -> Self:
        """Open a folder, or begin one. `tables` gives the model of each table, `indexes` the fields to `find` by.

        Documents of a table that is not named are kept as they are. Raises `StoreLocked`, `StoreExposed`, `StoreDamaged`,
        `StoreForeign`; `StoreBroken` when the folder cannot be read and written; `TypeError` for a model that is not frozen
        or has no such field.
        """
        fields = indexes or {}
        if unknown := fields.keys() - tables.keys():
            raise TypeError(f"no table {', '.join(sorted(unknown))} to look up in")
        declared = [Table(name, model, fields.get(name, ())) for name, model in tables.items()]
        try:
            return cls._open(folder, declared)
        except OSError as error:
            mend = "Look at the disk, the folder and who owns it, and start again."
            raise StoreBroken(
                f"{folder} cannot be used: {error}", mend=mend, facts={"path": folder, "reason": error}
            ) from error

    @classmethod
    def _open(cls, path: Path, tables: Sequence[Table[Any]]) -> Self:
        shelves: dict[str, Shelf] = {table.name: table for table in tables}
        with ExitStack() as undo, without_collection():
            folder = Folder(path)
            undo.callback(folder.close)
            recovered = recover(folder, shelves)
            undo.callback(recovered.journal.close)
            upkeep = Upkeep(folder, recovered.journal, recovered.documents)
            undo.callback(upkeep.abandon)
            folder.sign()
            for table in tables:
                table.index()
            return cls(shelves, recovered, upkeep, undo.pop_all())

    def table(self, name: str) -> Table[Any]:
        """The declared table with this name. Raises `KeyError`."""
        shelf = self._shelves[name]
        if not isinstance(shelf, Table):
            raise KeyError(name)
        return shelf

    def __getitem__(self, model: type[M]) -> Table[M]:
        """The table of this model. Raises `KeyError` unless there is exactly one."""
        found = self._by_model.get(model, [])
        if len(found) != 1:
            raise KeyError(f"{len(found)} tables of {model.__name__}")
        return cast("Table[M]", found[0])

    def commit(self, unit: Unit) -> asyncio.Future[None]:
        """Keep a unit: in the file and in memory in this very call, and on disk when the future is done.

        An empty unit writes nothing; its future is done when all before it is on disk. Raises `StoreFull`, `StoreBroken`;
        `TypeError` or `ValueError` for what does not belong in its table; `RuntimeError` where no loop runs. When it raises,
        nothing has changed.
        """
        loop = asyncio.get_running_loop()
        changes = self._append(unit)
        on_disk = self._journal.durable(loop)  # before memory changes: the disk can begin
        self._apply(changes)
        self.upkeep.look(self._shelves)
        return on_disk

    def commit_now(self, unit: Unit) -> None:
        """Keep a unit and wait here until it is on disk: for where no loop runs. Raises what `commit` and its future raise."""
        self._apply(self._append(unit))
        self._journal.sync()

    async def compact(self) -> None:
        """Write the file anew without what is out of date; the work goes on meanwhile. The old file becomes a backup.

        Raises `OSError` or `StoreDamaged` (and then all is as it was), `StoreBroken`.
        """
        await self.upkeep.compact()

    @cached_property
    def db(self) -> Database:
        """The same documents as TinyDB shows them. What TinyDB writes is a unit like others, on disk when its call returns."""
        return Database(self)

    def shelf(self, name: str) -> Shelf:
        """The documents with this name, in a declared table or not; an undeclared one lasts from its first document on."""
        shelf = self._shelves.get(name)
        return Shelf(name) if shelf is None else shelf

    def shelves(self) -> list[Shelf]:
        """All that hold documents."""
        return [shelf for shelf in self._shelves.values() if len(shelf)]

    def check(self) -> None:
        """Read every document. Raises `StoreDamaged` for the first that does not fit its model."""
        for shelf in self._shelves.values():
            shelf.check()

    @property
    def syncs(self) -> int:
        """How often the disk has been waited for."""
        return self._journal.syncs

    def close(self) -> None:
        """Bring everything on disk, answer whoever waits, and unlock. A second call does nothing."""
        self._closing.close()

    async def aclose(self) -> None:
        """Do the same without holding the loop."""
        await self.upkeep.stop()
        await asyncio.get_running_loop().run_in_executor(None, self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, unit: Unit) -> list[Change]:
        self._journal.check()
        changes = [self.shelf(name).prepare(key, value) for name, key, value in unit]
        if changes:
            self._journal.append(pack(Written(change.shelf.name, change.key, change.json) for change in changes))
            self.upkeep.note(len(changes))
        return changes

    def _apply(self, changes: list[Change]) -> None:
        for change in changes:
            self._shelves.setdefault(change.shelf.name, change.shelf).apply(change)
