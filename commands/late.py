"""Who is late with something: whom to call, and a reminder out of turn."""

from collections import Counter
from datetime import UTC, datetime

from bot.kit import (
    DESK,
    Annotated,
    Answer,
    Call,
    Choice,
    Confirm,
    Context,
    Role,
    Say,
    Value,
    _,
    _n,
    command,
    lines,
    listing,
)
from bot.reminding import by_hand, rests
from programme.exchange import Phase
from programme.late import Matter, asked_of_all, late
from programme.nudges import Nudge
from programme.owed import About, Owed, owed
from programme.reaching import Word
from programme.reminder import Audience
from programme.text import Day
from storage.letters import Rung

ENOUGH = 2
"""So many reminders, and then a call."""
NEVER = datetime.min.replace(tzinfo=UTC)
MATTERS: dict[Matter, tuple[str, str]] = {
    "form": ("formulier", "form"),
    "preferences": ("voorkeuren", "preferences"),
    "day": ("stagedag", "day"),
    "answer": ("antwoord", "answer"),
    "meeting": ("bijeenkomst", "meeting"),
}
TITLES: dict[Matter, Value] = {
    "form": _("the form"),
    "preferences": _("preferences"),
    "day": _("a visiting day"),
    "answer": _("the answer to a question"),
    "meeting": _("whether they come to the meeting"),
}
What = Annotated[str, Choice(MATTERS)]


@command(
    nl="herinner",
    en="remind",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("", "voorkeuren"),
    home="desk",
    help=_("Shows who is late with what, and reminds them now. I show you first whom, and what they read."),
)
def remind(ctx: Context, what: What = "") -> Answer:
    """Remind who is late with this, after a preview; without an argument tell who is late with what."""
    matter = next((it for it in MATTERS if it == what), None)
    if matter is None:
        return _overview(ctx)
    told = late(ctx.exchange, matter, ctx.name)
    fresh = [(nudge, word) for nudge, word in told if rests(ctx, word.person) is None]
    if not fresh:
        return _nobody(ctx, told)
    if not ctx.confirmed:
        return _preview(ctx, fresh, left_out=len(_people(told)) - len(_people(fresh)))
    said = by_hand(ctx, fresh)
    return [Say(_n("{n} person has a reminder.", "{n} people have a reminder.", n=len(_people(fresh)))), *said]


def _overview(ctx: Context) -> Answer:
    found = {matter: _people(late(ctx.exchange, matter, ctx.name)) for matter in MATTERS}
    owing = {matter: people for matter, people in found.items() if people}
    if not owing:
        return _("Nobody is late with anything. See how it stands with {how}.", how=Call(command="state"))
    rows: list[Value] = [
        _("- {what}: {n} ({people})", what=TITLES[it], n=len(people), people=_named(ctx, people))
        for it, people in owing.items()
    ]
    how = Call(command="remind", arguments=(next(iter(owing)),))
    return lines(_("This is still open:"), *rows, _("Remind them, for example with {how}. I show it first.", how=how))


def _people(told: list[tuple[Nudge, Word]]) -> list[str]:
    return list(dict.fromkeys(word.person for _nudge, word in told))


def _named(ctx: Context, people: list[str]) -> Value:
    return listing(sorted(ctx.name(person) for person in people))


def _nobody(ctx: Context, told: list[tuple[Nudge, Word]]) -> Answer:
    """Why nobody is reminded: nobody is late, or all have had a reminder today already."""
    if told:
        return _(
            "They get no other reminder today: {people}. Try again on another day, or call them.",
            people=_named(ctx, _people(told)),
        )
    return _("Nobody is late with that. See what is still open with {how}.", how=Call(command="remind"))


def _preview(ctx: Context, fresh: list[tuple[Nudge, Word]], left_out: int) -> Confirm:
    people = _people(fresh)
    rows: list[Value] = [
        _n(
            "{n} person gets a reminder: {people}.",
            "{n} people get a reminder: {people}.",
            n=len(people),
            people=_named(ctx, people),
        )
    ]
    if left_out:
        rows.append(
            _n(
                "{n} person gets no other reminder today.",
                "{n} people get no other reminder today.",
                n=left_out,
            )
        )
    texts = {nudge.reminder.key: word.text for nudge, word in reversed(fresh) if nudge.reminder}
    return Confirm(lines(*rows, _("This is what they read:"), *texts.values(), _("Shall I send it?")))


@command(
    nl="bellijst",
    en="call list",
    where=DESK,
    who=Role.COORDINATOR,
    home="desk",
    help=_("Lists whom to call: those who did not answer after two reminders."),
)
def call_list(ctx: Context) -> Answer:
    """List those who still have something to do and were reminded of it twice, and who was reminded once of a question."""
    to, owing = asked_of_all(ctx.exchange)
    reminded = _reminded(ctx, to)
    due = sorted(owing, key=lambda p: ctx.person(p).shown)
    twice: list[Value] = [_known_as(ctx, p) for p in due if reminded[p] >= ENOUGH]
    once: list[Value] = [_known_as(ctx, it.person, WHAT[it.about]) for it in _silent(ctx)]
    placeless: list[Value] = [_known_as(ctx, person) for person in _placeless(ctx)]
    if not twice and not once and not placeless:
        return _("There is nobody to call. See how it stands with {how}.", how=Call(command="state"))
    rows: list[Value] = [_("They have not answered after two reminders. Call them:"), *twice] if twice else []
    rows += [_("They owe an answer, and were reminded of it. Call them:"), *once] if once else []
    rows += [_("They have no place yet. Call them:"), *placeless] if placeless else []
    return lines(*rows)


WHAT: dict[About, Value] = {
    "proposal": _("a day that was proposed"),
    "repair": _("a new match"),
    "room": _("room that came free"),
    "intervision": _("taking part in an intervision group"),
    "agreements": _("the agreements of the intervision group"),
}
"""What somebody owes an answer to."""


def _placeless(ctx: Context) -> list[str]:
    """Who takes part and has no match, once the matches are known."""
    it = ctx.exchange
    if not it.round.published or it.phase is Phase.CLOSED:
        return []
    going = {visit.guest for visit in it.going()}
    without = [p.person for p in it.participants.values() if p.takes_part and p.person not in going]
    return sorted(without, key=ctx.name)


def _known_as(ctx: Context, person: str, owes: Value | None = None) -> Value:
    part = ctx.exchange.participants[person]
    name, organisation = ctx.name(person), part.answers.get("organisation")
    who: Value = _("{name}, {organisation}", name=name, organisation=organisation) if organisation else name
    if owes is not None:
        who = _("{row}: {what}", row=who, what=owes)
    if part.undisturbed is None or not part.rests(ctx.today):
        return _("- {row}", row=who)
    return _("- {row} (no reminders until the end of {day}, as they asked)", row=who, day=Day(day=part.undisturbed))


def _silent(ctx: Context) -> list[Owed]:
    """Who owes the answer to a question, and was reminded of it since it was put."""
    about = {f"{ctx.edition.id}/{r.key}/": r.anchor for r in ctx.edition.reminders if r.to == "owing"}
    reached: dict[tuple[str | None, str], datetime] = {}
    for rung in sorted(ctx.state.all(Rung, edition=ctx.edition.id), key=lambda it: it.at):
        anchors = {anchor for key, anchor in about.items() if rung.id.startswith(key)}
        reached |= {(anchor, person): rung.at for anchor in anchors for person in rung.people}
    found = (it for it in owed(ctx.exchange) if it.asked <= reached.get((it.about, it.person), NEVER))
    return sorted(found, key=lambda it: ctx.person(it.person).shown)


def _reminded(ctx: Context, to: Audience) -> Counter[str]:
    """How often each was reminded of this."""
    about = (r for r in ctx.edition.reminders if r.to == to and not r.announces)
    keys = tuple(f"{ctx.edition.id}/{r.key}/" for r in about)
    rung = ctx.state.all(Rung, edition=ctx.edition.id)
    return Counter(person for it in rung if it.id.startswith(keys) for person in it.people)
