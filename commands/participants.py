"""Who takes part, for the coordinator: the list, one person, and a message to all of them or to some."""

from collections.abc import Iterator

from bot.kit import (
    DESK,
    Answer,
    Call,
    Confirm,
    Context,
    Refusal,
    Rest,
    Role,
    Say,
    Text,
    Value,
    _,
    _n,
    command,
    fold,
    lines,
    listing,
)
from programme import rooms
from programme.records import Participant, State, Visit
from programme.visits import spans

STATES: dict[State, Text] = {
    "form": _("filling in the form"),
    "in": _("takes part"),
    "offered": _("may take part, has not answered"),
    "waiting": _("waiting list"),
    "withdrawn": _("left"),
}
WORDS: dict[State, tuple[str, ...]] = {
    "form": ("formulier", "onvolledig", "unfinished"),
    "in": ("doet mee", "takes part"),
    "offered": ("mag meedoen", "gevraagd", "asked"),
    "waiting": ("wachtlijst", "waiting list"),
    "withdrawn": ("gestopt", "weg", "stopped", "left"),
}
"""What each state is called when somebody looks for it."""
WITHOUT = ("zonder", "without")
TO = ("aan ", "to ")
MOST_NAMED = 10


@command(
    nl="deelnemers, deelnemer",
    en="participants, participant",
    where=DESK,
    who=Role.COORDINATOR,
    home="desk",
    examples=("", "zonder stagedag"),
    help=_(
        "Lists who takes part, and how each stands. Look for a name, a sector or a state: form, waiting list, stopped, without preferences, without a day."
    ),
)
def participants(ctx: Context, only: Rest = Rest("")) -> Answer:
    """List the participants, or those who are meant; of one alone everything that the coordinator needs when they call."""
    everybody = sorted(ctx.exchange.participants.values(), key=lambda p: ctx.name(p.person))
    if not everybody:
        return _("Nobody has signed up yet. See how it stands with {how}.", how=Call(command="state"))
    found = [part for part in everybody if _is_meant(ctx, part, only)]
    if not found:
        return _("Nobody found. See everybody with {how}.", how=Call(command="participants"))
    if len(found) == 1 and only.casefold() in ctx.name(found[0].person).casefold() and only:
        return lines(_row(ctx, found[0]), *_all_of(ctx, found[0]))
    return lines(_n("{n} person:", "{n} people:", n=len(found)), *(_row(ctx, part) for part in found))


def _is_meant(ctx: Context, part: Participant, written: str) -> bool:
    """Whether this is one of those whom the coordinator means: any of several, with commas between them; all when nothing is written."""
    words = [word.strip().casefold() for word in written.split(",") if word.strip()]
    return not words or any(_fits(ctx, part, word) for word in words)


def _fits(ctx: Context, part: Participant, word: str) -> bool:
    if word.startswith(WITHOUT):
        return part.takes_part and any(fold(word).endswith(what) for what in _missing(ctx, part))
    facts = (ctx.name(part.person), part.answers.get("organisation", ""), part.answers.get("sector", ""))
    return any(word in fact.casefold() for fact in (*facts, *WORDS[part.state]))


def _missing(ctx: Context, part: Participant) -> Iterator[str]:
    """What somebody has not done or does not have yet, in words to look for, folded."""
    if not part.preferences:
        yield from ("voorkeur", "voorkeuren", "preferences")
    if part.person in {person for visit in ctx.exchange.undated() for person in (visit.guest, visit.host)}:
        yield from ("stagedag", "dag", "day")
    if ctx.exchange.round.published and part.person not in ctx.exchange.visits:
        yield from ("plek", "match", "place")


def _row(ctx: Context, part: Participant) -> Text:
    name, state = ctx.name(part.person), STATES[part.state]
    if not (organisation := part.answers.get("organisation")):
        return _("- {name}: {state}", name=name, state=state)
    sector = part.answers.get("sector", "-")
    return _(
        "- {name}, {organisation} ({sector}): {state}", name=name, organisation=organisation, sector=sector, state=state
    )


def _all_of(ctx: Context, part: Participant) -> list[Value]:
    """The form and the visits of one person, and from where they write. Not what they prefer: that is for the matching alone."""
    form = ctx.edition.form
    rows: list[Value] = [
        _("- {label}: {answer}", label=it.label, answer=it.shown(part.answers[it.key]) or "-")
        for it in form
        if it.key in part.answers
    ]
    rows += [_visit(ctx, visit, part.person) for visit in ctx.exchange.visits_of(part.person)]
    return [*rows, _("- address: {id}", id=part.person)]


def _visit(ctx: Context, visit: Visit, person: str) -> Text:
    days: Value = spans(ctx.edition, visit.agreed) if visit.agreed else _("no day yet")
    if visit.guest == person:
        return _("- goes to {host}: {days}", host=ctx.name(visit.host), days=days)
    return _("- is visited by {guest}: {days}", guest=ctx.name(visit.guest), days=days)


# ── a message ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="bericht",
    en="announce, message",
    where=DESK,
    who=Role.COORDINATOR,
    home="desk",
    examples=("De locatie is bekend", "aan zonder stagedag: Spreek je een dag af?"),
    asks={
        "text": _(
            "What do you want to tell the participants? Type it in one message. I show it first. To some of them alone? Begin with {how}.",
            how="aan zonder stagedag:",
        )
    },
    help=_("Sends a message to all participants, or to some: begin with whom, and a colon. I show it to you first."),
)
def announce(ctx: Context, text: Rest) -> Answer:
    """Say something to every participant, or to those who are meant, after a preview."""
    whom, said = _addressed(text)
    people = [p.person for p in ctx.exchange.participants.values() if p.takes_part and _is_meant(ctx, p, whom)]
    if not people:
        raise Refusal(
            _("Nobody would get this message. See who takes part with {how}.", how=Call(command="participants"))
        )
    letter = lines(_("A message from the coordinator of {edition}:", edition=ctx.edition.name), said)
    if not ctx.confirmed:
        return Confirm(lines(*_receivers(ctx, people, some=bool(whom)), letter, _("Shall I send it?")))
    sent = [Say(letter, rooms.direct(person), wake=True) for person in sorted(people)]
    return [Say(_n("Sent to {n} person.", "Sent to {n} people.", n=len(people))), *sent]


def _addressed(text: str) -> tuple[str, str]:
    """For whom it is (empty: everybody), and what is said: "aan zorg: Kom je ook?"."""
    head, colon, rest = text.partition(":")
    found = next((head[len(to) :].strip() for to in TO if head.casefold().startswith(to)), "")
    return (found, rest.strip()) if colon and found and rest.strip() else ("", text)


def _receivers(ctx: Context, people: list[str], *, some: bool) -> list[Value]:
    count = _n("{n} person gets this message:", "{n} people get this message:", n=len(people))
    if not some or len(people) > MOST_NAMED:
        return [count]
    return [_("For {people}.", people=listing(sorted(ctx.name(person) for person in people))), count]
