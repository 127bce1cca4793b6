"""What a message means, and whether this person may do that here.

A line becomes a call: pressed, typed, said in plain words, or the answer to an open question. A call finds its command, its edition
and its arguments; what is missing is asked, and what is not allowed is refused with the way that is open (`bot/allowed.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot import allowed, bare, logbook, plain, questions
from bot.answer import TEN_MINUTES, Again, Answer, Ask, Confirm, Part, Say, Work, parts
from bot.arguments import MOST_WORDS, Missing, read_call, usage, values_of
from bot.chat import Heard
from bot.command import Command, Commands, fold
from bot.context import Context
from bot.examples import examples_for
from bot.free_talk import small_talk
from bot.intervision import aloud
from bot.intervision.sessions import PREFIX, session_in, sitting_of
from bot.questions import Filled, Spell
from bot.said import Way, is_no, is_yes, way_of
from bot.sentences import rule_for
from bot.whom import Several
from programme import rooms
from programme.edition import Edition
from programme.intervision.asking import remark
from programme.intervision.calls import DONE
from programme.intervision.session import Session
from programme.intervision.spoken import QuestionRound
from programme.text import GAP, Call, Refusal, Unclear, _
from storage.letters import Button, Question

AN_HOUR = timedelta(hours=1)
"""What was missing is soon given, or not wanted any more."""
YES_AND_NO = frozenset({"ja", "nee", "yes", "no"})
NONE_OPEN = _("No question is open now. Did it take a while? Then give the command once more.")
OTHER_OPEN = _(
    "That button belongs to a question that is closed. Did it take a while? Then give the command once more."
)
STILL_OPEN = _("I still wait for your answer to this:")
FIRST = _("This is the first question. Leave it with `later`.")
NOT_SKIPPED = _("This question cannot be skipped. Answer it, or leave it with `later`.")
ALL_RIGHT = _("All right.")


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
            or heard.facts.members == {heard.person}
            or heard.press is not None
            or heard.by_button
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
        if text.startswith(self.prefix) or not (ctx.alone or heard.by_button):
            return self._typed(ctx, self._bare(text))
        return self._said(ctx, heard, text)

    # ── plain words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, ctx: Context, heard: Heard, text: str) -> Answer:
        """Answer a line without a prefix, where nobody else is."""
        me, now = ctx.me.id, ctx.now
        if ctx.at_direct and aloud.sounds_unsafe(text) and plain.in_session(ctx):
            return aloud.offer_stop()
        asked = questions.open_to(ctx.state, me, now, "" if ctx.at_direct else ctx.room)
        answered = questions.replied(ctx.state, me, now, heard.reply_to)
        if heard.by_button and answered is None:
            return OTHER_OPEN if asked else NONE_OPEN
        asked = asked if answered else self._without_offers(ctx, asked, text)
        if answered is None and not asked and ctx.at_direct:
            answered = questions.aside_for(ctx.state, me, now, text, self.spell)
        if answered is not None or asked:
            return self._replied(ctx, [answered] if answered else asked, text)
        return self._answered(ctx, text) or self._typed(ctx, self._bare(text), prefixed=False)

    def _without_offers(self, ctx: Context, asked: list[Question], text: str) -> list[Question]:
        """The questions without what was only offered and is not taken: whoever goes on with something else has left it."""
        passed = [q for q in asked if q.lapses and q.call is None and questions.chosen(q, text, self.spell) is None]
        for question in passed:
            ctx.state.delete(Question, question.id)
        return [q for q in asked if q not in passed]

    def _answered(self, ctx: Context, text: str) -> Answer:
        """What plain words get while no question is open; None for what may be a command."""
        if plain.in_session(ctx):
            return None
        plain.at_hand(ctx)
        rule = rule_for(text)
        call = plain.meant_by(ctx, rule) if rule is not None else None
        if rule is None or call is None:
            return small_talk(ctx, text) if way_of(text) or read_call(text, self.commands) is None else None
        return plain.offer(ctx, call) if rule.ask else self.call(ctx, call)

    def _replied(self, ctx: Context, asked: list[Question], text: str) -> Answer:
        question = questions.meant(asked, text, self.spell)
        if question is None:
            return self._answered(ctx, text) or questions.which(asked)
        ctx.answering = question
        if (found := questions.chosen(question, text, self.spell)) is not None:
            return self._filled(ctx, found)
        if not plain.in_session(ctx) and (said := self._beside(ctx, question, text)) is not None:
            return said
        command = self.commands.by_word.get(fold(text))
        word = Call(command=command.id) if command is not None and len(text.split()) <= MOST_WORDS else None
        return self._filled(ctx, questions.filled(question, text, self.spell, word))

    def _beside(self, ctx: Context, question: Question, text: str) -> Answer:
        """What to say to a message that is no answer but a way out of the question, or a question itself; None for an answer."""
        found = questions.way(question, text, self.spell)
        if found is not None:
            return self._out(ctx, question, found)
        rule = rule_for(text)
        if question.call is not None and (rule is None or not rule.always):
            return None
        ctx.answering = None
        said = parts(self._answered(ctx, text))
        if not said:
            ctx.answering = question
        if rule is None:
            return said or None
        waits = ctx.state.get(Question, question.id) is not None
        if said and waits and not any(isinstance(part, Ask) for part in said):
            said.append(Again(question, STILL_OPEN))
        return said or None

    def _out(self, ctx: Context, question: Question, way: Way | Filled) -> Answer:
        """Leave a question, go back to the one before it, or skip it."""
        match way:
            case Filled():
                return self._filled(ctx, way)
            case "skip":
                return Again(question, NOT_SKIPPED)
            case "back" if question.back is not None:
                return self._filled(ctx, Filled(question.back, question))
            case "back" if questions.is_part(question):
                return Again(question, FIRST)
        return self.call(ctx, Call(command="cancel"))

    def _filled(self, ctx: Context, filled: Filled) -> Answer:
        ctx.answering = filled.question
        ctx.state.delete(Question, filled.question.id)
        ctx.confirmed = filled.confirmed
        return self.call(ctx, filled.call)

    def _talked(self, ctx: Context, text: str) -> Answer:
        """Take in what was said to the others in a room where a session runs: it may be a word of the session, alone on its line."""
        session = session_in(ctx.state, ctx.room)
        ctx.edition_or_none = ctx.state.get(Edition, rooms.edition_of(ctx.room) or "")
        call = aloud.meant(ctx, session, text)
        if call is None and session is not None and ctx.me.id in session.members:
            call = self._word(text)
        return self._told(ctx, session, text) if call is None else self.call(ctx, call)

    def _told(self, ctx: Context, session: Session | None, text: str) -> Answer:
        """Take in what was told; a word of the turn that stands behind it as a sentence of its own ends the turn."""
        told, word = aloud.told_and_ready(text) or (text, "")
        call = self._word(word) if word and session is not None else None
        ready = call is not None and call.command == DONE.command
        if session is not None:
            turn = session.turn
            answers = isinstance(turn, QuestionRound) and ctx.me.id == turn.answerer
            phase = sitting_of(session, ctx.now, ctx.free).phase
            ctx.remark = remark(told if ready else text, phase, answers=answers)
        said = [part for it in self.commands.listening("talked") for part in parts(it.run(ctx))]
        if ready and aloud.ends_turn(session_in(ctx.state, ctx.room), ctx.me.id):
            said += parts(self.call(ctx, DONE))
        return said

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

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _typed(self, ctx: Context, text: str, *, prefixed: bool = True) -> Answer:
        call = read_call(
            text, self.commands, {name for e in ctx.editions() for name in (e.id, *e.words)}, partial(names_in, ctx)
        )
        if call is None and plain.in_session(ctx):
            call = self._word(text)
        if call is not None:
            left = self._left(ctx, call)
            return [*parts(self.call(ctx, call)), *left]
        return self._unknown(ctx, text, prefixed=prefixed)

    def _left(self, ctx: Context, call: Call) -> list[Part]:
        """Close what was asked for another command that somebody left for this one. Help is no other command."""
        if call.command in ("help", "cancel"):
            return []
        asked = [q for q in ctx.state.all(Question, person=ctx.me.id) if q.lapses and q.until > ctx.now]
        for question in asked:
            ctx.state.delete(Question, question.id)
        left = [(q, Call(command=q.call.command)) for q in asked if q.call and q.call.command != call.command]
        return [
            Say(_("I do not wait any more for what {call} lacked.", call=it), to=q.room or rooms.direct(ctx.me.id))
            for q, it in left
        ]

    def _unknown(self, ctx: Context, text: str, *, prefixed: bool) -> Answer:
        plain.at_hand(ctx)
        if (about := plain.family(ctx, text)) is not None:
            return self.call(ctx, about)
        guess = plain.guess(ctx, text, typed=prefixed)
        if guess is not None:
            return plain.offer(ctx, guess)
        if plain.is_stranger(ctx):
            return self.call(ctx, Call(command="help"))
        if ctx.alone and (is_yes(text) or is_no(text)):
            return NONE_OPEN if fold(text) in YES_AND_NO else ALL_RIGHT
        return plain.not_understood(ctx, text)

    # ── carrying out ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, ctx: Context, call: Call) -> Answer:
        """Carry out a call, if this person may do it here."""
        command = self.commands.by_id[call.command]
        candidates = allowed.editions_for(ctx, command, call)
        if len(candidates) > 1 and command.needs_edition:
            return self._which_edition(ctx, call, candidates)
        if not candidates and command.needs_edition:
            return self._instead(ctx, command)
        ctx.edition_or_none = candidates[0] if len(candidates) == 1 else None
        return allowed.elsewhere(ctx, command) or self.tied(self._done(ctx, command, call), call)

    def _done(self, ctx: Context, command: Command, call: Call) -> Answer:
        """What the command answers; what it lacks, or what cannot be read, is asked."""
        try:
            values, before = values_of(command, call, ctx), ctx.state.version
            answer = command.run(ctx, *values)
            logbook.note(ctx, command, values, answer, changed=ctx.state.version > before)
        except Missing as missing:
            return self._missing(ctx, command, call, missing)
        except Several as several:
            return self._whom(ctx, call, several)
        except Unclear as unclear:
            return _asked_back(ctx, call, unclear)
        ctx.close_questions(call)
        return answer

    def _instead(self, ctx: Context, command: Command) -> Answer:
        """What somebody gets who has no right to a command: a coordinator what stands in its place for them. Raises `Refusal`."""
        how = read_call(command.instead, self.commands) if command.instead else None
        if how is None or not any(ctx.coordinates(e) for e in ctx.editions()):
            raise Refusal(allowed.stranger(ctx, command))
        return self.call(ctx, how)

    def _which_edition(self, ctx: Context, call: Call, candidates: Sequence[Edition]) -> Answer:
        choices = [
            Button(label=_("{edition}", edition=e.name), call=call.model_copy(update={"edition": e.id}))
            for e in candidates
        ]
        return Ask(_("About which programme is this?"), choices=choices, to=rooms.direct(ctx.me.id))

    def _missing(self, ctx: Context, command: Command, call: Call, missing: Missing) -> Answer:
        if missing.parameter.ask is None or not ctx.alone:
            examples = [c for c in examples_for(ctx, command) if c.arguments]
            how = examples[0] if examples else Call(command=command.id)
            raise Refusal(_("Something is missing. Type {usage}, for example {how}.", usage=usage(command), how=how))
        gap = call.model_copy(update={"arguments": (*call.arguments, GAP)})
        return Ask(missing.parameter.ask, gap, until=AN_HOUR, lapses=True)

    def _whom(self, ctx: Context, call: Call, several: Several) -> Answer:
        """Ask which of some people with one name is meant."""
        if not ctx.alone:
            raise Refusal(several.text)
        choices = [Button(label=label, call=several.chosen(call, it)) for it, label in several.people.items()]
        return Ask(
            _("There is more than one {name}. Whom do you mean?", name=several.word), None, choices, until=TEN_MINUTES
        )

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


def names_in(ctx: Context) -> frozenset[str]:
    """The folded names of all people in the editions of now: where a person is meant, a name of more words is one argument."""
    people = (it for e in ctx.editions() for it in ctx.state.people(ctx.state.exchange(e, ctx.now)))
    return frozenset(fold(it.name) for it in people if it.name)


def _asked_back(ctx: Context, call: Call, unclear: Unclear) -> Answer:
    """Wait for what was asked back, in the place of what could not be read; what could be read stays. Raises `Unclear`."""
    first_time = ctx.answering is None
    gap = unclear.gap(call, keep=first_time)
    if gap is None or not ctx.alone or not (first_time or (ctx.answering and ctx.answering.lapses)):
        raise unclear
    return Ask(unclear.text, gap, until=AN_HOUR, lapses=True)
