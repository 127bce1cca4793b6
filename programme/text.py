"""What is said, before it is in a language.

A `Text` is an English sentence (the id of its translations) with values. It travels as data, through rules, letters and the
store, and becomes a string only at the edge, in the language of the reader. `_` makes one and marks it for the catalogues.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from programme.model import Model


class Call(Model):
    """A command with its arguments: what a button stands for, and what a text tells people to type.

    `command` is the command's id (`prefer`); `arguments` are written words, `GAP` where an answer goes.
    """

    kind: Literal["call"] = "call"
    command: str
    arguments: tuple[str, ...] = ()
    edition: str = ""
    """Id of the edition that it is about, where it could be another."""


GAP = "…"
"""The argument of a `Call` that the whole answer to an open question fills."""


class Day(Model):
    """A calendar day. Read: "dinsdag 29 september 2026" / "Tuesday, 29 September 2026"."""

    kind: Literal["day"] = "day"
    day: date


class Moment(Model):
    """An instant (aware). Read in the zone of the edition: "dinsdag 29 september 2026, 09.00 uur"."""

    kind: Literal["moment"] = "moment"
    at: datetime


class Span(Model):
    """From instant to instant, on one day as a rule: "dinsdag 29 september 2026, 09.00-11.00 uur"."""

    kind: Literal["span"] = "span"
    start: datetime
    end: datetime


class Period(Model):
    """From day through day, both included: "5 oktober t/m 27 november 2026"."""

    kind: Literal["period"] = "period"
    first: date
    last: date


class Money(Model):
    """An amount, without VAT: "€ 395,00 exclusief btw"."""

    kind: Literal["money"] = "money"
    amount: Decimal
    currency: str = "EUR"


class Both(Model):
    """A text that comes from an edition or method file, in both languages, with `{names}` and what goes there."""

    kind: Literal["both"] = "both"
    nl: str
    en: str
    values: dict[str, "Value"] = Field(default_factory=dict)


class Listing(Model):
    """Several things in a row: "Anna, Bo en Cas"."""

    kind: Literal["listing"] = "listing"
    items: tuple["Value", ...]


class Lines(Model):
    """Several texts, one under the other. An empty string is an empty line."""

    kind: Literal["lines"] = "lines"
    items: tuple["Value", ...]


class Text(Model):
    """A sentence: `id` in English with `{names}`, and what goes there.

    With `plural`, `values["n"]` chooses between the two ids. A `str` value is what a person wrote, or a name: it is escaped
    where it is shown and never translated.
    """

    kind: Literal["text"] = "text"
    id: str
    plural: str | None = None
    values: dict[str, "Value"] = Field(default_factory=dict)


Value = (
    int
    | str
    | Annotated[
        Call | Day | Moment | Span | Period | Money | Both | Listing | Lines | Text, Field(discriminator="kind")
    ]
)
Sayable = Text | Lines | Both

for _model in (Both, Listing, Lines, Text):
    _model.model_rebuild()


def _(id: str, /, **values: Value) -> Text:  # noqa: A002 - gettext's own word for it
    """Make a Text and mark its id for translation."""
    return Text(id=id, values=values)


def _n(one: str, many: str, /, *, n: int, **values: Value) -> Text:
    """Make a Text with a singular and a plural; `{n}` may stand in both."""
    return Text(id=one, plural=many, values={"n": n, **values})


def lines(*items: Value) -> Lines:
    """Put texts under each other."""
    return Lines(items=items)


def listing(items: Iterable[Value]) -> Listing:
    """Put things in a row, as a sentence does."""
    return Listing(items=tuple(items))


class Refusal(Exception):  # noqa: N818 - the word of the house: a refusal is an answer, not an error
    """What a rule says when something cannot be. Its text is the answer that the person gets."""

    def __init__(self, text: Sayable) -> None:
        super().__init__(text.model_dump_json())
        self.text = text


class Misread(Refusal):
    """What somebody wrote cannot be used as it is; the text says how to write it. A question stays open for another try."""

    def __init__(self, text: Sayable, *choices: Value) -> None:
        """`choices` are told where they do not stand below it as buttons."""
        super().__init__(lines(text, *choices) if choices else text)
        self.alone = text
        """The text without the choices."""


class Unclear(Misread):
    """What somebody wrote is asked back: the next message takes its place."""

    def __init__(self, text: Sayable, written: str, keep: Callable[[], str] = str) -> None:
        """`written` is what could not be read; `keep` gives how it begins, where that much was clear."""
        super().__init__(text)
        self.text = text
        self._written, self._keep = written, keep

    def gap(self, call: Call, *, keep: bool) -> Call | None:
        """The call with a `GAP` in the place of what was written, behind what stays if that is to be kept; None when it is not there.

        Nothing written: the gap is behind the last argument.
        """
        *others, last = call.arguments or ("",)
        if not self._written:
            return call.model_copy(update={"arguments": (*others, f"{last} {GAP}")})
        before, found, after = last.rpartition(self._written)
        stays = f"{clear} " if keep and (clear := self._keep()) else ""
        return call.model_copy(update={"arguments": (*others, f"{before}{stays}{GAP}{after}")}) if found else None
