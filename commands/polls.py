"""Polls in a room: a question with choices, or days to choose from; everybody sees the votes, and it closes to a decision.

What is secret or ranked is asked in the direct chat, never here.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.calendar import Entry
from bot.dates import parse_day, parse_moment, parse_when
from bot.kit import (
    ANYWHERE,
    Answer,
    Button,
    Call,
    Context,
    File,
    Poll,
    Refusal,
    Rest,
    Role,
    Say,
    Sayable,
    Text,
    Value,
    _,
    _n,
    calendar_file,
    command,
    lines,
    listing,
    when,
)
from programme import ballots, rooms
from programme.ballots import Ballot, Choice
from programme.intervision import planned
from programme.records import Group
from programme.text import Moment

CLOSES = ("sluit", "closes", "close")
QUORUM = ("minstens", "at least")
TEA = "Koffie of thee?; koffie; thee"
FIRST = "Eerste keer; 14-10-2026 9.30-11.00; 15-10-2026 13.00-14.30"
TOGETHER = ("cohort", "desk", "group")
"""The rooms in which a question to everybody makes sense."""


@command(
    nl="peiling, poll",
    en="poll",
    where=ANYWHERE,
    who=Role.MEMBER,
    examples=(TEA, "Koffie of thee?; koffie; thee; minstens 3"),
    help=_("Asks everybody in a room to choose. All see who chooses what."),
)
def poll(ctx: Context, asked: Rest = Rest("")) -> Answer:
    """Open a ballot about words in the room at hand."""
    _must_hold(ctx)
    if not asked:
        raise Refusal(
            _("Type the question and the choices, with a semicolon between them: {how}.", how=_example("poll", TEA))
        )
    question, choices, more = _asked(asked)
    return _open(ctx, question, tuple(Choice(words=words) for words in choices), 1, more)


@command(
    nl="datumprikker, prik",
    en="date poll",
    where=ANYWHERE,
    who=Role.MEMBER,
    examples=(FIRST, "Borrel; 14-10-2026 ochtend; 15-10-2026 middag"),
    help=_("Asks everybody in a room on which days they can."),
)
def date_poll(ctx: Context, asked: Rest = Rest("")) -> Answer:
    """Open a ballot about days in the room at hand: everybody chooses all days that suit."""
    _must_hold(ctx)
    if not asked:
        raise Refusal(
            _(
                "Type what it is for and the days with their hours, with a semicolon between them: {how}.",
                how=_example("date_poll", FIRST),
            )
        )
    question, written, more = _asked(asked)
    choices = tuple(_day(ctx, words) for words in written)
    return _open(ctx, question, choices, max(1, len(choices)), more)


@command(
    nl="peiling sluit",
    en="close poll",
    where=ANYWHERE,
    who=Role.MEMBER,
    examples=("", "3"),
    help=_("Closes a poll and tells what was chosen."),
)
def close_poll(ctx: Context, number: int = 0) -> Answer:
    """Close a ballot of this room by hand."""
    _must_hold(ctx)
    return _closed(ctx, _here(ctx, number or None))


@command(
    nl="stem",
    en="vote",
    where=ANYWHERE,
    who=Role.MEMBER,
    examples=("1", "2 3"),
    asks={"choices": _("Which choice? Type its number.")},
    help=_("Chooses in a poll. Your last choice counts; 0 takes it back."),
)
def vote(ctx: Context, *choices: str) -> Answer:
    """Count a vote: `2`, or `3.2` when more polls are open (choice 2 of poll 3). Who pressed sees what they chose."""
    marked = [_mark(word) for word in choices]
    numbers = {number for number, _choice in marked if number is not None}
    if len(numbers) > 1:
        raise Refusal(_("Vote in one poll at a time."))
    ballot = _here(ctx, next(iter(numbers), None))
    chosen = [choice for _number, choice in marked if choice]
    kept = ballot.voted(ctx.me.id, chosen, ctx.said_at)
    ctx.save(kept)
    return None if ctx.pressed else _receipt(ctx, kept)


@when("poll_closes")
def close_due(ctx: Context) -> Answer:
    """Close the ballots of which the time has come."""
    return [said for ballot in ballots.due(_all(ctx), ctx.now) for said in _closed(ctx, ballot)]


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _asked(written: str) -> tuple[str, list[str], list[str]]:
    """The question, the choices, and what says when it closes and how many must choose."""
    question, *rest = [part.strip() for part in written.split(";")]
    more = [part for part in rest if part.casefold().startswith((*CLOSES, *QUORUM))]
    return question, [part for part in rest if part and part not in more], more


def _example(id_: str, written: str) -> Call:
    return Call(command=id_, arguments=(written,))


def _open(ctx: Context, question: str, choices: tuple[Choice, ...], most: int, more: Sequence[str]) -> Answer:
    number = max((it.number for it in _all(ctx)), default=0) + 1
    ballot = Ballot(
        id=f"{ctx.edition.id}/{number}",
        edition=ctx.edition.id,
        number=number,
        room=ctx.room,
        question=question,
        choices=choices,
        most=most,
        quorum=_quorum(more),
        closes=_closes(ctx, more),
    )
    ctx.save(ballots.opened(ballot, ctx.now))
    return Say(_shown(ballot), wake=True, poll=_poll(ctx, ballot))


def _must_hold(ctx: Context) -> None:
    """A coordinator asks in any room of more people; a group runs itself, so there everybody may."""
    kind = ctx.room.partition("/")[0]
    if kind not in TOGETHER:
        raise Refusal(_("A poll is for a room with more people. Type this in that room."))
    if kind != "group" and not ctx.coordinates(ctx.edition):
        raise Refusal(_("In this room only the coordinator holds polls."))


def _shown(ballot: Ballot) -> Sayable:
    moment = Moment(at=ballot.closes)
    return lines(
        _("Poll {number}: {question}", number=ballot.number, question=ballot.question),
        _n(
            "Choose one. It closes on {moment}. Everybody here sees what you choose.",
            "Choose all that suit you. It closes on {moment}. Everybody here sees what you choose.",
            n=ballot.most,
            moment=moment,
        ),
    )


def _poll(ctx: Context, ballot: Ballot) -> Poll:
    def marking(choice: int) -> Call:
        return Call(command="vote", arguments=(f"{ballot.number}.{choice}",))

    buttons = [
        Button(label=choice.shown(ctx.edition.zone), call=marking(n)) for n, choice in enumerate(ballot.choices, 1)
    ]
    return Poll(_key(ballot), buttons, ballot.most, none=marking(0))


def _key(ballot: Ballot) -> str:
    return str(ballot.number)


def _day(ctx: Context, written: str) -> Choice:
    found = parse_when(written, ctx.today)
    if found.start is None or found.end is None:
        raise Refusal(_("From when to when on {day}? For example 14 October 9.30-11.00.", day=written))
    return Choice(day=found.day, start=found.start, end=found.end)


def _closes(ctx: Context, more: Sequence[str]) -> datetime:
    """When it closes: as said, a day counting through its end; else after a week."""
    written = next((_after(part, CLOSES) for part in more if _after(part, CLOSES)), "")
    if not written:
        return ctx.now + ballots.STANDS_OPEN
    if ":" in written or "." in written:
        return parse_moment(written, ctx.today, ctx.edition.zone)
    day = parse_day(written, ctx.today) + timedelta(days=1)
    return datetime.combine(day, time.min, ctx.edition.zone)


def _quorum(more: Sequence[str]) -> int:
    written = next((_after(part, QUORUM) for part in more if _after(part, QUORUM)), "1")
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:4]) < 1000):  # noqa: PLR2004 - no cohort is larger
        raise Refusal(_("How many people must choose? Write it like this: at least 4."))
    return int(written)


def _after(part: str, words: Sequence[str]) -> str:
    """What follows one of these words at the beginning; empty when none of them is there."""
    word = next((it for it in words if part.casefold().startswith(it)), None)
    return part[len(word) :].strip() if word else ""


# ── voting and closing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _all(ctx: Context) -> list[Ballot]:
    return ctx.state.all(Ballot, edition=ctx.edition.id)


def _here(ctx: Context, number: int | None) -> Ballot:
    """The ballot of this room that is meant: with this number, or the only one that is open."""
    if number is not None:
        found = [it for it in _all(ctx) if it.number == number and it.room == ctx.room]
    else:
        found = ballots.open_in(_all(ctx), ctx.room, ctx.said_at)
    if len(found) > 1:
        example = Call(command="vote", arguments=(f"{found[-1].number}.1",))
        raise Refusal(_("More than one poll is open here. Type its number before the choice: {how}.", how=example))
    if not found:
        raise Refusal(_("There is no such poll here. Vote in the room where the poll stands."))
    return found[0]


def _mark(word: str) -> tuple[int | None, int]:
    """A written choice: `2`, or `3.2` for choice 2 of poll 3."""
    before, dot, after = word.rpartition(".")
    parts = [part for part in (before, after) if part] if dot else [after]
    if len(parts) != len(word.split(".")) or not all(_is_number(part) for part in parts):
        raise Refusal(_("{word} is not a choice. Type its number, for example 1.", word=word))
    return (int(before) if dot else None), int(after)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= 6  # noqa: PLR2004 - no number of ours is longer


def _receipt(ctx: Context, ballot: Ballot) -> Sayable:
    chosen: list[Value] = [ballot.choices[n - 1].shown(ctx.edition.zone) for n in ballot.votes.get(ctx.me.id, ())]
    if not chosen:
        return _("Your choice in poll {number} is taken back.", number=ballot.number)
    return _("Counted in poll {number}: {choices}.", number=ballot.number, choices=listing(chosen))


def _closed(ctx: Context, ballot: Ballot) -> list[Say]:
    shut = ballot.shut(ctx.now)
    ctx.save(shut)
    _plan(ctx, shut)
    return [Say(_result(ctx, shut), to=shut.room, wake=True, file=_calendar(ctx, shut), ends=_key(shut))]


def _plan(ctx: Context, ballot: Ballot) -> None:
    """A day that a group decided on is that of its next session."""
    choice = ballot.choices[ballot.decided - 1] if ballot.decided else None
    group = ctx.state.get(Group, ballot.room.removeprefix("group/"))
    hours = choice.hours(ctx.edition.zone) if choice else None
    if group and hours and hours[0] > ctx.now:
        ctx.save(planned.planned(group, hours[0].date(), hours[0].time(), hours[1].time(), ctx.now, ctx.edition.zone))


def _result(ctx: Context, ballot: Ballot) -> Sayable:
    rows: list[Value] = [
        _n(
            "{choice}: {n} vote",
            "{choice}: {n} votes",
            n=count,
            choice=choice.shown(ctx.edition.zone),
        )
        for choice, count in zip(ballot.choices, ballot.counts, strict=True)
    ]
    title = _("Poll {number} is closed: {question}", number=ballot.number, question=ballot.question)
    return lines(title, *rows, _decision(ctx, ballot))


def _decision(ctx: Context, ballot: Ballot) -> Text:
    if ballot.decided is not None:
        return _("Decided: {choice}.", choice=ballot.choices[ballot.decided - 1].shown(ctx.edition.zone))
    if ballot.voters < ballot.quorum:
        return _n(
            "Too few people chose ({n} of {quorum}). Nothing is decided.",
            "Too few people chose ({n} of {quorum}). Nothing is decided.",
            n=ballot.voters,
            quorum=ballot.quorum,
        )
    return _("There is no single winner. Talk it over, or hold another poll.")


def _calendar(ctx: Context, ballot: Ballot) -> File | None:
    """The calendar file of a day that was decided."""
    hours = ballot.choices[ballot.decided - 1].hours(ctx.edition.zone) if ballot.decided else None
    if hours is None:
        return None
    entry = Entry(f"poll/{ballot.id}", f"{ctx.edition.name}: {ballot.question}", *hours)
    return calendar_file(f"{rooms.edition_of(ballot.room)}-{ballot.number}", [entry], ctx.now)
