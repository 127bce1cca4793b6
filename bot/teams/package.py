"""The app package: what an administrator uploads so that people can talk to the bot in Teams.

Source: Microsoft, "App manifest schema" and "Localization schema", version 1.25, whose limits are kept here.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.teams.activities import Raw
from bot.teams.icons import ACCENT, colour_icon, outline_icon
from bot.teams.wording import Render
from programme.text import _

VERSION: Final = "1.25"
SCHEMA: Final = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams"
LANGUAGES: Final = ("nl", "en")
"""The language of the manifest itself, and those with a file beside it."""
MOST_COMMANDS: Final = 12
NAME: Final = "Kring"
SHORT = _("Learning from each other: signing up, meetings and intervision.")
FULL = _(
    "I keep the appointments of your programme, remind you of them, and lead your group through an intervision. I answer when you "
    "mention me, or in our own chat. What is said in a session I do not store."
)
HEARING_ALL: Final = ("ChannelMessage.Read.Group", "ChatMessage.Read.Chat")
"""What an administrator allows when the bot is to hear what is said without a mention (Microsoft, "Receive all messages")."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
Row = tuple[str, str]
"""A command as Teams lists it: what to type, and what it does."""
Rows = Mapping[str, Sequence[Row]]
"""By language: the same commands, in the same order."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation that offers the app: its name (at most 32 characters) and three https addresses about it."""

    name: str
    website: str
    privacy: str
    terms: str


@dataclass(frozen=True, slots=True)
class App:
    """What is to be in a package. `personal` and `rooms` are the commands to list; `id` is the app's in Entra."""

    id: str
    version: str
    publisher: Publisher
    personal: Rows
    rooms: Rows
    hears_all: bool = False
    """Hear what is said in group chats and channels without a mention. Not for confidential intervision."""

    def packed(self, render: Render) -> bytes:
        """The package as a zip file: the same bytes for the same app."""
        first, *others = LANGUAGES
        files = {
            "manifest.json": _written(self._manifest(first, others, render)),
            "color.png": colour_icon(),
            "outline.png": outline_icon(),
            **{f"{language}.json": _written(self._words(language, render)) for language in others},
        }
        return _zipped(files)

    def _manifest(self, first: str, others: Sequence[str], render: Render) -> Raw:
        it = self.publisher
        return {
            "$schema": f"{SCHEMA}.schema.json",
            "manifestVersion": VERSION,
            "version": self.version,
            "id": self.id,
            "developer": {
                "name": it.name,
                "websiteUrl": it.website,
                "privacyUrl": it.privacy,
                "termsOfUseUrl": it.terms,
            },
            "name": {"short": NAME, "full": NAME},
            "description": {"short": render(SHORT, first), "full": render(FULL, first)},
            "localizationInfo": {
                "defaultLanguageTag": first,
                "additionalLanguages": [{"languageTag": other, "file": f"{other}.json"} for other in others],
            },
            "icons": {"color": "color.png", "outline": "outline.png"},
            "accentColor": ACCENT,
            "bots": [self._bot(first)],
            "validDomains": [],
            "webApplicationInfo": {"id": self.id, "resource": f"api://botid-{self.id}"},
            "supportsChannelFeatures": "tier1",
            "defaultInstallScope": "personal",
            "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
            **self._permissions(),
        }

    def _permissions(self) -> Raw:
        allowed = [{"name": name, "type": "Application"} for name in HEARING_ALL]
        return {"authorization": {"permissions": {"resourceSpecific": allowed}}} if self.hears_all else {}

    def _bot(self, language: str) -> Raw:
        lists = zip((["personal"], ["team", "groupChat"]), self._lists(language), strict=True)
        return {
            "botId": self.id,
            "scopes": ["personal", "team", "groupChat"],
            "supportsFiles": True,
            "commandLists": [
                {"scopes": scopes, "commands": [{"title": title, "description": meaning} for title, meaning in rows]}
                for scopes, rows in lists
            ],
        }

    def _lists(self, language: str) -> tuple[Sequence[Row], Sequence[Row]]:
        return self.personal[language][:MOST_COMMANDS], self.rooms[language][:MOST_COMMANDS]

    def _words(self, language: str, render: Render) -> Raw:
        """The words of the manifest in another language, by where they stand in it."""
        words: Raw = {
            "$schema": f"{SCHEMA}.Localization.schema.json",
            "name.short": NAME,
            "name.full": NAME,
            "description.short": render(SHORT, language),
            "description.full": render(FULL, language),
        }
        for number, rows in enumerate(self._lists(language)):
            for place, (title, meaning) in enumerate(rows):
                at = f"bots[0].commandLists[{number}].commands[{place}]"
                words |= {f"{at}.title": title, f"{at}.description": meaning}
        return words


def _written(content: Raw) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """All files as of the same day, so that nothing but their content makes a difference."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
