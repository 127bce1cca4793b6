"""For the coordinator: what changed in the file of the programme, and taking that over. Nothing of it counts before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import moving, touched
from bot.kit import (
    DESK,
    Annotated,
    Answer,
    Button,
    Call,
    Choice,
    Confirm,
    Context,
    Refusal,
    Role,
    Say,
    Text,
    Value,
    _,
    _n,
    command,
    lines,
    when,
)
from bot.touched import TITLES, News
from programme import meetings, rooms
from programme.edition import Edition, Meeting, WindowName
from programme.edition_file import Difference, EditionFile, as_read, differences, kept, taken_over

TAKE, KEEP = "take", "keep"
Decision = Annotated[str, Choice({TAKE: ("overnemen", "take"), KEEP: ("houden", "keep")})]
EVERYTHING = frozenset({"alles", "alle", "all", "everything"})
HOW = Call(command="programme_file")


@dataclass(frozen=True, slots=True)
class Change:
    """What people hear of one difference; of a meeting it comes with what changes in their calendar."""

    news: News
    moved: Meeting | None = None
    ended: Meeting | None = None


@when("file_changed")
def file_changed(ctx: Context) -> Answer:
    """Say at the desk, once, that the file says something else than it did."""
    file = _file(ctx)
    found = differences(file, ctx.edition)
    ctx.save(kept(file, ctx.edition, []).model_copy(update={"told": True}))
    if not found:
        return None
    said = _n(
        "The file of {edition} has changed in {n} place. It does not count before you take it over. Look at it with {how}.",
        "The file of {edition} has changed in {n} places. They do not count before you take them over. Look at them with {how}.",
        n=len(found),
        edition=ctx.edition.name,
        how=HOW,
    )
    return Say(said, rooms.desk(ctx.edition.id), wake=True)


@command(
    nl="programma bestand",
    en="programme file",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("", "overnemen alles"),
    help=_("Shows what changed in the file of the programme. You choose what to take over."),
)
def programme_file(ctx: Context, decision: Decision = "", *which: str) -> Answer:
    """Show the differences, take some of them over after a preview, or keep what the programme says."""
    file = _file(ctx)
    found = differences(file, ctx.edition)
    if not found:
        return _("Nothing in the file waits for you. See how it stands with {how}.", how=Call(command="state"))
    if not decision or not which:
        return _shown(ctx, found)
    chosen = _chosen(found, which)
    if decision == KEEP:
        ctx.save(kept(file, ctx.edition, chosen))
        ctx.about = (KEEP, *(it.key for it in chosen))
        return _n(
            "Done. {n} difference stays as it is here.", "Done. {n} differences stay as they are here.", n=len(chosen)
        )
    return _take(ctx, file, chosen)


def _file(ctx: Context) -> EditionFile:
    """What is known of the file; as the edition says when there is nothing known."""
    known = ctx.state.get(EditionFile, ctx.edition.id)
    return known or EditionFile(id=ctx.edition.id, taken=ctx.edition, found=ctx.edition)


def _shown(ctx: Context, found: Sequence[Difference]) -> Say:
    text = lines(
        _n("In the file {n} thing is different:", "In the file {n} things are different:", n=len(found)),
        *(_row(ctx, it) for it in found),
        _("Take over what you want by its numbers, for example with {how}.", how=_call(TAKE, str(found[0].number))),
        _(
            "Do you want to keep what the programme says? Then type for example {how}.",
            how=_call(KEEP, str(found[0].number)),
        ),
    )
    labels = {TAKE: _("Take over everything"), KEEP: _("Keep everything as it is")}
    free = [it for it in found if not it.both]
    return Say(text, buttons=[Button(label=label, call=_call(how, "alles")) for how, label in labels.items() if free])


def _call(*arguments: str) -> Call:
    return Call(command="programme_file", arguments=arguments)


def _row(ctx: Context, it: Difference) -> Text:
    was, now, here = (as_read(value, ctx.edition) for value in (it.was, it.now, it.here))
    what = _called(ctx, it)
    if it.both:
        return _(
            "{number}. {what}: {was} → {now}. At the desk it became {here}. Choose which of the two counts.",
            number=it.number,
            what=what,
            was=was,
            now=now,
            here=here,
        )
    return _("{number}. {what}: {was} → {now}", number=it.number, what=what, was=was, now=now)


def _called(ctx: Context, it: Difference) -> Value:
    """What a difference is about, in the words of a coordinator; by its key where only the file has a name for it."""
    match it.path:
        case ("windows", name, "opens"):
            return _("{what}, first day", what=TITLES[_window(name)])
        case ("windows", name, _):
            return _("{what}, last day", what=TITLES[_window(name)])
        case ("publish",):
            return _("Publication of the matches")
        case ("intervision", "until"):
            return _("Intervision groups, last day")
        case ("meetings" | "network", key, "when") if meeting := _meeting(ctx.edition, key):
            return meeting.name
    return it.key


def _chosen(found: Sequence[Difference], which: Sequence[str]) -> list[Difference]:
    """The differences that are meant. What was changed at the desk too is never meant by "everything"."""
    if len(which) == 1 and which[0].casefold() in EVERYTHING:
        if chosen := [it for it in found if not it.both]:
            return chosen
        raise Refusal(
            _("All that is left was changed at the desk too. Choose by number. See them with {how}.", how=HOW)
        )
    known = {str(it.number): it for it in found}
    for word in which:
        if word not in known:
            raise Refusal(_("There is no difference {number}. See them with {how}.", number=word, how=HOW))
    return [known[word] for word in dict.fromkeys(which)]


def _take(ctx: Context, file: EditionFile, chosen: Sequence[Difference]) -> Answer:
    """Take these over once the coordinator has seen them: what was shown is what is done, also when somebody was quicker."""
    new_file, edition = taken_over(file, ctx.edition, chosen)
    changes = [change for it in chosen for change in _changes(ctx, it, edition)]
    preview = lines(
        _n("I take over {n} difference:", "I take over {n} differences:", n=len(chosen)),
        *(_row(ctx, it) for it in chosen),
        *(_told(changes, edition)),
        _("Shall I do it?"),
    )
    if not ctx.confirmed or ctx.answering is None or ctx.answering.text != preview:
        return Confirm(preview)
    ctx.save(edition, new_file)
    ctx.about = (TAKE, *(it.key for it in chosen))
    letters = [letter for change in changes for letter in _letters(ctx, change)]
    return [Say(_("Done. See how it stands with {how}.", how=Call(command="state"))), *letters]


def _told(changes: Sequence[Change], edition: Edition) -> list[Value]:
    rows = [row for change in changes for row in change.news.preview(edition)]
    return rows or [_("Nobody gets a message about this.")]


def _changes(ctx: Context, it: Difference, edition: Edition) -> Iterator[Change]:
    """What people hear of a difference; nothing of what they meet by itself, such as a text or a reminder."""
    match it.path:
        case ("windows", name, edge):
            yield Change(_of_window(ctx, edition, name, edge))
        case ("publish",):
            yield Change(touched.of_window(ctx.exchange, "publish", touched.published(edition)))
        case ("intervision", "until") if edition.intervision and edition.intervision.until:
            yield Change(touched.of_groups(ctx.exchange, touched.groups_until(edition)))
        case ("meetings" | "network", key):
            yield from _of_meeting(ctx, edition, key)
        case ("meetings" | "network", key, "when"):
            yield from _of_time(ctx, edition, key)


def _of_window(ctx: Context, edition: Edition, name: str, edge: str) -> News:
    window = _window(name)
    said = touched.until(edition, window) if edge == "closes" else touched.from_day(edition, window)
    return touched.of_window(ctx.exchange, window, said)


def _window(word: str) -> WindowName:
    return next(name for name in TITLES if name == word)


def _of_meeting(ctx: Context, edition: Edition, key: str) -> Iterator[Change]:
    """A meeting that is new in the file, or gone from it."""
    was, now = _meeting(ctx.edition, key), _meeting(edition, key)
    if now is None and was is not None and _is_to_come(ctx, was):
        people = meetings.touched(ctx.exchange, was)
        yield Change(_direct(moving.cancelled(edition, was), [p.person for p in people]), ended=was)
    elif was is None and now is not None and _is_to_come(ctx, now):
        everybody = [p.person for p in ctx.exchange.participants.values() if p.takes_part]
        yield Change(_direct(moving.added(edition, now), [] if now.seats else everybody), moved=now)


def _of_time(ctx: Context, edition: Edition, key: str) -> Iterator[Change]:
    was, now = _meeting(ctx.edition, key), _meeting(edition, key)
    if was is not None and now is not None and _is_to_come(ctx, now):
        people = [p.person for p in meetings.touched(ctx.exchange, was)]
        yield Change(_direct(moving.moved(edition, now), people), moved=now)


def _meeting(edition: Edition, key: str) -> Meeting | None:
    return next((it for it in (*edition.meetings, *edition.network) if it.key == key), None)


def _is_to_come(ctx: Context, meeting: Meeting) -> bool:
    return meeting.span(ctx.edition.zone).end > ctx.now


def _direct(said: Text, people: Sequence[str]) -> News:
    return News(said, tuple(rooms.direct(person) for person in sorted(people)))


def _letters(ctx: Context, change: Change) -> list[Say]:
    people = [person for room in change.news.to if (person := rooms.person_of(room)) is not None]
    parts = [ctx.exchange.participants[person] for person in people]
    if change.moved is not None:
        return [moving.of_new_time(ctx, change.moved, part, change.news.said) for part in parts]
    if change.ended is not None:
        return [moving.of_end(ctx, change.ended, part.person, change.news.said) for part in parts]
    return change.news.letters()
