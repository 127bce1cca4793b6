"""The scribe: from a letter, which is data, to what a platform shows, in the language of its reader."""

from dataclasses import dataclass

from bot.arguments import write_call
from bot.chat import Post, PostedPoll, PostedRanking
from bot.command import Commands
from bot.i18n import Languages
from bot.markup import HTML, PLAIN, Markup
from programme import rooms
from programme.edition import Edition
from programme.people import LanguageCode, Person
from programme.text import Call, Sayable
from storage.letters import Button, Letter
from storage.store import Store


@dataclass(frozen=True)
class Scribe:
    """Writes for readers of a house whose rooms speak `language`, and where `prefix` begins a command."""

    store: Store
    languages: Languages
    commands: Commands
    prefix: str
    language: LanguageCode

    def post(self, letter: Letter) -> Post:
        """Make a letter readable: its reader's language, or that of its room, and the clock of its edition."""
        language = self._reads(letter.room)
        person = rooms.person_of(letter.room)
        return Post(
            id=letter.id,
            room=letter.room,
            plain=self._rendered(letter, language, PLAIN),
            html=self._rendered(letter, language, HTML),
            buttons=tuple(self._button(button, letter, language) for button in letter.buttons),
            file=letter.file,
            wake=letter.wake,
            mentions=tuple(it for it in (letter.mentions, person if letter.wake else None) if it),
            edits=letter.edits,
            status=letter.status,
            poll=self._poll(letter, language),
            ends=letter.ends,
            ranking=self._ranking(letter, language),
            presses=tuple(button.call for button in letter.buttons) if letter.reactions else (),
        )

    def spell(self, text: Sayable, language: str) -> str:
        """Write a text in a language, plain."""
        return self._write(text, language, PLAIN, "")

    def _rendered(self, letter: Letter, language: str, markup: Markup) -> str:
        return self._write(letter.text, language, markup, letter.edition)

    def _write(self, text: Sayable, language: str, markup: Markup, edition: str) -> str:
        """With instants on the clock of this edition; of the first one where it is about none."""
        editions = self.store[Edition]
        zone = (editions.get(edition) or next(iter(editions.values()))).zone
        return self.languages.render(text, language, markup, zone=zone, words=self._call)

    def _button(self, button: Button, letter: Letter, language: str) -> tuple[str, str]:
        label = self.spell(button.label, language)
        if letter.answers:
            return label, self.spell(button.says or button.label, language)
        return label, self._call(button.call, language)

    def _poll(self, letter: Letter, language: str) -> PostedPoll | None:
        if letter.poll is None:
            return None
        choices = tuple(
            (self.spell(it.label, language), self._call(it.call, language), it.call) for it in letter.poll.choices
        )
        return PostedPoll(choices, letter.poll.most, letter.poll.none)

    def _ranking(self, letter: Letter, language: str) -> PostedRanking | None:
        """As a line to type that the chosen words complete. It is for one person alone."""
        it = letter.ranking
        if it is None or rooms.person_of(letter.room) is None:
            return None
        line = it.choices[0].call.model_copy(update={"arguments": ()})
        choices = tuple((self.spell(one.label, language), " ".join(one.call.arguments)) for one in it.choices)
        return PostedRanking(self._call(line, language), choices, it.most)

    def _call(self, call: Call, language: str) -> str:
        return self.prefix + write_call(call, self.commands, language)

    def _reads(self, room: str) -> str:
        """The language of whoever reads in this room."""
        person = rooms.person_of(room)
        if person is not None:
            known = self.store[Person].get(person)
            return (known.language if known else None) or self.language
        edition = self.store[Edition].get(rooms.edition_of(room) or "")
        return edition.language if edition else self.language
