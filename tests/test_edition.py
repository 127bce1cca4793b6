"""An edition is one file: what it says holds together, and a fault in it is told where it stands and how to mend it."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from pydantic import ValidationError

from programme.edition import Edition, parse, shifted
from programme.reminder import WORDS_IN_REMINDERS
from programme.text import Both, Refusal
from tests.stage import edition, local

FILE = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml").read_text(encoding="utf-8")


def test_the_dates_of_the_programme_are_those_of_its_source() -> None:
    it = edition()
    windows = {name: (window.opens, window.closes) for name, window in it.windows.items()}
    assert windows["signup"] == (date(2026, 5, 11), date(2026, 7, 10))
    assert windows["visits"] == (date(2026, 10, 5), date(2026, 11, 27))
    assert [(m.day, m.mandatory) for m in it.meetings] == [(date(2026, 9, 29), False), (date(2026, 12, 3), False)]
    assert it.price is not None
    assert int(it.price.amount) == 395


def test_the_steps_follow_each_other_in_time() -> None:
    windows, publish = edition().windows, edition().publish
    days = [
        *(day for name in ("signup", "preferences") for day in (windows[name].opens, windows[name].closes)),
        publish,
        windows["visits"].opens,
        windows["visits"].closes,
    ]
    assert days == sorted(days)


def texts(value: Any) -> Iterator[Both]:
    """Every text in both languages, wherever it stands."""
    if isinstance(value, Both):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif hasattr(value, "__dict__"):
        yield from texts(vars(value))


def test_every_text_is_there_in_both_languages() -> None:
    found = list(texts(edition()))
    assert len(found) > 30
    assert not [text for text in found if not text.nl.strip() or not text.en.strip()]


@pytest.mark.parametrize("sign", ["!", " u ", " uw "])
def test_the_dutch_is_calm_and_familiar(sign: str) -> None:
    said = [re.sub("`[^`]*`", "", text.nl) for text in texts(edition())]
    assert not [text for text in said if sign in f" {text} "]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(**changes: Any) -> Edition:
    return Edition.model_validate({**tomllib.loads(FILE), **changes})


def reminders(**changes: Any) -> list[dict[str, Any]]:
    first, *more = tomllib.loads(FILE)["reminders"]
    return [{key: value for key, value in {**first, **changes}.items() if value is not None}, *more]


FORM: list[dict[str, Any]] = tomllib.loads(FILE)["form"]


def asking(key: str, **changes: Any) -> list[dict[str, Any]]:
    """The form with one question changed."""
    return [
        {name: value for name, value in {**q, **(changes if q["key"] == key else {})}.items() if value is not None}
        for q in FORM
    ]


WINDOWS: dict[str, Any] = tomllib.loads(FILE)["windows"]
FAULTS = [
    ({"windows": {k: v for k, v in WINDOWS.items() if k != "visits"}}, ("visits", "[windows.visits]")),
    (
        {"windows": WINDOWS | {"signup": {"opens": date(2026, 7, 10), "closes": date(2026, 5, 11)}}},
        ("closes", "2026-05-11"),
    ),
    ({"form": [q for q in FORM if q["key"] != "sector"]}, ("form", "'sector'")),
    ({"form": [*FORM, FORM[0]]}, ("form", "key")),
    ({"reminders": reminders(anchor="signup.ends")}, ("reminders", "signup.ends", "signup.closes")),
    ({"reminders": reminders(anchor=None)}, ("reminders", "anchor", "on")),
    ({"reminders": reminders(text={"nl": "Dag {naam}", "en": "Hello"})}, ("naam", "edition")),
    ({"reminders": reminders(to="iedereen")}, ("reminders", "to")),
    ({"colour": "blue"}, ("colour",)),
    ({"publish": "18 september"}, ("publish",)),
    ({"zone_name": "Europe/Amsterdm"}, ("zone_name", "Europe/Amsterdam")),
    ({"zone_name": "Europe"}, ("zone_name", "Europe/")),
    ({"zone_name": ""}, ("zone_name", "Europe/Amsterdam")),
    ({"fee": "-1"}, ("fee", "0")),
    ({"form": asking("places", kind=None)}, ("form.3.kind", "number")),
    ({"form": asking("places", kind="text")}, ("form.3.kind", "number")),
    ({"form": asking("places", optional=True)}, ("form.3.optional", "false")),
    ({"form": asking("organisation", optional=True)}, ("form.0.optional", "false")),
    ({"form": asking("places", least=3, most=2)}, ("form.3.most", "3")),
    ({"form": asking("sector", choices=[])}, ("form.1.choices", "choices")),
    ({"intervision": {"sessions": 0}}, ("intervision.sessions", "1")),
    ({"reminders": reminders(useful_days=0)}, ("useful_days", "1")),
]


@pytest.mark.parametrize(("changes", "told"), FAULTS)
def test_a_fault_says_what_is_wrong_and_what_would_be_right(changes: dict[str, Any], told: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as fault:
        changed(**changes)
    assert not [word for word in told if word not in str(fault.value)]


def test_a_file_that_is_no_toml_says_on_which_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="line 3"):
        parse('id = "x"\nkind = "exchange"\nname = \n')


def test_the_file_as_it_is_has_no_fault() -> None:
    assert changed() == edition()


def test_every_word_for_reminders_is_used_or_usable() -> None:
    both = {"nl": " ".join(f"{{{word}}}" for word in sorted(WORDS_IN_REMINDERS)), "en": "x"}
    assert changed(reminders=reminders(text=both)).reminders[0].text.nl == both["nl"]


# ── moved by weeks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def days(value: Any) -> Iterator[date]:
    if isinstance(value, datetime):
        return
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from days(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from days(item)


@pytest.mark.parametrize("weeks", [-52, -1, 0, 1, 3, 53])
def test_moved_by_weeks_every_day_keeps_its_weekday(weeks: int) -> None:
    was, now = list(days(edition().model_dump())), list(days(shifted(edition(), weeks).model_dump()))
    assert len(was) == len(now) > 10
    assert [day + timedelta(weeks=weeks) for day in was] == now
    assert [day.isoweekday() for day in was] == [day.isoweekday() for day in now]


def test_moved_there_and_back_it_is_what_it_was() -> None:
    assert shifted(shifted(edition(), 7), -7) == edition()


# ── windows by hand ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_window_closes_after_the_last_second_of_its_last_day() -> None:
    it = edition()
    assert it.is_open("signup", local("2026-07-10 23:59:59"))
    assert not it.is_open("signup", local("2026-07-11 00:00"))


def test_a_window_can_be_opened_and_closed_by_hand() -> None:
    early = edition().opened("preferences", local("2026-08-03 10:00"))
    assert early.is_open("preferences", local("2026-08-03 10:00"))
    closed = early.closed("preferences", local("2026-08-05 10:00"))
    assert not closed.is_open("preferences", local("2026-08-20 10:00"))
    assert closed.is_over("preferences", local("2026-08-20 10:00"))
    assert closed.opened("preferences", local("2026-08-06 10:00")).is_open("preferences", local("2026-08-20 10:00"))


def test_opening_by_hand_never_makes_it_later() -> None:
    opened = edition().opened("preferences", local("2026-08-20 10:00"))
    assert opened.windows["preferences"].begins(opened.zone) == local("2026-08-17 00:00")


def test_a_later_last_day_opens_a_window_again() -> None:
    it = edition().until("signup", date(2026, 7, 17), local("2026-07-11 10:00"))
    assert it.is_open("signup", local("2026-07-17 23:59:59"))
    assert not it.is_open("signup", local("2026-07-18 00:00"))


@pytest.mark.parametrize("last", [date(2026, 7, 10), date(2026, 5, 10), date(2025, 7, 17)])
def test_a_last_day_in_the_past_is_refused(last: date) -> None:
    with pytest.raises(Refusal):
        edition().until("signup", last, local("2026-07-11 10:00"))


def test_a_last_day_before_the_first_one_is_refused_and_the_first_one_is_told() -> None:
    with pytest.raises(Refusal, match="The first day is") as refused:
        edition().until("preferences", date(2026, 8, 14), local("2026-08-03 10:00"))
    assert "2026-08-17" in refused.value.text.model_dump_json()


def test_sign_up_does_not_last_longer_than_the_programme() -> None:
    with pytest.raises(Refusal):
        edition().until("signup", date(2027, 7, 1), local("2026-07-11 10:00"))


def test_what_is_not_open_cannot_be_closed() -> None:
    with pytest.raises(Refusal):
        edition().closed("preferences", local("2026-08-16 10:00"))


def test_what_has_passed_cannot_be_opened() -> None:
    with pytest.raises(Refusal):
        edition().opened("signup", local("2026-07-11 10:00"))


@pytest.mark.parametrize(
    ("moment", "current"), [("2026-01-01 10:00", True), ("2027-01-03 10:00", True), ("2027-01-04 00:00", False)]
)
def test_people_have_business_with_it_until_a_month_after_its_last_day(moment: str, *, current: bool) -> None:
    assert edition().is_current(local(moment)) is current
