"""What people wrote is shown as they wrote it, and never as anything else."""

from html.parser import HTMLParser
from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import HTML, LONGEST_NAME, PLAIN, Markup, clean, name, placeholders

BOTH = [PLAIN, HTML]


def filled(markup: Markup, template: str, **values: str) -> str:
    return markup.fill(markup.template(template), {key: markup.value(value) for key, value in values.items()})


class Reader(HTMLParser):
    """Reads HTML as a client does: the text that shows, and the elements around it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.elements.append(tag)
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_marks_of_ours_become_elements() -> None:
    assert HTML.template("**Let op** typ `help`") == "<strong>Let op</strong> typ <code>help</code>"
    assert HTML.template("**typ `help`**") == "<strong>typ <code>help</code></strong>"
    assert HTML.template("`**a**`") == "<code>**a**</code>"


def test_marks_without_an_end_stand_as_they_are() -> None:
    assert HTML.template("2 ** 3 ` 4") == "2 ** 3 ` 4"


def test_a_template_is_escaped() -> None:
    assert HTML.template('a < b & "c"') == "a &lt; b &amp; &quot;c&quot;"


def test_rows_with_a_dash_become_one_list_without_empty_lines_around_it() -> None:
    assert HTML.template("Kies:\n- a\n- **b**\nKlaar") == "Kies:<ul><li>a</li><li><strong>b</strong></li></ul>Klaar"
    assert HTML.join(["Kies:", HTML.template("- a"), HTML.template("- b")]) == "Kies:<ul><li>a</li><li>b</li></ul>"


def test_plain_text_keeps_our_marks() -> None:
    assert PLAIN.template("**Let op**\n- typ `help`") == "**Let op**\n- typ `help`"


@pytest.mark.parametrize("markup", BOTH)
def test_placeholders_survive_in_every_mark(markup: Markup) -> None:
    template = "**{a}** `{b_c}`\n- {d}"
    assert placeholders(markup.template(template)) == {"a", "b_c", "d"}


def test_a_name_is_never_read_as_markup() -> None:
    hostile = "**x**<b>`y` - {a} &lt;"
    assert filled(PLAIN, "Dag {name}.", name=hostile) == f"Dag {hostile}."
    shown = read(filled(HTML, "Dag **{name}**.", name=hostile))
    assert shown.text == f"Dag {hostile}."
    assert shown.elements == ["strong"]


@pytest.mark.parametrize("markup", BOTH)
def test_braces_in_a_value_are_not_filled(markup: Markup) -> None:
    assert filled(markup, "{a} {b}", a="{b}", b="x") == "{b} x"
    assert filled(markup, "{a}", a="{0.__class__} {") == "{0.__class__} {"


def test_a_placeholder_without_a_value_stays_visible() -> None:
    assert filled(PLAIN, "{a} {b}", a="x") == "x {b}"


def test_code_shows_what_to_type() -> None:
    assert PLAIN.code("voorkeur 3 7 1") == "`voorkeur 3 7 1`"
    assert HTML.code("case <b>") == "<code>case &lt;b&gt;</code>"


def test_nobody_calls_the_whole_room_through_the_bot() -> None:
    assert clean("@room") == "@ room"
    assert clean("hoi @ROOM, en @room") == "hoi @ ROOM, en @ room"
    assert clean("@\u200broom @ro\u202eom") == "@ room @ room"
    assert clean("@roomservice:example.nl") == "@roomservice:example.nl"


def test_what_nobody_sees_is_taken_out() -> None:
    assert clean("a\u202eb\u200bc\ufeffd\u2066e\x00f\x1bg\u00adh\ud800i") == "abcdefghi"


def test_letters_are_composed() -> None:
    assert clean("Zoe\u0308") == "Zoë"
    assert clean("e\u200b\u0301") == "é"


def test_lines_of_a_value_become_one_unless_it_is_free_text() -> None:
    assert clean("a\r\nb\u2028c\td") == "a b c d"
    assert clean("a\r\nb\u2028c", multiline=True) == "a\nb\nc"
    assert HTML.value("a\n<b>", multiline=True) == "a<br>&lt;b&gt;"


def test_a_long_name_is_cut() -> None:
    assert name("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    assert name("x" * (LONGEST_NAME + 1)) == "x" * (LONGEST_NAME - 1) + "…"
    assert name("  Anna \n de  Vries ") == "Anna de Vries"


@given(st.text(), st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, multiline: bool) -> None:
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once
    assert is_normalized("NFC", once)
    assert {category(sign) for sign in once} & {"Cc", "Cf", "Cs"} <= ({"Cc"} if multiline else set())


HOSTILE = st.text(alphabet=st.sampled_from("*`-{}<>&\"' \nab/@room;#x")) | st.text()


@given(HOSTILE, HOSTILE)
def test_whatever_people_write_shows_as_written(first: str, second: str) -> None:
    shown = read(filled(HTML, "**{a}** `{b}`", a=first, b=second))
    assert shown.text == f"{clean(first)} {clean(second)}"
    assert shown.elements == ["strong", "code"]
