"""Help, and the way back out of a question."""

from collections import Counter
from collections.abc import Sequence

from bot import questions
from bot.answer import Again
from bot.arguments import usage
from bot.examples import examples_for
from bot.intervision.sitting import what
from bot.kit import (
    ANYWHERE,
    Answer,
    Call,
    Command,
    Context,
    Refusal,
    Rest,
    Role,
    Text,
    Value,
    _,
    command,
    fold,
    lines,
    listing,
)
from bot.offers import homes, offered
from programme.intervision.calls import DONE, NEXT, START
from storage.letters import Question

MOST_ROWS = 8
"""Help is at most twelve lines: a greeting, these, the words of the rest, and the way to more."""
NOTHING_CHANGED = _("Good, nothing has changed. See what you can do with {how}.", how=Call(command="help"))


@command(
    nl="help, hulp",
    en="help",
    who=Role.ANYBODY,
    where=ANYWHERE,
    needs_edition=False,
    examples=("", "help"),
    help=_("Shows what you can do here and now."),
)
def help(ctx: Context, word: Rest = Rest("")) -> Answer:  # noqa: A001 - the word that people type
    """Tell what can be done here and now, or all about one word."""
    return _about(ctx, word) if word else _here_and_now(ctx)


@command(
    nl="annuleer, laat maar",
    en="cancel, never mind",
    who=Role.ANYBODY,
    where=ANYWHERE,
    needs_edition=False,
    help=_("Leaves a question unanswered: nothing changes."),
)
def cancel(ctx: Context) -> Answer:
    """Leave the question that somebody answers with this, or all that are open; what others asked can be answered later."""
    left = ctx.answering
    if left is None:
        ctx.close_questions()
        return NOTHING_CHANGED
    if left.resume == questions.OVERVIEW:
        ctx.save(left.model_copy(update={"aside": True, "front": False}))
        return _("Good. You can answer later: press an answer below the question then, or type it.")
    ctx.state.delete(Question, left.id)
    if left.resume is None:
        return NOTHING_CHANGED
    return _("Good. What you told me is kept. Go on later with {how}.", how=left.resume)


@command(
    nl="vraag",
    en="question",
    who=Role.ANYBODY,
    where=ANYWHERE,
    during=(),
    needs_edition=False,
    examples=("", "12"),
    help=_("Chooses which of my open questions you answer."),
)
def question(ctx: Context, number: int = 0) -> Answer:
    """Put one of the open questions before the others, and ask it once more."""
    found = questions.waiting(ctx.state, ctx.me.id, ctx.now)
    meant = next((it for it in found if it.number == number), None)
    if meant is None:
        raise Refusal(
            _("That question is not open any more. See what you can do with {how}.", how=Call(command="help"))
        )
    ctx.save(*(other.model_copy(update={"front": False}) for other in found if other.front))
    it = meant.model_copy(update={"front": True})
    ctx.save(it)
    return Again(it)


def _about(ctx: Context, word: str) -> Answer:
    word = word.lstrip("!/")
    it = ctx.commands.by_word.get(fold(word))
    family = [other for other in _family(ctx, word) if other is not it]
    if it is None and not family:
        near = ctx.commands.nearest(word, ctx.commands.all)
        guess = Call(command="help", arguments=(near[0].word(ctx.language),)) if near else Call(command="help")
        raise Refusal(_("I do not know the word {word}. Try {guess}.", word=word, guess=guess))
    kin = listing([Call(command=other.id) for other in family])
    if it is None or (family and ctx.edition_or_none is not None and not ctx.has(it.who, ctx.edition)):
        return _("Choose one of these: {calls}.", calls=kin)
    rows = _explained(ctx, it)
    if family:
        rows.append(_("There is also: {calls}.", calls=kin))
    return lines(*rows)


def _family(ctx: Context, word: str) -> list[Command]:
    """The commands of more words that begin with this one, and that this person may use."""
    mine = [it for it in ctx.commands.all if ctx.edition_or_none is None or ctx.has(it.who, ctx.edition)]
    return [it for it in mine if any(fold(w.split()[0]) == fold(word) and " " in w for w in (*it.nl, *it.en))]


def _explained(ctx: Context, it: Command) -> list[Value]:
    shown = it.word(ctx.language)
    mine = (
        it.nl if ctx.language == "nl" else it.en
    )  # those of the other language count too, and would only be more to read
    others: list[Value] = [word for word in mine if word != shown]
    rows: list[Value] = [it.help, _("This is how you write it: {usage}.", usage=usage(it))]
    rows += [_("For example: {call}", call=call) for call in examples_for(ctx, it) if call.arguments]
    return [*rows, _("Also: {words}.", words=listing(others))] if others else rows


def _here_and_now(ctx: Context) -> Answer:
    greeted = (NEXT.command, DONE.command) if "turn" in homes(ctx) else ()
    useful = [it for it in offered(ctx) if it.id not in greeted]
    rows: list[Value] = [_("- {call}: {help}", call=Call(command=it.id), help=what(it)) for it in useful[:MOST_ROWS]]
    if rest := _families(ctx, useful[MOST_ROWS:]):
        rows.append(_("You can also type: {calls}.", calls=listing(rest)))
    if _has_a_group(ctx):
        rows.append(_("A session with your group begins in the room of the group, with {how}.", how=START))
    about = next((it for it in useful if it.id != "help"), useful[0])
    more = _("Read more about a word with {how}.", how=Call(command="help", arguments=(about.word(ctx.language),)))
    return lines(_greeting(ctx), *rows, more)


def _families(ctx: Context, rest: Sequence[Command]) -> list[Value]:
    """The rest by word; of those that begin with the same word only that word, with the help that lists them."""
    firsts = Counter(it.word(ctx.language).split()[0] for it in rest)
    calls: dict[Call, None] = {}
    for it in rest:
        first = it.word(ctx.language).split()[0]
        calls[Call(command="help", arguments=(first,)) if firsts[first] > 1 else Call(command=it.id)] = None
    return list(calls)


def _has_a_group(ctx: Context) -> bool:
    """Whether somebody asks in their own chat who meets with a group elsewhere."""
    if not ctx.at_direct or ctx.edition_or_none is None or "turn" in homes(ctx):
        return False
    return any(ctx.me.id in group.members and group.closed is None for group in ctx.exchange.groups.values())


def _greeting(ctx: Context) -> Text:
    here = homes(ctx)
    if "chair" in here:
        return _(
            "A session is going on, and you lead it. Go on with {next}. Is your own turn over? Type {done}. You can also do this:",
            next=NEXT,
            done=DONE,
        )
    if "turn" in here:
        return _(
            "A session is going on. Is it your turn, and are you ready? Say so with {how}. You can also do this:",
            how=DONE,
        )
    if ctx.edition_or_none is None:
        return _("I am Kring. I help people learn from each other. This is what you can do here:")
    return _("I am Kring. I help with {edition}. This is what you can do now:", edition=ctx.edition.name)
