"""Open questions: a small table (person, gap, deadline), and what a message means while one is open.

An open question takes the whole message, as data, never as a command line. With more than one open, a message goes to the only one
that can take it; when more than one can, the person says which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.answer import Ask
from bot.bare import choice as choice_in
from bot.command import fold
from bot.context import State
from bot.said import WAYS, Way, is_no, is_yes, way_of
from programme.text import GAP, Call, Lines, Misread, Sayable, Value, _, lines
from storage.letters import Button, Question

Spell = Callable[[Sayable, str], str]
"""Writes a text in a language."""
YES, NO = _("Yes"), _("No")
BACK, LATER = _("Previous question"), _("Go on later")
CANCEL = Call(command="cancel")
OVERVIEW = Call(command="overview")
MOST_SHOWN = 3
"""So many questions a person can choose from; the older ones wait."""
_UNCLEAR = _(
    "I am waiting for one of these answers. Do you want something else? Type for example {how}. Rather not now? Type `later`.",
    how=Call(command="help"),
)


@dataclass(frozen=True)
class Filled:
    """A call that an answer made."""

    call: Call
    question: Question
    confirmed: bool = False


def open_to(state: State, person: str, now: datetime, room: str = "") -> list[Question]:
    """The questions that wait for an answer of this person, oldest first; the one that they chose stands alone.

    With the key of a `room`: only those that were put there.
    """
    found = [q for q in waiting(state, person, now) if room in ("", q.room)]
    return [q for q in found if q.front] or found


def waiting(state: State, person: str, now: datetime) -> list[Question]:
    """All questions to this person that they did not put aside, oldest first."""
    return [q for q in _kept(state, person, now) if not q.aside]


def replied(state: State, person: str, now: datetime, letter: str | None) -> Question | None:
    """The question below whose letter somebody answered, also when they had put it aside."""
    return next((q for q in _kept(state, person, now) if letter is not None and q.letter == letter), None)


def aside_for(state: State, person: str, now: datetime, text: str, spell: Spell) -> Question | None:
    """The only question put aside that has this answer below it: people come back to it without a word.

    The answer as it stands there. A kind "ok" to what was said last is no consent to what was asked some days ago.
    """
    found = [q for q in _kept(state, person, now) if q.aside and _labelled(q, text, spell, newest=False) is not None]
    return found[0] if len(found) == 1 else None


def _kept(state: State, person: str, now: datetime) -> list[Question]:
    return sorted((q for q in state.all(Question, person=person) if q.until > now), key=lambda q: (q.number, q.until))


def next_number(state: State, person: str) -> int:
    """The number of the next question to this person: later than all that are open to them."""
    return 1 + max((q.number for q in state.all(Question, person=person)), default=0)


def question_of(
    ask: Ask, person: str, letter: str, now: datetime, *, confirms: bool = False, number: int = 0, room: str = ""
) -> Question:
    """The record of a question that is put to a person. A later one about the same thing takes its place."""
    call = ask.call or ask.choices[0].call
    about = "/".join(part for part in (person, call.command, ask.whose) if part)
    return Question(
        id=about,
        person=person,
        call=ask.call,
        choices=tuple(ask.choices),
        confirms=confirms,
        text=ask.text,
        until=now + ask.until,
        letter=letter,
        number=number,
        room=room,
        back=ask.back,
        resume=ask.resume or (OVERVIEW if ask.wake else None),
        lapses=ask.lapses,
    )


def is_replaced(earlier: Question | None, later: Question, now: datetime) -> bool:
    """Whether somebody was to confirm something else, which is off now."""
    if earlier is None or not (earlier.confirms and later.confirms) or earlier.until <= now:
        return False
    return earlier.choices[0].call != later.choices[0].call


def buttons(question: Question) -> tuple[Button, ...]:
    """What stands below a question: its choices, and the ways on that it has of its own."""
    back = [Button(label=BACK, call=question.back, says=_("back"))] if question.back else []
    later = [Button(label=LATER, call=CANCEL, says=_("later"))] if is_part(question) else []
    return (*question.choices, *back, *later)


def is_part(question: Question) -> bool:
    """Whether it is one of a row of questions that somebody goes through, and can leave half-way."""
    return question.resume is not None and question.resume != OVERVIEW


# ── which question ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def meant(questions: Sequence[Question], text: str, spell: Spell) -> Question | None:
    """The question that a message answers: the only one, or the only one that can take it; None when that is not clear."""
    if len(questions) == 1 or way_of(text) is not None:
        return questions[-1]
    sure = [q for q in questions if chosen(q, text, spell, newest=q is questions[-1]) is not None]
    able = sure or [q for q in questions if _takes(q, text)]
    return able[0] if len(able) == 1 else None


def _takes(question: Question, text: str) -> bool:
    """Whether a question takes this as text."""
    return question.call is not None and not (is_yes(text) or is_no(text))


def which(questions: Sequence[Question]) -> Ask:
    """Ask which of the newest questions somebody answers."""
    shown = questions[-MOST_SHOWN:]
    rows: list[Value] = [_("{number}. {question}", number=n, question=_first(q.text)) for n, q in enumerate(shown, 1)]
    asked = _("I have asked you more than one thing. Which one do you want to answer? Type its number.")
    choices = [
        Button(label=_("{number}", number=n), call=Call(command="question", arguments=(str(q.number),)))
        for n, q in enumerate(shown, 1)
    ]
    return Ask(lines(asked, *rows), choices=choices, lapses=True)


def _first(text: Sayable) -> Value:
    """What makes a question known again: two lines, for the first may be the same for another."""
    return lines(*text.items[:2]) if isinstance(text, Lines) and text.items else text


# ── which answer ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def chosen(question: Question, text: str, spell: Spell, *, newest: bool = True) -> Filled | None:
    """The choice that an answer makes, by its label, by yes or no, and for the newest question by its number."""
    at = _labelled(question, text, spell, newest=newest)
    if at is None:
        at = _yes_or_no(question, text, spell)
    return None if at is None else Filled(question.choices[at].call, question, question.confirms and at == 0)


def _labelled(question: Question, text: str, spell: Spell, *, newest: bool) -> int | None:
    """Which choice (from 0) has this label, or for the newest question this number."""
    said = {fold(text)} if question.confirms else {fold(text), fold(choice_in(text))}
    for at, choice in enumerate(question.choices):
        labels = {fold(label) for label in _labels(choice, spell)}
        if said & labels or (newest and str(at + 1) in said):
            return at
    return None


def _labels(choice: Button, spell: Spell) -> list[str]:
    return [spell(choice.label, language) for language in ("nl", "en")]


def _yes_or_no(question: Question, text: str, spell: Spell) -> int | None:
    """Which choice (from 0) somebody means who says yes or no in other words."""
    if not (is_yes(text) or is_no(text)) or not question.choices:
        return None
    if question.confirms:
        return 0 if is_yes(text) else 1
    begins = ("ja", "yes") if is_yes(text) else ("nee", "no")
    found = [n for n, choice in enumerate(question.choices) if _begins(choice, begins, spell)]
    return found[0] if len(found) == 1 else None


def _begins(choice: Button, words: tuple[str, ...], spell: Spell) -> bool:
    """Whether a label is one of these words, or begins with one and a comma: "Ja, laat zien"."""
    return any(label.partition(",")[0].casefold() in words for label in _labels(choice, spell))


def way(question: Question, text: str, spell: Spell) -> Way | Filled | None:
    """Which way out of a question a message asks for, if it is nothing else; a choice that skips it is taken."""
    asked = way_of(text)
    if asked == "skip":
        skips = (c for c in question.choices if {fold(label) for label in _labels(c, spell)} & WAYS["skip"])
        choice = next(skips, None)
        return Filled(choice.call, question) if choice else asked
    return asked


def filled(question: Question, text: str, spell: Spell, word: Call | None = None) -> Filled:
    """The call that an answer makes. `word` is the call that the message would be if it is a bare command word. Raises `Misread`."""
    if (found := chosen(question, text, spell)) is not None:
        return found
    if word is not None and word.command == "help" and question.choices:
        raise Misread(_about(question), *_listed(question))
    if question.call is None:
        raise Misread(_UNCLEAR, *_listed(question))
    if word is not None:
        raise Misread(_looks_like_a_command(question, word), *_listed(question))
    if (question.lapses or is_part(question)) and (is_yes(text) or is_no(text)):
        raise Misread(lines(_("That is no answer to this question. Type `later` to leave it."), in_short(question)))
    return Filled(fill(question.call, text), question)


def in_short(question: Question) -> Value:
    """What of a question is said once more: of a row of questions how it begins, of any other how it ends."""
    if is_part(question) or not isinstance(question.text, Lines) or not question.text.items:
        return question.text
    return question.text.items[-1]


def _looks_like_a_command(question: Question, word: Call) -> Lines:
    """A bare command word is seldom an answer, and what is kept by mistake may be read by everybody."""
    return lines(
        _("Do you mean {call}? Then type it with the exclamation mark. Or answer my question:", call=word),
        question.text,
    )


def _about(question: Question) -> Lines:
    """The question once more, and the ways on: an answer, something else, or nothing at all."""
    return lines(
        question.text,
        _(
            "Press one of the answers, or type it. Something else? Type {help}. Rather not now? Type `later`.",
            help=Call(command="help"),
        ),
    )


def _listed(question: Question) -> list[Value]:
    return [_("{number}. {choice}", number=n, choice=choice.label) for n, choice in enumerate(question.choices, 1)]


def fill(call: Call, answer: str) -> Call:
    """Put an answer in the gap of a call: the whole of an argument, or behind or between what stands there already."""
    *before, last = call.arguments
    return call.model_copy(update={"arguments": (*before, answer.join(last.rsplit(GAP, 1)))})


def yes_no(yes: Call, no: Call) -> tuple[Button, Button]:
    """The two answers to a question."""
    return Button(label=YES, call=yes), Button(label=NO, call=no)
