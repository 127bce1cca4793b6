"""How somebody who is made up does something: they press what is offered, answer what is asked, and type what is left."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.arguments import write_call
from bot.chat import Heard, RoomFacts
from bot.clock import free_days
from bot.console import NotThere, Stage
from bot.context import State
from bot.files import read_methods
from bot.intervision.sessions import PREFIX, sitting_of
from bot.questions import fill, open_to
from programme import rooms
from programme.ballots import Ballot
from programme.crowd import Act, Hall
from programme.edition import Edition
from programme.exchange import Exchange
from programme.intervision.planned import Planned
from programme.intervision.session import Session
from programme.people import Person
from programme.records import Group
from programme.text import GAP, Call
from storage.letters import Question

A_WHILE = timedelta(seconds=20)
"""From reading to answering."""
Then = Callable[[Heard], None]


def standing(stage: Stage, edition: str) -> tuple[Exchange, Sequence[Ballot], Hall]:
    """The exchange as it stands, the polls in it, and where its groups meet: what a crowd looks at.

    Raises `NotThere` for an unknown edition.
    """
    state = State(stage.house.store)
    known = state.get(Edition, edition)
    if known is None:
        raise NotThere(f"no edition {edition!r}")
    now = stage.clock.now()
    return state.exchange(known, now), state.all(Ballot, edition=edition), _hall(state, known, now)


def _hall(state: State, edition: Edition, now: datetime) -> Hall:
    if edition.intervision is None:
        return Hall()
    newest = {it.group: it for it in sorted(state.all(Session, edition=edition.id), key=lambda it: it.started)}
    asked: dict[str, list[Call]] = defaultdict(list)
    for question in state.all(Question):
        if question.until > now:
            asked[question.person].extend(button.call for button in question.choices)
    return Hall(
        methods=read_methods(),
        sittings={group: sitting_of(it, now, _free(it, now)) for group, it in newest.items()},
        planned={it.id: it for it in state.all(Planned, edition=edition.id)},
        asked=asked,
    )


def _free(session: Session, now: datetime) -> frozenset[date]:
    """The days on which nobody works, where they count: over days."""
    return free_days(now.year) | free_days(now.year + 1) if session.slow else frozenset()


async def perform(stage: Stage, act: Act, id_: str = "", then: Then = lambda _heard: None) -> None:
    """Let somebody do what they planned, one thing after the other; `then` gets each as it was heard, once it is answered.

    The clock goes on a little with each. `id_` begins the ids of the events, and the same id is handled once.
    """
    id_ = id_ or f"crowd/{secrets.token_hex(8)}"
    if act.votes:
        await _hear(stage, _voted(stage, act, id_), then)
    if act.says:
        await _hear(stage, _heard(stage, act, id_, act.says), then)
    for number, call in enumerate(act.does):
        if number or not act.session:  # in a session every second is planned
            stage.clock.set(stage.clock.now() + A_WHILE)
        await _hear(stage, _said(stage, act, f"{id_}/{number}", call), then)


async def _hear(stage: Stage, heard: Heard, then: Then) -> None:
    await stage.house.hear(heard)
    stage.house.ring()
    await stage.house.settle()
    then(heard)


def _voted(stage: Stage, act: Act, id_: str) -> Heard:
    """How a choice is made in the newest poll of the room."""
    call, text = stage.console.vote(act.room, [str(number) for number in act.votes])
    return replace(_heard(stage, act, id_, text), press=call)


def _heard(stage: Stage, act: Act, id_: str, text: str) -> Heard:
    person = stage.house.store[Person].get(act.person)
    room = act.room or rooms.direct(act.person)
    return Heard(
        id=id_,
        person=act.person,
        room=room,
        destination=room,
        text=text,
        at=stage.clock.now(),
        name=person.name if person else act.person,
        facts=_facts(stage, room),
    )


def _facts(stage: Stage, room: str) -> RoomFacts:
    """Who is in the room: of a direct chat and of a group that is known without making the list of all rooms."""
    alone = rooms.person_of(room)
    if alone is not None:
        return RoomFacts(members=frozenset({alone}))
    group = stage.house.store[Group].get(room.removeprefix(PREFIX)) if room.startswith(PREFIX) else None
    if group is not None:
        return RoomFacts(members=frozenset(group.members))
    wish = next((wish for wish in stage.rooms() if wish.key == room), None)
    return RoomFacts(members=wish.members) if wish else RoomFacts()


def _said(stage: Stage, act: Act, id_: str, call: Call) -> Heard:
    """How a call is made: by a button or an answer when it is asked for, else typed as a command."""
    asked = [] if act.room else open_to(State(stage.house.store), act.person, stage.clock.now())
    for question in asked:
        if (label := _label(stage, act.person, question, call)) is not None:
            return replace(_heard(stage, act, id_, label), press=call)
        if (answer := _answer(question, call)) is not None:
            return replace(_heard(stage, act, id_, answer), reply_to=question.letter)
    written = write_call(call, stage.house.setup.commands, _language(stage, act.person))
    return _heard(stage, act, id_, f"{stage.house.setup.prefix}{written}")


def _label(stage: Stage, person: str, question: Question, call: Call) -> str | None:
    """What stands on the button that makes this call, if the question has one."""
    label = next((button.label for button in question.choices if button.call == call), None)
    return None if label is None else stage.house.spell(label, _language(stage, person))


def _answer(question: Question, call: Call) -> str | None:
    """The answer that makes the question into this call, if there is one."""
    if question.call is None or len(question.call.arguments) != len(call.arguments):
        return None
    words = (word for gap, word in zip(question.call.arguments, call.arguments, strict=True) if gap == GAP)
    answer = next(words, "")
    return answer if answer and fill(question.call, answer) == call else None


def _language(stage: Stage, person: str) -> str:
    known = stage.house.store[Person].get(person)
    return (known.language if known else None) or stage.house.setup.language
