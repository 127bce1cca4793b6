"""What a message means, and whether this person may do that here.

A line becomes a call: pressed, typed, or the answer to an open question. A call finds its command, its edition and its arguments;
what is missing is asked, and what is not allowed is refused with the way that is open. Rights rest on the person, never on the
secrecy of a button.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import bare, logbook, questions
from bot.answer import Answer, Ask, Confirm, Part, Say, Work, parts
from bot.arguments import MOST_WORDS, Missing, examples_of, read_call, usage, values_of
from bot.chat import Heard
from bot.command import DESK, DIRECT, PRIVATE, Command, Commands, fold
from bot.context import Context
from bot.free_talk import free_talk, is_away
from bot.intervision.sessions import PREFIX, session_in, session_with, sitting_of
from bot.questions import Filled, Spell
from programme import rooms
from programme.edition import Edition
from programme.intervision.asking import remark
from programme.intervision.calls import START
from programme.intervision.spoken import QuestionRound
from programme.people import Role
from programme.records import Group
from programme.text import GAP, Call, Refusal, Sayable, _
from storage.letters import Button, Question

AN_HOUR = timedelta(hours=1)
"""What was missing is soon given, or not wanted any more."""
YES_AND_NO = frozenset({"ja", "nee", "yes", "no"})
NONE_OPEN = _("No question is open now. Did it take a while? Then give the command once more.")
OTHER_OPEN = _(
    "That button belongs to a question that is closed. Did it take a while? Then give the command once more."
)


SESSION_WORDS = frozenset(
    {"intervisie", "begeleid", "begeleiden", "sessie", "incidentmethode", "intervision", "facilitate"}
)
"""Of a line with one of these it is likely what it is about."""


def _about_sessions(text: str) -> bool:
    return not SESSION_WORDS.isdisjoint(fold(word) for word in text.split())


@dataclass(frozen=True)
class Tied(Ask):
    """A request for confirmation, tied to the call that its first choice confirms."""


@dataclass(frozen=True)
class Meaning:
    """Reads messages with these commands. `spell` writes a text in a language; `prefix` begins a command anywhere."""

    commands: Commands
    spell: Spell
    prefix: str

    def is_for_us(self, heard: Heard) -> bool:
        """Whether this is said to the bot: in the direct chat, to it by name, or a command that it knows."""
        return (
            rooms.person_of(heard.room) is not None
            or heard.press is not None
            or heard.addressed
            or (heard.text.lstrip().startswith(self.prefix) and self._may_be_ours(heard))
            or (heard.room.startswith(PREFIX) and bare.asks_for_help(heard.text))
        )

    def _may_be_ours(self, heard: Heard) -> bool:
        """In a room of people an unknown word may be for another bot; at the desk it is for us."""
        at_desk = heard.room.startswith("desk/")
        return at_desk or read_call(self._bare(heard.text), self.commands) is not None

    def _bare(self, text: str) -> str:
        text = text.strip().removeprefix(self.prefix)
        named = bare.after_our_name(text)
        return text if named is None else named

    def answer(self, ctx: Context, heard: Heard) -> Answer:
        """Answer what somebody said. Raises `Refusal`, which is the answer."""
        ctx.facts, ctx.pressed = heard.facts, heard.press is not None
        text = heard.text.strip()
        if heard.press is not None:
            return self._pressed(ctx, heard.press)
        if not self.is_for_us(heard):
            return self._talked(ctx, text)
        if text.startswith(self.prefix) or not ctx.at_direct:
            return self._typed(ctx, self._bare(text))
        asked = questions.open_to(ctx.state, ctx.me.id, ctx.now)
        if heard.by_button and all(question.letter != heard.reply_to for question in asked):
            return OTHER_OPEN if asked else NONE_OPEN
        if asked:
            return self._replied(ctx, asked, text, heard.reply_to)
        return self._away(ctx, text) or self._typed(ctx, text)

    def _away(self, ctx: Context, text: str) -> Answer:
        """What to say to a word to get away, in one's own chat while there is nothing to get away from; None for anything else."""
        in_session = any(session_with(ctx.state, it.id, ctx.me.id) for it in ctx.editions())
        if in_session or not is_away(text):
            return None
        return self._talk(ctx, text)

    def _talk(self, ctx: Context, text: str) -> Answer:
        """What to say to free talk in one's own chat; None when it is none."""
        mine = [it for it in ctx.editions() if ctx.takes_part(it) or ctx.coordinates(it)] or ctx.editions()
        ctx.edition_or_none = mine[0] if len(mine) == 1 else None
        said = free_talk(ctx, text, self._open_to(ctx))
        ctx.edition_or_none = None
        return said

    def _open_to(self, ctx: Context) -> list[Command]:
        """The commands that this person may use somewhere."""
        return [c for c in self.commands.all if c.who is Role.ANYBODY or any(ctx.has(c.who, e) for e in ctx.editions())]

    def _talked(self, ctx: Context, text: str) -> Answer:
        """Take in what was said to the others in a room where a session runs: it may be a word of the session, alone on its line."""
        session, call = session_in(ctx.state, ctx.room), self._word(text)
        if session is not None and ctx.me.id in session.members and call is not None:
            return self.call(ctx, call)
        if session is not None:
            turn = session.turn
            answers = isinstance(turn, QuestionRound) and ctx.me.id == turn.answerer
            ctx.remark = remark(text, sitting_of(session, ctx.now, ctx.free).phase, answers=answers)
        ctx.edition_or_none = ctx.state.get(Edition, rooms.edition_of(ctx.room) or "")
        return [part for it in self.commands.listening("talked") for part in parts(it.run(ctx))]

    def _word(self, text: str) -> Call | None:
        """The word of a session that a line is: the whole of it, but for a number; or of a turn, with a filler or two before it."""
        call = read_call(text, self.commands)
        if call is not None:
            return call if self._stands_alone(call) else None
        last = read_call(bare.last_word(text), self.commands)
        return last if last is not None and self.commands.by_id[last.command].home == "turn" else None

    def _stands_alone(self, call: Call) -> bool:
        return self.commands.by_id[call.command].alone and all(map(str.isdecimal, call.arguments))

    def _pressed(self, ctx: Context, call: Call) -> Answer:
        for question in questions.open_to(ctx.state, ctx.me.id, ctx.now):
            for number, choice in enumerate(question.choices):
                if choice.call == call:
                    return self._filled(ctx, Filled(call, question, confirmed=question.confirms and number == 0))
        return self.call(ctx, call)

    def _typed(self, ctx: Context, text: str) -> Answer:
        call = read_call(text, self.commands, {name for e in ctx.editions() for name in (e.id, *e.words)})
        if call is None and any(session_with(ctx.state, e.id, ctx.me.id) for e in ctx.editions()):
            call = self._word(text)
        if call is not None:
            return self.call(ctx, call)
        return (self._talk(ctx, text) if ctx.at_direct else None) or self._unknown(ctx, text)

    def _replied(self, ctx: Context, asked: list[Question], text: str, reply_to: str | None) -> Answer:
        command = self.commands.by_word.get(fold(text))
        word = Call(command=command.id) if command is not None and len(text.split()) <= MOST_WORDS else None
        if (question := questions.meant(asked, reply_to)) is not None:
            ctx.answering = question
            return self._filled(ctx, questions.filled(question, text, self.spell, word))
        chosen = questions.chosen(asked, text)
        if not isinstance(chosen, Question):
            return chosen
        ctx.save(chosen.model_copy(update={"front": True}))
        return Say(chosen.text)

    def _filled(self, ctx: Context, filled: Filled) -> Answer:
        ctx.answering = filled.question
        ctx.state.delete(Question, filled.question.id)
        ctx.confirmed = filled.confirmed
        return self.call(ctx, filled.call)

    def _unknown(self, ctx: Context, text: str) -> Answer:
        near = self.commands.nearest(text, self._open_to(ctx), ctx.language)
        how = Call(command="help")
        if near is None and not any(ctx.takes_part(e) or ctx.coordinates(e) for e in ctx.editions()):
            return self.call(ctx, how)
        if near is None and text.strip(".!").casefold() in YES_AND_NO:
            return NONE_OPEN
        if near is None and not ctx.at_direct:
            return _("Hello {name}. Type {how}, and I show what you can do here.", name=ctx.me.shown, how=how)
        if near is None and _about_sessions(text) and any(ctx.me.id in it.members for it in ctx.state.all(Group)):
            return _("Do you lead an intervision? Go to the room of your group, and type {how} there.", how=START)
        if near is None:
            return _("I do not understand that. See what you can do with {how}.", how=how)
        return _(
            "I do not know that word. Do you mean {guess}? See what you can do with {how}.",
            guess=Call(command=near[0].id),
            how=how,
        )

    # ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, ctx: Context, call: Call) -> Answer:
        """Carry out a call, if this person may do it here."""
        command = self.commands.by_id[call.command]
        candidates = self._editions(ctx, command, call)
        if len(candidates) > 1 and command.needs_edition:
            return self._which_edition(ctx, call, candidates)
        if not candidates and command.needs_edition:
            raise Refusal(self._stranger(ctx, command))
        ctx.edition_or_none = candidates[0] if len(candidates) == 1 else None
        if elsewhere := self._elsewhere(ctx, command):
            return elsewhere
        try:
            values, before = values_of(command, call, ctx), ctx.state.version
            answer = command.run(ctx, *values)
            logbook.note(ctx, command, values, answer, changed=ctx.state.version > before)
            ctx.close_questions(call)
        except Missing as missing:
            answer = self._missing(ctx, command, call, missing)
        return self.tied(answer, call)

    def _editions(self, ctx: Context, command: Command, call: Call) -> list[Edition]:
        """The editions that this can be about: named, of this room, or those in which the person has the right."""
        current = [e for e in ctx.editions() if ctx.has(command.who, e)]
        if call.edition:
            return [e for e in current if call.edition in (e.id, *e.words)]
        here = rooms.edition_of(ctx.room)
        if here is not None and any(e.id == here for e in ctx.editions()):
            return [e for e in current if e.id == here]
        return current

    def _which_edition(self, ctx: Context, call: Call, candidates: Sequence[Edition]) -> Answer:
        choices = [
            Button(label=_("{edition}", edition=e.name), call=call.model_copy(update={"edition": e.id}))
            for e in candidates
        ]
        return Ask(_("About which programme is this?"), choices=choices, to=rooms.direct(ctx.me.id))

    def _stranger(self, ctx: Context, command: Command) -> Sayable:
        editions = ctx.editions()
        if command.who is Role.COORDINATOR and editions:
            return _(
                "Only the coordinator can do that. Do you want to ask something? Call or mail {contact}.",
                contact=str(editions[0].contact),
            )
        if editions:
            return _(
                "You do not take part in {edition}. Sign up with {how}.",
                edition=editions[0].name,
                how=Call(command="signup"),
            )
        return _("There is no programme open now. See what you can do with {how}.", how=Call(command="help"))

    def _elsewhere(self, ctx: Context, command: Command) -> Answer:
        """What to say of a command that was typed where it does not belong; None when it is in its place."""
        direct = rooms.direct(ctx.me.id)
        if command.where in (DIRECT, PRIVATE) and not ctx.at_direct:
            how = Call(command=command.id)
            return Say(
                _(
                    "{how} works only here, in our own chat. Remove your message in the room, then type it here.",
                    how=how,
                ),
                to=direct,
            )
        if command.where is PRIVATE and not ctx.facts.encrypted:
            return _(
                "This chat is not encrypted, so I do not take that here. Begin a new, encrypted chat with me and type {how} there.",
                how=Call(command=command.id),
            )
        if command.where is DESK and not ctx.at_direct and ctx.room != rooms.desk(ctx.edition.id):
            return Say(
                _("{how} works only at the desk or here, in our own chat.", how=Call(command=command.id)), to=direct
            )
        return None

    def _missing(self, ctx: Context, command: Command, call: Call, missing: Missing) -> Answer:
        if missing.parameter.ask is None or not ctx.at_direct:
            examples = [c for c in examples_of(command, self.commands) if c.arguments]
            how = examples[0] if examples else Call(command=command.id)
            raise Refusal(_("Something is missing. Type {usage}, for example {how}.", usage=usage(command), how=how))
        gap = call.model_copy(update={"arguments": (*call.arguments, GAP)})
        return Ask(missing.parameter.ask, gap, until=AN_HOUR)

    def tied(self, answer: Answer, call: Call) -> Answer:
        """Give a request for confirmation the call that it confirms."""
        return [self._tie(part, call) for part in parts(answer)]

    def _tie(self, part: Part, call: Call) -> Part:
        if isinstance(part, Work):
            return replace(part, call=call)
        return self._question(part, call) if isinstance(part, Confirm) else part

    def _question(self, confirm: Confirm, call: Call) -> "Tied":
        no = Call(command="cancel")
        choices = (
            Button(label=confirm.yes or questions.YES, call=call),
            Button(label=confirm.no or questions.NO, call=no),
        )
        return Tied(confirm.text, choices=choices, until=timedelta(minutes=10))
