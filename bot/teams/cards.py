"""Buttons, polls and rankings as Adaptive Cards, each with its whole text for who sees no cards.

What a card holds comes back from whoever pressed it, so it counts as typed by that person and as nothing more: a button holds the
line that it stands for, a ranking the line that its choices complete, a poll the letter that brought it; what its choices mean stays with the house.

Source: Adaptive Cards schema 1.5; Microsoft, "Universal Actions for Adaptive Cards" (`Action.Execute`, with `Action.Submit` for
clients that do not know it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.chat import Post, PostedPoll, PostedRanking
from bot.teams.activities import Activity, Raw

CARD: Final = "application/vnd.microsoft.card.adaptive"
OURS: Final = "kring"
CHOICE: Final = "choice"
RANK: Final = "rank"
MOST_RANKS: Final = 10
LONGEST_WORD: Final = 64
A_ROW: Final = 6
"""More actions than this in one row are hidden by Teams."""
LONGEST_LINE: Final = 4_000
MOST_NUMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody pressed: the letter whose card it was, the line that the button stands for, or numbers chosen in a poll."""

    letter: str
    line: str
    numbers: tuple[int, ...] = ()


def buttons_card(post: Post) -> Raw:
    """The card with the buttons of a post, below its text."""
    actions = [_action(label, {"letter": post.id, "line": typed}) for label, typed in post.buttons]
    rows = [actions[n : n + A_ROW] for n in range(0, len(actions), A_ROW)]
    return _card([{"type": "ActionSet", "actions": row} for row in rows], choices_text(post))


def poll_card(post: Post, poll: PostedPoll, send: str) -> Raw:
    """The card with the choices of a poll. `send` is what stands on the button that sends them."""
    choices = [{"title": label, "value": str(n)} for n, (label, _typed, _call) in enumerate(poll.choices, 1)]
    field = {
        "type": "Input.ChoiceSet",
        "id": CHOICE,
        "style": "expanded",
        "isMultiSelect": poll.most > 1 or poll.none is not None,
        "choices": choices,
        "wrap": True,
    }
    sending = {"type": "ActionSet", "actions": [_action(send, {"letter": post.id})]}
    return _card([field, sending], choices_text(post))


def ranking_card(post: Post, ranking: PostedRanking, send: str) -> Raw:
    """The card with a row of lists to choose from, the best first. `send` stands on the button that sends the order."""
    choices = [{"title": label, "value": word} for label, word in ranking.choices]
    fields = [
        {"type": "Input.ChoiceSet", "id": f"{RANK}{n}", "style": "compact", "label": f"{n}.", "choices": choices}
        for n in range(1, min(ranking.most, MOST_RANKS) + 1)
    ]
    sending = {"type": "ActionSet", "actions": [_action(send, {"letter": post.id, "line": ranking.line})]}
    return _card([*fields, sending], "\n".join([*(label for label, _word in ranking.choices), f"{ranking.line} …"]))


def choices_text(post: Post) -> str:
    """What there is to choose, as lines that say what to type."""
    choices = [(label, typed) for label, typed, _call in post.poll.choices] if post.poll else list(post.buttons)
    return "\n".join(_line(n, label, typed) for n, (label, typed) in enumerate(choices, 1))


def pressed(activity: Activity) -> Pressed | None:
    """What was pressed, when this activity is a press on a card of ours; None when it is not, or not whole."""
    data = _data(activity)
    ours = data.get(OURS)
    if not isinstance(ours, dict) or not isinstance(ours.get("letter"), str):
        return None
    line = ours.get("line", "")
    if not isinstance(line, str) or len(line) > LONGEST_LINE:
        return None
    return Pressed(ours["letter"], " ".join([line, *_ranked(data)]).strip(), _numbers(data.get(CHOICE)))


def _ranked(data: Raw) -> list[str]:
    """The words that were put in order, without the places that were left open."""
    words = (data.get(f"{RANK}{n}") for n in range(1, MOST_RANKS + 1))
    return [word for word in words if isinstance(word, str) and 0 < len(word) <= LONGEST_WORD]


def _data(activity: Activity) -> Raw:
    """What the card brought back: in an `invoke` (Execute) inside its action, in a message (Submit) as it is."""
    value: Any = activity.value
    if activity.type == "invoke":
        action = value.get("action") if activity.name == "adaptiveCard/action" and isinstance(value, dict) else None
        value = action.get("data") if isinstance(action, dict) else None
    return value if isinstance(value, dict) else {}


def _numbers(written: object) -> tuple[int, ...]:
    """Choices as Teams sends them: values with commas between them."""
    parts = written.split(",", MOST_NUMBERS) if isinstance(written, str) else []
    return tuple(int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 4)  # noqa: PLR2004


def _action(title: str, ours: Raw) -> Raw:
    submit = {"type": "Action.Submit", "title": title, "data": {OURS: ours}}
    return {"type": "Action.Execute", "title": title, "verb": OURS, "data": {OURS: ours}, "fallback": submit}


def _card(body: Sequence[Raw], text: str) -> Raw:
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": text,
        "body": list(body),
    }
    return {"contentType": CARD, "content": content}


def _line(number: int, label: str, typed: str) -> str:
    """An answer is typed as its word or its number, a command as it is written."""
    return f"{number}. {label}" if label == typed else f"{number}. {label}: {typed}"
