"""Polls, and reactions as buttons: how the bot shows choices, and what in an event of a person is one.

Polls are those of MSC3381 ("Polls", unstable prefix `org.matrix.msc3381`, which is what clients send today; both are read). Votes and
reactions are seen by the whole room, and reactions are never encrypted: what is confidential is never asked like this.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat import Post, PostedPoll, chosen_call
from bot.matrix.events import LETTER
from bot.matrix.shapes import Raw, events, number, section, word, words
from programme.text import Call

PRESSES = "nl.kring.presses"
"""Where a message of the bot carries the calls that its numbers press, in their order."""
_NONE = "nl.kring.none"

POLL_START = "org.matrix.msc3381.poll.start"
POLL_END = "org.matrix.msc3381.poll.end"
POLL_RESPONSES = ("org.matrix.msc3381.poll.response", "m.poll.response")
REACTION = "m.reaction"
_TEXT = "org.matrix.msc1767.text"

NUMBERS = (*(f"{digit}\ufe0f\u20e3" for digit in "123456789"), "\N{KEYCAP TEN}")
"""The signs of one to ten, as clients send them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person chose these (from 1, in this order) in the message that the event brought. `open`: it was never encrypted."""

    event: str
    numbers: tuple[int, ...]
    open: bool


def chosen(event: Raw) -> Chosen | None:
    """What a person chose in this (decrypted) event; None when it is no choice."""
    content = section(event, "content")
    relation = section(content, "m.relates_to")
    about = word(relation, "event_id")
    match word(event, "type"), word(relation, "rel_type"):
        case "m.reaction", "m.annotation":
            shown = word(relation, "key").replace("\ufe0f", "")  # some clients leave the variation selector out
            found = [n for n, sign in enumerate(NUMBERS, 1) if sign.replace("\ufe0f", "") == shown]
            return Chosen(about, tuple(found), open=True) if about and found else None
        case kind, "m.reference" if kind in POLL_RESPONSES and about:
            return Chosen(about, tuple(_known(answer) for answer in _answers(content, kind)), open=False)
    return None


def _answers(content: Raw, kind: str) -> tuple[str, ...]:
    """The ids of the answers: under the event's own name before the proposal was accepted, `m.selections` since."""
    return words(section(content, kind), "answers") or words(content, "m.selections")


def _known(answer: str) -> int:
    """The number that the id of an answer stands for; 0 for an id that is not ours."""
    return int(answer) if answer.isascii() and answer.isdecimal() and len(answer) <= 2 else 0  # noqa: PLR2004 - polls have 20


def pressed(content: Raw, numbers: tuple[int, ...]) -> Call | None:
    """The call of choosing these in this message of the bot; None when they mean nothing there.

    Raises `pydantic.ValidationError` when the message is none of ours after all.
    """
    calls = [Call.model_validate(raw) for raw in events(content, PRESSES)]
    none = Call.model_validate(content[_NONE]) if _NONE in content else None
    most = number(section(content, POLL_START), "max_selections") or 1
    return chosen_call(PostedPoll(tuple(("", "", call) for call in calls), most, none), numbers) if calls else None


def as_presses(calls: tuple[Call, ...]) -> list[Raw]:
    """Calls as a message carries them."""
    return [call.model_dump(mode="json", exclude_defaults=True) for call in calls]


def poll_content(post: Post, poll: PostedPoll) -> Raw:
    """The content of the event that begins a poll, with numbers and what to type for clients that know no polls."""
    choices = list(enumerate(poll.choices, 1))
    rows = [post.plain, *(f"{n}. {label}: `{written}`" for n, (label, written, _call) in choices)]
    marked = [
        post.html,
        *(f"{n}. {html.escape(label)}: <code>{html.escape(typed)}</code>" for n, (label, typed, _c) in choices),
    ]
    taken_back = {_NONE: as_presses((poll.none,))[0]} if poll.none else {}
    return {
        POLL_START: {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": poll.most,
            "question": _worded(post.plain) | {"msgtype": "m.text", "body": post.plain},
            "answers": [{"id": str(n), **_worded(label)} for n, (label, _written, _call) in choices],
        },
        _TEXT: "\n".join(rows),
        "msgtype": "m.text" if post.wake else "m.notice",
        "body": "\n".join(rows),
        "format": "org.matrix.custom.html",
        "formatted_body": "<br>".join(marked),
        "m.mentions": {},
        LETTER: post.id,
        PRESSES: as_presses(tuple(call for _label, _written, call in poll.choices)),
        **taken_back,
    }


def end_content(poll: str, text: str) -> Raw:
    """The content of the event that ends the poll which this event began."""
    return {
        "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
        POLL_END: {},
        "m.mentions": {},
        **_worded(text),
    }


def number_reactions(event: str, how_many: int) -> Iterator[Raw]:
    """The reactions with which the bot shows the numbers of its own message: what somebody else only has to touch."""
    for sign in NUMBERS[:how_many]:
        yield {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": sign}}


def _worded(text: str) -> Raw:
    return {_TEXT: text}
