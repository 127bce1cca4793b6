"""The strict level: agreed by all, called off by anybody, and who may post derived from the turn; and a platform that cannot do it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import RoomFacts
from bot.console import NotThere
from bot.played import PlayedRooms
from programme.intervision import chairing, coming, levels, speaking
from programme.intervision.happenings import Hint, LevelChanged, StrictAsked, StrictDeclined
from programme.intervision.levels import speakers
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal
from tests.intervision_play import ANNA, BRAM, CAS, EIGHT, FIVE, begin, happened, later, stepped
from tests.stage import plain, playing, say, to
from tests.test_live_session import AT, ROOM, SIX, groups, played, session_of


def strict(sitting: Sitting | None = None) -> Sitting:
    """A session at the strict level."""
    sitting = levels.changed(sitting or begin(), ANNA, "strict")
    for person in sitting.present[1:]:
        sitting = levels.agreed(sitting, person)
    return sitting


# the agreement


def test_everybody_else_is_asked_and_the_last_yes_begins_it() -> None:
    asked = levels.changed(begin(), ANNA, "strict")
    assert happened(asked, StrictAsked) == [StrictAsked(FIVE[1:])]
    for person in FIVE[1:-1]:
        asked = levels.agreed(later(asked), person)
        assert (asked.session.level, asked.happened) == ("coach", ())
    begun = levels.agreed(later(asked), FIVE[-1])
    assert begun.session.level == "strict"
    assert begun.happened == (LevelChanged("strict"),)


def test_one_no_leaves_it_as_it_was_and_a_yes_after_it_counts_no_more() -> None:
    declined = levels.declined(later(levels.changed(begin(), ANNA, "strict")), BRAM)
    assert (declined.session.level, declined.happened) == ("coach", (StrictDeclined(),))
    with pytest.raises(Refusal):
        levels.agreed(declined, CAS)


def test_only_the_facilitator_sets_the_level_and_anybody_there_calls_it_off() -> None:
    with pytest.raises(Refusal):
        levels.changed(begin(), BRAM, "strict")
    off = levels.called_off(later(strict()), CAS)
    assert (off.session.level, off.happened) == ("coach", (LevelChanged("coach"),))
    with pytest.raises(Refusal):
        levels.called_off(off, CAS)
    with pytest.raises(Refusal):
        levels.called_off(strict(), EIGHT[-1])


def test_a_session_in_which_people_talk_has_no_strict_level() -> None:
    with pytest.raises(Refusal):
        levels.changed(begin(spoken=True), ANNA, "strict")


def test_who_leaves_while_it_is_asked_is_not_waited_for() -> None:
    asked = levels.changed(begin(), ANNA, "strict")
    for person in FIVE[1:-1]:
        asked = levels.agreed(asked, person)
    assert coming.left(later(asked), FIVE[-1]).session.level == "strict"


@pytest.mark.parametrize("how", ["stop", "join", "restart"])
def test_it_is_off_after_a_stop_with_somebody_new_and_after_a_restart(how: str) -> None:
    rules = {
        "stop": lambda it: chairing.stopped(it, BRAM),
        "join": lambda it: coming.joined(it, EIGHT[-1]),
        "restart": levels.relaxed,
    }
    assert rules[how](later(strict())).session.level == "coach"


def test_a_platform_that_cannot_tells_the_facilitator_once_and_the_session_goes_on() -> None:
    first = levels.not_held(later(strict()))
    assert first.happened == (LevelChanged("coach"), Hint(ANNA, "cannot_silence"))
    assert levels.not_held(later(first)).happened == ()


# who may post


@given(steps=st.integers(0, 90), size=st.integers(3, 8))
def test_the_facilitator_may_always_post_and_else_only_who_has_a_part(steps: int, size: int) -> None:
    sitting = strict(begin(members=EIGHT[:size], takes_turn=True))
    for _step in range(steps):
        if sitting.session.ended is None:
            sitting = stepped(later(sitting, 5))
    may = speakers(sitting)
    turn = sitting.session.turn
    if sitting.session.ended or turn.finished or isinstance(turn, Vote):
        assert may is None
        return
    part = {turn.asker, turn.answerer} if isinstance(turn, QuestionRound) else {turn.holder}
    expected = {sitting.session.facilitator, *(set() if isinstance(turn, SilentWrite) else part)} - {None}
    assert may == (None if expected >= {*sitting.present} else expected)


def test_at_any_other_level_and_in_a_pause_everybody_may_post() -> None:
    assert speakers(begin()) is None
    assert speakers(strict()) == frozenset({ANNA, strict().session.turn.holder or ""})
    assert speakers(chairing.paused(strict(), ANNA)) is None
    assert speakers(chairing.ended(strict(), ANNA)) is None


def test_the_floor_goes_to_who_has_the_turn_next() -> None:
    before = strict()
    after = speaking.gone_on(later(before), before.session.turn.holder or "")
    assert speakers(after) == frozenset({ANNA, after.session.turn.holder or ""})
    assert speakers(after) != speakers(before)


# through the house


AGREED = ("#anna: !streng", "bram: ja", "carla: ja", "dirk: ja")


async def test_the_room_lets_only_the_speaker_post_and_the_direct_chat_works(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", *AGREED)
        wish = next(it for it in stage.house.wishes() if it.key == ROOM)
        assert wish.speakers == frozenset({"anna", "bram"})
        with pytest.raises(NotThere):
            await stage.speak("carla", "Mag ik iets zeggen?", ROOM)
        assert "nummer 1" in plain(await say(stage, "carla", "!hand"), to("carla"))
        await played(stage, "#bram: klaar")
        wish = next(it for it in stage.house.wishes() if it.key == ROOM)
        assert wish.speakers == frozenset({"anna", "carla"})


async def test_nobody_is_held_back_after_a_restart(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", *AGREED)
        await stage.restart()
        assert all(it.speakers is None for it in stage.house.wishes())
        assert "Iedereen kan nu schrijven" in plain(stage.console.fetch(), ROOM)


async def test_a_house_that_hears_that_it_cannot_be_done_opens_the_room(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", *AGREED)
        for _twice in range(2):
            stage.house.cannot_silence(ROOM)
            await stage.house.settle()
        said = stage.console.fetch()
        assert plain(said, to("anna")).count("niemand tegenhouden") == 1
        assert session_of(stage).level == "coach"
        assert all(it.speakers is None for it in stage.house.wishes())


async def test_a_platform_without_it_is_not_asked_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = PlayedRooms.facts

    def plainly(it: PlayedRooms, room: str, wished: frozenset[str], *, encrypted: bool = True) -> RoomFacts:
        return replace(facts(it, room, wished, encrypted=encrypted), can_silence=False)

    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        monkeypatch.setattr(PlayedRooms, "facts", plainly)
        said = await played(stage, "#anna: !streng")
        assert {post.room for post in said} == {to("anna")}
        assert session_of(stage).agreeing is None
