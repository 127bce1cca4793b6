"""One row of `bench/results.json`: what was measured, who was beside it, and the goal with by how much it was missed."""

from typing import Any

Row = dict[str, Any]


def row(
    name: str,
    n: int,
    ours: float,
    unit: str,
    *,
    peer: str | None = None,
    peer_value: float | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
    **more: object,
) -> Row:
    """Write a row. `ratio` is ours by the peer's; `missed_by` is in the row's own unit, and not there when the goal is met."""
    values: Row = {"name": name, "n": n, "ours": _short(ours), "unit": unit, "peer": peer}
    values["peer_value"] = None if peer_value is None else _short(peer_value)
    values["ratio"] = round(ours / peer_value, 2) if peer_value else None
    if at_most is not None:
        values |= _goal(f"<= {_short(at_most)}", ours - at_most)
    if at_least is not None:
        values |= _goal(f">= {_short(at_least)}", at_least - ours)
    return values | more


def _goal(written: str, short: float) -> Row:
    return {"goal": written, "missed_by": _short(short)} if short > 0 else {"goal": written}


def _short(value: float) -> float:
    return round(value, 3) if value < 10 else round(value, 1)
