"""What of a message somebody really typed: fresh plain text, without the bot's name, without what a reply repeats.

Quotes, code and what was forwarded never count, so nothing hidden in them can become a command.
"""

from dataclasses import dataclass
from html.parser import HTMLParser

from bot.teams.activities import BOT, Activity

LONGEST_MARKUP = 60_000
_REPLY = "http://schema.skype.com/reply"
_NOT_FRESH = frozenset({"blockquote", "pre", "code", "codeblock"})
_BREAKS = frozenset({"br", "p", "div", "li"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed. `quotes` is the id of the activity that it replies to."""

    text: str
    addressed: bool = False
    quotes: str = ""


def said_by_person(activity: Activity) -> bool:
    """Whether a person said it whom we can know: no bot, and with an Entra object id."""
    sender = activity.sender
    return bool(sender.object_id) and not sender.id.startswith(BOT) and sender.role != "bot"


def typed(activity: Activity) -> Typed | None:
    """What a person typed in this message; None when it is anything but fresh plain text."""
    markup = next((str(it.content or "") for it in activity.attachments if it.content_type == "text/html"), "")
    if len(markup) > LONGEST_MARKUP:
        return None
    words = _Words()
    words.feed(markup)
    words.close()
    if words.not_fresh:
        return None
    text = words.text if words.quotes else (activity.text or "")
    text, addressed = _without_name(text, activity)
    text = text.replace("\xa0", " ").strip()
    return Typed(text, addressed, words.quotes) if text or addressed else None


def _without_name(text: str, activity: Activity) -> tuple[str, bool]:
    """The text without the mention of the bot, and with the bare names of others; and whether the bot was named."""
    addressed = False
    for entity in activity.entities:
        if entity.type != "mention" or entity.mentioned is None:
            continue
        ours = entity.mentioned.id == activity.recipient.id
        addressed = addressed or ours
        text = text.replace(entity.text or "\0", "" if ours else entity.mentioned.name or "")
    return text, addressed


class _Words(HTMLParser):
    """Reads the formatted text: what stands outside a repeated message, and whether it begins with a quote or with code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes = ""
        self.not_fresh = False
        self._inside = 0
        self._mention = 0
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """What was typed under the repeated message."""
        return "".join(self._parts).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice quotes and code."""
        given = dict(attrs)
        if tag == "blockquote" and (given.get("itemtype") or "").lower() == _REPLY:
            self._inside += 1
            self.quotes = self.quotes or (given.get("itemid") or "")
        elif self._inside and tag == "blockquote":
            self._inside += 1
        elif tag in _NOT_FRESH and not self.text and not self._inside:
            self.not_fresh = True
        elif tag in _BREAKS and self._parts:
            self._parts.append("\n")
        elif tag == "span" and (given.get("itemtype") or "").lower().endswith("/mention"):
            self._mention += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave a quote."""
        if tag == "blockquote" and self._inside:
            self._inside -= 1
        elif tag == "span" and self._mention:
            self._mention -= 1

    def handle_data(self, data: str) -> None:
        """Take what was typed; a mention is a name that somebody chose, not a word."""
        if not self._inside and not self._mention:
            self._parts.append(data)
