"""Who may do what, and where: every command, said by everybody, in every kind of room, beside a policy that is written down here.

The policy is written by hand and not taken from the declarations: a command that is not in it, or that grants more than it
says, fails. Each line is said to the real house, with a session going on in the first group, and what it changed is put back.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from bot.chat import Heard, RoomFacts
from bot.command import Command
from bot.console import Stage
from bot.flood import Flood
from bot.tables import NAMES, TABLES
from programme import rooms
from programme.intervision.session import Session
from programme.model import Model
from programme.records import Group, Participant
from storage.letters import Carrier, Gathered, Letter, Mark, Question, Room, Rung, Seen, Undelivered
from storage.unit import Unit
from tests.stage import all_commands, edition, local, plain, playing, say

# ── the policy ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

ANYBODY = "contact privacy help cancel question language schedule signup"
PARTICIPANTS_AND_COORDINATORS = "agreements places poll date_poll close_poll vote"
COORDINATORS = """
    groups_ask groups groups_propose groups_swap groups_make participants state call_list announce admit experiences
    programme_change programme_begin programme_open programme_close programme_file reminder_move
    match_consult match_propose match_lock match_release match_publish
    match_stop match_proof match_forbid match_allow match_compare match_view reminders logbook remind on_behalf check meeting_attendance meeting_move meeting_cancel meeting_plan repair repair_ask
"""
LINKING = "link unlink"
"""Of coordinators, wherever the platform cannot make rooms."""
PARTICIPANTS = """
    go_on evaluation certificate intervision agree group alternative alternative_none alternative_call experience
    experience_answer experience_remove match attend absent network network_join network_leave objection in_confidence
    cancel_day no_show took_place figure not_yet do_not_disturb overview calendar place prefer avoid preparation
    preparation_reopen wish
    wish_answer confidentiality repair_yes repair_no form take_room leave_room withdraw propose accept_day decline_day
"""
IN_THE_SESSION = """
    done next_turn pass_turn hand stop take_over park time case choose_case outcome_known write strict
"""
FACILITATOR = "without extend pause resume back skip presenter facilitator end_session turn break_tie level"
"""`turn` with a name gives somebody the turn."""
STARTING = "start_session"
IN_THE_GROUP = "plan_session here"
"""In the room of one's own group, whether or not a session goes on there."""
LABELLING = "label"
"""Only whose case it is, in a phase with labels: nobody in the session that goes on here."""

DIRECT_CHAT_ONLY = """
    go_on evaluation certificate intervision alternative alternative_none alternative_call experience experience_answer
    experience_remove network network_join network_leave objection in_confidence cancel_day no_show took_place figure not_yet
    do_not_disturb overview calendar place wish wish_answer confidentiality repair_yes repair_no take_room leave_room
    choose_case break_tie
    outcome_known
"""
ENCRYPTED_DIRECT_CHAT_ONLY = "on_behalf match prefer avoid form withdraw case write"
CHAT_OR_DESK = COORDINATORS

Who = Literal["stranger", "participant", "waiting", "coordinator", "facilitator", "member", "other"]
Place = Literal["encrypted", "unencrypted", "cohort", "desk", "group", "other group", "unknown"]
Outcome = Literal["allowed", "refused"]

PEOPLE: Mapping[Who, str] = {
    "stranger": "zoe",
    "participant": "pim",
    "waiting": "wim",
    "coordinator": "cor",
    "facilitator": "anna",
    "member": "bram",
    "other": "eva",
}
"""`other` is in a group of its own, where nothing goes on."""
PLACES: Mapping[Place, str] = {
    "encrypted": "",
    "unencrypted": "",
    "cohort": rooms.cohort(edition().id),
    "desk": rooms.desk(edition().id),
    "group": rooms.group(edition().id, 1),
    "other group": rooms.group(edition().id, 2),
    "unknown": "!elsewhere:kring.test",
}
DIRECT: frozenset[Place] = frozenset({"encrypted", "unencrypted"})
IN_GROUP_ONE: frozenset[Who] = frozenset({"facilitator", "member"})


INSTEAD = {
    "overview": "state",
    "calendar": "schedule",
    "match": "help",
    "group": "groups",
    "network": "meeting_attendance",
    "experience": "experiences",
}
"""What a coordinator gets who types a word of participants."""


def policy(id_: str, who: Who, place: Place) -> Outcome:
    """Whether somebody may do this here."""
    if who == "coordinator" and id_ in INSTEAD:
        return policy(INSTEAD[id_], who, place)
    return "allowed" if may(id_, who) and fits(id_, place) and takes_part(id_, who, place) else "refused"


def may(id_: str, who: Who) -> bool:
    """Whether it is theirs to do, wherever they are."""
    if id_ in ANYBODY.split():
        return True
    if id_ in f"{COORDINATORS} {LINKING}".split():
        return who == "coordinator"
    return who != "stranger" and (who != "coordinator" or id_ in PARTICIPANTS_AND_COORDINATORS.split())


def fits(id_: str, place: Place) -> bool:
    """Whether it may be said here, whoever says it."""
    if id_ in ENCRYPTED_DIRECT_CHAT_ONLY.split():
        return place == "encrypted"
    if id_ in DIRECT_CHAT_ONLY.split():
        return place in DIRECT
    return id_ not in CHAT_OR_DESK.split() or place in DIRECT or place == "desk"


def takes_part(id_: str, who: Who, place: Place) -> bool:
    """Whether somebody is in the session that it is about: the one of this room, or theirs in the direct chat."""
    if id_ in STARTING.split():
        return who == "other" and place == "other group"  # in the first group one goes on already
    if id_ in LABELLING.split():
        return False
    if id_ in IN_THE_GROUP.split():
        return (who in IN_GROUP_ONE and place == "group") or (who == "other" and place == "other group")
    if id_ in FACILITATOR.split():
        return who == "facilitator" and (place == "group" or (place in DIRECT and id_ != "resume"))
    if id_ == "time":
        return place == "group" or (
            place in DIRECT and who in IN_GROUP_ONE
        )  # the room reads how it stands all the same
    return id_ not in IN_THE_SESSION.split() or (who in IN_GROUP_ONE and (place == "group" or place in DIRECT))


REFUSALS = (
    "Dat kan alleen de coördinator.",
    "Je doet niet mee aan SecretarisWissel 2026. Meld je aan",
    "is voor deelnemers, en jij coördineert SecretarisWissel 2026.",
    "werkt alleen hier, in ons eigen gesprek.",
    "werkt alleen in de kamer van de coördinatoren",
    "Dit gesprek is niet versleuteld",
    "Er loopt hier geen sessie.",
    "Er loopt hier al een sessie.",
    "Een sessie begint in de kamer van je groep.",
    "Alleen iemand van deze groep kan hier een sessie beginnen.",
    "Je doet nog niet mee aan deze sessie.",
    "Dit doet alleen de begeleider.",
    "Je hoeft nu niets te labelen.",
    "Typ dit in de kamer van je groep, zodat ik kan zien wie er is.",
    "Dit is voor de kamer van je groep. Typ het daar.",
)
"""How a line is told that it is not theirs to say, or not here."""

# ── saying everything ────────────────────────────────────────────────────────────────────────────────────────────────────────

COMMANDS = all_commands()
THE_BOTS_OWN = (Letter, Question, Seen, Rung, Mark, Room, Carrier, Gathered, Undelivered)
SUBJECT = [model for model in TABLES.values() if model not in THE_BOTS_OWN]
Key = tuple[type[Model], str]
Records = dict[Key, Model]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def written() -> list[Group | Participant]:
    """Two groups of four and somebody who waits for a place."""
    id_ = edition().id
    four = ("anna", "bram", "carla", "dirk"), ("eva", "frits", "gijs", "hanna")
    groups = [Group(id=f"{id_}/{n}", edition=id_, number=n, members=people) for n, people in enumerate(four, 1)]
    since = local("2026-07-11 10:00")
    return [*groups, Participant(id=f"{id_}/wim", edition=id_, person="wim", state="waiting", since=since)]


SCENE = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), eva (RVO, rijk), frits (UWV, zorg), "
    "gijs (SVB, rijk), hanna (COA, zorg), pim (NZa, toezicht), wim, zoe, coordinator: cor"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One house for all, in the weeks of the visits, with a session going on in the first group."""
    folder: Path = tmp_path_factory.mktemp("policy")
    async with playing(folder, "2026-10-13 13:30", SCENE, already=written()) as it:
        await it.travel(it.clock.now())
        await say(it, "anna", "!start intervisie", PLACES["group"])
        yield it


@dataclass(frozen=True)
class Said:
    """What came of a line."""

    text: str
    """All that was said to it, one under the other."""
    changed: frozenset[str]
    """Names of the tables in which something is other than it was."""

    @property
    def outcome(self) -> Outcome:
        return "refused" if any(words in self.text for words in REFUSALS) else "allowed"


ids = count(1)


async def tried(stage: Stage, who: Who, place: Place, line: str, *others: str) -> Said:
    """Say a line to the house, where `others` are too, and put back what it changed."""
    person, before = PEOPLE[who], records(stage)
    room = PLACES[place] or rooms.direct(person)
    facts = RoomFacts(encrypted=place != "unencrypted", members=members(stage, room) | {person, *others})
    stage.house.router.flood = Flood()  # how much somebody says in a second is not the question here
    stage.console.fetch()
    now = stage.clock.now()
    await stage.house.hear(Heard(f"policy-{next(ids)}", person, room, room, line, now, person.capitalize(), facts))
    await stage.house.settle()
    changed = different(before, records(stage))
    put_back(stage, before, changed)
    return Said(plain(stage.console.fetch()), frozenset(NAMES[kind] for kind, _id in changed))


def members(stage: Stage, room: str) -> frozenset[str]:
    return next((wish.members for wish in stage.rooms() if wish.key == room), frozenset())


def records(stage: Stage) -> Records:
    return {(model, str(getattr(it, "id", ""))): it for model in SUBJECT for it in stage.house.store[model].values()}


def different(before: Records, after: Records) -> list[Key]:
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]


def put_back(stage: Stage, before: Records, changed: list[Key]) -> None:
    """Write what was, and close what was asked: the next line is no answer to it."""
    questions: list[Key] = [(Question, it.id) for it in stage.house.store[Question].values()]
    unit = Unit((NAMES[kind], id_, before.get((kind, id_))) for kind, id_ in [*changed, *questions])
    if len(unit):
        stage.house.store.commit_now(unit)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_may_do_what_the_policy_says_and_a_refusal_changes_nothing(
    who: Who, place: Place, stage: Stage
) -> None:
    other_than_written: list[tuple[str, Outcome, str]] = []
    for command in COMMANDS.all:
        said = await tried(stage, who, place, called(command))
        assert said.text, command.id
        assert "ging hier iets mis" not in said.text, command.id
        if said.outcome != policy(command.id, who, place):
            other_than_written.append((command.id, said.outcome, said.text[:110]))
        if policy(command.id, who, place) == "refused":
            assert not said.changed, (command.id, said)
    assert not other_than_written, "\n".join(map(str, other_than_written))


def called(command: Command) -> str:
    return f"!{command.word('nl')} {command.examples[-1]}"


@pytest.mark.parametrize("place", ["cohort", "desk", "other group", "unknown"])
@pytest.mark.parametrize("who", PEOPLE)
async def test_what_people_say_to_each_other_is_no_command(who: Who, place: Place, stage: Stage) -> None:
    for command in COMMANDS.all:
        said = await tried(stage, who, place, called(command).removeprefix("!"), "iemand")
        assert said == Said("", frozenset()), command.id


@pytest.mark.parametrize("who", sorted(PEOPLE.keys() - IN_GROUP_ONE))
async def test_a_session_does_not_listen_to_who_is_not_in_it(who: Who, stage: Stage) -> None:
    for command in COMMANDS.all:
        said = await tried(stage, who, "group", called(command).removeprefix("!"))
        assert said == Said("", frozenset()), command.id


async def test_the_policy_knows_every_command_once() -> None:
    lists = ANYBODY, PARTICIPANTS_AND_COORDINATORS, COORDINATORS, PARTICIPANTS, IN_THE_SESSION, FACILITATOR
    named = " ".join([*lists, LINKING, STARTING, LABELLING, IN_THE_GROUP])
    assert sorted(named.split()) == sorted(command.id for command in COMMANDS.all)


async def test_the_session_of_the_first_group_is_there_throughout(stage: Stage) -> None:
    (session,) = stage.house.store[Session].values()
    assert (session.facilitator, session.ended) == ("anna", None)
