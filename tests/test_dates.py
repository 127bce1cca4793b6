"""Dates and times as people type them. The tables are the specification: read them first."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dates import (
    HalfDays,
    When,
    instant,
    parse_day,
    parse_halves,
    parse_moment,
    parse_time,
    parse_until,
    parse_when,
)
from bot.i18n import Languages, write_day, write_moment, write_span, write_time
from bot.markup import PLAIN
from programme.text import Call, Refusal

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 9, 9)
"""A Wednesday, in ISO week 37."""
THREE_YEARS = [date(2026, 1, 1) + timedelta(days=number) for number in range(365 * 3)]
CLOCK_CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)]
LANGUAGES = Languages.load()


def word(call: Call, language: str) -> str:
    return f"{call.command} {language}"


def answer(refusal: Refusal, language: str = "nl") -> str:
    return LANGUAGES.render(refusal.text, language, PLAIN, zone=AMSTERDAM, words=word)


def refused(parse: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(Refusal) as caught:
        parse(*arguments)
    return answer(caught.value)


DAYS = {
    "2026-10-14": [
        "14 oktober",
        "14 okt",
        "14 okt.",
        "14okt",
        "14-10",
        "14-10-2026",
        "14 - 10 - 2026",
        "14/10",
        "14/10/2026",
        "2026-10-14",
        "wo 14 okt",
        "wo. 14 okt.",
        "woe 14 oktober",
        "woensdag 14 oktober",
        "woensdag 14 oktober 2026",
        "Woensdag, 14 Oktober 2026",
        "WOENSDAG 14-10",
        "wo 14/10/2026",
        "wo 2026-10-14",
        "14e oktober",
        "14de oktober",
        "de 14e oktober",
        "de 14e van oktober",
        "op 14 oktober",
        "op woensdag 14 oktober",
        "oktober 14",
        "14 oktober 2026.",
        "14 oktober?",
        "  14   oktober  ",
        "week 42 woensdag",
        "woensdag week 42",
        "woensdag in week 42",
        "week 42 2026, woensdag",
        "over 5 weken",
        "over vijf weken",
        "over 35 dagen",
        "14 October",
        "14th October",
        "14 Oct 2026",
        "October 14",
        "Oct 14th, 2026",
        "Oct. 14 2026",
        "the 14th of October",
        "Wednesday 14 October 2026",
        "Wednesday, 14 October 2026",
        "Wed 14 Oct",
        "in 5 weeks",
    ],
    "2026-09-09": ["vandaag", "today", "9 september", "9 sept", "9-9", "09-09-2026", "deze week woensdag"],
    "2026-09-10": ["morgen", "tomorrow", "donderdag", "do", "komende donderdag", "over één dag", "over 1 dag"],
    "2026-09-11": [
        "overmorgen",
        "the day after tomorrow",
        "vrijdag",
        "vr",
        "vrij",
        "deze week vrijdag",
        "Friday",
        "over 2 dagen",
    ],
    "2026-09-15": [
        "dinsdag",
        "di",
        "di.",
        "komende dinsdag",
        "aanstaande dinsdag",
        "coming Tuesday",
        "volgende week dinsdag",
        "dinsdag volgende week",
        "dinsdag van volgende week",
        "volgende week op dinsdag",
        "next week Tuesday",
        "Tuesday next week",
        "Tuesday of next week",
    ],
    "2026-09-16": ["over een week", "over 1 week", "in one week", "woensdag volgende week"],
    "2026-09-23": ["over twee weken", "over 2 weken", "over 14 dagen", "in two weeks", "in 14 days"],
    "2026-09-12": ["over 3 dagen", "over drie dagen", "in three days", "zaterdag", "za"],
    "2027-03-01": ["1 mrt", "1 maart", "01-03", "1 March", "1-3-2027", "ma 1 mrt"],
    "2027-05-01": ["1 mei", "1 May", "May 1", "1ste mei", "1st of May"],
    "2027-09-08": ["8 september", "8-9", "8 sep."],
    "2028-02-29": ["29-02-2028", "29 februari 2028", "29 feb 2028"],
    "2026-12-31": ["31 december", "31 dec.", "31-12", "donderdag 31 december"],
    "2027-01-04": ["week 1 maandag", "maandag week 1", "4 januari", "4 jan"],
}

TIMES = {
    "09:00": [
        "9u",
        "9 u",
        "9 uur",
        "09.00",
        "9:00",
        "9.00",
        "9.00 uur",
        "om 9 uur",
        "negen uur",
        "9h",
        "nine o'clock",
        "09 uur",
        "vanaf 9 uur",
    ],
    "09:30": [
        "9.30",
        "09:30",
        "half tien",
        "half 10",
        "om half tien",
        "9u30",
        "9h30",
        "9 uur 30",
        "9.30u",
        "Half Tien",
        "half past nine",
        "at half past 9",
    ],
    "09:15": ["kwart over negen", "kwart over 9", "quarter past nine", "9.15 uur"],
    "09:45": ["kwart voor tien", "kwart vóór tien", "quarter to ten", "9:45"],
    "09:25": ["vijf voor half tien", "5 voor half 10", "twenty-five past nine"],
    "09:35": ["vijf over half tien", "5 over half tien", "twenty-five to ten"],
    "09:40": ["tien over half tien", "10 over half 10", "twenty to ten"],
    "09:20": ["tien voor half tien", "twintig over negen", "twenty past nine"],
    "09:10": ["tien over negen", "10 over 9", "ten past nine"],
    "08:50": ["tien voor negen", "10 voor 9", "ten to nine", "10 to nine"],
    "12:00": ["12 uur", "12u", "twaalf uur", "12.00", "12:00"],
    "12:15": ["kwart over twaalf", "kwart over 12"],
    "14:30": ["14.30", "14u30", "14:30 uur", "half 15"],
    "00:00": ["00.00", "0.00", "0 uur"],
    "02:30": ["02.30", "02:30 uur"],
    "23:59": ["23.59", "23:59 uur"],
}

WHENS = {
    ("2026-10-14", "09:30", "12:00"): [
        "14 oktober 9.30-12.00",
        "14 oktober, 9.30 - 12.00 uur",
        "14 oktober van 9.30 tot 12.00",
        "14 oktober tussen 9.30 en 12.00 uur",
        "14-10 half tien tot twaalf uur",
        "14-10 9u30-12u",
        "wo 14 okt van half tien tot 12",
        "14 October, 9:30–12:00",
        "14 October from 9:30 until 12:00",
        "14 October half past nine to 12:00",
    ],
    ("2026-09-29", "09:00", None): [
        "di 29 sept 9u",
        "29 september om 9 uur",
        "dinsdag 29 september 2026, 09.00 uur",
        "29-9 9.00",
    ],
    ("2026-10-14", "09:00", "12:30"): [
        "woensdag 14 oktober ochtend",
        "14 oktober 's ochtends",
        "14-10 in de ochtend",
        "14 October morning",
    ],
    ("2026-10-14", "13:00", "17:00"): [
        "14 oktober middag",
        "14 oktober ’s middags",
        "14 oktober, in de middag",
        "14 October afternoon",
    ],
    ("2026-10-14", "09:00", "17:00"): ["14 oktober hele dag", "14 oktober de hele dag", "14 October, all day"],
    ("2026-09-15", "13:00", "17:00"): [
        "dinsdagmiddag",
        "dinsdag middag",
        "dinsdag in de middag",
        "volgende week dinsdag middag",
    ],
    ("2026-09-10", "09:00", "12:30"): ["morgenochtend", "morgen ochtend", "donderdagmorgen", "tomorrow morning"],
    ("2026-09-09", "13:00", "17:00"): ["vanmiddag", "vandaag middag"],
    ("2026-10-14", None, None): ["14 oktober", "wo 14-10-2026"],
    ("2026-10-14", "09:00", "12:00"): ["14-10 9-12 uur", "14-10 van 9 tot 12", "14 Oct from nine to twelve"],
}

DAYS_REFUSED = {
    "": "Ik herken hier geen dag in",
    "?": "Ik herken hier geen dag in",
    "binnenkort": "Ik herken hier geen dag in",
    "de 14e": "Ik herken hier geen dag in",
    "14": "Ik herken hier geen dag in",
    "veertien oktober": "Ik herken hier geen dag in",
    "14 brumaire": "Ik herken hier geen dag in",
    "14_10": "Ik herken hier geen dag in",
    "14-": "Ik herken hier geen dag in",
    "2026-10": "Ik herken hier geen dag in",
    "over 0 dagen": "Ik herken hier geen dag in",
    "over een poosje": "Ik herken hier geen dag in",
    "volgende maand": "Ik herken hier geen dag in",
    "１４ oktober": "Ik herken hier geen dag in",
    "31-11": "De maand november heeft 30 dagen",
    "31 november 2026": "De maand november heeft 30 dagen",
    "30 februari": "De maand februari heeft 29 dagen",
    "29-02-2027": "De maand februari heeft 28 dagen",
    "2026-02-30": "De maand februari heeft 28 dagen",
    "0 oktober": "De maand oktober heeft 31 dagen",
    "29 februari": "De eerstvolgende is dinsdag 29 februari 2028",
    "10/14": "Maand 14 bestaat niet",
    "14-13-2026": "Maand 13 bestaat niet",
    "14-0": "Maand 0 bestaat niet",
    "14-10-26": "jaar met vier cijfers",
    "14/10/26": "jaar met vier cijfers",
    "14 oktober 26": "jaar met vier cijfers",
    "14 oktober '26": "jaar met vier cijfers",
    "di 14 okt": "Dat is woensdag 14 oktober 2026, geen dinsdag. Bedoel je die dag, of dinsdag 13 oktober 2026?",
    "vrijdag 14-10-2026": "geen vrijdag. Bedoel je die dag, of vrijdag 16 oktober 2026?",
    "di 9 september": "geen dinsdag. Bedoel je die dag, of dinsdag 15 september 2026?",
    "gisteren": "dinsdag 8 september 2026) is voorbij",
    "8 september 2026": "dinsdag 8 september 2026) is voorbij",
    "14-10-2025": "is voorbij",
    "deze week maandag": "maandag 7 september 2026) is voorbij",
    "week 37 dinsdag": "dinsdag 8 september 2026) is voorbij",
    "14-10-2099": "heel ver weg",
    "woensdag": "Bedoel je woensdag 9 september 2026 of woensdag 16 september 2026?",
    "komende woensdag": "Bedoel je woensdag 9 september 2026 of woensdag 16 september 2026?",
    "volgende dinsdag": "Bedoel je dinsdag 15 september 2026 of dinsdag 22 september 2026?",
    "next Tuesday": "Bedoel je dinsdag 15 september 2026 of dinsdag 22 september 2026?",
    "volgende woensdag": "Bedoel je woensdag 16 september 2026 of woensdag 23 september 2026?",
    "volgende week": "Die week is 14 t/m 20 september 2026. Welke dag",
    "week 42": "Die week is 12 t/m 18 oktober 2026. Welke dag",
    "in week 53": "Die week is 28 december 2026 t/m 3 januari 2027. Welke dag",
    "week 54": "Het jaar 2026 heeft geen week 54",
    "week 53 2027": "Het jaar 2027 heeft geen week 53",
    "eind november": "Welke dag in november",
    "begin oktober": "Welke dag in oktober",
    "half maart": "Welke dag in maart",
    "november": "Welke dag in november",
    "november 2026": "Welke dag in november",
    "in november": "Welke dag in november",
    "mid-November": "Welke dag in november",
    "over een maand": "Niet elke maand is even lang",
    "over 2 jaar": "Niet elke maand is even lang",
    "14.10": "Is 14.10 een dag of een tijd?",
    "14.10.2026": "Is 14.10 een dag of een tijd?",
    "14 oktober 9u": "alleen een dag",
    "dinsdagochtend": "alleen een dag",
    "14 of 15 oktober": "Ik herken hier geen dag in",
    "14 oktober of 15 oktober": "alleen een dag",
    "dinsdag morgen": "alleen een dag",
    "14 oktober " * 20: "te lang",
}

TIMES_REFUSED = {
    "": "geen tijd",
    "9": "geen tijd",
    "930": "geen tijd",
    "0930": "geen tijd",
    "9.3": "geen tijd",
    "9,30": "geen tijd",
    "9.30.00": "geen tijd",
    "negen": "geen tijd",
    "half": "geen tijd",
    "kwart tien": "geen tijd",
    "kwart voor half tien": "geen tijd",
    "twintig voor half tien": "geen tijd",
    "9.30-12.00": "geen tijd",
    "rond 9 uur": "geen tijd",
    "tussen de middag": "geen tijd",
    "half 24 uur later": "geen tijd",
    ":": "geen tijd",
    "9 uur 5": "geen tijd",
    "24.00": "De tijd 24.00 bestaat niet",
    "24 uur": "De tijd 24.00 bestaat niet",
    "9.75": "De tijd 9.75 bestaat niet",
    "9am": "24 uur op een dag",
    "9 pm": "24 uur op een dag",
    "9.30 p.m.": "24 uur op een dag",
    "9 uur 's avonds": "24 uur op een dag",
    "half tien 's avonds": "24 uur op een dag",
    "half drie": "Bedoel je 02.30 uur of 14.30 uur?",
    "half een": "Bedoel je 00.30 uur of 12.30 uur?",
    "3 uur": "Bedoel je 03.00 uur of 15.00 uur?",
    "2.30": "Bedoel je 02.30 uur of 14.30 uur?",
    "kwart over vijf": "Bedoel je 05.15 uur of 17.15 uur?",
    "half nine": "Bedoel je 08.30 uur of 09.30 uur?",
}

WHENS_REFUSED = {
    "": "geen dag",
    "9.30": "Is 9.30 een dag of een tijd?",
    "14 oktober tussen de middag": "Van hoe laat tot hoe laat precies?",
    "14 oktober lunch": "Van hoe laat tot hoe laat precies?",
    "14 oktober avond": "in de avond?",
    "vanavond": "in de avond?",
    "14 oktober 9": "Is 9 een tijd?",
    "14 oktober 9-12": "Is 9 - 12 een tijd?",
    "14 oktober 12.00-9.00": "Het einde (09.00 uur) is niet later dan het begin (12.00 uur)",
    "14 oktober 9.00-9.00": "niet later",
    "14 oktober 9.30-3": "Bedoel je 03.00 uur of 15.00 uur?",
    "14 oktober ochtend 9.30": "Schrijf een dag, en als het nodig is een tijd",
    "14 oktober 9.30 en 12.00": "Schrijf een dag, en als het nodig is een tijd",
    "14 oktober 0930": "Is 0930 een tijd?",
    "dinsdag morgen": "geen tijd",
    "dinsdag 9-12 uur": "geen dinsdag",
    "14 oktober 9 p.m.": "24 uur op een dag",
    "14 oktober misschien": "geen tijd",
    "14 oktober 9.30 (ongeveer)": "geen tijd",
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(form, meaning) for meaning, forms in table.items() for form in forms]


@pytest.mark.parametrize(("typed", "meant"), rows(DAYS))
def test_a_day_is_read(typed: str, meant: str) -> None:
    assert parse_day(typed, TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(("typed", "meant"), rows(TIMES))
def test_a_time_is_read(typed: str, meant: str) -> None:
    assert parse_time(typed) == time.fromisoformat(meant)


@pytest.mark.parametrize(("typed", "meant"), [(form, meant) for meant, forms in WHENS.items() for form in forms])
def test_a_day_with_hours_is_read(typed: str, meant: tuple[str, str | None, str | None]) -> None:
    day, start, end = meant
    first, last = (time.fromisoformat(at) if at else None for at in (start, end))
    assert parse_when(typed, TODAY) == When(date.fromisoformat(day), first, last)


@pytest.mark.parametrize(("typed", "said"), DAYS_REFUSED.items())
def test_a_day_that_is_not_certain_is_asked_back(typed: str, said: str) -> None:
    assert said in refused(parse_day, typed, TODAY)


@pytest.mark.parametrize(("typed", "said"), TIMES_REFUSED.items())
def test_a_time_that_is_not_certain_is_asked_back(typed: str, said: str) -> None:
    assert said in refused(parse_time, typed)


@pytest.mark.parametrize(("typed", "said"), WHENS_REFUSED.items())
def test_hours_that_are_not_certain_are_asked_back(typed: str, said: str) -> None:
    assert said in refused(parse_when, typed, TODAY)


def test_the_tables_are_large_enough_to_be_a_specification() -> None:
    accepted = [typed for table in (DAYS, TIMES) for typed, _meant in rows(table)]
    assert len(set(accepted)) == len(accepted) >= 120
    assert len(DAYS_REFUSED) + len(TIMES_REFUSED) + len(WHENS_REFUSED) >= 60


def written_forms(day: date) -> list[str]:
    dutch, english = write_day(day, "nl"), write_day(day, "en")
    weekday, number, month, year = dutch.split()
    return [
        dutch,
        english,
        english.replace(",", ""),
        f"{number} {month} {year}",
        f"{weekday[:2]} {number} {month} {year}",
        f"{number}e {month} {year}",
        f"{day.day}-{day.month}-{year}",
        f"{day:%d-%m-%Y}",
        f"{day:%d/%m/%Y}",
        f"{weekday} {day:%d-%m-%Y}",
        day.isoformat(),
    ]


def test_every_written_day_of_three_years_is_read_back() -> None:
    for day in THREE_YEARS:
        for form in written_forms(day):
            assert parse_day(form, THREE_YEARS[0]) == day, form


def test_a_day_without_a_year_is_the_next_one() -> None:
    for day in THREE_YEARS:
        for ahead in (0, 1, 200, 364):
            assert parse_day(f"{day.day}-{day.month}", day - timedelta(days=ahead)) == day or (day.month, day.day) == (
                2,
                29,
            )


def test_a_weekday_alone_is_one_of_the_next_six_days() -> None:
    for today in THREE_YEARS[:14]:
        for ahead in range(1, 7):
            day = today + timedelta(days=ahead)
            assert parse_day(write_day(day, "nl").split()[0], today) == day


def test_every_week_of_three_years_is_read_by_its_number() -> None:
    for day in THREE_YEARS[7:]:
        year, week, _weekday = day.isocalendar()
        assert parse_day(f"week {week} {year} {write_day(day, 'nl').split()[0]}", THREE_YEARS[0]) == day


def test_every_minute_of_the_day_is_read_back() -> None:
    for minute in range(24 * 60):
        at = time(minute // 60, minute % 60)
        for form in (write_time(at, "nl"), write_time(at, "en"), f"{at:%H.%M}", f"{at:%Hu%M}", f"om {at:%H:%M} uur"):
            assert parse_time(form) == at, form


def after(start: timedelta, minutes: int) -> time:
    return (datetime(2026, 1, 1, tzinfo=UTC) + start + timedelta(minutes=minutes)).time()


HOURS = ["zeven", "acht", "negen", "tien", "elf", "twaalf"]


def test_half_is_half_before_the_hour_that_is_named() -> None:
    for (_before, named), hour in zip(pairwise(HOURS), range(7, 12), strict=True):
        half = timedelta(hours=hour, minutes=30)
        for phrase, minutes in {"": 0, "vijf voor ": -5, "tien voor ": -10, "vijf over ": 5, "tien over ": 10}.items():
            assert parse_time(f"{phrase}half {named}") == after(half, minutes)


def test_minutes_are_counted_from_the_hour_that_is_named() -> None:
    for named, hour in zip(HOURS[1:], range(8, 13), strict=True):
        for phrase, minutes in {"kwart": 15, "vijf": 5, "tien": 10, "twintig": 20, "12": 12}.items():
            exact = timedelta(hours=hour)
            assert parse_time(f"{phrase} over {named}") == after(exact, minutes)
            assert parse_time(f"{phrase} voor {named}") == after(exact, -minutes)


def minutes_of(day: date) -> list[datetime]:
    start = datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)
    return [start + timedelta(minutes=number) for number in range(int((end - start).total_seconds()) // 60)]


@pytest.mark.parametrize("day", CLOCK_CHANGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_minute_of_a_day_with_a_clock_change_is_read_back(day: date, language: str) -> None:
    minutes = minutes_of(day)
    assert len(minutes) in {23 * 60, 25 * 60}
    for at in minutes:
        assert parse_moment(write_moment(at, language, AMSTERDAM), day, AMSTERDAM) == at


@pytest.mark.parametrize("language", ["nl", "en"])
def test_another_minute_of_every_day_of_three_years_is_read_back(language: str) -> None:
    for number, day in enumerate(THREE_YEARS):
        at = minutes_of(day)[(number * 7919) % (23 * 60)]
        assert parse_moment(write_moment(at, language, AMSTERDAM), THREE_YEARS[0], AMSTERDAM) == at


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_minute_of_three_years_is_read_back(language: str) -> None:
    for day in THREE_YEARS:
        for at in minutes_of(day):
            assert parse_moment(write_moment(at, language, AMSTERDAM), THREE_YEARS[0], AMSTERDAM) == at


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_written_span_is_read_back(language: str) -> None:
    for day in THREE_YEARS[::5]:
        start, end = instant(day, time(9), AMSTERDAM), instant(day, time(11, 45), AMSTERDAM)
        assert parse_when(write_span(start, end, language, AMSTERDAM), day) == When(day, time(9), time(11, 45))


def test_nine_stays_nine_over_a_clock_change() -> None:
    assert instant(date(2026, 10, 24), time(9), AMSTERDAM) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert instant(date(2026, 10, 26), time(9), AMSTERDAM) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_a_minute_that_the_clock_skips_is_refused() -> None:
    for at in (time(2), time(2, 30), time(2, 59)):
        assert "slaat de klok" in refused(instant, date(2027, 3, 28), at, AMSTERDAM)
        assert "slaat de klok" in refused(instant, date(2027, 3, 28), at, AMSTERDAM, 1)
    assert instant(date(2027, 3, 28), time(3), AMSTERDAM) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_minute_that_comes_twice_is_asked() -> None:
    day = date(2026, 10, 25)
    assert "twee keer" in refused(instant, day, time(2, 30), AMSTERDAM)
    assert "twee keer" in refused(parse_moment, "25-10-2026 02.30", TODAY, AMSTERDAM)
    assert instant(day, time(2, 30), AMSTERDAM, 0) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(day, time(2, 30), AMSTERDAM, 1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert parse_moment("25-10 02.30 wintertijd", TODAY, AMSTERDAM) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_moment_needs_a_time_and_no_end() -> None:
    assert "geen tijd" in refused(parse_moment, "14 oktober", TODAY, AMSTERDAM)
    assert "geen tijd" in refused(parse_moment, "14 oktober 9.00-12.00", TODAY, AMSTERDAM)


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("t/m 14 oktober", "2026-10-14"),
        ("T/M wo 14 okt", "2026-10-14"),
        ("tm 14-10", "2026-10-14"),
        ("tot en met 14 oktober", "2026-10-14"),
        ("uiterlijk 14 oktober", "2026-10-14"),
        ("uiterlijk op vrijdag", "2026-09-11"),
        ("tot 14 oktober", "2026-10-13"),
        ("vóór 14 oktober", "2026-10-13"),
        ("voor vrijdag", "2026-09-10"),
        ("tot morgen", "2026-09-09"),
        ("through 14 October", "2026-10-14"),
        ("no later than Friday", "2026-09-11"),
        ("before 14 October", "2026-10-13"),
    ],
)
def test_a_limit_is_read_as_its_last_day(typed: str, last: str) -> None:
    assert parse_until(typed, TODAY) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("14 oktober", "t/m welke dag, of vóór welke dag"),
        ("until 14 October", "t/m welke dag, of vóór welke dag"),
        ("t/m", "geen dag"),
        ("tot vandaag", "vóór vandaag"),
        ("t/m gisteren", "is voorbij"),
        ("tot eind november", "Welke dag in november"),
        ("t/m 14 oktober 12.00", "alleen een dag"),
    ],
)
def test_a_limit_that_is_not_certain_is_asked_back(typed: str, said: str) -> None:
    assert said in refused(parse_until, typed, TODAY)


MORNING = When(date(2026, 10, 12), time(9), time(12, 30))
AFTERNOON = When(date(2026, 11, 2), time(13), time(17))


@pytest.mark.parametrize(
    "typed",
    [
        "12-10 ochtend, 2-11 middag",
        "12 oktober ochtend en 2 november middag",
        "2-11 middag, 12-10 ochtend",
        "maandag 12 oktober 2026, ochtend en maandag 2 november 2026, middag",
        "12-10 ochtend + 2-11 13.00-17.00",
        "12 October morning and 2 November afternoon",
    ],
)
def test_two_half_days_are_read_in_order_of_time(typed: str) -> None:
    assert parse_halves(typed, TODAY) == (MORNING, AFTERNOON)


def test_two_half_days_may_be_one_day() -> None:
    both = (MORNING, When(date(2026, 10, 12), time(13), time(17)))
    assert parse_halves("12-10 ochtend en middag", TODAY) == both


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12-10 ochtend", "twee dagdelen"),
        ("12-10, 2-11", "Is 2 - 11 een tijd?"),
        ("12-10 hele dag, 2-11 middag", "twee dagdelen"),
        ("12-10 9.00, 2-11 middag", "twee dagdelen"),
        ("12-10 ochtend, 12-10 ochtend", "vallen samen"),
        ("12-10 ochtend, 2-11 middag, 3-11 middag", "twee dagdelen"),
        ("12-10 ochtend, 2-11 avond", "in de avond"),
    ],
)
def test_two_half_days_that_are_not_certain_are_asked_back(typed: str, said: str) -> None:
    assert said in refused(parse_halves, typed, TODAY)


def test_an_edition_has_its_own_half_days() -> None:
    early = HalfDays(morning=(time(8), time(11)), afternoon=(time(12), time(15)))
    assert parse_when("14 oktober hele dag", TODAY, early) == When(date(2026, 10, 14), time(8), time(15))


TYPED = """
    14 31 0 99 2026 0000 9999 26 9.30 25.00 9: . , - / ' ( ) : over voor half
    kwart tot t m en van de in op oktober okt feb dinsdag wo morgen vandaag volgende week deze eind uur u
    h ochtend middag avond hele dag twee een tien nine past to from between o clock am pm zomertijd wintertijd uiterlijk next
    the of th e dagen weken maand 12-10 2-11 ç 😀 \u202e
"""
WORDS = st.sampled_from(TYPED.split())


def refusal_of(parse: Callable[[str, date], object], typed: str) -> Refusal | None:
    try:
        parse(typed, TODAY)
    except Refusal as refusal:
        return refusal
    return None


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=210))
def test_whatever_is_typed_is_read_or_refused_in_both_languages(typed: str) -> None:
    for parse in (parse_day, parse_when, parse_until, parse_halves):
        said = refusal_of(parse, typed)
        if said is not None:
            assert answer(said, "nl") != answer(said, "en")


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_no_day_that_is_read_lies_in_the_past(typed: str) -> None:
    for parse in (parse_day, parse_until):
        try:
            assert parse(typed, TODAY) >= TODAY
        except Refusal:
            continue
