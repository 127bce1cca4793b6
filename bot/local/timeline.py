"""What an edition brings in time, as the page lists it: windows, meetings, visits, reminders that went out and those to come."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from bot.context import State
from bot.intervision.sessions import going_on, sitting_of
from bot.local.play import Play
from bot.rehearsal import free_of
from programme import nudges, reaching
from programme.ballots import Ballot, closing
from programme.exchange import Exchange
from programme.intervision import continuing, planned
from programme.intervision.continuing import Continuing
from programme.intervision.nudges import moments
from programme.intervision.planned import Planned
from programme.nudges import Nudge
from programme.people import Person
from programme.records import Round, Visit
from programme.reminder import Reminder
from programme.text import Both, Value
from programme.visits import spans
from storage.letters import Rung

Kind = Literal["window", "meeting", "visit", "reminder", "house"]
Standing = Literal["past", "sent", "missed", "coming"]
WINDOWS = {
    "signup": (Both(nl="Aanmelden opent", en="Sign-up opens"), Both(nl="Aanmelden sluit", en="Sign-up closes")),
    "preferences": (
        Both(nl="Voorkeuren geven opent", en="Giving preferences opens"),
        Both(nl="Voorkeuren geven sluit", en="Giving preferences closes"),
    ),
    "visits": (
        Both(nl="De periode van de stagedagen begint", en="The visiting period begins"),
        Both(nl="De periode van de stagedagen is voorbij", en="The visiting period is over"),
    ),
}
ACTS = {
    "lottery": Both(nl="De loting bij gelijke uitkomsten wordt vastgelegd", en="The lottery for ties is fixed"),
    "publish": Both(nl="De matches worden gepubliceerd", en="The matches are published"),
    "proposal_over": Both(nl="Een voorgestelde dag vervalt", en="A proposed day is off the table"),
    "repair": Both(nl="De bot zoekt een oplossing voor wie stopte", en="The bot looks how to mend what somebody left"),
    "leave_group": Both(nl="De intervisiegroep hoort dat iemand stopte", en="The group hears that somebody left"),
    "gathered": Both(nl="Herinneringen die op een werkdag wachtten", en="Reminders that waited for a working day"),
    "poll_closes": Both(nl="Een peiling sluit", en="A poll closes"),
    "continuing": Both(nl="De groep hoort of ze doorgaat", en="The group hears whether it goes on"),
}
IN_SESSIONS = {
    "two_minutes": Both(
        nl="In een sessie: nog twee minuten voor deze fase", en="In a session: two minutes left in this phase"
    ),
    "time_up": Both(nl="In een sessie: de tijd van deze fase is om", en="In a session: the time of this phase is over"),
    "speaker_silent": Both(
        nl="In een sessie: een duwtje voor wie aan de beurt is", en="In a session: a nudge for whose turn it is"
    ),
    "speaker_gone": Both(nl="In een sessie: een tip voor wie leidt", en="In a session: a hint for who leads"),
    "planned_check": Both(
        nl="Kring kijkt of de kamer van de groep in orde is", en="Kring checks the room of the group"
    ),
    "roll_call": Both(nl="Kring vraagt een groep wie er is", en="Kring asks a group who is there"),
    "roll_counted": Both(nl="Kring telt wie er is in een groep", en="Kring counts who is there in a group"),
}
SOMETHING = Both(nl="Iets in een sessie", en="Something in a session")
PUBLISH = Both(nl="Uiterlijk vandaag zijn de matches bekend", en="By today the matches are known")
IN_A_ROOM = ("cohort", "desk")
_SENTENCE = re.compile(r"(?<=[.?])\s")


@dataclass(frozen=True)
class Milestone:
    """One thing in time."""

    at: datetime
    kind: Kind
    what: Both
    standing: Standing
    people: int | None = None
    """How many people a reminder reached, or would reach as things stand; None where that says nothing."""

    def shown(self) -> dict[str, Any]:
        """What the page gets."""
        what = {"nl": self.what.nl, "en": self.what.en}
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "what": what,
            "standing": self.standing,
            "people": self.people,
        }


def timeline(play: Play) -> list[Milestone]:
    """Everything that the edition brings, in the order of time."""
    return sorted(_Timeline(play).all(), key=lambda it: it.at)


def milestone_after(found: Iterable[Milestone], now: datetime) -> Milestone | None:
    """The next thing that begins, ends or takes place for everybody, of what a timeline holds."""
    return next((it for it in found if it.kind in ("window", "meeting") and it.at > now), None)


def heard_next(found: Sequence[Milestone], rings: datetime | None) -> datetime | None:
    """When the next thing happens by itself that reaches somebody: a reminder that is for nobody by now is passed over.

    `rings` is when the bell rings next (aware; None: never). None when nothing comes any more for anybody.
    """
    coming = [it for it in found if it.standing == "coming" and it.kind in ("reminder", "house")]
    now = [it for it in coming if it.at == rings]
    if rings is None or not now or any(it.people != 0 for it in now):
        return rings
    return min((it.at for it in coming if it.people != 0 and it.at > rings), default=None)


def in_sessions(play: Play) -> dict[datetime, Both]:
    """What the sessions that go on or are planned bring, by its moment."""
    found: dict[datetime, Both] = {}
    for session in going_on(play.state):
        for moment in moments(sitting_of(session, play.clock.now(), free_of(play.edition))):
            found[moment.at] = IN_SESSIONS.get(moment.kind, SOMETHING)
    for it in play.state.all(Planned, edition=play.edition.id):
        for nudge in planned.nudges(it, play.edition.zone):
            found[nudge.at] = IN_SESSIONS[nudge.act]
    return found


class _Timeline:
    def __init__(self, play: Play) -> None:
        self.play, self.now = play, play.clock.now()
        self.state: State = play.state
        self.edition = play.edition
        self.exchange: Exchange = self.state.exchange(self.edition, self.now)

    def all(self) -> Iterator[Milestone]:
        yield from self._windows()
        yield from self._meetings()
        yield from self._visits()
        yield from self._rung()
        yield from self._coming()

    def _fact(self, at: datetime, kind: Kind, what: Both) -> Milestone:
        return Milestone(at, kind, what, "past" if at <= self.now else "coming")

    def _windows(self) -> Iterator[Milestone]:
        zone = self.edition.zone
        for name, window in self.edition.windows.items():
            opens, closes = WINDOWS[name]
            yield self._fact(window.begins(zone), "window", opens)
            yield self._fact(window.ends(zone), "window", closes)

    def _meetings(self) -> Iterator[Milestone]:
        for meeting in (*self.edition.meetings, *self.edition.network):
            yield self._fact(meeting.span(self.edition.zone).start, "meeting", meeting.name)

    def _visits(self) -> Iterator[Milestone]:
        for visit in self.exchange.going():
            if visit.agreed:
                first = visit.agreed[0]
                at = datetime.combine(first.day, first.start, self.edition.zone)
                yield self._fact(at, "visit", self._called(visit))

    def _called(self, visit: Visit) -> Both:
        guest, host = self._name(visit.guest), self._name(visit.host)
        return Both(nl=f"{guest} loopt mee met {host}", en=f"{guest} visits {host}")

    def _name(self, person: str) -> str:
        known = self.state.get(Person, person)
        return known.shown if known is not None else person

    def _rung(self) -> Iterator[Milestone]:
        by_key = {nudge.key: nudge for nudge in self._derived()}
        for rung in self.state.all(Rung, edition=self.edition.id):
            name = rung.id.removeprefix(f"{self.edition.id}/").partition("/")[0]
            reminder = next((it for it in self.edition.reminders if it.key == name), None)
            if reminder is None:
                yield Milestone(rung.at, "house", ACTS.get(name, SOMETHING), "past")
            else:
                what = self._says(by_key[rung.id], reminder) if rung.id in by_key else self._gist(reminder.text)
                people = len(rung.people) if reminder.to not in IN_A_ROOM else None
                yield Milestone(rung.at, "reminder", what, "sent" if rung.said else "missed", people)

    def _coming(self) -> Iterator[Milestone]:
        rung, since = {it.id for it in self.state.all(Rung, edition=self.edition.id)}, self.edition.since
        for nudge in self._derived():
            missed = nudge.reminder is not None and since is not None and nudge.at < since
            if nudge.key not in rung and not missed:
                yield self._nudge(nudge)

    def _nudge(self, nudge: Nudge) -> Milestone:
        at, reminder = max(nudge.at, self.now), nudge.reminder
        if reminder is None:
            return Milestone(at, "house", ACTS.get(nudge.act, SOMETHING), "coming")
        people = None if reminder.to in IN_A_ROOM else len(reaching.words(nudge, self.exchange, self._name))
        return Milestone(at, "reminder", self._says(nudge, reminder), "coming", people)

    def _derived(self) -> Iterator[Nudge]:
        edition, free = self.edition, free_of(self.edition)
        yield from nudges.of_edition(edition, self.exchange.round, free)
        for part in self.exchange.participants.values():
            yield from nudges.of_participant(edition, part, self.exchange.round)
        for visit in self.exchange.visits.values():
            yield from nudges.of_visit(edition, visit, free)
        yield from nudges.of_groups(edition, self.exchange.participants.values(), self.exchange.groups.values(), free)
        for ballot in self.state.all(Ballot, edition=edition.id):
            yield from closing(ballot)
        yield from map(continuing.closing, self.state.all(Continuing, edition=edition.id))

    def _says(self, nudge: Nudge, reminder: Reminder) -> Both:
        """The first sentence of a reminder as somebody reads it; where each reads another name, a gap."""
        words = reaching.words(nudge, self.exchange, self._name)
        if words and all(word.text == words[0].text for word in words):
            return self._gist(words[0].text)
        values = self._of_visit(nudge.visit) if nudge.visit else self._of_anybody(nudge, reminder)
        return self._gist(reminder.text.model_copy(update={"values": values}))

    def _of_visit(self, id_: str) -> dict[str, Value]:
        visit = next(it for it in self.exchange.visits.values() if it.id == id_)
        when: dict[str, Value] = {"when": spans(self.edition, visit.agreed)} if visit.agreed else {}
        return {"guest": self._name(visit.guest), "host": self._name(visit.host), **when}

    def _of_anybody(self, nudge: Nudge, reminder: Reminder) -> dict[str, Value]:
        """What a reminder says to everybody alike."""
        aloud = replace(nudge, reminder=reminder.model_copy(update={"to": "cohort"}))
        unpublished = replace(
            self.exchange, round=Round(id=self.edition.id)
        )  # what is over is not said any more, but was
        told = reaching.words(aloud, unpublished, self._name)
        said = {name: value for word in told for name, value in word.text.values.items() if value != ""}
        return {"host": Both(nl="je gastgever", en="your host"), **said}

    def _gist(self, text: Both) -> Both:
        spell = self.play.house.spell
        return Both(nl=_first(spell(text, "nl")), en=_first(spell(text, "en")))


def _first(written: str) -> str:
    """The first sentence, with a gap for what is not known of everybody, and without the marks of what can be typed."""
    return re.sub(r"\{\w+\}", "…", _SENTENCE.split(written)[0]).replace("`", "")
