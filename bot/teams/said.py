"""What the bot said that is looked up later: the status text of a room, polls, and which activity brought a letter."""

from pydantic import ValidationError

from bot.chat import Port, Post, PostedPoll
from bot.teams.addresses import conversation, without_thread
from programme.model import Model
from programme.text import Call

MOST_REMEMBERED = 2_000


class KeptPoll(Model):
    """A poll that was said: where, as which activity, and what its choices mean."""

    place: str
    activity: str = ""
    calls: tuple[Call, ...] = ()
    most: int = 1
    none: Call | None = None


class Said:
    """What was said. Status texts and polls are kept with the house; which letter an activity brought, in memory."""

    def __init__(self, house: Port) -> None:
        self._house = house
        self._letters: dict[tuple[str, str], str] = {}

    def note(self, place: str, activity: str, letter: str) -> None:
        """Remember that this activity brought that letter, for replies to it."""
        self._letters[_base(place), activity] = letter
        if len(self._letters) > MOST_REMEMBERED:
            self._letters.pop(next(iter(self._letters)))

    def letter(self, conversation_: str, activity: str) -> str | None:
        """The letter that this activity of the bot brought, if we know it still."""
        return self._letters.get((without_thread(conversation_), activity))

    # ── the status text of a room ────────────────────────────────────────────────────────────────────────────────────────

    def status(self, room: str) -> tuple[str, str]:
        """The letter and the activity of the status text of a room (by key); empty when there is none."""
        letter, _space, activity = (self._house.mark(f"teams/status/{room}") or "").rpartition(" ")
        return letter, activity

    async def keep_status(self, room: str, letter: str, activity: str) -> None:
        """Keep which activity the status text of a room is."""
        await self._house.remember_mark(f"teams/status/{room}", f"{letter} {activity}")

    # ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def keep_poll(self, post: Post, poll: PostedPoll, place: str, activity: str = "") -> None:
        """Keep what the choices of a poll mean: before it is said, and again with its activity afterwards."""
        calls = tuple(call for _label, _typed, call in poll.choices)
        kept = KeptPoll(place=place, activity=activity, calls=calls, most=poll.most, none=poll.none)
        await self._house.remember_mark(_of_poll(post.id), kept.model_dump_json())

    def kept_poll(self, letter: str) -> KeptPoll | None:
        """The poll that this letter brought; None when there is none, or it is over."""
        kept = self._house.mark(_of_poll(letter)) if len(letter) < MOST_REMEMBERED else None
        try:
            return KeptPoll.model_validate_json(kept) if kept else None
        except ValidationError:
            return None

    def poll(self, letter: str, place: str) -> PostedPoll | None:
        """The poll of this letter, to vote in at this place."""
        kept = self.kept_poll(letter)
        if kept is None or _base(kept.place) != _base(place):
            return None
        return PostedPoll(tuple(("", "", call) for call in kept.calls), kept.most, kept.none)

    async def end_poll(self, letter: str) -> None:
        """Forget what its choices mean."""
        await self._house.remember_mark(_of_poll(letter), "")


def _of_poll(letter: str) -> str:
    return f"teams/poll/{letter}"


def _base(place: str) -> str:
    return without_thread(conversation(place))
