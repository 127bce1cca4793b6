"""What people write to the bot alone in a session: in memory and nowhere else, so that a crash loses it and nobody reads it later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Memory:
    """One for the whole house. Everything is by session, and by the full id of who wrote it."""

    _pieces: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _titles: dict[str, dict[str, str]] = field(default_factory=dict)
    _doubts: dict[str, dict[str, str]] = field(default_factory=dict)

    def keep_piece(self, session: str, person: str, text: str, *, most: int) -> None:
        """Keep a piece of private writing until all is shown; one more than `most` takes the place of the last one."""
        pieces = self._pieces.setdefault(session, {}).setdefault(person, [])
        pieces[:] = [*pieces[: most - 1], text]

    def pieces(self, session: str) -> Mapping[str, Sequence[str]]:
        """What everybody wrote and what was not shown yet."""
        return self._pieces.get(session, {})

    def forget_pieces(self, session: str) -> None:
        """It was shown, or it is to be written anew."""
        self._pieces.pop(session, None)
        self._doubts.pop(session, None)

    def doubt(self, session: str, person: str, text: str) -> None:
        """Keep what may not have been meant for the others, until this person says so."""
        self._doubts.setdefault(session, {})[person] = text

    def taken_from_doubt(self, session: str, person: str) -> str:
        """What was doubted of this person, once; empty when nothing was."""
        return self._doubts.get(session, {}).pop(person, "")

    def keep_title(self, session: str, person: str, title: str) -> None:
        """Keep in a few words what this person would bring in, until the case is chosen."""
        self._titles.setdefault(session, {})[person] = title

    def titles(self, session: str) -> Mapping[str, str]:
        """What everybody would bring in."""
        return self._titles.get(session, {})

    def forget(self, session: str) -> None:
        """The session is over: nothing of it is left."""
        self.forget_pieces(session)
        self._titles.pop(session, None)
