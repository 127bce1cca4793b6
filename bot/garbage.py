"""When Python looks for garbage: in small portions while the bot works, so that no look holds the loop.

A full collection walks everything that there is, a tenth of a second with a hundred thousand people, and by default it comes whenever a
quarter is new: when twenty thousand reminders go out, several times. What is there at the start is not walked at all, and full ones
come seldom; cycles are mostly of a moment and go with the small ones. (Python, module `gc`: `freeze`, `set_threshold`.)
"""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 500
"""New objects before a small look, small ones before a middle one, middle ones before a full one."""


def settle_down() -> None:
    """Count what there is as there to stay, and look in small portions from now on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
