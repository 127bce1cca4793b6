"""The few words of the adapter's own, in the language of the room."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from bot.chat import Port
from bot.teams.activities import Raw
from programme.text import Sayable, _

Render = Callable[[Sayable, str], str]
"""Writes a text in a language ("nl", "en"), plain."""
SEND = _("Send my choice")
GONE = _("I do not have that file any more. Ask for it once more.")


def only_in_chat(name: str) -> Sayable:
    """What stands below a post with a file, where Teams takes none of a bot."""
    return _("A file belongs to this: {name}. In Teams I can give it only in our own chat.", name=name)


@dataclass(frozen=True)
class Wording:
    """Writes them. A room has its own language; elsewhere it is Dutch."""

    house: Port
    render: Render

    def __call__(self, text: Sayable, room: str = "") -> str:
        """The text for the room with this key."""
        language = next((wish.language for wish in self.house.wishes() if wish.key == room), "nl")
        return self.render(text, language)

    def message(self, text: Sayable, room: str = "") -> Raw:
        """The text as an activity."""
        return {"type": "message", "text": escape(self(text, room)), "textFormat": "xml"}
