"""A rehearsal to read, as text in Dutch or English, and as plain data for a page or a script."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from bot.rehearsal.deciding import DECISIONS, Step, steps
from bot.rehearsal.held import MESSAGES, Held, held
from bot.rehearsal.outcome import Outcome, outcomes, summary
from bot.rehearsal.record import Message, Rehearsal, Spoken
from bot.rehearsal.story import Story, reaches
from bot.rehearsal.warned import sentence, sentences, shortened
from bot.rehearsal.warnings import Warned
from bot.rehearsal.wording import Wording
from programme.people import LanguageCode
from programme.text import Both

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
PEOPLE = Both(nl="{n} mens", en="{n} person"), Both(nl="{n} mensen", en="{n} people")
SESSIONS = Both(nl="{n} sessie", en="{n} session"), Both(nl="{n} sessies", en="{n} sessions")


@dataclass(frozen=True)
class Report:
    """A rehearsal that was played out, what there is to look at, and the language to tell it in.

    With `people` (ids) it tells only what those said and could read, and what there is to look at about them; sessions in full.
    """

    rehearsal: Rehearsal
    warned: Sequence[Warned]
    language: LanguageCode
    people: Collection[str] = ()

    @cached_property
    def wording(self) -> Wording:
        """The words to tell it in."""
        return Wording(self.rehearsal, self.language)

    @cached_property
    def _held(self) -> dict[str, Held]:
        return held(self.rehearsal)

    def lines(self, *, story: bool = True) -> Iterator[str]:
        """Everything, to read from top to bottom; without the story what is left fits on a page or two."""
        yield self._title()
        if story:
            yield from Story(self.wording, {} if self.people else self._held).lines(self._said())
        if not self.people:
            yield from ("", *self.decisions())
        yield from ("", *self.warnings())
        if not self.people:
            yield from ("", *self.figures())

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "edition": self.rehearsal.edition.id,
            "seed": self.rehearsal.seed,
            "people": [{"id": p.id, "name": p.name, "organisation": p.organisation} for p in self.rehearsal.people],
            "messages": [self._plain(it) for it in self._said()],
            "sessions": [it.plain() for it in self._held.values()],
            "decisions": [self._plain_step(it) for it in steps(self.rehearsal)],
            "warnings": [self._plain_warning(it) for it in self._warned()],
            "outcomes": outcomes(self.rehearsal),
            "summary": asdict(summary(self.rehearsal)),
        }

    def _said(self) -> list[Message | Spoken]:
        return [it for it in self.rehearsal.said if not self.people or reaches(it, self.people)]

    def _warned(self) -> list[Warned]:
        return [it for it in self.warned if not self.people or it.person in self.people]

    def _title(self) -> str:
        edition, people = self.rehearsal.edition, self._people(len(outcomes(self.rehearsal)))
        told = self.wording.say(
            nl=f"{edition.name}, gespeeld met {people} (verloop {self.rehearsal.seed})",
            en=f"{edition.name}, played with {people} (story {self.rehearsal.seed})",
        )
        return told + (f": {self.wording.listed(self.people)}" if self.people else "")

    def _people(self, number: int) -> str:
        return self.wording.counted(number, *PEOPLE)

    # ── what there is to do and to look at ───────────────────────────────────────────────────────────────────────────────

    def decisions(self) -> Iterator[str]:
        """What the coordinators read, call and decide, each with its moment."""
        yield self.wording.say(nl="Wat jij belt of beslist:", en="What you call or decide:")
        for it in steps(self.rehearsal):
            first, *more = self._step(it).split("\n")
            yield f"- {self.wording.moment(it.at)}  {first}"
            yield from (f"  {line}" for line in more)

    def _step(self, it: Step) -> str:
        person = self.wording.name(it.person) if it.person else ""
        return self.wording.both(DECISIONS[it.kind]).format(person=person, text=it.text)

    def warnings(self) -> Iterator[str]:
        """What to look at, one line each."""
        return sentences(self.wording, self._warned())

    # ── in numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> Iterator[str]:
        """How it ended, and how many messages it took."""
        it, ended, words = summary(self.rehearsal), Counter(outcomes(self.rehearsal).values()), self.wording
        yield words.say(nl="Zo eindigt het:", en="This is how it ends:")
        yield from (f"- {words.both(told)}: {ended[how]}" for how, told in ENDINGS.items() if ended[how])
        busiest, half = words.name(it.busiest), words.number(it.median)
        weeks, each = words.number(it.weeks), words.number(it.each_week)
        messages, people = words.counted(it.messages, *MESSAGES), self._people(it.people)
        yield words.say(
            nl=f"{messages} aan {people} in {weeks} weken. De meeste kreeg {busiest}: {it.most}. "
            f"De helft kreeg er hooguit {half}, dat is {each} per week.",
            en=f"{messages} to {people} in {weeks} weeks. {busiest} got most: {it.most}. "
            f"Half of them got {half} at most, which is {each} a week.",
        )
        if it.sessions:
            sessions, told = words.counted(it.sessions, *SESSIONS), words.counted(it.in_sessions, *MESSAGES)
            yield words.say(
                nl=f"Daarbij kwamen {told} in {sessions}: wie in een sessie zit, koos daarvoor.",
                en=f"Besides, there were {told} in {sessions}: who is in a session chose to be.",
            )

    # ── as data ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plain(self, it: Message | Spoken) -> dict[str, Any]:
        """One line of the story. `to` is null for a room, `from` stands only with what people did."""
        at = it.at.astimezone(self.rehearsal.edition.zone).isoformat(timespec="seconds")
        if isinstance(it, Spoken):
            said = {"at": at, "from": it.person, "room": it.room, "text": it.text, "pressed": it.pressed}
            return {**said, "session": it.session or None}
        facts = {"text": it.text, "buttons": list(it.buttons), "choices": list(it.choices), "file": it.file or None}
        why = {"cause": it.cause, "wake": it.wake, "session": it.session or None}
        return {"at": at, "to": it.person or None, "room": it.room, **facts, **why}

    def _plain_step(self, it: Step) -> dict[str, Any]:
        at = it.at.astimezone(self.rehearsal.edition.zone).isoformat(timespec="seconds")
        return {"at": at, "kind": it.kind, "person": it.person or None, "text": self._step(it)}

    def _plain_warning(self, it: Warned) -> dict[str, Any]:
        at = it.at.astimezone(self.rehearsal.edition.zone).isoformat(timespec="seconds") if it.at else None
        of = [shortened(message.text) for message in it.messages]
        text = sentence(self.wording, it).removesuffix(":")
        return {"kind": it.kind, "person": it.person or None, "at": at, "count": it.count, "text": text, "messages": of}
