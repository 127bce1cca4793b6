"""The keys of people's devices, as an erasure finds them in the crypto store of Matrix."""

import sqlite3
from contextlib import closing
from pathlib import Path


def forget_devices(database: Path, person: str) -> int:
    """Take the devices of the person with this id out of the keys, so that their bytes go too. Gives how many rows there were."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database, isolation_level=None)) as keys:
        keys.execute("PRAGMA foreign_keys = ON")
        keys.execute("PRAGMA secure_delete = ON")
        rows = sum(
            keys.execute(f"DELETE FROM {name} WHERE user_id = ?", (person,)).rowcount  # noqa: S608 - names from the file itself
            for name in _of_people(keys)
        )
        keys.execute("VACUUM")
        keys.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return rows


def _of_people(keys: sqlite3.Connection) -> list[str]:
    """The tables that say of each row whose it is."""
    tables = [name for (name,) in keys.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in tables if any(row[1] == "user_id" for row in keys.execute(f"PRAGMA table_info({name})"))]
