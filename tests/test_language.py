"""Texts become strings in the language of the reader, and the catalogues are complete."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from bot import catalogues
from bot.catalogues import Unmarked, catalogue_faults, code_faults, said_by, updated, written
from bot.i18n import (
    CODES,
    LOCALES,
    Languages,
    catalogue_file,
    read_catalogue,
    write_day,
    write_list,
    write_moment,
    write_money,
    write_number,
    write_period,
    write_span,
    write_time,
)
from bot.markup import HTML, PLAIN, Markup
from programme.text import (
    Both,
    Call,
    Day,
    Lines,
    Moment,
    Money,
    Period,
    Sayable,
    Span,
    Text,
    Value,
    _,
    _n,
    lines,
    listing,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ROOT = LOCALES.parent
NINE = datetime(2026, 9, 29, 7, tzinfo=UTC)
ELEVEN = datetime(2026, 9, 29, 9, tzinfo=UTC)
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{n} place"
msgid_plural "{n} places"
msgstr[0] "{n} plek"
msgstr[1] "{n} plekken"

msgid "Welcome, {name}."
msgstr "Welkom, {name}."

msgid "Half done"
msgid_plural "Halves done"
msgstr[0] "Half gedaan"
msgstr[1] ""

#, fuzzy
msgid "Doubtful"
msgstr "Twijfelachtig"
"""


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    for code, content in {"nl": CATALOGUE, "en": CATALOGUE[: CATALOGUE.index('msgid "{n}')]}.items():
        path = catalogue_file(tmp_path, code)
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    return Languages.load(tmp_path)


def typed(call: Call, language: str) -> str:
    return " ".join([{"nl": "voorkeur", "en": "prefer"}[language], *call.arguments])


def write(languages: Languages, text: Sayable, language: str, markup: Markup = PLAIN) -> str:
    return languages.render(text, language, markup, zone=AMSTERDAM, words=typed)


def shown(value: Value, language: str, markup: Markup = PLAIN) -> str:
    return write(Languages.load(), Lines(items=(value,)), language, markup)


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (1250, "1.250", "1,250"),
        (Day(day=date(2026, 9, 29)), "dinsdag 29 september 2026", "Tuesday, 29 September 2026"),
        (Moment(at=NINE), "dinsdag 29 september 2026, 09.00 uur", "Tuesday, 29 September 2026, 09:00"),
        (
            Span(start=NINE, end=ELEVEN),
            "dinsdag 29 september 2026, 09.00-11.00 uur",
            "Tuesday, 29 September 2026, 09:00–11:00",
        ),
        (
            Period(first=date(2026, 10, 5), last=date(2026, 11, 27)),
            "5 oktober t/m 27 november 2026",
            "5 October to 27 November 2026 inclusive",
        ),
        (Money(amount=Decimal(395)), "€\u00a0395,00 exclusief btw", "€395.00 excluding VAT"),
        (listing(["Anna", "Bo", "Cas"]), "Anna, Bo en Cas", "Anna, Bo and Cas"),
        (Both(nl="plek", en="place"), "plek", "place"),
        (Both(nl="plek {a}", en="place {a}", values={"a": "{b}"}), "plek {b}", "place {b}"),
        (Call(command="prefer", arguments=("3", "7", "1")), "`voorkeur 3 7 1`", "`prefer 3 7 1`"),
        ("Anna", "Anna", "Anna"),
    ],
)
def test_a_value_is_written_as_its_reader_writes_it(value: Value, dutch: str, english: str) -> None:
    assert shown(value, "nl") == dutch
    assert shown(value, "en") == english


def test_writing_works_without_a_text() -> None:
    assert write_number(1250, "nl") == "1.250"
    assert write_day(date(2026, 3, 1), "nl") == "zondag 1 maart 2026"
    assert write_time(time(9, 5), "nl") == "09.05 uur"
    assert write_time(time(9, 5), "en") == "09:05"
    assert write_list(["Anna", "Bo"], "nl") == "Anna en Bo"
    assert write_list([], "nl") == ""
    assert write_money(Decimal("1234.5"), "nl") == "€\u00a01.234,50 exclusief btw"


def test_a_moment_is_written_in_the_zone_of_the_edition() -> None:
    assert write_moment(NINE, "nl", ZoneInfo("America/Curacao")) == "dinsdag 29 september 2026, 03.00 uur"


def test_a_time_that_comes_twice_says_which() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert write_moment(first, "nl", AMSTERDAM) == "zondag 25 oktober 2026, 02.30 uur (zomertijd)"
    assert write_moment(second, "nl", AMSTERDAM) == "zondag 25 oktober 2026, 02.30 uur (wintertijd)"
    assert write_moment(second, "en", AMSTERDAM) == "Sunday, 25 October 2026, 02:30 (winter time)"


def test_a_span_over_midnight_names_both_days() -> None:
    end = datetime(2026, 9, 29, 22, 30, tzinfo=UTC)
    assert write_span(NINE, end, "nl", AMSTERDAM) == (
        "dinsdag 29 september 2026, 09.00 uur tot woensdag 30 september 2026, 00.30 uur"
    )


@pytest.mark.parametrize(
    ("first", "last", "dutch", "english"),
    [
        (date(2026, 10, 5), date(2026, 10, 9), "5 t/m 9 oktober 2026", "5 to 9 October 2026 inclusive"),
        (date(2026, 10, 5), date(2026, 10, 5), "5 oktober 2026", "5 October 2026"),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "28 december 2026 t/m 3 januari 2027",
            "28 December 2026 to 3 January 2027 inclusive",
        ),
    ],
)
def test_a_period_repeats_nothing(first: date, last: date, dutch: str, english: str) -> None:
    assert write_period(first, last, "nl") == dutch
    assert write_period(first, last, "en") == english


def test_a_text_is_translated_and_filled(languages: Languages) -> None:
    text = _("Welcome, {name}.", name="Anna")
    assert write(languages, text, "nl") == "Welkom, Anna."
    assert write(languages, text, "en") == "Welcome, Anna."


@pytest.mark.parametrize(
    ("n", "dutch", "english"), [(0, "0 plekken", "0 places"), (1, "1 plek", "1 place"), (2, "2 plekken", "2 places")]
)
def test_a_number_chooses_the_form(languages: Languages, n: int, dutch: str, english: str) -> None:
    text = _n("{n} place", "{n} places", n=n)
    assert write(languages, text, "nl") == dutch
    assert write(languages, text, "en") == english


def test_what_is_not_translated_is_said_in_english(languages: Languages) -> None:
    assert write(languages, Text(id="Not there: {x}.", values={"x": 1}), "nl") == "Not there: 1."
    assert write(languages, Text(id="Half done", plural="Halves done", values={"n": 2}), "nl") == "Halves done"
    assert write(languages, Text(id="Doubtful"), "nl") == "Doubtful"
    assert write(languages, _("Welcome, {name}.", name="Anna"), "fy") == "Welcome, Anna."


def test_texts_nest_and_stand_under_each_other(languages: Languages) -> None:
    inner = _n("{n} place", "{n} places", n=2)
    text = lines(_("Welcome, {name}.", name=listing([inner, "Bo"])), "", _("- {a}", a=Call(command="prefer")))
    assert write(languages, text, "nl") == "Welkom, 2 plekken en Bo.\n\n- `voorkeur`"
    assert write(languages, text, "nl", HTML) == "Welkom, 2 plekken en Bo.<br><ul><li><code>voorkeur</code></li></ul>"


def test_what_people_wrote_is_never_translated_or_marked(languages: Languages) -> None:
    text = _("Welcome, {name}.", name="**x**<b>{n}\n`y`")
    assert write(languages, text, "nl") == "Welkom, **x**<b>{n} `y`."
    assert write(languages, text, "nl", HTML) == "Welkom, **x**&lt;b&gt;{n} `y`."


def test_free_text_on_a_line_of_its_own_keeps_its_lines() -> None:
    assert shown("- a\n**b**", "nl") == "- a\n**b**"
    assert shown("- a\n**b**", "nl", HTML) == "- a<br>**b**"


CODE = """
def answer(name, values):
    first = _("Welcome, {name}.", name=name)
    second = _n("One place", "{n} places", n=2)
    third = _("In two " "parts")
    return _("Out of a dictionary: {x}", **values)
"""


def test_every_text_in_the_code_is_found() -> None:
    assert [said.ids for said in said_by(CODE, "code.py")] == [
        ("Welcome, {name}.",),
        ("One place", "{n} places"),
        ("In two parts",),
        ("Out of a dictionary: {x}",),
    ]
    assert not list(code_faults(list(said_by(CODE, "code.py"))))


@pytest.mark.parametrize("code", ["_(name)", '_(f"{name}")', '_("a" + b)', '_n("a", n=1)', '_("a", "b")'])
def test_an_id_that_is_not_written_out_is_refused(code: str) -> None:
    with pytest.raises(Unmarked):
        list(said_by(code, "code.py"))


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ('_("Hi {name}")', "no value for {name}"),
        ('_("Hi", name=1)', "{name} stands nowhere"),
        ('_("a")\n_n("a", "b", n=1)', "another plural"),
    ],
)
def test_a_text_with_other_values_than_placeholders_is_a_fault(code: str, fault: str) -> None:
    assert [line for line in code_faults(list(said_by(code, "code.py"))) if fault in line]


def test_an_update_keeps_what_was_translated_and_what_is_no_longer_said() -> None:
    old = Catalog(locale="nl")
    old.add("Welcome, {name}.", "Welkom, {name}.")
    old.add("Gone", "Weg")
    new = updated(list(said_by(CODE, "code.py")), old, "nl")
    assert new["Welcome, {name}."].string == "Welkom, {name}."
    assert new["In two parts"].string == ""
    assert new.obsolete["Gone"].string == "Weg"
    again = updated([*said_by(CODE, "code.py"), *said_by('_("Gone")', "b.py")], new, "nl")
    assert again["Gone"].string == "Weg"
    assert not again.obsolete


def test_the_tool_brings_new_texts_in_and_prunes_old_ones(tmp_path: Path, languages: Languages) -> None:
    assert languages.by_code["nl"].translations["Welcome, {name}."] == ("Welkom, {name}.",)
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / "greet.py").write_text('_("Welcome, {name}.", name=1)\n_("Bye")', "utf-8")
    catalogues.update(tmp_path, tmp_path)
    assert "nl: not translated: 'Bye'" in catalogues.check(tmp_path, tmp_path)
    assert [fault for fault in catalogues.check(tmp_path, tmp_path) if "obsolete, prune it" in fault]
    catalogues.update(tmp_path, tmp_path, keep=False)
    assert catalogues.check(tmp_path, tmp_path) == ["nl: not translated: 'Bye'"]


def test_english_is_its_own_translation() -> None:
    new = updated(list(said_by(CODE, "code.py")), Catalog(locale="en"), "en")
    assert new["One place"].string == ("One place", "{n} places")
    assert not list(catalogue_faults(list(said_by(CODE, "code.py")), new, "en"))


def test_a_catalogue_holds_no_date_no_line_number_and_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "kring.po"
    content = written(updated(list(said_by(CODE, "code.py")), Catalog(locale="en"), "en"), "en")
    file.write_bytes(content)
    assert b"code.py:" not in content
    assert b"Date" not in content
    read = read_catalogue(file, "en")
    assert written(updated(list(said_by(CODE, "code.py")), read, "en"), "en") == content


@pytest.mark.parametrize(
    ("id_", "translation", "fault"),
    [
        ("Hi {name}", "", "not translated"),
        ("Hi {name}", "Dag {naam}", "other placeholders"),
        ("Hi {name}", "Dag", "other placeholders"),
        ("Ho", "Ho", "missing"),
    ],
)
def test_a_fault_in_a_catalogue_is_named(id_: str, translation: str, fault: str) -> None:
    catalog = Catalog(locale="nl")
    catalog.add(id_, translation)
    assert fault in "".join(catalogue_faults(list(said_by('_("Hi {name}", name=1)', "a.py")), catalog, "nl"))


def test_fuzzy_and_obsolete_are_faults() -> None:
    catalog = Catalog(locale="nl")
    catalog.add("Hi", "Dag", flags=["fuzzy"])
    catalog.obsolete["Gone"] = catalog.add("Gone", "Weg")
    faults = list(catalogue_faults(list(said_by('_("Hi")', "a.py")), catalog, "nl"))
    assert [fault.split(": ")[1] for fault in faults] == [
        "fuzzy",
        "nobody says this any more",
        "obsolete, prune it",
    ]


def test_every_text_of_the_house_stands_in_every_catalogue() -> None:
    assert catalogues.check(ROOT) == []


def dutch() -> list[str]:
    catalog = read_catalogue(catalogue_file(LOCALES, "nl"), "nl")
    strings = [message.string for message in catalog if message.id]
    return [form for string in strings for form in (string if isinstance(string, list | tuple) else (string,))]


def test_dutch_says_je_and_does_not_shout() -> None:
    assert [text for text in dutch() if re.search(r"\b(u|uw|uzelf)\b", text, re.IGNORECASE)] == []
    assert [text for text in dutch() if re.search(r"\w!", text)] == []


def test_headers_name_the_language_and_nothing_else() -> None:
    for code in CODES:
        header = catalogue_file(LOCALES, code).read_text("utf-8").split("\n\n")[0]
        assert f"Language: {code}" in header
        assert "Date" not in header
