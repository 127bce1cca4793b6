"""Plain sentences: what each must give, and that ordinary talk gives nothing."""

from pathlib import Path

import pytest

from bot.arguments import read_call
from bot.sentences import rule_for, rules
from tests.stage import all_commands, kept, plain, playing, say

COMMANDS = all_commands()

ASKS = {
    "overview": [
        "wat moet ik doen?", "Wat moet ik nu doen?", "en nu?", "wat nu", "En wat nu??", "hoe nu verder?", "Hoe ga ik verder?", "moet ik nog iets doen?",
        "wat is de volgende stap?", "dank je, en nu?", "ben ik klaar?", "what do I do now?", "what's next?", "and now?",
    ],
    "help": [
        "hoe werkt dit?", "Hoe werkt het?", "kun je mij helpen?", "Kunt u mij even helpen?", "Ik snap het niet, kunt u mij helpen?", "wat kan ik doen?", "wat kun je?",
        "ik heb een vraag", "Wie ben jij?", "ben je een robot?", "ik begrijp er niets van", "hoe dan?", "ik weet niet wat ik moet doen", "how does this work?", "can you help me?",
    ],
    "contact": [
        "ik wil met een mens praten", "Kan ik iemand bellen?", "wie is de coördinator?", "Wat is het telefoonnummer?", "ik wil graag iemand spreken", "hoe bereik ik de organisatie?",
        "I want to talk to a human", "who can I call?",
    ],
    "signup": [
        "ik wil meedoen", "Ik wil me aanmelden", "goedemorgen, ik wil graag meedoen", "hoe meld ik me aan?", "wat kost het?", "Wat kost meedoen?", "is het gratis?", "I would like to join", "how much is it?",
    ],
    "schedule": [
        "wanneer is de startbijeenkomst?", "Wanneer is de slotbijeenkomst?", "wanneer begint het?", "hoe laat begint de bijeenkomst?", "wat zijn de data?", "wat is de deadline?", "when is the closing meeting?",
    ],
    "match": ["wie is mijn match?", "waar ga ik heen?", "wie komt er bij mij?", "bij wie loop ik mee?", "who is my host?"],
    "places": ["waar kan ik heen?", "welke plekken zijn er?", "Welke organisaties doen mee?", "where can I go?"],
    "cancel_day": ["ik ben ziek", "Ik ben helaas ziek", "ik kan niet", "ik ben ziek, ik kan niet", "ik kan er niet bij zijn", "I am ill"],
    "form": ["ik wil mijn gegevens wijzigen", "Ik heb een fout gemaakt", "ik wil het aantal plekken veranderen", "kan ik mijn antwoorden nog aanpassen?"],
    "prefer": ["ik wil mijn voorkeuren doorgeven", "hoe geef ik mijn voorkeuren op?"],
    "withdraw": ["ik wil niet meer meedoen", "Ik wil stoppen met het programma", "I want to withdraw"],
    "privacy": ["wat weet je van mij?", "wie kan dit lezen?", "what do you know about me?"],
    "group": ["in welke groep zit ik?", "wie zitten er in mijn groep?"],
    "state": ["hoe staat het ervoor?", "hoe ver zijn we?"],
    "match_propose": ["maak de matches", "Maak een voorstel"],
    "participants": ["wie doen er mee?", "hoeveel deelnemers zijn er?"],
    "call_list": ["wie moet ik nog bellen?"],
    "do_not_disturb": ["stop met die herinneringen", "ik ben op vakantie"],
    "in_confidence": ["het klikt niet met mijn gastgever"],
    "language": ["do you speak English?", "kan het ook in het Nederlands?"],
    "calendar": ["zet het in mijn agenda"],
    "certificate": ["waar blijft mijn certificaat?"],
    "preparation": ["wat moet ik meenemen?"],
    "propose": ["wanneer is mijn stagedag?"],
}  # fmt: skip
NOTHING = [
    "Het was een mooie dag.", "Ik ben morgen in Utrecht.", "Gisteren was ik ziek, maar het gaat weer goed met mij", "De trein had vertraging.", "Ik vond de stagedag heel leerzaam.",
    "Mijn collega kan niet", "Hij wil niet meer meedoen", "Wat een goed idee!", "Ik kan het formulier niet vinden", "Hoe laat ben jij thuis?", "Ik wil graag koffie", "Ik wil meedoen aan de loting van de gemeente Utrecht",
    "Wie had dat gedacht", "wanneer is het vakantie?", "Wanneer wordt er iets aan het verkeer gedaan?", "We hebben een nieuwe secretaris.", "Ik werk bij de gemeente Zeist", "Een dag met de bestuurssecretaris.",
    "ja maar wat nu als het regent", "Wat moet hij doen?", "Wat moest je toen doen?", "En nu weet hij het.", "Ik snap dat het lastig is", "Kun je mijn jas ophalen?", "Wie komt er vanavond eten?", "Waar ga je heen?",
    "Maak er iets moois van", "stop met zeuren", "het klikt goed met mijn gastgever", "Ik heb een vraag van de wethouder beantwoord", "Lorem ipsum dolor sit amet", "3", "Anna de Boer", "info@example.nl", "...", "😀",
    "I was ill last week", "The weather is fine today", "My host was very kind", "What do you think of the mayor?", "We are moving to another building", "I want coffee",
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "command"),
    [(said, command) for command, sentences in ASKS.items() for said in sentences],
)
def test_a_plain_question_is_of_the_rule_of_its_command(said: str, command: str) -> None:
    rule = rule_for(said)
    assert rule is not None
    assert command in {line.split()[0] for line in rule.do}


@pytest.mark.parametrize("said", NOTHING)
def test_ordinary_talk_is_of_no_rule(said: str) -> None:
    assert rule_for(said) is None


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.do[0])
def test_every_rule_names_commands_and_takes_its_own_sentences(rule: object) -> None:
    (it,) = [known for known in rules() if known is rule]
    assert all(read_call(line, COMMANDS) for line in it.do)
    for sentence in (*it.nl, *it.en):
        spoken = " ".join(word.split("/")[0] for word in sentence.replace("[", "").replace("]", "").split())
        assert any(row.is_said(spoken.split()) for row in it.sentences), sentence


@pytest.mark.parametrize("said", ["wat nu " * 5_000, "nu " * 20_000, "ik wil " * 3_000, "a" * 60_000, "[" * 5_000])
def test_a_very_long_message_is_looked_at_in_no_time(said: str) -> None:
    assert rule_for(said) is None


@pytest.mark.parametrize(
    ("person", "said", "answer"),
    [
        ("zoe", "wat kost het?", "395,00"),
        ("zoe", "ik wil met een mens praten", "070 123 45 67"),
        ("zoe", "wanneer is de startbijeenkomst?", "dinsdag 29 september 2026"),
        ("anna", "wat moet ik nu doen?", "zo staat het ervoor"),
        ("anna", "wat kost het?", "070 123 45 67"),
        ("anna", "wie is mijn match?", "zo staat het ervoor"),
        ("cor", "wat moet ik nu doen?", "4 deelnemers"),
        ("cor", "wie doen er mee?", "Anna"),
        ("cor", "hoe staat het ervoor?", "4 deelnemers"),
    ],
)
async def test_a_plain_question_gets_what_this_person_can_use_now(
    tmp_path: Path, person: str, said: str, answer: str
) -> None:
    async with playing(tmp_path, "2026-06-15 10:00") as stage:
        assert answer in plain(await say(stage, person, said))


@pytest.mark.parametrize("said", ["wanneer is het vakantie?", "ik kan niet", "ik ben ziek", "wat moet ik nu doen?"])
@pytest.mark.parametrize("person", ["zoe", "anna", "cor"])
async def test_nothing_is_offered_that_cannot_be_done_and_nothing_changes(
    tmp_path: Path, person: str, said: str
) -> None:
    async with playing(tmp_path, "2026-06-15 10:00") as stage:
        before = kept(stage)
        answer = plain(await say(stage, person, said))
        assert answer
        assert "`!annuleer`" not in answer
        assert "`!stagedag afzeggen`" not in answer
        assert kept(stage) == before


@pytest.mark.parametrize("said", NOTHING[:12])
async def test_ordinary_talk_among_people_gets_no_answer(tmp_path: Path, said: str) -> None:
    async with playing(tmp_path, "2026-06-15 10:00") as stage:
        assert await say(stage, "anna", said, "cohort") == []


@pytest.mark.parametrize("said", ["wat moet ik nu doen?", "ik wil met een mens praten", "hoe werkt dit?"])
async def test_a_plain_question_among_people_gets_no_answer(tmp_path: Path, said: str) -> None:
    async with playing(tmp_path, "2026-06-15 10:00") as stage:
        assert await say(stage, "anna", said, "cohort") == []


@pytest.mark.parametrize("line", ["!overzicht", "!status", "!match", "!agenda", "!kalender", "!groep", "!netwerk"])
async def test_a_coordinator_gets_the_way_of_a_coordinator(tmp_path: Path, line: str) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        for room in ("", "desk"):
            said = plain(await say(stage, "cor", line, room))
            assert said
            assert "aanmelden`" not in said


async def test_what_has_nothing_in_its_place_is_explained_to_a_coordinator(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        assert "`!stand`" in plain(await say(stage, "cor", "!voorkeur 2 3 4"))
