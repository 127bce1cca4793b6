"""A rehearsal to read, as text in Dutch or English, and as plain data for a page or a script."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from bot.i18n import write_day, write_time
from bot.rehearsal.outcome import Outcome, outcomes, summary
from bot.rehearsal.record import Cause, Message, Rehearsal, Spoken
from bot.rehearsal.warnings import Kind, Warned
from programme import rooms
from programme.people import LanguageCode
from programme.text import Both

INDENT = " " * 7
CAUSES: dict[Cause, Both] = {
    "reminder": Both(nl="vanzelf aan", en="by itself to"),
    "answer": Both(nl="antwoord aan", en="answer to"),
    "passed on": Both(nl="bericht aan", en="message to"),
}
ENDINGS: dict[Outcome, Both] = {
    "visited": Both(nl="stagedag geweest", en="visit has taken place"),
    "agreed": Both(
        nl="stagedag afgesproken, niet gezegd of die is geweest", en="day agreed, nobody said what became of it"
    ),
    "no day": Both(nl="geen dag afgesproken", en="no day agreed"),
    "no place": Both(nl="geen plek", en="no place"),
    "waiting": Both(nl="op de wachtlijst", en="on the waiting list"),
    "form": Both(nl="formulier niet af", en="form not finished"),
    "left": Both(nl="gestopt", en="left"),
    "not signed up": Both(nl="niet aangemeld", en="did not sign up"),
}
WARNINGS: dict[Kind, Both] = {
    "fault": Both(
        nl="er ging {count} keer iets mis in Kring; de code staat in het bericht",
        en="something went wrong in Kring {count} times; the code stands in the message",
    ),
    "busy": Both(
        nl="{person} krijgt {count} berichten in de week van {day}",
        en="{person} gets {count} messages in the week of {day}",
    ),
    "quiet": Both(
        nl="{person} krijgt vanzelf een bericht buiten werktijd, op {day} om {time}: {text}",
        en="{person} gets a message by itself outside working hours, on {day} at {time}: {text}",
    ),
    "chased": Both(
        nl="{person} krijgt op {day} de herinnering {what}, en had het al gedaan",
        en="{person} gets the reminder {what} on {day}, and had done it already",
    ),
    "no reminder": Both(nl="niemand krijgt een herinnering voor: {what}", en="nobody is reminded of: {what}"),
    "free day": Both(
        nl="in een weekend of op een feestdag: {what}, {day}", en="in a weekend or on a holiday: {what}, {day}"
    ),
    "no answer": Both(
        nl="{person} krijgt geen antwoord op {day} om {time}: {text}",
        en="{person} gets no answer on {day} at {time}: {text}",
    ),
    "left waiting": Both(
        nl="{person} wacht aan het eind nog op: {what}", en="{person} still waits at the end for: {what}"
    ),
}
LONGEST = 80
"""So much of a message is shown in a warning."""


def _told_once(it: Message | Spoken) -> tuple[object, ...]:
    """What several people get at one moment is told once."""
    if isinstance(it, Spoken) or not it.person:
        return (id(it),)
    return it.at, it.cause, it.text, it.file, it.buttons


@dataclass(frozen=True)
class Report:
    """A rehearsal that was played out, what there is to look at, and the language to tell it in."""

    rehearsal: Rehearsal
    warned: Sequence[Warned]
    language: LanguageCode

    def lines(self) -> Iterator[str]:
        """Everything, to read from top to bottom."""
        yield from self._story()
        yield ""
        yield from self.warnings()
        yield ""
        yield from self.figures()

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "edition": self.rehearsal.edition.id,
            "seed": self.rehearsal.seed,
            "people": [{"id": p.id, "name": p.name, "organisation": p.organisation} for p in self.rehearsal.people],
            "messages": [self._plain(it) for it in self.rehearsal.said],
            "warnings": [self._plain_warning(it) for it in self.warned],
            "outcomes": outcomes(self.rehearsal),
            "summary": asdict(summary(self.rehearsal)),
        }

    # ── every message ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _story(self) -> Iterator[str]:
        edition, people = self.rehearsal.edition, len(outcomes(self.rehearsal))
        yield self._say(
            nl=f"{edition.name}, gespeeld met {people} mensen (verloop {self.rehearsal.seed})",
            en=f"{edition.name}, played with {people} people (story {self.rehearsal.seed})",
        )
        day = None
        for _same, together in groupby(self.rehearsal.said, _told_once):
            it, *others = together
            local = it.at.astimezone(edition.zone)
            if local.date() != day:
                day = local.date()
                yield from ("", write_day(day, self.language))
            yield from self._spoken(it) if isinstance(it, Spoken) else self._message(it, others)

    def _spoken(self, it: Spoken) -> Iterator[str]:
        where = "" if rooms.person_of(it.room) else f" in {self._short(it.room)}"
        text = f"[{it.text}]" if it.pressed else it.text
        yield f"{self._clock(it.at):<{len(INDENT)}}{self.name(it.person)}{where}: {text}"

    def _message(self, it: Message, others: Sequence[Message | Spoken]) -> Iterator[str]:
        """A message; who else got the same is named with it."""
        to = ", ".join(self.name(other.person) for other in (it, *others)) if it.person else self._short(it.room)
        first, *more = it.text.split("\n")
        yield f"{self._clock(it.at):<{len(INDENT)}}  {self._both(CAUSES[it.cause])} {to}: {first}"
        yield from (f"{INDENT}  | {line}" for line in more)
        if it.file:
            yield f"{INDENT}  ({self._say(nl='bestand', en='file')}: {it.file})"
        if it.buttons:
            yield f"{INDENT}  " + " ".join(f"[{label}]" for label in it.buttons)
        if it.choices:
            yield f"{INDENT}  [ ] " + " / ".join(it.choices)

    def _clock(self, at: datetime) -> str:
        return write_time(at.astimezone(self.rehearsal.edition.zone).time(), self.language).removesuffix(" uur")

    def _short(self, room: str) -> str:
        """The short name of a room: `#cohort`, `#pair/anna`."""
        kind, _slash, rest = room.partition("/")
        more = rest.partition("/")[2]
        return f"#{kind}/{more}" if more else f"#{kind}"

    @cached_property
    def _names(self) -> dict[str, str]:
        times = Counter(person.shown for person in self.rehearsal.people)
        return {p.id: p.shown if times[p.shown] == 1 else f"{p.shown} ({p.id})" for p in self.rehearsal.people}

    def name(self, person: str) -> str:
        """The name to show; with the id when somebody else has the same name."""
        return self._names.get(person, person)

    # ── what to look at ──────────────────────────────────────────────────────────────────────────────────────────────────

    def warnings(self) -> Iterator[str]:
        """What to look at, one line each, gathered by kind."""
        if not self.warned:
            yield self._say(nl="Er is niets om op te letten.", en="There is nothing to look at.")
            return
        yield self._say(nl=f"Om op te letten ({len(self.warned)}):", en=f"To look at ({len(self.warned)}):")
        yield from (f"- {self.warning(it)}" for it in self.warned)

    def warning(self, it: Warned) -> str:
        """One of them, as a sentence."""
        local = it.at.astimezone(self.rehearsal.edition.zone) if it.at else None
        first = it.text.partition("\n")[0]
        return self._both(WARNINGS[it.kind]).format(
            person=self.name(it.person) if it.person else self._say(nl="een kamer", en="a room"),
            count=it.count,
            day=write_day(local.date(), self.language) if local else "",
            time=write_time(local.time(), self.language) if local else "",
            what=self._both(it.what) if it.what else "",
            text=first if len(first) <= LONGEST else f"{first[:LONGEST]}…",
        )

    # ── in numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> Iterator[str]:
        """How it ended, and how many messages it took."""
        it, ended = summary(self.rehearsal), Counter(outcomes(self.rehearsal).values())
        yield self._say(nl="Zo eindigt het:", en="This is how it ends:")
        yield from (f"- {self._both(words)}: {ended[how]}" for how, words in ENDINGS.items() if ended[how])
        busiest, half = self.name(it.busiest), self._number(it.median)
        weeks, each = self._number(it.weeks), self._number(it.each_week)
        yield self._say(
            nl=f"{it.messages} berichten aan {it.people} mensen in {weeks} weken. De meeste kreeg {busiest}: {it.most}. "
            f"De helft kreeg er hooguit {half}, dat is {each} per week.",
            en=f"{it.messages} messages to {it.people} people in {weeks} weeks. {busiest} got most: {it.most}. "
            f"Half of them got {half} at most, which is {each} a week.",
        )

    def _number(self, number: float) -> str:
        return f"{number:g}".replace(".", self._say(nl=",", en="."))

    # ── as data ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plain(self, it: Message | Spoken) -> dict[str, Any]:
        """One line of the story. `to` is null for a room, `from` stands only with what people did."""
        at = it.at.astimezone(self.rehearsal.edition.zone).isoformat(timespec="seconds")
        if isinstance(it, Spoken):
            return {"at": at, "from": it.person, "room": it.room, "text": it.text, "pressed": it.pressed}
        facts = {"text": it.text, "buttons": list(it.buttons), "choices": list(it.choices), "file": it.file or None}
        return {"at": at, "to": it.person or None, "room": it.room, **facts, "cause": it.cause, "wake": it.wake}

    def _plain_warning(self, it: Warned) -> dict[str, Any]:
        at = it.at.astimezone(self.rehearsal.edition.zone).isoformat(timespec="seconds") if it.at else None
        return {"kind": it.kind, "person": it.person or None, "at": at, "count": it.count, "text": self.warning(it)}

    def _both(self, words: Both) -> str:
        return words.nl if self.language == "nl" else words.en

    def _say(self, *, nl: str, en: str) -> str:
        return nl if self.language == "nl" else en
