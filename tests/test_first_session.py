"""What somebody meets who leads for the first time: a call for help, the names of methods, who is missing, and words around a word."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bare import after_our_name, asks_for_help, choice, last_word
from bot.chat import Post
from bot.console import Stage
from programme.records import Group
from tests.stage import plain, playing, say, to
from tests.test_live_session import AT, ROOM, SIX, UP_TO_WRITING, groups, played, session_of, texts_on_disk

MADE = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def asked_to_agree() -> list[Group]:
    """The same groups, whose members were asked to agree when they were made; only Dirk and Hanna have not."""
    day = MADE.date()
    return [it.model_copy(update={"made": MADE, "agreed": dict.fromkeys(it.members[:-1], day)}) for it in groups()]


# Words around a word


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("ja klaar", "klaar"),
        ("Ok, klaar!", "klaar!"),
        ("nee hoor, pas", "pas"),
        ("ik pas", "pas"),
        ("I am done", "done"),
    ],
)
def test_a_filler_or_two_before_a_word_does_not_count(line: str, word: str) -> None:
    assert last_word(line) == word


@pytest.mark.parametrize("line", ["klaar", "dat ging klaar", "ik ben er wel klaar", "we waren toen klaar", ""])
def test_any_other_line_stays_as_it_is(line: str) -> None:
    assert last_word(line) == line


@pytest.mark.parametrize("line", ["ja klaar", "ok, klaar!", "Klaar."])
async def test_saying_that_one_is_ready_in_a_few_words_ends_the_turn(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        holder = session_of(stage).turn.holder or ""
        await played(stage, f"#{holder}: {line}")
        assert session_of(stage).turn.holder != holder


async def test_a_sentence_that_ends_in_a_word_of_the_session_is_only_a_sentence(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        holder = session_of(stage).turn.holder or ""
        await played(stage, f"#{holder}: het was klaar", f"#{holder}: ja, even terug", f"#{holder}: ok overslaan")
        assert session_of(stage).turn.holder == holder


def test_what_stands_before_a_choice_does_not_count() -> None:
    assert choice("Ik kies voor de casus van Dirk") == "Dirk"
    assert choice("Dirk") == "Dirk"
    assert choice("ik kies") == "ik kies"
    assert choice("ik kies niet Dirk") == "niet Dirk"


async def test_a_vote_may_be_a_sentence(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", "#anna: overslaan", "#anna: overslaan")
        assert "Je koos de casus van Bram." in plain(await say(stage, "carla", "Ik kies Bram"))


# Calling for help


@pytest.mark.parametrize(
    ("line", "rest"),
    [("Kring, kun je me helpen?", "kun je me helpen?"), ("kring", ""), ("Kring help", None), ("kring help?", "help?")],
)
def test_a_line_that_begins_with_our_name_is_for_us(line: str, rest: str | None) -> None:
    assert after_our_name(line) == rest


@pytest.mark.parametrize(
    "line", ["Kringen in het water", "De kring is rond", "Kring van vertrouwen", "Hulp is onderweg"]
)
def test_ordinary_talk_is_no_call_for_help(line: str) -> None:
    assert not asks_for_help(line)


@pytest.mark.parametrize("line", ["Kring, kun je me helpen?", "kring?"])
async def test_who_calls_the_bot_by_name_hears_how_to_get_help(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        said = await say(stage, "anna", line, ROOM)
        assert [post.plain for post in said] == ["Hoi Anna. Typ `!help` en ik laat zien wat je hier kunt doen."]


@pytest.mark.parametrize("line", ["help", "Hulp!", "Kring, help"])
async def test_a_bare_cry_for_help_is_help(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        assert "!start intervisie" in plain(await say(stage, "anna", line, ROOM))


async def test_who_asks_alone_how_to_lead_is_sent_to_the_room(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        said = await say(stage, "anna", "ik moet vanmiddag begeleiden, hoe werkt dat?")
        assert "Ga naar de kamer van je groep en typ daar `!start intervisie`." in plain(said)


# Starting


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("met de incidentmethode", "incident"),
        ("incidentmethode, kort", "incident_short"),
        ("incident kort", "incident_short"),
        ("met een dilemma", "dilemma"),
        ("met de incidentmethodiek", "incident"),
        ("with the incident method", "incident"),
    ],
)
async def test_a_method_has_many_names(words: str, method: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, f"#anna: !start intervisie {words}")
        assert session_of(stage).method == method


async def test_the_first_session_looks_forward_and_the_next_one_back(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        assert "jullie eerste sessie" in plain(await played(stage, "#anna: !start intervisie"), ROOM)
        await played(stage, "#anna: !afronden nu")
        assert "sinds de vorige keer" in plain(await played(stage, "#anna: !start intervisie"), ROOM)


async def test_before_it_begins_it_is_said_who_has_not_agreed(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=asked_to_agree()) as stage:
        (asked,) = await played(stage, "#anna: !start intervisie incident 60")
        assert "Dirk is nog niet akkoord met de afspraken. Lees ze even samen: `!afspraken`." in asked.plain
        assert [label for label, _typed in asked.buttons] == ["Beginnen", "Nog even wachten"]
        begin, wait = (typed for _label, typed in asked.buttons)
        assert "we wachten even" in plain(await played(stage, f"#anna: {wait}"))
        await played(stage, f"#anna: {begin}")
        assert sum(session_of(stage).plan) == 60 * 60


async def test_who_comes_later_hears_where_they_are(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=asked_to_agree()) as stage:
        await played(stage, "#anna: !sessie plan 13-10-2026 15.00-16.30")
        await stage.travel(MADE.replace(day=13, hour=12, minute=56))
        await played(stage, "#bram: !ik ben er", "#carla: !ik ben er", "#anna: !start intervisie nu")
        said = plain(await played(stage, "#dirk: sorry, mijn trein"), to("dirk"))
        assert "We zijn in fase 1 van 11" in said
        assert "Jij komt aan het eind van de ronde aan de beurt." in said
        assert "`!akkoord`" in said


async def test_leaving_a_phase_with_a_name_says_what_was_meant(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        (said,) = await played(stage, "#anna: !overslaan dirk")
        assert said.plain == "`!overslaan` slaat een hele fase over. Wil je alleen verder zonder dirk? Typ `!volgende`."
        assert session_of(stage).phase == 0


# Writing alone


async def writing(stage: Stage, *lines: str) -> list[Post]:
    """Come to where a position is written alone, and play these lines there."""
    await played(stage, *UP_TO_WRITING)
    return await played(stage, *lines)


async def test_the_last_text_counts_until_all_is_shown(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        said = await writing(stage, "carla: ik zou bellen", "carla: ik zou eerst schrijven", "anna: !pas")
        assert "Ik heb dit: “ik zou bellen”" in plain(said, to("carla"))
        assert "Stuur een nieuwe tekst" in plain(said, to("carla"))
        shown = plain(await played(stage, "dirk: ik zou wachten op de raad"), ROOM)
        assert "ik zou eerst schrijven" in shown
        assert "ik zou bellen" not in shown


async def test_what_is_read_back_is_not_on_disk(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await writing(stage, "carla: ik zou onder vier ogen praten", "dirk: moet dat nou zo lang?")
        texts = "".join(texts_on_disk(tmp_path))
        assert "vier ogen" not in texts
        assert "moet dat nou" not in texts


@pytest.mark.parametrize(("then", "shown"), [("ja", "moet dat lang zijn?"), ("ik zou bellen", "ik zou bellen")])
async def test_a_short_question_is_shown_only_when_it_was_meant(then: str, shown: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        said = await writing(stage, "carla: moet dat lang zijn?")
        assert plain(said, to("carla")) == "Is dit wat de anderen mogen lezen? Stuur anders je tekst."
        await played(stage, f"carla: {then}", "anna: !pas")
        assert shown in plain(await played(stage, "dirk: ik zou wachten op de raad"), ROOM)


async def test_writing_in_the_room_is_pointed_to_the_direct_chat(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        said = await writing(stage, "#carla: ik zou bellen")
        assert [(post.room, post.plain) for post in said] == [
            (to("carla"), "Stuur dit aan mij, hier in deze chat. Dan laat ik alles tegelijk zien.")
        ]
