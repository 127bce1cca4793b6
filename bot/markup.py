"""What people wrote, made safe to show; and our own few marks, made into what a platform reads.

Our templates may hold `**bold**`, code between backticks, lines that begin with `- `, and newlines. What people wrote is never
read as markup: it is cleaned and escaped before it goes in, and a filled template is not looked at again.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from unicodedata import category, normalize

LONGEST_NAME = 64

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")
_ROOM_CALL = re.compile(r"@(?=room\b)", re.IGNORECASE)
# Cc control, Cf invisible (bidi controls, zero widths, tags), Cs half a surrogate pair, which no UTF-8 can carry.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def placeholders(template: str) -> frozenset[str]:
    """Names that stand between braces in a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def clean(text: str, *, multiline: bool = False) -> str:
    """What a person wrote without what nobody can see, in NFC; `@room` no longer calls everybody.

    Every kind of line break becomes a space, or with `multiline` a newline. Cleaning twice is cleaning once.
    """
    rows = [_visible(row) for row in text.splitlines()]
    # A newline at the end stands for nothing: a second reading would not see the line after it.
    whole = "\n".join(rows).rstrip("\n") if multiline else " ".join(rows)
    return _ROOM_CALL.sub("@ ", whole)


def name(text: str) -> str:
    """A name of a person, place or room as we keep and show it: one clean line of at most 64 characters."""
    whole = " ".join(clean(text).split())
    return whole if len(whole) <= LONGEST_NAME else whole[: LONGEST_NAME - 1].rstrip() + "…"


def _visible(row: str) -> str:
    spaced = row.replace("\t", " ")
    if spaced.isprintable():  # nearly always, and then none of the unseen is in it
        return normalize("NFC", spaced)
    return normalize("NFC", "".join(sign for sign in spaced if category(sign) not in _UNSEEN))


class Markup:
    """Plain text: our marks stand as they are written, and so does everything else."""

    def template(self, text: str) -> str:
        """Our own text with its marks in this markup. Placeholders like `{name}` survive."""
        return text

    def value(self, text: str, *, multiline: bool = False) -> str:
        """What a person wrote, so that it shows as written."""
        return clean(text, multiline=multiline)

    def code(self, text: str) -> str:
        """Something to type, set apart."""
        return f"`{self.value(text)}`"

    def fill(self, template: str, values: Mapping[str, str]) -> str:
        """Put values, already in this markup, in a template, already in this markup.

        One pass: braces in a value mean nothing. A placeholder without a value stays visible, for a letter that shows it is
        better than a letter that never leaves.
        """
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)

    def join(self, rows: Sequence[str]) -> str:
        """Rows, already in this markup, under each other."""
        return "\n".join(rows)


class _Html(Markup):
    """The part of HTML that Matrix clients show: strong, code, ul, li and br."""

    def template(self, text: str) -> str:
        return self.join([_row(row) for row in escape(text).split("\n")])

    def value(self, text: str, *, multiline: bool = False) -> str:
        return escape(super().value(text, multiline=multiline)).replace("\n", "<br>")

    def code(self, text: str) -> str:
        return f"<code>{self.value(text)}</code>"

    def fill(self, template: str, values: Mapping[str, str]) -> str:
        return _tidy(super().fill(template, values))

    def join(self, rows: Sequence[str]) -> str:
        return _tidy("<br>".join(rows))


def _row(row: str) -> str:
    if row.startswith("- "):
        return f"<ul><li>{_marked(row.removeprefix('- '))}</li></ul>"
    return _marked(row)


def _marked(row: str) -> str:
    return _MARKED.sub(_element, row)


def _element(found: re.Match[str]) -> str:
    return f"<code>{found[1]}</code>" if found[1] else f"<strong>{_marked(found[2])}</strong>"


def _tidy(text: str) -> str:
    """One list for list rows in a row, and no empty line around it: a list breaks the line of itself."""
    return text.replace("</ul><br><ul>", "").replace("</ul><br>", "</ul>").replace("<br><ul>", "<ul>")


PLAIN = Markup()
"""Text as a console, a notification or a transcript shows it."""

HTML = _Html()
"""`org.matrix.custom.html`, and the page of the local chat."""
