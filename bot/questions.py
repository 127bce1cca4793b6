"""Open questions: a small table (person, gap, deadline), and what a message means while one is open.

An open question takes the whole message, as data, never as a command line. With two open, the person says which one first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.answer import Answer, Ask
from bot.bare import choice as choice_in
from bot.command import fold
from bot.context import State
from programme.text import GAP, Call, Lines, Misread, Sayable, Value, _, lines
from storage.letters import Button, Question

Spell = Callable[[Sayable, str], str]
"""Writes a text in a language."""
YES, NO = _("Yes"), _("No")
LONGEST_NUMBER = 4
_UNCLEAR = _(
    "I am waiting for one of these answers. Do you want something else? Type for example {how}.",
    how=Call(command="help"),
)


@dataclass(frozen=True)
class Filled:
    """A call that an answer made."""

    call: Call
    question: Question
    confirmed: bool = False


def open_to(state: State, person: str, now: datetime) -> list[Question]:
    """The questions that are open to this person, oldest first; the one that they chose stands alone."""
    found = [q for q in state.all(Question, person=person) if q.until > now]
    chosen = [q for q in found if q.front]
    return chosen or sorted(found, key=lambda q: q.until)


def question_of(ask: Ask, person: str, letter: str, now: datetime, *, confirms: bool = False) -> Question:
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
    )


def meant(questions: list[Question], reply_to: str | None) -> Question | None:
    """The question that a message answers: the one that it replies to, or the only one."""
    if reply_to is not None and (answered := [q for q in questions if q.letter == reply_to]):
        return answered[0]
    return questions[0] if len(questions) == 1 else None


def chosen(questions: list[Question], text: str) -> Question | Answer:
    """With more than one question open: the one of which somebody typed the number, or what to say back."""
    if text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER and 1 <= int(text) <= len(questions):
        return questions[int(text) - 1]
    return _which(questions)


def _which(questions: list[Question]) -> Lines:
    rows: list[Value] = [
        _("{number}. {question}", number=n, question=_first(q.text)) for n, q in enumerate(questions, 1)
    ]
    return lines(_("I have asked you more than one thing. Which one do you want to answer? Type its number."), *rows)


def _first(text: Sayable) -> Value:
    """What makes a question known again: two lines, for the first may be the same for another."""
    return lines(*text.items[:2]) if isinstance(text, Lines) and text.items else text


def filled(question: Question, text: str, spell: Spell, word: Call | None = None) -> Filled:
    """The call that an answer makes. `word` is the call that the message would be if it is a bare command word. Raises `Misread`."""
    for number, choice in enumerate(question.choices, 1):
        labels = {fold(spell(choice.label, language)) for language in ("nl", "en")}
        said = {fold(text)} if question.confirms else {fold(text), fold(choice_in(text))}
        if said & (labels | {str(number)}):
            return Filled(choice.call, question, confirmed=question.confirms and number == 1)
    if word is not None and word.command == "help" and question.choices:
        raise Misread(_about(question), *_listed(question))
    if question.call is None:
        raise Misread(_UNCLEAR, *_listed(question))
    if word is not None:
        raise Misread(_looks_like_a_command(question, word))
    return Filled(fill(question.call, text), question)


def _looks_like_a_command(question: Question, word: Call) -> Lines:
    """A bare command word is seldom an answer, and what is kept by mistake may be read by everybody."""
    return lines(
        _("I was waiting for your answer. Do you mean {call}? Then type it with the exclamation mark.", call=word),
        _("Otherwise I ask it once more."),
        question.text,
    )


def _about(question: Question) -> Lines:
    """The question once more, and the ways on: an answer, something else, or nothing at all."""
    ways: dict[str, Value] = {"help": Call(command="help"), "cancel": Call(command="cancel")}
    return lines(
        question.text,
        _(
            "Press one of the answers, or type it. Something else? Type {help}. Leave the question with {cancel}.",
            **ways,
        ),
    )


def _listed(question: Question) -> list[Value]:
    return [_("{number}. {choice}", number=n, choice=choice.label) for n, choice in enumerate(question.choices, 1)]


def fill(call: Call, answer: str) -> Call:
    """Put an answer in the gap of a call."""
    return call.model_copy(update={"arguments": tuple(answer if word == GAP else word for word in call.arguments)})


def again(question: Question) -> Ask:
    """The same question once more."""
    return Ask(question.text, question.call, question.choices)


def yes_no(yes: Call, no: Call) -> tuple[Button, Button]:
    """The two answers to a question."""
    return Button(label=YES, call=yes), Button(label=NO, call=no)
