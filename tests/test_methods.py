"""The method files of the house, what is wrong with those of others, scaling, and `kring methods`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import bot.cli.methods as command_line
from bot.cli.faults import NOT_SO, WRONG, finish
from programme.intervision.division import divided
from programme.intervision.lint import faults
from programme.intervision.method import TURN_RULES, Method, parse, scaled
from programme.text import Refusal
from tests.intervision_play import methods

FOLDER = Path(__file__).parent.parent / "programme" / "methods"
FILES = sorted(FOLDER.glob("*.toml"))
INCIDENT = (FOLDER / "incident.toml").read_text(encoding="utf-8")


def minutes_of(method: Method, key: str) -> float:
    return method.phase(key).minutes


# The files


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_method_of_the_house_has_no_faults(file: Path) -> None:
    assert faults(file.name, file.read_text(encoding="utf-8")) == []


def test_there_are_twenty_one_methods() -> None:
    assert len(FILES) == 21
    assert list(methods()) == [file.stem for file in FILES]


@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.id)
def test_the_phases_sum_to_the_whole(method: Method) -> None:
    assert sum(phase.minutes for phase in method.phases) == method.minutes


def test_the_incident_method_has_eleven_phases_in_ninety_minutes() -> None:
    incident = methods()["incident"]
    assert (len(incident.phases), incident.minutes, incident.presets) == (11, 90, (50, 60, 90, 120))


@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.id)
def test_advice_comes_after_the_facts(method: Method) -> None:
    keys = [phase.key for phase in method.phases]
    if "advice" in keys and "information" in keys:
        assert keys.index("information") < keys.index("advice")


# What is wrong with a file


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('turn = "vote"', 'turn = "lottery"'),
            "incident.toml: phases.choose.turn: unknown turn rule 'lottery'; choose one of " + ", ".join(TURN_RULES),
        ),
        (
            ("minutes = 90", "minutes = 91"),
            "incident.toml: minutes: the phases sum to 90 and not to 91; mend one of them",
        ),
        (
            ('key = "choose"', 'key = "inventory"'),
            "incident.toml: phases: the key inventory stands twice; give each phase a key of its own",
        ),
        (
            ('family = "case"', 'family = "case"\ncolour = "red"'),
            "incident.toml: colour: unknown key; take it away, or look at its spelling",
        ),
        (('key = "reveal"\n', 'key = "reveal"\ntempo = 3\n'), "incident.toml: phases.reveal.tempo: unknown key; take it away, or look at its spelling"),
        (('family = "case"\n', ""), "incident.toml: family: missing; add it"),
        (
            ("{speaker}, ask one open", "{somebody}, ask one open"),
            "incident.toml: phases.information: information: prompt.en: unknown {somebody}; known are minutes, presenter, speaker, theme",
        ),
        (
            ('reveal = "none"\n', ""),
            "incident.toml: phases.note_questions: note_questions: reveal: it goes with silent_write and only there; write together or none, or take it away",
        ),
        (('id = "incident"', 'id = "event"'), "incident.toml: id: 'event' is not the name of the file; call the file event.toml, or the method incident"),
        (('en = "Who has a situation?"', 'en = "Who has a situation!"'), "incident.toml: phases.inventory.name.en: it has an exclamation mark; write it calmly"),
        (('nl = "Wie heeft een situatie?"', 'nl = ""'), "incident.toml: phases.inventory.name.nl: empty; write it in this language too"),
        (('nl = "Wie heeft een situatie?"', 'nl = "Uw inbreng"'), "incident.toml: phases.inventory.name.nl: it says 'Uw'; say je"),
        (
            ("{speaker}, ask one open", "ask one open"),
            "incident.toml: phases.information.prompt: not the same words between braces in nl and en; put the same ones in both",
        ),
    ],
)  # fmt: skip
def test_a_fault_says_file_key_and_how_to_mend_it(change: tuple[str, str], told: str) -> None:
    old, new = change
    assert old in INCIDENT
    assert faults("incident.toml", INCIDENT.replace(old, new, 1)) == [told]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('speakers = "none"', 'speakers = "members"'), "'members' does not go with silence; choose none"),
        (('turn = "open"', 'turn = "open"\nthen = "vote"'), "only a round can go on"),
        (('turn = "open"', 'turn = "open"\nlabels = [{ nl = "x", en = "x" }]'), "labels: they go with classify"),
        (('turn = "open"', 'turn = "open"\nwaits_for_all = true'), "only writing that is shown together waits"),
        (('turn = "open"', 'turn = "open"\nleast_items = 3\nmost_items = 2'), "it lies below least_items"),
        (("most = 12", "most = 2"), "the sizes do not rise"),
        (("minutes = 2\n", "minutes = 2.25\n"), "multiple of 0.5"),
    ],
)
def test_a_phase_that_cannot_be_played_is_refused(change: tuple[str, str], told: str) -> None:
    circle = (FOLDER / "wisdom_circle.toml").read_text(encoding="utf-8")
    old, new = change
    assert old in circle
    with pytest.raises(ValidationError, match=told):
        parse(circle.replace(old, new, 1))


def test_broken_toml_is_told_with_its_line() -> None:
    (line,) = faults("mine.toml", "id = \n")
    assert line.startswith("mine.toml: ")
    assert "line 1" in line


def test_u_turn_is_not_taken_for_a_formal_u() -> None:
    text = (FOLDER / "u_turn.toml").read_text(encoding="utf-8")
    assert faults("u_turn.toml", text) == []
    assert len(faults("u_turn.toml", text.replace("Je begrijpt een patroon", "Begrijpt u een patroon"))) == 1


# Scaling


@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.id)
@given(factor=st.floats(0.3, 3), members=st.integers(2, 7))
def test_scaled_minutes_sum_to_the_total_and_keep_their_floors(method: Method, factor: float, members: int) -> None:
    total = round(method.minutes * factor)
    try:
        found = scaled(method, total, members)
    except Refusal:
        assert total < max(sum(p.floor(members) for p in method.phases), method.shortest or 0)
        return
    assert sum(phase.minutes for phase in found.phases) == total == found.minutes
    assert all(phase.minutes >= phase.floor(members) for phase in found.phases)
    assert [phase.key for phase in found.phases] == [phase.key for phase in method.phases]


@pytest.mark.parametrize("total", [50, 60, 90, 120])
@pytest.mark.parametrize("members", range(2, 8))
def test_the_presets_of_the_incident_method_keep_its_floors(total: int, members: int) -> None:
    found = scaled(methods()["incident"], total, members)
    assert sum(phase.minutes for phase in found.phases) == total
    assert minutes_of(found, "information") >= 10
    assert minutes_of(found, "advice") >= members
    assert minutes_of(found, "evaluation") >= 5


def test_a_method_in_its_own_time_stays_as_it_is() -> None:
    assert scaled(methods()["incident"], 90, 4) is methods()["incident"]


@pytest.mark.parametrize("total", [0, 30, 44])
def test_too_short_a_time_is_refused(total: int) -> None:
    with pytest.raises(Refusal, match="does not fit"):
        scaled(methods()["incident"], total, 4)


@given(
    parts=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 50)), min_size=1, max_size=12),
    spare=st.integers(0, 1000),
)
def test_divided_time_is_exact_and_never_below_its_floors(parts: list[tuple[int, int]], spare: int) -> None:
    weights, floors = [weight for weight, _floor in parts], [floor for _weight, floor in parts]
    shares = divided(sum(floors) + spare, weights, floors)
    assert sum(shares) == sum(floors) + spare
    assert all(share >= floor for share, floor in zip(shares, floors, strict=True))


@given(st.lists(st.integers(1, 500), min_size=2, max_size=8), st.integers(1, 2000))
def test_divided_time_without_floors_lies_within_one_of_its_proportion(weights: list[int], total: int) -> None:
    shares = divided(total, weights, [0] * len(weights))
    assert all(abs(s - total * w / sum(weights)) < 1 for s, w in zip(shares, weights, strict=True))


def test_floors_that_do_not_fit_cannot_be_divided() -> None:
    with pytest.raises(ValueError, match="the floors need 7, and there is 6"):
        divided(6, [1, 1], [3, 4])


# The command line

Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*words: str) -> str:
        assert finish(command_line.methods, words) == 0
        return capsys.readouterr().out

    return run


def test_the_list_names_every_method(say: Say) -> None:
    lines = say("--lang", "nl").splitlines()
    assert [line.split()[0] for line in lines] == list(methods())
    assert "Tienstappenmethode" in "".join(lines)


def test_one_method_is_shown_with_its_phases(say: Say) -> None:
    shown = say("incident", "--lang", "en")
    assert " 9. Advice: what would you do? (10 min, round, members)" in shown


def test_a_name_may_be_typed_with_hyphens(say: Say) -> None:
    assert json.loads(say("wise-crowds", "--json"))["id"] == "wise_crowds"


def test_json_holds_what_scripts_need(say: Say) -> None:
    rows = json.loads(say("--json", "--lang", "nl"))
    assert {"id", "name", "goal", "minutes", "presets", "people", "certainty"} == set(rows[0])
    phases = json.loads(say("incident", "--json"))["phases"]
    assert sum(phase["minutes"] for phase in phases) == 90


def test_an_unknown_method_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(command_line.methods, ["incidnt"]) == WRONG
    assert "choose one of appreciative, balint" in capsys.readouterr().err


def test_a_file_of_ones_own_is_shown_when_it_is_sound(tmp_path: Path, say: Say) -> None:
    mine = tmp_path / "ours.toml"
    mine.write_text(INCIDENT.replace('id = "incident"', 'id = "ours"'), encoding="utf-8")
    assert json.loads(say(str(mine), "--json"))["id"] == "ours"


def test_a_file_with_faults_is_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "ours.toml"
    mine.write_text(INCIDENT, encoding="utf-8")
    assert finish(command_line.methods, [str(mine)]) == NOT_SO
    assert capsys.readouterr().err.startswith("ours.toml: id: ")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(command_line.methods, ["nowhere.toml"]) == WRONG
    assert "no such file" in capsys.readouterr().err
