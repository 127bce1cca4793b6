"""What `kring check` found: one thing that was looked at, and what is to be said of it."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that was looked at. `code` is the exit code that it asks for."""

    what: str
    code: int
    told: str
