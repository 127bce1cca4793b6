"""Dividing time: whole parts that sum to the total exactly, and that never fall below their floors."""

from collections.abc import Sequence


def divided(total: int, weights: Sequence[int], floors: Sequence[int]) -> tuple[int, ...]:
    """Divide `total` in proportion to `weights`, each share at least its floor; the shares sum to `total`.

    All are whole units (seconds, minutes) and weights are positive. What falls under its floor gets the floor, and the others
    divide the rest; fractions go by largest remainder (Hamilton's method), the earlier one first.
    Raises `ValueError` when the floors do not fit in the total.
    """
    if sum(floors) > total:
        raise ValueError(f"the floors need {sum(floors)}, and there is {total}")
    fixed = dict[int, int]()
    while under := _under_floor(total, weights, floors, fixed):
        fixed |= {i: floors[i] for i in under}
    free = [i for i in range(len(weights)) if i not in fixed]
    shares = _largest_remainder(total - sum(fixed.values()), [weights[i] for i in free])
    return tuple({**fixed, **dict(zip(free, shares, strict=True))}[i] for i in range(len(weights)))


def _under_floor(total: int, weights: Sequence[int], floors: Sequence[int], fixed: dict[int, int]) -> list[int]:
    free = [i for i in range(len(weights)) if i not in fixed]
    rest, weight = total - sum(fixed.values()), sum(weights[i] for i in free)
    return [i for i in free if rest * weights[i] < floors[i] * weight]


def _largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares
