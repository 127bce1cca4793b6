"""Pictures say what their text says, whoever is in them; the same facts make the same picture."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console import Stage
from bot.context import State
from bot.local.circles import Traveller, arranged, circles
from bot.local.facts import Reader, pictures
from bot.local.pictures import Mark, Picture, Ring, Row, Step, Timeline, Whereabouts, ring, timeline, whereabouts
from programme.edition import Edition
from programme.records import Visit
from tests.stage import local, matched, playing

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '<script>alert("x")</script>',
    "</title><image href=x onerror=alert(1)>",
    "]]>&lt;&amp;\"'",
    "\u202eanna\u2066\x00\x0b\ufeff",
    "@room # **b** `c`",
    "",
    "x" * 65536,
]


def travellers(*sizes: int) -> tuple[Traveller, ...]:
    """People in closed circles of these sizes."""
    found: list[Traveller] = []
    for size in sizes:
        start = len(found)
        for step in range(size):
            me, host = start + step, start + (step + 1) % size
            found.append(Traveller(f"p{me}", f"Person {me}", f"p{host}", f"Person {me} visits Person {host}."))
    return tuple(found)


def drawn(people: Sequence[Traveller]) -> Picture:
    return ring(Ring("The ring", "Who visits whom.", tuple(people)))


def read(picture: Picture) -> Element:
    return fromstring(picture.svg)  # noqa: S314 - our own picture


def facts(svg: Element) -> list[str]:
    """The tooltips of all that is drawn, each once, in their order."""
    told = [title.text or "" for group in svg.iter(f"{SVG}g") for title in group.findall(f"{SVG}title")]
    return list(dict.fromkeys(told))


def in_time(*marks: Mark) -> Timeline:
    months = ((date(2026, 8, 1), "Aug"),)
    return Timeline("Time", "An edition.", (Row("Row", marks),), months, date(2026, 8, 17), "Now: 17 August.")


@pytest.mark.parametrize("sizes", [(3,), (10,), (11,), (60,), (2, 2), (3,) * 20, (40, 12, 5, 3)])
def test_each_arrow_is_a_sentence_and_each_sentence_an_arrow(sizes: tuple[int, ...]) -> None:
    picture = drawn(people := travellers(*sizes))
    svg = read(picture)
    assert sorted(picture.rows) == sorted(it.says for it in people)
    assert sorted(facts(svg)) == sorted(picture.rows)
    arrows = [path for path in svg.iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len(arrows) == len(people)


@pytest.mark.parametrize("sizes", [(3,), (10,), (11,), (60,), (2, 2), (3,) * 20, (40, 12, 5, 3)])
def test_nobody_stands_on_somebody_else(sizes: tuple[int, ...]) -> None:
    boxes, width, height = arranged(circles(travellers(*sizes)), 520)
    spots = [(spot.x, spot.y) for box in boxes for spot in box.spots]
    near = [(a, b) for i, a in enumerate(spots) for b in spots[:i] if abs(a[0] - b[0]) + abs(a[1] - b[1]) < 14]
    assert near == []
    assert all(0 < x < width and 0 < y < height for x, y in spots)


@given(st.lists(st.one_of(st.none(), st.integers(0, 11)), min_size=1, max_size=12))
def test_everybody_is_drawn_once_whatever_the_visits_are(to: list[int | None]) -> None:
    people = [
        Traveller(
            f"p{n}", f"Person {n}", None if it is None or it in (n, len(to)) or it > len(to) else f"p{it}", f"{n}."
        )
        for n, it in enumerate(to)
    ]
    found = circles(people)
    assert Counter(it.id for circle in found for it in circle) == Counter(it.id for it in people)
    assert sorted(drawn(people).rows) == sorted(it.says for it in people)


def test_people_in_a_closed_circle_stand_in_the_order_of_the_arrows() -> None:
    shuffled = sorted(travellers(5, 3), key=lambda it: it.id, reverse=True)
    for circle in circles(shuffled):
        assert all(guest.to == host.id for guest, host in pairwise([*circle, circle[0]]))


def test_who_comes_in_from_outside_a_circle_stands_before_the_host() -> None:
    people = [*travellers(3), Traveller("x", "X", "p1", "X visits p1."), Traveller("y", "Y", "x", "Y visits x.")]
    assert [it.id for it in circles(people)[0]] == ["p0", "y", "x", "p1", "p2"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_a_picture(name: str) -> None:
    ring_ = drawn([Traveller("a", name, "b", f"{name} visits B."), Traveller("b", "B", None, f"B receives {name}.")])
    time = timeline(in_time(Mark(date(2026, 8, 20), date(2026, 8, 20), f"20 August: {name}")))
    steps = whereabouts(Whereabouts(name, name, (Step(name, 1, f"{name}: 1", (name,)),)))
    for picture in (ring_, time, steps):
        svg = read(picture)
        kinds = {element.tag.removeprefix(SVG) for element in svg.iter()}
        assert kinds <= {"svg", "title", "desc", "g", "path", "circle", "text", "rect", "line"}
        assert all(attribute[:2] != "on" and attribute != "href" for it in svg.iter() for attribute in it.attrib)
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", picture.svg + "".join(picture.rows))
        assert set(facts(svg)) <= set(picture.rows)


def test_a_label_is_cut_and_the_sentence_is_whole() -> None:
    name = "Wilhelmina van der Bovenkamp-de Ruijter"
    picture = drawn([Traveller("a", name, "b", f"{name} visits B."), Traveller("b", "B", "a", "B visits A.")])
    (label, _other) = [text.text for text in read(picture).iter(f"{SVG}text")]
    assert label == "Wilhelmina van d…"
    assert f"{name} visits B." in picture.rows


def test_the_same_facts_make_the_same_picture() -> None:
    assert drawn(travellers(7, 4)) == drawn(travellers(7, 4))


def test_a_screen_reader_gets_one_image_with_a_name_and_a_description() -> None:
    svg = read(drawn(travellers(3)))
    ids = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert svg.get("role") == "img"
    assert ids[svg.get("aria-labelledby")] == "The ring"
    assert ids[svg.get("aria-describedby")] == "Who visits whom."


def test_words_take_the_colour_of_the_page_and_marks_have_one_that_shows_on_light_and_dark() -> None:
    picture = drawn(travellers(3))
    assert {text.get("fill") for text in read(picture).iter(f"{SVG}text")} == {"currentColor"}
    for fallback in re.findall(r"var\(--[a-z-]+, #([0-9a-f]{6})\)", picture.svg):
        assert min(contrast(fallback, ground) for ground in ("ffffff", "16181d")) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio" and "relative luminance"."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_is_to_come_is_open_and_what_has_been_is_filled() -> None:
    day = date(2026, 8, 10)
    svg = read(timeline(in_time(Mark(day, day, "Then.", "past"), Mark(day, day, "Soon.", "coming"))))
    past, coming = svg.iter(f"{SVG}circle")
    assert past.get("fill") != "none"
    assert coming.get("fill") == "none"


def test_a_dot_for_each_person_stands_at_each_step() -> None:
    steps = (Step("Signed up", 30, "Signed up: 30"), Step("Left", 0, "Left: 0"))
    picture = whereabouts(Whereabouts("Where", "Who.", steps))
    assert len(list(read(picture).iter(f"{SVG}circle"))) == 30
    assert picture.rows == ("Signed up: 30", "Left: 0")


# ── from a house that is played ──────────────────────────────────────────────────────────────────────────────────────────────


def looked(stage: Stage, language: str = "nl", *, names: bool = True) -> tuple[Picture, Picture, Picture]:
    (edition,) = stage.house.store[Edition].values()
    reader = Reader(lambda text: stage.house.spell(text, language), language, names=names)
    return pictures(State(stage.house.store), edition, stage.clock.now(), reader)


async def test_pictures_follow_an_edition_from_beginning_to_end(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-17 10:00") as stage:
        before, _time, where = looked(stage)
        assert before.rows == ("Nog niemand heeft een match.",)
        assert before.rows[0] in [text.text for text in read(before).iter(f"{SVG}text")]
        assert where.rows[:2] == ("Niet aangemeld: 1 (Zoe)", "Aangemeld: 4 (Anna, Bram, Carla en Dirk)")
        await matched(stage)
        after, time, where = looked(stage)
        visits = stage.house.store[Visit].values()
        assert {row.split(":")[0].rstrip(".") for row in after.rows} == {
            f"{it.guest.capitalize()} gaat naar {it.host.capitalize()}" for it in visits
        }
        assert "Match, nog geen dag: 4 (Anna, Bram, Carla en Dirk)" in where.rows
        assert time.rows[0] == "Nu: maandag 7 september 2026"


async def test_the_timeline_tells_what_was_sent_and_what_is_to_come(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-17 07:00") as stage:
        coming = [row for row in looked(stage)[1].rows if "nog te versturen" in row]
        assert (
            coming[0] == "maandag 17 augustus 2026, nog te versturen: De plekken van SecretarisWissel 2026 staan klaar."
        )
        await stage.travel(local("2026-08-17 10:00"))
        rows = looked(stage)[1].rows
        assert (
            "maandag 17 augustus 2026, verstuurd aan 4 mensen: De plekken van SecretarisWissel 2026 staan klaar."
            in rows
        )
        assert coming[0] not in rows
        assert [row for row in rows if "nog te versturen" in row] == coming[1:]


async def test_only_who_may_see_names_sees_them(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-17 10:00") as stage:
        named, plain = looked(stage)[2], looked(stage, names=False)[2]
        assert "Anna" in named.svg
        assert not any("Anna" in part for part in (plain.svg, *plain.rows))


async def test_a_proposal_is_only_drawn_for_who_may_see_names(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        await stage.speak("cor", "!match voorstel")
        assert len(looked(stage)[0].rows) == 4
        assert looked(stage)[0].title == "Wie gaat naar wie: het voorstel"
        assert looked(stage, names=False)[0].rows == ("Nog niemand heeft een match.",)


async def test_pictures_speak_the_language_of_the_reader(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-17 10:00") as stage:
        dutch, english = looked(stage), looked(stage, "en")
        assert [it.title for it in dutch] == ["Wie gaat naar wie", "SecretarisWissel 2026 in de tijd", "Wie is waar"]
        assert [it.title for it in english] == ["Who visits whom", "SecretarisWissel 2026 in time", "Who is where"]
