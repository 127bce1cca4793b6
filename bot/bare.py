"""Words without a prefix: a short line in a session, an answer with words around it, and a call for help in the room of a group.

Strict on purpose: what people say to each other is theirs, and only a line that can hardly mean anything else is for the bot.
"""

from bot.command import fold

NAME = "kring"
HELP = frozenset({"help", "hulp"})
_AROUND_A_WORD = frozenset(
    [
        "ja",
        "nee",
        "ok",
        "oke",
        "okay",
        "hoor",
        "ik",
        "ben",
        "wij",
        "we",
        "zijn",
        "nou",
        "even",
        "dan",
        "goed",
        "prima",
        "yes",
        "no",
        "i",
        "am",
        "are",
        "fine",
        "well",
        "so",
    ]
)
"""What people say before the word that counts: "ja klaar", "nee hoor, pas", "ik pas"."""
_AROUND_A_CHOICE = frozenset(
    [
        "ik",
        "kies",
        "stem",
        "voor",
        "op",
        "de",
        "casus",
        "van",
        "doe",
        "maar",
        "i",
        "choose",
        "vote",
        "for",
        "the",
        "case",
        "of",
    ]
)
"""What people say before the name that they choose: "ik kies voor de casus van Dirk"."""
MOST_WORDS = 3


def last_word(line: str) -> str:
    """The last word of a short line when all before it are fillers; any other line as it is."""
    words = line.split()
    short = 1 < len(words) <= MOST_WORDS and all(fold(word) in _AROUND_A_WORD for word in words[:-1])
    return words[-1] if short else line


def choice(answer: str) -> str:
    """An answer without the words that people put before what they choose; as it is when nothing else is in it."""
    words = answer.split()
    while words and fold(words[0]) in _AROUND_A_CHOICE:
        words = words[1:]
    return " ".join(words) or answer


def after_our_name(line: str) -> str | None:
    """What stands behind the name of the bot at the beginning of a line; None when the line is not for it.

    `kring` is a word of the language too: it is our name when it stands alone, is followed by a sign, or begins a question.
    """
    first, _space, rest = line.strip().partition(" ")
    if fold(first) != NAME:
        return None
    named = not rest or not first[-1].isalpha() or line.rstrip().endswith("?")
    return rest.strip() if named else None


def asks_for_help(line: str) -> bool:
    """Whether this is nothing but a cry for help, or a line to the bot by its name."""
    return fold(line) in HELP or after_our_name(line) is not None
