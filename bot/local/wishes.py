"""What a page may ask, as it comes in: one JSON object, with exactly the fields of its kind."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from programme.model import Model


class Look(Model):
    """Look at a room as somebody, on a page in this language, with the pictures or without."""

    do: Literal["look"]
    person: str = ""
    room: str = ""
    language: Literal["nl", "en"] = "nl"
    pictures: bool = False


class SaySo(Model):
    """Say something as somebody in a room (by key)."""

    do: Literal["say"]
    person: str
    room: str
    text: str


class Press(Model):
    """Press a button (from 0) of a message as somebody."""

    do: Literal["press"]
    person: str
    entry: int
    button: int


class Choose(Model):
    """Choose these (from 1) in the poll of a message; an empty list takes a choice back."""

    do: Literal["vote"]
    person: str
    entry: int
    chosen: tuple[int, ...] = Field(max_length=40)


class Travel(Model):
    """Move the clock to a moment. `others`: everybody lives meanwhile, and does what made-up people do."""

    do: Literal["travel"]
    to: AwareDatetime
    others: bool = False


class Ahead(Model):
    """Move the clock on: an hour, a day, or to the next thing that happens by itself."""

    do: Literal["ahead"]
    by: Literal["hour", "day", "next"]


class Others(Model):
    """Let the made-up people live: the next thing, or on to the next milestone. `all`: also those who are usually played by hand."""

    do: Literal["others"]
    by: Literal["step", "run"]
    all: bool = False


class Line(Model):
    """Something that somebody types in a room (by key)."""

    person: str
    room: str
    text: str


class Enact(Model):
    """Let several people say something, one after the other, with a breath between them."""

    do: Literal["enact"]
    lines: tuple[Line, ...] = Field(max_length=100)


class Join(Model):
    """Let somebody come into the play whom the bot does not know yet."""

    do: Literal["join"]
    name: str = Field(max_length=200)
    organisation: str = Field(default="", max_length=200)


class Anew(Model):
    """Begin the whole play again: everything that was played is gone."""

    do: Literal["anew"]


class Rehearse(Model):
    """Rehearse the whole edition, with a report in this language."""

    do: Literal["rehearse"]
    language: Literal["nl", "en"]


Wish = Annotated[
    Look | SaySo | Press | Choose | Travel | Ahead | Others | Enact | Join | Anew | Rehearse, Field(discriminator="do")
]
WISH: TypeAdapter[Wish] = TypeAdapter(Wish)
