"""For the coordinator: doing what somebody asked by telephone. It is done as if they had typed it, and they read what was done."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answer import Part, parts
from bot.arguments import Missing, read_call, usage, values_of, write_call
from bot.kit import (
    GAP,
    PRIVATE,
    Answer,
    Ask,
    Button,
    Call,
    Command,
    Confirm,
    Context,
    Person,
    Refusal,
    Rest,
    Role,
    Say,
    Sayable,
    _,
    command,
    fold,
    lines,
    listing,
)
from bot.whom import Anybody
from programme import rooms
from programme.text import Misread
from storage.erasure import is_full

EXAMPLE = Call(command="prefer", arguments=("3", "7", "1"))


@command(
    nl="namens",
    en="on behalf, on behalf of",
    where=PRIVATE,
    who=Role.COORDINATOR,
    examples=("anna voorkeur 3 7 1", "bram verhinderd start"),
    asks={
        "person": _("For whom? Type the name."),
        "line": _("What do you do for them? Type it as they would type it, for example: {how}.", how=EXAMPLE),
    },
    help=_("Does something for somebody who called you. They get a message of what you did."),
)
def on_behalf(ctx: Context, person: Anybody, line: Rest, answer: Rest = Rest("")) -> Answer:
    """Carry out a line as this person; what it answers is for them, and what it asks is asked of the coordinator."""
    whom = _whom(ctx, person)
    call = _call(ctx, line, answer)
    it = ctx.commands.by_id[call.command]
    theirs = replace(ctx, me=whom, room=rooms.direct(whom.id), language=whom.language or ctx.language, answering=None)
    if not theirs.has(it.who, theirs.edition):
        raise Refusal(_("{name} takes no part in {edition}.", name=whom.shown, edition=ctx.edition.name))
    ctx.about = (whom.id, it.word("nl"))
    try:
        found = parts(_done(theirs, it, call))
    except Refusal as refusal:
        kind = Misread if isinstance(refusal, Misread) else Refusal
        raise kind(lines(_("This is the answer for {name}:", name=whom.shown), refusal.text)) from None
    return [*_told(ctx, whom, found), *(_asked(ctx, whom, part) for part in found if not _is_for(part, whom))]


def _whom(ctx: Context, word: str) -> Person:
    """Somebody of the programme, or anybody else who is known: by full address, or by a name that only one person has."""
    everybody = {it.id: it for it in (*ctx.state.all(Person), *ctx.people_here())}
    if word in everybody or is_full(word):
        return everybody.get(word, Person(id=word))
    found = [it for it in everybody.values() if fold(word) in (fold(it.shown), fold(_local(it.id)))]
    found = found or [it for it in everybody.values() if fold(word) and fold(it.shown).startswith(fold(word))]
    if len(found) == 1:
        return found[0]
    if found:
        people = listing([_("{id} is {name}", id=it.id, name=it.shown) for it in found])
        raise Refusal(_("There is more than one {name}: {people}. Type the full address.", name=word, people=people))
    raise Refusal(
        _(
            "I do not know {name}. Type the full address, for example @naam:example.nl, or see who takes part with {how}.",
            name=word,
            how=Call(command="participants"),
        )
    )


def _local(id_: str) -> str:
    """The part of an address that people know: `anna` of `@anna:example.nl`."""
    return id_.removeprefix("@").partition(":")[0]


def _call(ctx: Context, line: str, answer: str) -> Call:
    """The call that was written. Refuses what only the person can do."""
    call = read_call(f"{line.lstrip('!')} {answer}".strip(), ctx.commands)
    if call is None or not ctx.commands.by_id[call.command].by_phone:
        able = listing([Call(command=it.id) for it in ctx.commands.all if it.by_phone])
        raise Refusal(_("That is not possible for somebody else. This is: {calls}.", calls=able))
    return call


def _done(theirs: Context, it: Command, call: Call) -> Answer:
    """What the command answers; what is missing is asked, if the command has words for it."""
    try:
        answer = it.run(theirs, *values_of(it, call, theirs))
    except Missing as missing:
        if missing.parameter.ask is None:
            raise Refusal(_("Something is missing. Type {usage}.", usage=usage(it))) from None
        return Ask(missing.parameter.ask, call.model_copy(update={"arguments": (*call.arguments, GAP)}))
    theirs.close_questions(call)
    return answer


# ── what is said to whom ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_for(part: Part, whom: Person) -> bool:
    return isinstance(part, Say) and part.to in ("", rooms.direct(whom.id))


def _told(ctx: Context, whom: Person, found: Sequence[Part]) -> Iterator[Say]:
    """One message to the person with all that was said to them; the coordinator reads it too, to say it on the telephone."""
    said = [part for part in found if isinstance(part, Say) and _is_for(part, whom)]
    if not said:
        return
    texts = [part.text for part in said]
    yield Say(lines(_("Done. {name} gets this message:", name=whom.shown), *texts))
    yield Say(
        lines(
            _("{name}, coordinator of {edition}, did this for you:", name=ctx.me.shown, edition=ctx.edition.name),
            *texts,
            _("Is it not right? Call or mail {contact}.", contact=str(ctx.edition.contact)),
        ),
        rooms.direct(whom.id),
        [button for part in said for button in part.buttons],
        file=next((part.file for part in said if part.file), None),
        wake=True,
    )


def _asked(ctx: Context, whom: Person, part: Part) -> Part:
    """What is asked of the person is asked of the coordinator; what is for others goes to them."""
    if isinstance(part, Confirm):
        return replace(part, text=_for(whom, part.text))
    if isinstance(part, Ask) and part.to in ("", rooms.direct(whom.id)):
        choices = [Button(label=it.label, call=_wrapped(ctx, whom, it.call)) for it in part.choices]
        call = _wrapped(ctx, whom, part.call) if part.call else None
        mine = replace(part, back=None, resume=None)  # the way through a form is for who fills it in
        return replace(mine, text=_for(whom, part.text), call=call, choices=choices, to=rooms.direct(ctx.me.id))
    return part


def _for(whom: Person, text: Sayable) -> Sayable:
    return lines(_("For {name}:", name=whom.shown), text)


def _wrapped(ctx: Context, whom: Person, call: Call) -> Call:
    """The call that makes this call for somebody; its gap is an argument of its own. What nobody does for another stays as it is."""
    if not ctx.commands.by_id[call.command].by_phone:
        return call
    known = tuple(word for word in call.arguments if word != GAP)
    line = write_call(call.model_copy(update={"arguments": known, "edition": ""}), ctx.commands, ctx.language)
    gap = (GAP,) if GAP in call.arguments else ()
    return Call(command="on_behalf", arguments=(whom.id, line, *gap), edition=ctx.edition.id)
