"""What people say for yes, for no, and to get away from a question: as a whole message, in Dutch and in English.

Whoever hears another way of saying it adds it here; questions, confirmations and free talk all read these lists.
"""

import re
from typing import Final, Literal

from bot.command import fold

Way = Literal["leave", "back", "skip"]
LONGEST: Final = 60
"""What is longer says more than yes or no."""


KIND: Final = frozenset({"hoor", "dan", "even", "kring", "alsjeblieft", "alstublieft", "aub", "svp", "please"})
"""Words that may stand beside any of these."""


def _plain(part: str) -> str:
    """A part without words that only make it kinder; as it is when it holds nothing else."""
    words = [word for word in map(fold, part.split()) if word not in KIND]
    return "".join(words) or fold(part)


def _folded(said: str) -> frozenset[str]:
    """These ways of saying it, as `_plain` leaves what somebody says."""
    return frozenset(map(_plain, said.split(",")))


YES: Final = _folded(
    "ja, jaa, j, jep, yep, ja hoor, jahoor, jazeker, zeker, jawel, ja graag, graag, heel graag, ja prima, prima, ja goed, goed,"
    "ok, oke, okee, okay, ja ok, ja oke, akkoord, ja akkoord, ga je gang, doe maar, ja doe maar, doe dat, is goed, dat is goed,"
    "ja is goed, klopt, dat klopt, stuur maar, verstuur maar, ja stuur maar, dat kan, ja dat kan, natuurlijk, ja natuurlijk,"
    "ik kan, ik kan dan, dan kan ik, ja ik kan, lukt, dat lukt, ja dat lukt, ik doe mee, ja ik doe mee, ik wil meedoen, ik kom, ik ben erbij,"
    "top, ja top, ja laat zien, ja dank je, ja dankjewel, ja alsjeblieft,"
    "yes, y, yeah, yes please, please, sure, of course, fine, all right, alright, go ahead, do it, send it, agreed,"
    "correct, that is fine, thats fine, yes sure, yes thanks"
)
NO: Final = _folded(
    "nee, n, neen, nope, nee hoor, neehoor, nee dank je, nee dankjewel, nee bedankt, nee dank u, liever niet, nee liever niet,"
    "toch niet, nee toch niet, doe maar niet, nee niet doen, niet doen, niet nodig, nee hoeft niet, hoeft niet, dat hoeft niet,"
    "ik kan niet, nee ik kan niet, ik kan dan niet, dan kan ik niet, dan niet, lukt niet, dat lukt niet, ik wil niet, ik wil niet meedoen,"
    "dat kan niet, nee dat kan niet, nee sorry, helaas niet, nee helaas,"
    "no, no thanks, no thank you, rather not, no rather not, dont, do not, dont do it, do not do it, not needed, no need, nah"
)
WAYS: Final[dict[Way, frozenset[str]]] = {
    "leave": _folded(
        "stop, stoppen, stop maar, ik stop, ik wil stoppen, annuleer, annuleren, laat maar, laat maar zitten, later, later verder, go on later,"
        "straks, een andere keer, niet nu, nu niet, cancel, quit, exit, never mind, later please, not now, another time, i want to stop"
    ),
    "back": _folded("terug, vorige, vorige vraag, ga terug, een terug, back, go back, previous, previous question"),
    "skip": _folded("overslaan, sla over, sla maar over, slaan we over, skip, skip it, skip this"),
}


def is_yes(message: str) -> bool:
    """Whether this is one of the ways to say yes, or a few of them, and nothing else."""
    return _is_all(message, YES)


def is_no(message: str) -> bool:
    """Whether this is one of the ways to say no, or a few of them, and nothing else."""
    return _is_all(message, NO)


def way_of(message: str) -> Way | None:
    """Which way somebody wants out of a question who says nothing else than this; None when it is none."""
    return next((way for way, words in WAYS.items() if _is_all(message, words)), None)


def _is_all(message: str, words: frozenset[str]) -> bool:
    if len(message) > LONGEST:
        return False
    parts = [_plain(part) for part in re.split(r"[,.!?]", message.replace("'", "").replace("’", ""))]
    said = [part for part in parts if part]
    return "".join(said) in words or (bool(said) and words.issuperset(said))
