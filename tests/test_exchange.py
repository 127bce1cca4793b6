"""The rules of taking part, of preferences and of visiting days, as tables."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.clock import free_days
from bot.transcript import enrolled, read_scene
from programme import nudges, participation, preferences, visits
from programme.edition import Window
from programme.exchange import Exchange, Phase
from programme.model import Model
from programme.people import Person
from programme.records import Half, Participant, Place, Round, Visit
from programme.text import Refusal
from tests.stage import edition, local

ID = edition().id
SIX = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), ella (afm, rijk), fred (UWV, rijk)"
DURING_SIGNUP, DURING_PREFERENCES = "2026-05-18 10:00", "2026-08-18 10:00"
AFTER_PREFERENCES, DURING_VISITS = "2026-09-07 10:00", "2026-10-06 10:00"
FULL = {
    "organisation": "Gemeente Zeist",
    "sector": "gemeente",
    "region": "Zeist",
    "places": "1",
    "offer": "Een dag",
    "wishes": "",
    "meetings": "bij allebei",
    "invoice": "x@example.nl",
}


def at(moment: str, *changed: Model, people: str = SIX) -> Exchange:
    """The exchange at this moment, with these six in it and these records instead of what was."""
    now = local(moment)
    records = {_key(it): it for it in [Round(id=ID), *enrolled(read_scene(people).signed_up, edition(), now), *changed]}
    some = list(records.values())
    (round_,) = [it for it in some if isinstance(it, Round)]
    return Exchange(
        edition=edition(),
        round=round_,
        participants={it.person: it for it in some if isinstance(it, Participant)},
        places={it.number: it for it in some if isinstance(it, Place)},
        visits={it.guest: it for it in some if isinstance(it, Visit)},
        now=now,
    )


def _key(record: Model) -> tuple[str, str]:
    return type(record).__name__, getattr(record, "id", "")


def visit(guest: str = "anna", host: str = "bram", *, agreed: Sequence[Half] = ()) -> Visit:
    return Visit(id=f"{ID}/{guest}", edition=ID, guest=guest, host=host, number=2, level=0, agreed=tuple(agreed))


def half(day: str) -> Half:
    return Half(day=date.fromisoformat(day), start=time(9), end=time(17))


PUBLISHED = Round(id=ID, published=local("2026-09-11 10:00"))

# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

PHASES = [
    ("2026-05-10 23:59:59", Phase.BEFORE),
    ("2026-05-11 00:00:00", Phase.SIGNUP),
    ("2026-07-10 23:59:59", Phase.SIGNUP),
    ("2026-07-11 00:00:00", Phase.SIGNUP),
    ("2026-08-16 23:59:59", Phase.SIGNUP),
    ("2026-08-17 00:00:00", Phase.PREFERENCES),
    ("2026-09-04 23:59:59", Phase.PREFERENCES),
    ("2026-09-05 00:00:00", Phase.MATCHING),
    ("2027-01-05 00:00:00", Phase.MATCHING),
]


@pytest.mark.parametrize(("moment", "phase"), PHASES)
def test_a_phase_begins_and_ends_at_midnight_on_the_local_clock(moment: str, phase: Phase) -> None:
    assert at(moment).phase is phase


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2026-09-12 09:00:00", Phase.VISITS),
        ("2026-11-27 23:59:59", Phase.VISITS),
        ("2026-11-28 00:00:00", Phase.CLOSED),
    ],
)
def test_after_publication_the_visits_go_on_through_their_last_day(moment: str, phase: Phase) -> None:
    assert at(moment, PUBLISHED).phase is phase


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        ("2026-05-11 00:00:00", "now"),
        ("2026-07-10 23:59:59", "now"),
        ("2026-07-11 00:00:00", "late"),
        ("2026-10-01 12:00:00", "late"),
    ],
)
def test_through_the_tenth_of_july_means_until_its_last_second(moment: str, when: str) -> None:
    assert participation.may_sign_up(at(moment), "zoe") == when


def test_nobody_signs_up_before_sign_up_opens() -> None:
    with pytest.raises(Refusal):
        participation.may_sign_up(at("2026-05-10 23:59:59"), "zoe")


@pytest.mark.parametrize("state", ["form", "in", "offered", "waiting"])
def test_who_has_a_part_does_not_sign_up_again(state: str) -> None:
    part = at(DURING_SIGNUP).participants["anna"].model_copy(update={"state": state})
    with pytest.raises(Refusal):
        participation.may_sign_up(at(DURING_SIGNUP, part), "anna")


def test_who_left_can_sign_up_again() -> None:
    part = at(DURING_SIGNUP).participants["anna"].model_copy(update={"state": "withdrawn"})
    assert participation.may_sign_up(at(DURING_SIGNUP, part), "anna") == "now"


# ── the form, places and their numbers ───────────────────────────────────────────────────────────────────────────────────────

ANSWERS = [
    ("sector", "gemeente", "gemeente"),
    ("sector", " Health  Care ", "zorg"),
    ("sector", "8", "anders"),
    ("places", "0", "0"),
    ("places", "één", "1"),
    ("places", "None", "0"),
    ("places", "04", "4"),
    ("organisation", "  Gemeente Zeist ", "Gemeente Zeist"),
    ("wishes", "", ""),
]
OTHER_KINDS: list[dict[str, str]] = [{"key": "guests", "kind": "number"}, {"key": "lunch", "kind": "yes_no"}]
NO_ANSWERS = [
    ("sector", "0"),
    ("sector", "9"),
    ("sector", "gemeenten"),
    ("sector", ""),
    ("places", "5"),
    ("places", "-1"),
    ("places", "1,5"),
    ("places", "²"),
    ("places", "٣"),
    ("places", "1000000"),
    ("organisation", "   "),
    ("invoice", ""),
]


@pytest.mark.parametrize(("key", "typed", "is_kept"), ANSWERS)
def test_an_answer_is_kept_in_one_form(key: str, typed: str, is_kept: str) -> None:
    exchange = at(DURING_SIGNUP)
    assert participation.answered(exchange, exchange.participants["anna"], key, typed).answers[key] == is_kept


@pytest.mark.parametrize("key", ["invoice", "region", "meetings", "guests", "lunch"])
def test_whatever_is_asked_can_be_left_out_where_the_edition_says_so(key: str) -> None:
    exchange = at(DURING_SIGNUP)
    number, yes_no = (q.model_copy(update=changes) for q in exchange.edition.form[:1] for changes in OTHER_KINDS)
    form = [it.model_copy(update={"optional": True}) for it in (*exchange.edition.form, number, yes_no)]
    exchange = replace(exchange, edition=exchange.edition.model_copy(update={"form": tuple(form)}))
    assert participation.answered(exchange, exchange.participants["anna"], key, " ").answers[key] == ""


@pytest.mark.parametrize(("key", "typed"), NO_ANSWERS)
def test_what_does_not_fit_the_question_is_refused(key: str, typed: str) -> None:
    exchange = at(DURING_SIGNUP)
    with pytest.raises(Refusal):
        participation.answered(exchange, exchange.participants["anna"], key, typed)


def test_a_long_number_is_no_choice() -> None:
    exchange = at(DURING_SIGNUP)
    with pytest.raises(Refusal):
        participation.answered(exchange, exchange.participants["anna"], "sector", "00012")


def test_what_is_known_of_somebody_is_not_asked() -> None:
    exchange = at(DURING_SIGNUP)
    part = participation.begun(exchange, Person(id="zoe", organisation="Gemeente Zeist"))
    assert part.answers == {"organisation": "Gemeente Zeist"}
    assert participation.next_question(exchange, part) == "sector"


def completed(exchange: Exchange, person: str, **answers: str) -> tuple[Participant, Place | None, Round]:
    part = participation.begun(exchange, Person(id=person)).model_copy(update={"answers": FULL | answers})
    return participation.completed(exchange, part)


def test_a_number_of_a_place_is_given_once_and_never_to_another() -> None:
    exchange = at(DURING_SIGNUP, Round(id=ID, next_number=7))
    left = participation.withdrawn(exchange, exchange.participants["fred"])
    _part, place, round_ = completed(at(DURING_SIGNUP, Round(id=ID, next_number=7), *left), "zoe")
    assert place is not None
    assert place.number == 7
    assert round_.next_number == 8


def test_who_comes_back_gets_the_own_number_back() -> None:
    exchange = at(DURING_SIGNUP, Round(id=ID, next_number=7))
    left = participation.withdrawn(exchange, exchange.participants["bram"])
    _part, place, round_ = completed(at(DURING_SIGNUP, Round(id=ID, next_number=7), *left), "bram")
    assert place is not None
    assert (place.number, place.open, round_.next_number) == (2, True, 7)


def test_who_receives_nobody_has_no_place() -> None:
    part, place, round_ = completed(at(DURING_SIGNUP), "zoe", places="0")
    assert part.takes_part
    assert place is None
    assert round_ == at(DURING_SIGNUP).round


def test_who_leaves_takes_place_preferences_and_lock_along() -> None:
    exchange = at(DURING_PREFERENCES)
    ranked = preferences.ranked(exchange, exchange.participants["anna"], (2, 3))
    gone = {type(it): it for it in participation.withdrawn(at(DURING_PREFERENCES, ranked), ranked)}
    assert gone[Participant].model_dump(include={"state", "preferences", "avoids", "padded"}) == {
        "state": "withdrawn",
        "preferences": (),
        "avoids": (),
        "padded": 0,
    }
    assert gone[Place].model_dump(include={"number", "open"}) == {"number": 1, "open": False}


@pytest.mark.parametrize(
    ("moment", "admitted", "may"),
    [("2026-07-10 23:59:59", False, True), ("2026-07-11 00:00", False, False), ("2026-07-11 00:00", True, True)],
)
def test_a_complete_form_counts_in_time_or_when_let_in(moment: str, *, admitted: bool, may: bool) -> None:
    exchange = at(moment)
    part = participation.begun(exchange, Person(id="zoe")).model_copy(update={"admitted": admitted})
    assert participation.may_complete(exchange, part) is may


@pytest.mark.parametrize(
    ("offered", "until"),
    [
        ("2026-07-13 10:00", "2026-07-15 10:00"),
        ("2026-07-17 16:00", "2026-07-21 16:00"),
        ("2026-07-18 21:00", "2026-07-22 08:00"),
        ("2026-12-24 09:00", "2026-12-29 09:00"),
    ],
    ids=["in the week", "over the weekend", "on a Saturday evening", "over Christmas"],
)
def test_room_is_kept_for_two_working_days_and_never_until_the_night(offered: str, until: str) -> None:
    assert nudges.room_until(edition(), local(offered), free_days(2026)) == local(until)


def test_room_is_kept_until_its_very_moment_and_then_is_over() -> None:
    until = local("2026-07-15 10:00")
    asked = participation.offered(at("2026-07-13 10:00"), participation.waiting(at("2026-07-11 10:00"), "gea"), until)
    assert participation.unanswered(at("2026-07-15 09:59", asked)) == []
    assert participation.unanswered(at("2026-07-15 10:00", asked)) == [asked]
    gone = participation.passed_over(at("2026-07-15 10:00"), asked)
    assert participation.unanswered(at("2026-07-15 10:00", gone)) == []
    assert participation.may_sign_up(at("2026-07-15 10:00", gone), "gea") == "late"


def test_the_waiting_list_is_in_order_of_arrival() -> None:
    parts = [
        Participant(id=f"{ID}/{who}", edition=ID, person=who, state="waiting", since=local(since))
        for who, since in (("zoe", "2026-07-12 10:00"), ("yara", "2026-07-13 10:00"), ("xandra", "2026-07-11 10:00"))
    ]
    assert [part.person for part in at("2026-07-14 10:00", *parts).waiting()] == ["xandra", "zoe", "yara"]


@pytest.mark.parametrize(
    ("moment", "fixed"), [(DURING_SIGNUP, False), (DURING_PREFERENCES, True), (AFTER_PREFERENCES, True)]
)
def test_the_number_of_places_is_fixed_once_others_choose(moment: str, *, fixed: bool) -> None:
    if fixed:
        with pytest.raises(Refusal):
            participation.must_still_offer(at(moment))
    else:
        participation.must_still_offer(at(moment))


# ── preferences ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

RANKINGS = [(2,), (2, 3), (6, 4, 3, 2)]
NO_RANKINGS = [
    (),
    (1,),
    (2, 1),
    (5,),
    (2, 2),
    (7,),
    (0,),
    (2, 3, 4, 6, 2, 3),
]


@pytest.mark.parametrize("numbers", RANKINGS)
def test_a_ranking_is_kept_as_it_was_typed(numbers: tuple[int, ...]) -> None:
    exchange = at(DURING_PREFERENCES)
    assert preferences.ranked(exchange, exchange.participants["anna"], numbers).preferences == numbers


@pytest.mark.parametrize("numbers", NO_RANKINGS)
def test_own_place_own_organisation_doubles_and_unknown_places_are_refused(numbers: tuple[int, ...]) -> None:
    exchange = at(DURING_PREFERENCES)
    with pytest.raises(Refusal):
        preferences.ranked(exchange, exchange.participants["anna"], numbers)


@pytest.mark.parametrize("moment", ["2026-08-16 23:59:59", "2026-09-05 00:00:00", DURING_SIGNUP, DURING_VISITS])
def test_preferences_are_taken_in_their_window_only(moment: str) -> None:
    exchange = at(moment)
    part = exchange.participants["anna"]
    for rule in (preferences.ranked, preferences.avoided):
        with pytest.raises(Refusal):
            rule(exchange, part, (2,))


@pytest.mark.parametrize("moment", ["2026-08-17 00:00:00", "2026-09-04 23:59:59"])
def test_the_window_holds_its_first_and_last_second(moment: str) -> None:
    exchange = at(moment)
    assert preferences.ranked(exchange, exchange.participants["anna"], (2,)).preferences == (2,)


def test_a_place_that_closed_cannot_be_ranked() -> None:
    exchange = at(DURING_PREFERENCES)
    closed = exchange.places[2].model_copy(update={"open": False})
    with pytest.raises(Refusal):
        preferences.ranked(at(DURING_PREFERENCES, closed), exchange.participants["anna"], (2, 3))


PADDINGS = [((2,), (3, 4, 6)), ((6,), (2, 3, 4)), ((4, 3), (2, 6)), ((2, 3, 4, 6), ())]


@pytest.mark.parametrize(("numbers", "filling"), PADDINGS)
def test_a_short_list_is_filled_from_other_sectors_first(numbers: tuple[int, ...], filling: tuple[int, ...]) -> None:
    exchange = at(DURING_PREFERENCES)
    assert preferences.padding(exchange, exchange.participants["anna"], numbers) == filling


def test_a_list_is_filled_to_the_length_of_the_edition_and_no_further() -> None:
    more = ", ".join(f"p{n} (organisatie {n}, zorg)" for n in range(7))
    exchange = at(DURING_PREFERENCES, people=f"{SIX}, {more}")
    part = exchange.participants["anna"]
    assert preferences.length(exchange, part) == edition().preferences.length
    assert len(preferences.padding(exchange, part, (2,))) == edition().preferences.length - 1


def test_what_somebody_would_rather_not_visit_fills_no_list() -> None:
    exchange = at(DURING_PREFERENCES)
    part = preferences.avoided(exchange, exchange.participants["anna"], (3, 4))
    assert preferences.padding(exchange, part, (2,)) == (6,)
    with pytest.raises(Refusal):
        preferences.ranked(exchange, part, (3,))


@pytest.mark.parametrize(("numbers", "avoids"), [((), ()), ((2,), (2,)), ((2, 3), (2, 3)), ((3, 3), (3,))])
def test_two_places_at_most_are_avoided_and_leave_the_ranking(
    numbers: tuple[int, ...], avoids: tuple[int, ...]
) -> None:
    exchange = at(DURING_PREFERENCES)
    part = exchange.participants["anna"].model_copy(update={"preferences": (2, 3, 4), "padded": 3})
    after = preferences.avoided(exchange, part, numbers)
    assert after.avoids == avoids
    assert after.preferences == tuple(n for n in (2, 3, 4) if n not in avoids)
    assert after.padded == len(after.preferences)


@pytest.mark.parametrize("numbers", [(2, 3, 4), (1,), (9,)])
def test_a_third_place_the_own_and_an_unknown_one_cannot_be_avoided(numbers: tuple[int, ...]) -> None:
    exchange = at(DURING_PREFERENCES)
    with pytest.raises(Refusal):
        preferences.avoided(exchange, exchange.participants["anna"], numbers)


# ── visiting days ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("day", ["2026-10-06", "2026-10-07", "2026-11-27"])
def test_a_working_day_in_the_period_can_be_proposed(day: str) -> None:
    exchange = at(DURING_VISITS, PUBLISHED, visit())
    proposed = visits.suggested(exchange, visit(), "anna", [half(day)])
    assert proposed.suggestion is not None
    assert proposed.suggestion.by == "anna"
    assert not proposed.agreed


@given(
    st.dates(date(2026, 9, 11), date(2026, 11, 27)), st.dates(date(2026, 9, 28), date(2026, 11, 20)), st.integers(1, 40)
)
def test_the_day_of_an_example_can_be_proposed(today: date, first: date, length: int) -> None:
    """Whatever the period, as long as a working day of it is left."""
    window = Window(opens=first, closes=first + timedelta(days=length))
    left = [max(today, first) + timedelta(days=n) for n in range((window.closes - max(today, first)).days + 1)]
    assume(any(day.isoweekday() <= 5 for day in left))
    it = at(f"{today} 07:00", PUBLISHED, visit())
    it = replace(it, edition=it.edition.with_window("visits", window))
    day = datetime.strptime(it.example_day(), "%d-%m-%Y").replace(tzinfo=it.edition.zone).date()
    assert visits.suggested(it, visit(), "anna", [half(day.isoformat())]).suggestion


@pytest.mark.parametrize("day", ["2026-10-05", "2026-10-04", "2026-10-10", "2026-10-11", "2026-11-30", "2025-10-14"])
def test_the_past_the_weekend_and_outside_the_period_are_refused(day: str) -> None:
    exchange = at(DURING_VISITS, PUBLISHED, visit())
    with pytest.raises(Refusal):
        visits.suggested(exchange, visit(), "anna", [half(day)])


@pytest.mark.parametrize(("guest", "host"), [("carla", "anna"), ("bram", "carla"), ("dirk", "bram")])
def test_nobody_has_two_visits_on_one_day(guest: str, host: str) -> None:
    other = visit(guest, host, agreed=[half("2026-10-14")])
    exchange = at(DURING_VISITS, PUBLISHED, visit(), other)
    with pytest.raises(Refusal):
        visits.suggested(exchange, visit(), "anna", [half("2026-10-13"), half("2026-10-14")])


def test_a_day_of_others_is_free() -> None:
    other = visit("carla", "dirk", agreed=[half("2026-10-14")])
    exchange = at(DURING_VISITS, PUBLISHED, visit(), other)
    assert visits.suggested(exchange, visit(), "anna", [half("2026-10-14")]).suggestion


def test_only_the_other_answers_a_proposal() -> None:
    exchange = at(DURING_VISITS, PUBLISHED, visit())
    proposed = visits.suggested(exchange, visit(), "anna", [half("2026-10-14")])
    for by in ("accepted", "declined"):
        with pytest.raises(Refusal):
            visits.accepted(exchange, proposed, "anna") if by == "accepted" else visits.declined(proposed, "anna")
    assert visits.accepted(exchange, proposed, "bram").agreed == (half("2026-10-14"),)
    assert visits.declined(proposed, "bram").suggestion is None


def test_a_proposal_is_answered_once() -> None:
    exchange = at(DURING_VISITS, PUBLISHED, visit())
    agreed = visits.accepted(exchange, visits.suggested(exchange, visit(), "anna", [half("2026-10-14")]), "bram")
    assert agreed.version == 1
    with pytest.raises(Refusal):
        visits.accepted(exchange, agreed, "bram")


def test_a_declined_day_leaves_the_agreed_one() -> None:
    exchange = at(DURING_VISITS, PUBLISHED, visit())
    agreed = visits.accepted(exchange, visits.suggested(exchange, visit(), "anna", [half("2026-10-14")]), "bram")
    again = visits.suggested(exchange, agreed, "bram", [half("2026-10-21")])
    assert visits.declined(again, "anna").agreed == (half("2026-10-14"),)
    assert visits.accepted(exchange, again, "anna").version == 2


def test_a_day_that_passed_while_it_was_proposed_cannot_be_accepted() -> None:
    proposed = visits.suggested(at(DURING_VISITS, PUBLISHED, visit()), visit(), "anna", [half("2026-10-07")])
    with pytest.raises(Refusal):
        visits.accepted(at("2026-10-08 00:00", PUBLISHED, proposed), proposed, "bram")


@pytest.mark.parametrize("moment", [AFTER_PREFERENCES, DURING_VISITS])
def test_no_day_is_proposed_before_the_matches_are_known(moment: str) -> None:
    with pytest.raises(Refusal):
        visits.suggested(at(moment, visit()), visit(), "anna", [half("2026-10-14")])


@pytest.mark.parametrize(("today", "told"), [("2026-09-18", "by {day}"), ("2026-09-19", "as soon as they are")])
def test_matches_are_promised_by_their_day_only_as_long_as_that_is_to_come(today: str, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        visits.must_visit(at(f"{today} 10:00"))


def test_no_day_is_proposed_after_the_period() -> None:
    after = local("2026-11-27 23:59") + timedelta(minutes=1)
    with pytest.raises(Refusal):
        visits.must_visit(at(after.strftime("%Y-%m-%d %H:%M"), PUBLISHED))
