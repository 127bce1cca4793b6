"""Migrations: how documents of an older schema become documents of the next one, one function for each step.

Whoever changes a model so that an old document does not fit it any more raises `SCHEMA` (`storage/records.py`), writes a step here
and keeps a file of the old schema with the tests. A field that is new and has a default needs no step.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic_core import to_json

from storage.errors import StoreForeign
from storage.folder import Folder
from storage.records import SCHEMA
from storage.snapshot import Shelves, load_file, snapshot
from storage.table import Json, Shelf

Tables = dict[str, dict[str, Json]]
"""All documents, by the name of their table and their key."""
Step = Callable[[Tables], Tables]
"""Makes the documents of one schema those of the next. Pure: the same documents give the same documents."""

STEPS: Mapping[int, Step] = {}
"""The step from each schema to the next, by the older one's number. Schema 1 is the first, so that there is none before it."""


def upgrade(shelves: Shelves, version: int, *, steps: Mapping[int, Step] = STEPS, schema: int = SCHEMA) -> Shelves:
    """Bring documents of schema `version` up to `schema`. Raises `StoreForeign` when no steps lead there."""
    if version > schema:
        mend = "Run the version of kring that wrote it; this one left it as it is."
        raise StoreForeign(
            f"The file has schema {version}, newer than {schema}, which this version has",
            mend=mend,
            facts={"version": version, "schema": schema},
        )
    tables: Tables = {name: {key: shelf.document(key) for key in shelf} for name, shelf in shelves.items()}
    for step in range(version, schema):
        if step not in steps:
            mend = "Migrate it with the versions of kring in between."
            raise StoreForeign(
                f"There is no way from schema {step} to {step + 1}",
                mend=mend,
                facts={"version": version, "schema": schema, "step": step},
            )
        tables = steps[step](tables)
    return {name: _shelf(name, documents) for name, documents in tables.items()}


def migrate(path: Path, *, steps: Mapping[int, Step] = STEPS, schema: int = SCHEMA) -> int:
    """Bring the store in a folder up to the schema of this version, and give the schema that it had.

    The old file becomes a backup. After a crash at any moment there is the old file or the new one, whole. Raises
    `StoreForeign`, `StoreDamaged`, `StoreLocked`, `StoreExposed`, `OSError`; then the store is as it was.
    """
    folder = Folder(path)
    try:
        if folder.is_new():
            return schema
        header, shelves, number = load_file(folder.journal)
        if header.version != schema:
            upgraded = upgrade(shelves, header.version, steps=steps, schema=schema)
            folder.write_fresh(snapshot(upgraded, number=number + 1, version=schema))
            folder.put_in_place()
        return header.version
    finally:
        folder.close()


def _shelf(name: str, documents: Mapping[str, Json]) -> Shelf:
    shelf = Shelf(name)
    for key, document in documents.items():
        shelf.load(key, to_json(document))
    return shelf
