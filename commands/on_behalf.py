"""For the coordinator: doing what somebody asked by telephone. It is done as if they had typed it, and they read what was done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

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
    Value,
    _,
    command,
    lines,
    listing,
)
from bot.whom import Anybody, Several, read_person
from programme import rooms
from programme.text import Misread

EXAMPLE = Call(command="prefer", arguments=("3", "7", "1"))
_SHOWN_BY: Final = {"form": "form", "prefer": "overview"}
"""With what people see for themselves what a private command kept."""
_MATRIX: Final = re.compile(r"@[^@:\s]+:[\w.-]+(:\d+)?")
_TEAMS: Final = re.compile(r"teams:[^:\s]+:[^:\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class Done:
    """What became of a call that was made for somebody."""

    whom: Person
    shown: str
    """Their name; with the full id of who is not of the edition, for anybody can take any name."""
    it: Command
    changed: bool
    """Something of the programme is not as it was."""
    found: Sequence[Part]
    """What the command answered."""
    told: bool
    """They heard of it at an earlier answer in the same row of questions."""


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
    shown = _shown(ctx, whom)
    call = _call(ctx, line, answer)
    it = ctx.commands.by_id[call.command]
    theirs = replace(ctx, me=whom, room=rooms.direct(whom.id), language=whom.language or ctx.language, answering=None)
    if not theirs.has(it.who, theirs.edition):
        raise Refusal(_("{name} takes no part in {edition}.", name=shown, edition=ctx.edition.name))
    ctx.about = (whom.id, it.word("nl"))
    try:
        answered, changed = _done(theirs, it, call)
    except Refusal as refusal:
        kind = Misread if isinstance(refusal, Misread) else Refusal
        raise kind(lines(_("This is the answer for {name}:", name=shown), refusal.text)) from None
    found = parts(answered)
    told = ctx.answering is not None and ctx.answering.id.endswith(_row(whom, it))
    done = Done(whom, shown, it, changed, found, told)
    return [*_told(ctx, done), *(_passed_on(ctx, done, part) for part in found if not _is_for(part, whom))]


def _whom(ctx: Context, typed: str) -> Person:
    """Somebody of the edition, or anybody else by the full id alone: a name is what a stranger can take."""
    word = typed.rstrip(",")
    if _TEAMS.fullmatch(word):
        return ctx.person(word.lower())
    if _MATRIX.fullmatch(word):
        return ctx.person(word)
    try:
        return read_person(ctx, word)
    except Several as several:
        several.word = typed  # what the choice takes the place of
        raise
    except Refusal:
        if (known := ctx.state.get(Person, word)) is not None:
            return known
    raise Refusal(
        _(
            "I do not know {name}. Type the full address, for example @naam:example.nl, or see who takes part with {how}.",
            name=word,
            how=Call(command="participants"),
        )
    )


def _shown(ctx: Context, whom: Person) -> str:
    """The name as the edition knows it; for who is not of it, with the full id."""
    if whom.id in {it.id for it in ctx.people_here()}:
        return ctx.name(whom.id)
    return f"{whom.name} ({whom.id})" if whom.name else whom.id


def _call(ctx: Context, line: str, answer: str) -> Call:
    """The call that was written. Refuses what only the person can do."""
    call = read_call(f"{line.lstrip('!')} {answer}".strip(), ctx.commands)
    if call is None or not ctx.commands.by_id[call.command].by_phone:
        able = listing([Call(command=it.id) for it in ctx.commands.all if it.by_phone])
        raise Refusal(_("That is not possible for somebody else. This is: {calls}.", calls=able))
    return call


def _done(theirs: Context, it: Command, call: Call) -> tuple[Answer, bool]:
    """What the command answers, and whether it changed something; what is missing is asked, if the command has words for it."""
    before = theirs.state.version
    try:
        answer = it.run(theirs, *values_of(it, call, theirs))
    except Missing as missing:
        if missing.parameter.ask is None:
            raise Refusal(_("Something is missing. Type {usage}.", usage=usage(it))) from None
        return Ask(missing.parameter.ask, call.model_copy(update={"arguments": (*call.arguments, GAP)})), False
    changed = theirs.state.version != before
    theirs.close_questions(call)
    return answer, changed


# ── what is said to whom ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(whom: Person, it: Command) -> str:
    """How the id of a question ends that comes from this command for this person, once they heard of it."""
    return f"/{whom.id}/{it.id}"


def _is_for(part: Part, whom: Person) -> bool:
    return isinstance(part, Say) and part.to in ("", rooms.direct(whom.id))


def _is_theirs(ctx: Context, part: Part) -> bool:
    """Whether it asks what only the person can answer."""
    if not isinstance(part, Ask):
        return False
    calls = [it.call for it in part.choices] + ([part.call] if part.call else [])
    return not any(ctx.commands.by_id[call.command].by_phone for call in calls)


def _told(ctx: Context, done: Done) -> Iterator[Say]:
    """One message to the person of all that was done; the coordinator reads what it says, to say it on the telephone."""
    said = [part for part in done.found if isinstance(part, Say) and _is_for(part, done.whom)]
    asked = [part.text for part in done.found if isinstance(part, Ask) and _is_theirs(ctx, part)]
    texts: list[Value] = [part.text for part in said]
    if said and done.it.where is not PRIVATE:
        yield Say(lines(_("Done. {name} gets this message:", name=done.shown), *texts, *asked))
        yield _message(ctx, done, _by(ctx), *texts, of=said)
    elif said or asked or (done.changed and not done.told):
        unsaid = [_("That message does not say this:"), *texts] if texts else []
        question = [_("This question goes to {name}:", name=done.shown), *asked] if asked else []
        yield Say(lines(_("Done. {name} gets a message that you did this.", name=done.shown), *unsaid, *question))
        yield _message(ctx, done, *_in_short(ctx, done))


def _by(ctx: Context) -> Value:
    return _("{name}, coordinator of {edition}, did this for you:", name=ctx.name(ctx.me.id), edition=ctx.edition.name)


def _in_short(ctx: Context, done: Done) -> Iterator[Value]:
    """What was done, without a word of what it says: the direct chat with them may not be encrypted."""
    yield _(
        "{name}, coordinator of {edition}, did {call} for you.",
        name=ctx.name(ctx.me.id),
        edition=ctx.edition.name,
        call=Call(command=done.it.id),
    )
    if done.it.id in _SHOWN_BY:
        yield _("See it with {how}.", how=Call(command=_SHOWN_BY[done.it.id]))


def _message(ctx: Context, done: Done, *texts: Value, of: Sequence[Say] = ()) -> Say:
    """The message to the person, with the buttons and the file of these."""
    return Say(
        lines(*texts, _("Is it not right? Call or mail {contact}.", contact=str(ctx.edition.contact))),
        rooms.direct(done.whom.id),
        [button for part in of for button in part.buttons],
        file=next((part.file for part in of if part.file), None),
        wake=True,
    )


def _passed_on(ctx: Context, done: Done, part: Part) -> Part:
    """What is asked of the person is asked of the coordinator, but for what is theirs alone; what is for others goes to them."""
    whom = done.whom
    if isinstance(part, Confirm):
        return replace(part, text=_for(done, part.text))
    if not isinstance(part, Ask) or part.to not in ("", rooms.direct(whom.id)):
        return part
    if _is_theirs(ctx, part):
        return replace(part, to=rooms.direct(whom.id), wake=True)
    choices = [Button(label=it.label, call=_wrapped(ctx, whom, it.call)) for it in part.choices]
    call = _wrapped(ctx, whom, part.call) if part.call else None
    mine = replace(part, back=None, resume=None)  # the way through a form is for who fills it in
    whose = f"{part.whose}{_row(whom, done.it)}" if done.told or done.changed else part.whose
    text, to = _for(done, part.text), rooms.direct(ctx.me.id)
    return replace(mine, text=text, call=call, choices=choices, to=to, whose=whose)


def _for(done: Done, text: Sayable) -> Sayable:
    return lines(_("For {name}:", name=done.shown), text)


def _wrapped(ctx: Context, whom: Person, call: Call) -> Call:
    """The call that makes this call for somebody; its gap is an argument of its own. What nobody does for another stays as it is."""
    if not ctx.commands.by_id[call.command].by_phone:
        return call
    known = tuple(word for word in call.arguments if word != GAP)
    line = write_call(call.model_copy(update={"arguments": known, "edition": ""}), ctx.commands, ctx.language)
    gap = (GAP,) if GAP in call.arguments else ()
    return Call(command="on_behalf", arguments=(whom.id, line, *gap), edition=ctx.edition.id)
