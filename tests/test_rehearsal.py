"""Rehearsing: the same seed plays the same story, everybody comes to an end, and each warning is provoked by an edition."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import kring
from bot.cli.faults import WRONG, finish
from bot.rehearsal import Rehearsal, Report, Spoken, free_of, opened, rehearse, warnings
from bot.rehearsal.deciding import steps
from bot.rehearsal.outcome import outcomes, summary
from bot.rehearsal.warnings import Kind, Warned
from programme.crowd import Pace, Temperament, Trait, made_up
from programme.crowd.people import COORDINATOR
from programme.edition import Edition, Meeting
from programme.people import LanguageCode, Person
from programme.records import Round
from programme.reminder import Reminder
from programme.text import Both
from tests.stage import all_commands, edition

FILE = "programme/editions/secretariswissel-2026.toml"
ENDED = {"visited", "agreed", "left", "no place"}
"""How it can end: with a day, by leaving, or with the coordinator looking for a place, which was said."""
FAULTS = ("Er ging hier iets mis", "Something went wrong here", "opdracht ging mis")


def coordinated(it: Edition) -> Edition:
    return it.model_copy(update={"coordinators": (COORDINATOR.id,)})


def people_of(count: int, seed: int) -> list[Person]:
    return [COORDINATOR, *made_up(count, seed, edition())]


def played(
    folder: Path, it: Edition, people: Sequence[Person], seed: int = 1, like: dict[str, Temperament] | None = None
) -> Rehearsal:
    async def play() -> Rehearsal:
        stage = opened(folder / "state", all_commands(), it, people, seed)
        stage.begin()
        try:
            return await rehearse(stage, it, people, seed, like)
        finally:
            await stage.end()

    return asyncio.run(play())


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return played(tmp_path_factory.mktemp("eight"), coordinated(edition()), people_of(8, 1))


def found(rehearsal: Rehearsal, kind: Kind, most: int = 5) -> list[Warned]:
    return [it for it in warnings(rehearsal, free_of(rehearsal.edition), most) if it.kind == kind]


def like(trait: Trait, pace: Pace = Pace.PROMPT) -> Temperament:
    return Temperament(pace, frozenset({trait}))


def calm(people: Sequence[Person]) -> dict[str, Temperament]:
    """Everybody does what is asked at once, and nothing happens."""
    return {person.id: Temperament() for person in people}


def said_by(rehearsal: Rehearsal, person: str) -> list[str]:
    return [it.text for it in rehearsal.said if isinstance(it, Spoken) and it.person == person]


def heard_in(rehearsal: Rehearsal, room: str) -> str:
    return "\n".join(it.text for it in rehearsal.messages if it.room == room)


# ── the story ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_eight_people_come_to_an_end_and_nothing_goes_wrong(eight: Rehearsal) -> None:
    assert set(outcomes(eight).values()) <= ENDED
    assert not [it.text for it in eight.messages if any(fault in it.text for fault in FAULTS)]


def test_every_step_of_the_programme_is_walked(eight: Rehearsal) -> None:
    typed = {it.text.partition(" ")[0] for it in eight.said if isinstance(it, Spoken)}
    assert {"!aanmelden", "!plekken", "!voorkeur", "!match", "!stagedag", "!geheimhouding"} <= typed
    assert any("akkoord met versie" in it.text for it in eight.messages)


def test_nobody_who_has_answered_is_reminded_and_everybody_is_answered(eight: Rehearsal) -> None:
    assert found(eight, "chased") == []
    assert found(eight, "no answer") == []


def test_a_group_that_has_agreed_finds_a_day(eight: Rehearsal) -> None:
    asked = [it for it in eight.said if isinstance(it, Spoken) and it.text.startswith("!datumprikker")]
    votes = [it for it in eight.said if isinstance(it, Spoken) and it.room == asked[0].room and it.pressed]
    assert len(votes) >= 3
    assert "Besloten: " in heard_in(eight, asked[0].room) or "Er is niet één winnaar" in heard_in(eight, asked[0].room)


def test_the_sample_edition_reminds_of_every_step_and_meets_on_working_days(eight: Rehearsal) -> None:
    assert [
        it for it in warnings(eight, free_of(eight.edition)) if it.kind in ("no reminder", "free day", "quiet")
    ] == []


def test_the_same_seed_is_the_same_story_and_another_seed_another(tmp_path: Path, eight: Rehearsal) -> None:
    again = played(tmp_path / "again", coordinated(edition()), people_of(8, 1))
    other = played(tmp_path / "other", coordinated(edition()), people_of(8, 2), seed=2)
    assert again.said == eight.said
    assert other.said != eight.said


def test_the_command_writes_the_same_bytes_for_the_same_seed() -> None:
    first, second = (CliRunner().invoke(kring, ["rehearse", FILE, "--count", "3", "--json"]) for _time in range(2))
    assert first.exit_code == 0, first.output
    assert first.stdout == second.stdout
    told = json.loads(first.stdout)
    parts = {"edition", "seed", "people", "messages", "sessions", "decisions", "warnings", "outcomes", "summary"}
    assert set(told) == parts
    facts = {"at", "to", "room", "text", "buttons", "choices", "file", "cause", "wake", "session"}
    assert facts in [set(it) for it in told["messages"]]


@pytest.mark.parametrize(("language", "page"), [("nl", "docs/nl/repetitie.md"), ("en", "docs/en/rehearsal.md")])
def test_what_the_handbook_shows_of_a_rehearsal_is_what_it_says(language: str, page: str) -> None:
    told = CliRunner().invoke(kring, ["rehearse", FILE, "--seed", "6"], env={"LANG": language, "LC_ALL": language})
    assert told.exit_code == 0, told.output
    shown = re.findall(r"^```text\n(.*?)^```$", Path(page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(shown) == 3
    said = {counted(line) for line in told.output.splitlines()}
    assert [line for block in shown for line in block.splitlines() if counted(line) not in said] == []


def counted(line: str) -> str:
    """A line without its numbers: one message more or less changes them, and not what the page tells."""
    return re.sub(r"\d+(?:[.,]\d+)?", "0", line)


def test_a_list_of_people_plays_itself() -> None:
    told = CliRunner().invoke(kring, ["rehearse", FILE, "--people", "programme/editions/voorbeeld.csv", "--json"])
    assert told.exit_code == 0, told.output
    assert {"cor", "anna", "karin"} <= {person["id"] for person in json.loads(told.stdout)["people"]}


LIST = """id;name;organisation;sector;role;language;region
cor;Cor Jansen;Programmabureau;;coordinator;nl;Den Haag
anna;Anna de Boer;AFM;toezicht;participant;nl;Amsterdam
bram;Bram Visser;CBG;zorgen;participant;nl;Utrecht
"""


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        (LIST, [], "list.csv: line 4: sector zorgen is not in the form; choose from rijk, gemeente, "),
        (LIST.partition("anna")[0], [], "list.csv: nobody takes part in this list; "),
        (LIST.replace("zorgen", "zorg"), ["--count", "3"], "--count: this counts made-up people"),
        (
            LIST.replace("zorgen", "zorg"),
            ["--person", "carla"],
            "--person: carla does not take part; choose from cor, ",
        ),
    ],
)
def test_a_list_that_does_not_fit_is_one_line_and_no_rehearsal(
    tmp_path: Path, text: str, more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert finish(kring, ["rehearse", FILE, "--people", str(path), *more]) == WRONG
    assert told in capsys.readouterr().err


def test_one_person_is_counted_in_the_singular(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(LIST.partition("bram")[0], encoding="utf-8")
    told = CliRunner().invoke(kring, ["rehearse", FILE, "--people", str(path)], env={"LANG": "nl", "LC_ALL": "nl"})
    assert "gespeeld met 1 mens (verloop 1)" in told.output
    assert " aan 1 mens in " in told.output


def test_an_edition_that_is_not_there_is_told_in_one_line() -> None:
    ended = CliRunner().invoke(kring, ["rehearse", "nothing.toml"])
    assert "nothing.toml: there is no such file" in str(ended.exception)


def test_made_up_people_are_all_different_and_each_has_an_organisation() -> None:
    people = made_up(200, 7, edition())
    assert len({person.id for person in people}) == 200
    assert len({person.organisation for person in people}) == 200


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_leaves_after_the_matching_is_repaired_around(tmp_path: Path) -> None:
    people = people_of(8, 1)
    tempers = {**calm(people), "anna": like(Trait.LEAVES_MATCHED)}
    rehearsal = played(tmp_path, coordinated(edition()), people, like=tempers)
    ended = outcomes(rehearsal)
    assert ended.pop("anna") == "left"
    assert set(ended.values()) == {"visited"}
    assert "De matches zijn weer rond" in heard_in(rehearsal, "desk/secretariswissel-2026")


@pytest.mark.parametrize(
    ("trait", "word"),
    [
        (Trait.CANCELS, "!stagedag afzeggen"),
        (Trait.RANKS_FEW, "!voorkeur"),
        (Trait.AVOIDS, "!liever niet"),
        (Trait.LEAVES_EARLY, "!terugtrekken"),
        (Trait.LEAVES_LATE, "!terugtrekken"),
        (Trait.CHANGES_MIND, "!voorkeur"),
        (Trait.SIGNS_UP_LATE, "!aanmelden"),
    ],
)
def test_each_trait_shows_in_what_somebody_says(tmp_path: Path, trait: Trait, word: str) -> None:
    people = people_of(8, 1)
    rehearsal = played(tmp_path, coordinated(edition()), people, like={**calm(people), "anna": like(trait)})
    times = sum(text.startswith(word) for text in said_by(rehearsal, "anna"))
    assert times == (2 if trait is Trait.CHANGES_MIND else 1)
    assert set(outcomes(rehearsal).values()) <= ENDED


def test_somebody_without_preferences_chooses_in_consultation(tmp_path: Path) -> None:
    people = people_of(8, 1)
    rehearsal = played(tmp_path, coordinated(edition()), people, like={**calm(people), "anna": like(Trait.SILENT)})
    assert "!match overleg anna" in said_by(rehearsal, "cor")
    assert "Deze plek staat voor je vast" in heard_in(rehearsal, "direct/anna")
    assert "Je gaf geen voorkeuren." in heard_in(rehearsal, "direct/anna")
    assert "geen van je voorkeuren" not in heard_in(rehearsal, "direct/anna")
    _before, _chose, after = heard_in(rehearsal, "desk/secretariswissel-2026").partition("De plek staat vast.")
    assert "Voorstel: 8 matches." in after
    assert "Te doen: Anna" not in after
    assert any(step.text.startswith(f"!bellijst → {people[1].name}, ") for step in steps(rehearsal))


def test_namesakes_have_their_organisation_beside_their_name_wherever_they_are_named(tmp_path: Path) -> None:
    people = [
        person.model_copy(update={"name": "Jan Jansen"}) if person.id in ("anna", "bram") else person
        for person in people_of(4, 1)
    ]
    rehearsal = played(tmp_path, coordinated(edition()), people, like=calm(people))
    told = [it.text for it in rehearsal.messages if "Jan Jansen" in it.text]
    assert any("Je hebt nog geen stagedag" in text or "stagedag van" in text for text in told)
    assert [text for text in told if re.search(r"Jan Jansen(?! \()", text)] == []
    assert {*re.findall(r"Jan Jansen \(([^)]*)\)", "".join(told))} == {people[1].organisation, people[2].organisation}


def test_a_guest_who_did_not_come_is_asked_for_another_day(tmp_path: Path) -> None:
    people = people_of(8, 1)
    tempers = {**calm(people), "anna": like(Trait.STAYS_AWAY)}
    rehearsal = played(tmp_path, coordinated(edition()), people, like=tempers)
    assert sum("Is er iets tussengekomen" in it.text for it in rehearsal.messages if it.person == "anna") == 1
    assert outcomes(rehearsal)["anna"] == "visited"


def test_whoever_a_human_plays_is_left_alone() -> None:
    from programme.crowd import Crowd
    from programme.exchange import Exchange

    it, people = coordinated(edition()), people_of(3, 1)
    before = Exchange(it, Round(id=it.id), {}, {}, {}, it.windows["signup"].begins(it.zone))
    planned = Crowd(1, people).acts(before, without={"anna"})
    assert {act.person for act in planned} == {person.id for person in people} - {"anna"}


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def reminder(key: str, text: str = "Let op.", **facts: object) -> Reminder:
    return Reminder.model_validate({"key": key, "text": Both(nl=text, en=text), **facts})


def with_more(*reminders: Reminder) -> Edition:
    it = coordinated(edition())
    return it.model_copy(update={"reminders": (*it.reminders, *reminders)})


def without_reminders(*audiences: str) -> Edition:
    it = coordinated(edition())
    return it.model_copy(update={"reminders": tuple(r for r in it.reminders if r.to not in audiences)})


def few(folder: Path, it: Edition, **tempers: Temperament) -> Rehearsal:
    people = people_of(4, 1)
    return played(folder, it, people, like={**calm(people), **tempers})


def test_more_messages_in_a_week_than_people_mind_are_named(tmp_path: Path) -> None:
    days = [date(2026, 8, 24) + timedelta(days=n) for n in range(5)]
    it = with_more(*(reminder(f"more-{day}", str(day), on=day, to="everyone") for day in days))
    rehearsal = few(tmp_path, it)
    week = [w for w in found(rehearsal, "busy", most=4) if w.at and w.at.date() == days[0]]
    assert [(w.person, w.count) for w in week] == [(p, 5) for p in ("anna", "bram", "carla", "daan")]
    assert not [w for w in found(rehearsal, "busy", most=5) if w.at and w.at.date() == days[0]]


def test_a_reminder_before_an_early_meeting_comes_in_quiet_hours(tmp_path: Path) -> None:
    it = coordinated(edition())
    early = tuple(m.model_copy(update={"start": time(8), "end": time(9)}) for m in it.meetings)
    quiet = found(few(tmp_path, it.model_copy(update={"meetings": early})), "quiet")
    assert {w.at.astimezone(it.zone).time() for w in quiet if w.at} == {time(7, 45)}


def test_a_reminder_to_everybody_of_what_some_have_done_chases_them(tmp_path: Path) -> None:
    nag = reminder("nag", "Geef je voorkeuren met {prefer}.", anchor="preferences.closes", days=-1, to="everyone")
    chased = found(few(tmp_path, with_more(nag)), "chased")
    assert {(w.person, w.what.nl if w.what else "") for w in chased} == {
        (p, "nag") for p in ("anna", "bram", "carla", "daan")
    }


def test_a_window_and_a_task_without_a_reminder_are_named(tmp_path: Path) -> None:
    it = without_reminders("undecided", "undated", "unshared")
    named = {w.what.nl for w in found(few(tmp_path, it), "no reminder") if w.what}
    assert named == {"voorkeuren", "een stagedag afspreken", "ervaringen opschrijven"}


@pytest.mark.parametrize("day", [date(2026, 12, 5), date(2026, 12, 25)])
def test_a_meeting_in_a_weekend_or_on_a_holiday_is_named(tmp_path: Path, day: date) -> None:
    it = coordinated(edition())

    def moved(meeting: Meeting) -> Meeting:
        return meeting.model_copy(update={"day": day}) if meeting.key == "closing" else meeting

    it = it.model_copy(update={"meetings": tuple(moved(m) for m in it.meetings)})
    free = found(few(tmp_path, it), "free day")
    assert [w.what.nl for w in free if w.what] == ["Slotbijeenkomst"]


def test_who_forgets_and_is_not_reminded_is_left_with_half_a_form(tmp_path: Path) -> None:
    rehearsal = few(tmp_path, without_reminders("unfinished"), anna=Temperament(Pace.FORGETFUL))
    left = [(w.person, w.what.nl) for w in found(rehearsal, "left waiting") if w.what]
    assert left == [("anna", "een formulier dat niet af is")]


def test_something_said_without_an_answer_is_named(eight: Rehearsal) -> None:
    first = next(it for it in eight.said if isinstance(it, Spoken))
    silent = replace(eight, said=[replace(first, answered=False), *eight.said[1:]])
    assert [(w.person, w.text) for w in found(silent, "no answer")] == [(first.person, first.text)]


def test_each_warning_is_a_sentence_in_both_languages(eight: Rehearsal) -> None:
    at = eight.said[0].at
    every = [
        Warned(kind, "anna", at, Both(nl="stap", en="step"), 6, "tekst")
        for kind in ("fault", "busy", "quiet", "chased", "no reminder", "free day", "no answer", "left waiting")
    ]
    for language in ("nl", "en"):
        told = Report(eight, every, language)
        assert len(set(told.warnings())) == len(every) + 1
        assert not any("{" in line for line in told.warnings())


def test_what_is_the_same_for_several_people_is_one_warning_with_their_names(eight: Rehearsal) -> None:
    at = eight.said[0].at
    waits = Both(nl="een stagedag", en="a visiting day")
    many = [Warned("left waiting", person, what=waits) for person in ("anna", "bram", "carla")]
    quiet = [Warned("quiet", person, at, text="Let op.", room=f"direct/{person}") for person in ("anna", "bram")]
    room = Warned("quiet", at=at, text="De code.", room=f"cohort/{eight.edition.id}")
    title, *told = Report(eight, [*many, *quiet, room], "nl").warnings()
    assert title == "Om op te letten (3):"
    names = {person.id: person.name for person in eight.people}
    assert told[0] == (
        f"- aan het eind wacht nog op een stagedag: 3 mensen ({names['anna']}, {names['bram']} en {names['carla']})"
    )
    assert f"komt vanzelf een bericht bij 2 mensen ({names['anna']} en {names['bram']}): Let op." in told[1]
    assert "komt vanzelf een bericht bij #programma: De code." in told[2]


def test_a_full_week_names_its_messages(eight: Rehearsal) -> None:
    week = found(eight, "busy", most=1)[0]
    lines = list(Report(eight, [week], "nl").warnings())
    assert len(lines) == 2 + week.count
    assert all(re.match(r"  \d\d-\d\d-2026 \d\d\.\d\d \S", line) for line in lines[2:])


def test_a_week_that_is_full_for_several_people_is_one_line_with_what_the_clock_has_in_it(eight: Rehearsal) -> None:
    full = found(eight, "busy", most=1)
    fullest = max(full, key=lambda it: sum(other.at == it.at for other in full))
    week = [it for it in full if it.at == fullest.at]
    title, *told = Report(eight, week, "nl").warnings()
    assert len(week) > 1
    assert (title, len(told)) == ("Om op te letten (1):", 1)
    by_clock = sum(message.cause == "reminder" for it in week for message in it.messages)
    assert told[0].endswith(f"stuurt de klok er {by_clock}; de rest komt van wat anderen doen")


def test_the_end_alone_can_be_read_in_a_minute(eight: Rehearsal) -> None:
    report = Report(eight, warnings(eight, free_of(eight.edition)), "nl")
    whole, end = list(report.lines()), list(report.lines(story=False))
    assert end[0] == whole[0]
    assert end[1:] == whole[-len(end) + 1 :]
    assert len(end) < len(whole) / 5


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def story(rehearsal: Rehearsal, *people: str, language: LanguageCode = "nl") -> list[str]:
    return list(Report(rehearsal, [], language, people).lines())


def test_every_thing_that_was_said_has_its_date_on_its_own_line(eight: Rehearsal) -> None:
    starts = [line for line in story(eight) if re.match(r"\d\d-\d\d-202\d \d\d\.\d\d  ", line)]
    spoken = sum(isinstance(it, Spoken) for it in eight.said)
    assert spoken < len(starts) <= len(eight.said)
    assert any(re.match(r"2026-\d\d-\d\d \d\d:\d\d  ", line) for line in story(eight, language="en"))


def test_of_one_person_everything_is_told_that_they_say_and_can_read(eight: Rehearsal) -> None:
    told = "\n".join(story(eight, "anna"))
    heard = [it for it in eight.messages if it.person == "anna" or "anna" in it.members]
    assert any(not it.person for it in heard)
    assert all(it.text.partition("\n")[0] in told for it in heard)
    elsewhere = {it.person for it in eight.messages if it.person} - {"anna"}
    names = {person.id: person.name for person in eight.people}
    assert not any(f" aan {names[person]}:" in told for person in elsewhere)


def test_rooms_go_by_what_people_call_them_and_say_once_who_is_there(eight: Rehearsal) -> None:
    lines = story(eight)
    told = "\n".join(lines)
    assert all(name in told for name in ("aan #programma:", "aan #coördinatie:", "aan groep 1:", "aan de kamer van "))
    assert not re.search(r"#(cohort|desk|group|pair)", told)
    first = next(n for n, line in enumerate(lines) if "aan #coördinatie:" in line or "in #coördinatie:" in line)
    there = "        (in deze kamer: Cor Dinator)"
    assert lines.count(there) == 1
    assert first < lines.index(there) < first + 4


def test_the_same_text_is_told_once_whoever_reads_another_language_in_between(tmp_path: Path) -> None:
    people = [
        person.model_copy(update={"language": "en" if person.id == "bram" else "nl"}) for person in people_of(4, 1)
    ]
    it = with_more(reminder("note", "Let op: dinsdag.", on=date(2026, 8, 25), to="everyone"))
    both = it.reminders[-1].model_copy(update={"text": Both(nl="Let op: dinsdag.", en="Mind: Tuesday.")})
    it = it.model_copy(update={"reminders": (*it.reminders[:-1], both)})
    told = story(played(tmp_path, it, people, like=calm(people)))
    assert len([line for line in told if "Let op: dinsdag." in line]) == 1
    assert len([line for line in told if "Mind: Tuesday." in line]) == 1


def test_what_the_coordinator_reads_decides_and_calls_about_stands_together(tmp_path: Path) -> None:
    people = people_of(8, 1)
    tempers = {**calm(people), "anna": like(Trait.LEAVES_MATCHED)}
    rehearsal = played(tmp_path, coordinated(edition()), people, like=tempers)
    told = steps(rehearsal)
    assert [step.at for step in told] == sorted(step.at for step in told)
    assert any(step.kind == "asked" and "doet niet meer mee" in step.text for step in told)
    assert any(step.kind == "typed" and step.text.startswith("!match voorstel → Voorstel: 8 matches") for step in told)


def test_who_is_placed_and_never_chose_is_named_as_somebody_to_call(eight: Rehearsal) -> None:
    assert eight.end is not None
    guest = next(iter(eight.end.visits))
    part = eight.end.participants[guest].model_copy(update={"preferences": ()})
    silent = replace(eight, end=replace(eight.end, participants={**eight.end.participants, guest: part}))
    before = {step.person for step in steps(eight) if step.kind == "placed"}
    assert {step.person for step in steps(silent) if step.kind == "placed"} == before | {guest}


def test_the_summary_counts_what_reached_people(eight: Rehearsal) -> None:
    it = summary(eight)
    apart = [m for m in eight.messages if not eight.at_the_table(m)]
    per_person = [sum(m.person == p.id for m in apart) for p in eight.people if p.id != "cor"]
    assert (it.people, it.messages, it.most) == (8, sum(per_person), max(per_person))
    assert it.median == sorted(per_person)[3] / 2 + sorted(per_person)[4] / 2


# ── many stories ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def whole(folder: Path) -> bool:
    """The store says of itself that it is whole."""
    ended = CliRunner().invoke(kring, ["verify", "--store", str(folder), "--json"], standalone_mode=False)
    return bool(json.loads(ended.stdout)["ok"])


@pytest.mark.parametrize("seed", range(3, 6))
def test_a_story_ends_well_for_everybody(tmp_path: Path, seed: int) -> None:
    _ends_well(tmp_path, seed, 6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 26))
def test_twenty_stories_end_well_for_everybody(tmp_path: Path, seed: int) -> None:
    _ends_well(tmp_path, seed, 9)


@pytest.mark.slow
def test_sixty_people_live_through_it(tmp_path: Path) -> None:
    _ends_well(tmp_path, 1, 60)


def _ends_well(folder: Path, seed: int, count: int) -> None:
    rehearsal = played(folder, coordinated(edition()), people_of(count, seed), seed)
    assert rehearsal.faults == 0
    assert not [it.text for it in rehearsal.messages if any(fault in it.text for fault in FAULTS)]
    assert found(rehearsal, "chased") == []
    assert found(rehearsal, "no answer") == []
    assert set(outcomes(rehearsal).values()) <= {*ENDED, "no day"}
    named = {w.person for w in found(rehearsal, "left waiting")}
    assert named == {person for person, how in outcomes(rehearsal).items() if how in ("no day", "no place")}
    assert whole(folder)


def test_the_barest_edition_is_played_to_its_end(tmp_path: Path) -> None:
    bare = {
        "meetings": (),
        "reminders": (),
        "experience": (),
        "checks": (),
        "intervision": None,
        "confidentiality": None,
    }
    rehearsal = few(tmp_path, coordinated(edition()).model_copy(update=bare))
    assert rehearsal.faults == 0
    assert set(outcomes(rehearsal).values()) == {"agreed"}
    named = [w.what.nl for w in found(rehearsal, "no reminder") if w.what]
    assert named == [
        "aanmelden",
        "voorkeuren",
        "een stagedag afspreken",
        "de stagedag zelf",
        "laten weten of de dag is geweest",
    ]


def test_ids_of_a_platform_are_played_as_they_are(tmp_path: Path) -> None:
    people = [person.model_copy(update={"id": f"@{person.id}:example.nl"}) for person in made_up(4, 1, edition())]
    it = coordinated(edition())
    rehearsal = played(tmp_path, it, [COORDINATOR, *people], like=calm(people))
    assert outcomes(rehearsal) == {f"@{name}:example.nl": "visited" for name in ("anna", "bram", "carla", "daan")}
    assert found(rehearsal, "chased") == []
