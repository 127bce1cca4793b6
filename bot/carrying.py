"""What changes after it was said: the one status text of a room, and polls that end. It is remembered which letter carries them."""

import hashlib

from bot.answer import Poll, Say
from bot.context import State
from programme.rooms import person_of
from storage.letters import Carrier, Letter, LetterPoll
from storage.store import Store
from storage.unit import Unit


def carried(state: State, say: Say, letter: Letter) -> list[Letter]:
    """The letter as it goes out, with what it changes or begins; none when it would change nothing."""
    if say.status:
        return _status(state, say.status, letter)
    alone = person_of(letter.room) is not None
    if say.poll is not None:
        return [_as_buttons(say.poll, letter) if alone else _poll(state, say.poll, letter)]
    if say.ends and (over := state.get(Carrier, _of_poll(letter.room, say.ends))) is not None:
        state.delete(Carrier, over.id)
        return [letter.model_copy(update={"ends": over.letter})]
    return [letter.model_copy(update={"reactions": say.reactions and not alone})]


def _status(state: State, key: str, letter: Letter) -> list[Letter]:
    """A new key begins a new text at the end of the room; the same key changes the text that is there."""
    digest = hashlib.sha256(letter.text.model_dump_json().encode()).hexdigest()[:16]
    known = state.get(Carrier, _of_status(letter.room))
    if known is None or known.key != key:
        state.save(Carrier(id=_of_status(letter.room), key=key, letter=letter.id, digest=digest))
        return [letter.model_copy(update={"status": True, "wake": False})]
    if known.digest == digest:
        return []
    state.save(known.model_copy(update={"digest": digest}))
    return [letter.model_copy(update={"status": True, "wake": False, "edits": known.letter})]


def _poll(state: State, poll: Poll, letter: Letter) -> Letter:
    state.save(Carrier(id=_of_poll(letter.room, poll.key), key=poll.key, letter=letter.id))
    brought = LetterPoll(choices=tuple(poll.choices), most=poll.most, none=poll.none)
    return letter.model_copy(update={"poll": brought})


def _as_buttons(poll: Poll, letter: Letter) -> Letter:
    """With one person there is nothing to count: what there is to choose is pressed or typed."""
    return letter.model_copy(update={"buttons": (*letter.buttons, *poll.choices)})


def let_go(store: Store, letter: Letter, unit: Unit) -> None:
    """The letter could not be delivered: what it carried is not there, so that it is said anew the next time."""
    carrier = store[Carrier].get(_of_status(letter.room))
    if letter.status and carrier is not None and carrier.letter in (letter.id, letter.edits):
        unit.put("carriers", carrier.id, None)


def _of_status(room: str) -> str:
    return f"{room}/status"


def _of_poll(room: str, key: str) -> str:
    return f"{room}/poll/{key}"
