"""A method of intervision as its file says it: an ordered list of phases, each with who speaks, by which rule, how long, and what is asked.

The texts of a file may hold `{presenter}`, `{speaker}`, `{theme}` and `{minutes}`, and nothing else between braces.
"""

import string
import tomllib
from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from programme.intervision.division import divided
from programme.model import Model
from programme.text import Both, Refusal, _

Family = Literal["case", "dialogue", "quick"]
Speakers = Literal["presenter", "members", "facilitator", "all", "none"]
"""`members` are those present without the presenter."""
TurnRule = Literal[
    "announce", "monologue", "round", "question_round", "silent_write", "classify", "vote", "open", "silence"
]
TURN_RULES: tuple[TurnRule, ...] = get_args(TurnRule)
WORDS_IN_PROMPTS = frozenset({"presenter", "speaker", "theme", "minutes"})
MINUTE = 60
_WHO: dict[TurnRule, frozenset[Speakers]] = {
    "announce": frozenset({"facilitator", "all"}),
    "monologue": frozenset({"presenter", "facilitator"}),
    "round": frozenset({"members", "all"}),
    "question_round": frozenset({"members"}),
    "silent_write": frozenset({"members", "all"}),
    "classify": frozenset({"presenter"}),
    "vote": frozenset({"all"}),
    "open": frozenset({"members", "all"}),
    "silence": frozenset({"none"}),
}
"""Who can speak under each rule."""


class Sizes(Model):
    """How many people a method is for, the presenter included: at least, best from through, at most."""

    least: int = Field(ge=2)
    best_from: int
    best_to: int
    most: int

    @model_validator(mode="after")
    def _rising(self) -> "Sizes":
        if not self.least <= self.best_from <= self.best_to <= self.most:
            raise ValueError("the sizes do not rise; write least <= best_from <= best_to <= most")
        return self


class Phase(Model):
    """One phase of a method."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Both
    speakers: Speakers
    turn: TurnRule
    minutes: Annotated[float, Field(gt=0, multiple_of=0.5)]
    prompt: Both
    prompt_first: Both | None = None
    """Asked instead in the first session of a group."""
    prompt_if_over: Both | None = None
    """Asked instead when the presenter has said that the event is over."""
    prompt_if_open: Both | None = None
    """Asked instead when the presenter has said that it is still going on."""
    tip: Both | None = None
    """What the facilitator watches in this phase: for them alone."""
    once: bool = False
    """Who passes in this round is not asked again."""
    listeners: Literal["members", "presenter"] | None = None
    """Who may not speak now, for the sake of the method."""
    then: Literal["vote", "presenter_response"] | None = None
    """What follows a round within the same phase."""
    presenter: Literal["first", "last"] = "last"
    """Their place in a round of all."""
    reveal: Literal["together", "none"] | None = None
    """What becomes of private writing: shown at once, or kept by who wrote it."""
    waits_for_all: bool = False
    """Private writing that cannot be closed before everybody present delivered or passed."""
    least_items: int = Field(default=1, ge=1)
    most_items: int | None = Field(default=None, ge=1)
    """How many pieces of writing, or questions, one person may give; without it one piece, and any number of questions."""
    labels: tuple[Both, ...] = ()
    """What the presenter can call an item."""
    most_sentences: int | None = Field(default=None, ge=1)
    silence_seconds: int = Field(default=0, ge=0)
    """So long nobody speaks at its beginning."""
    least_minutes: int = Field(default=1, ge=1)
    least_per_member: int = Field(default=0, ge=0)
    """Minutes for each who has a turn, below which it is never shortened."""
    protected: bool = False
    """In a running session it is not shortened to make up for what came before."""
    case: int = Field(default=1, ge=1)
    """Which case it is about, where a method takes more than one: each has a presenter of its own."""
    advice_later: bool = False
    """Advice does not come yet; who gives it is reminded."""
    days: int | None = Field(default=None, ge=1)
    """How many working days it takes in the slow form; without it for any phase, they follow from the minutes."""
    prompt_slow: Both | None = None
    """Asked instead in the slow form."""

    @model_validator(mode="after")
    def _whole(self) -> "Phase":
        for fault in _faults(self):
            raise ValueError(f"{self.key}: {fault}")
        return self

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return int(self.minutes * MINUTE)

    @property
    def needs_presenter(self) -> bool:
        """Whether it cannot begin before it is known whose case it is."""
        told = any("{presenter}" in text for text in (self.prompt.nl, self.prompt.en))
        return self.speakers in ("presenter", "members") or self.then == "presenter_response" or told

    def floor(self, members: int) -> int:
        """The fewest minutes that it can have with so many members (the presenter not counted)."""
        return max(self.least_minutes, self.least_per_member * members)


def _faults(phase: Phase) -> Iterator[str]:
    if phase.speakers not in _WHO[phase.turn]:
        known = " or ".join(sorted(_WHO[phase.turn]))
        yield f"speakers: {phase.speakers!r} does not go with {phase.turn}; choose {known}"
    if (phase.reveal is None) == (phase.turn == "silent_write"):
        yield "reveal: it goes with silent_write and only there; write together or none, or take it away"
    if bool(phase.labels) != (phase.turn == "classify"):
        yield "labels: they go with classify and only there; write them, or take them away"
    if phase.then and phase.turn != "round":
        yield f"then: only a round can go on; take it away, or make {phase.key} a round"
    if phase.waits_for_all and phase.reveal != "together":
        yield "waits_for_all: only writing that is shown together waits; set reveal = 'together', or take it away"
    if phase.most_items is not None and phase.most_items < phase.least_items:
        yield "most_items: it lies below least_items; make it larger"
    if phase.once and phase.turn != "round":
        yield f"once: only in a round somebody is asked again; take it away, or make {phase.key} a round"
    for words in (phase.prompt, phase.prompt_first, phase.prompt_if_over, phase.prompt_if_open, phase.tip):
        yield from _unknown_words(words) if words else ()


def _unknown_words(words: Both) -> Iterator[str]:
    for language, written in (("nl", words.nl), ("en", words.en)):
        names = {name for _text, name, _spec, _conversion in string.Formatter().parse(written) if name is not None}
        if unknown := names - WORDS_IN_PROMPTS:
            known = ", ".join(sorted(WORDS_IN_PROMPTS))
            yield f"prompt.{language}: unknown {{{min(unknown)}}}; known are {known}"


class Cases(Model):
    """Phases that are done again, for another case with another presenter."""

    times: int = Field(ge=2)
    first: str
    last: str
    """Keys of the first and the last phase that are repeated."""
    called: Both
    """What stands behind the name of each such phase, before the number of the case."""


class Method(Model):
    """A way to do intervision."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Both
    goal: Both
    needs: Both | None = None
    """What a group must have before it begins."""
    family: Family
    sizes: Sizes
    minutes: float
    """The sum of its phases."""
    presets: tuple[int, ...] = ()
    """Other lengths to offer, in minutes."""
    shortest: int | None = None
    """Below so many minutes it is not done; another method fits better."""
    certainty: Literal["high", "medium", "low"]
    """How well the sources agree on steps and times."""
    remark: str = ""
    sources: tuple[str, ...] = Field(min_length=1)
    instead: dict[int, str] = Field(default_factory=dict)
    """Lengths (minutes) at which another method is meant: its id."""
    cases: Cases | None = None
    """Phases that the file writes once and the session does several times. In the method they stand written out, and this is None."""
    repeats: bool = False
    """It is done again for each person, with changed roles."""
    phases: tuple[Phase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _written_out(self) -> "Method":
        if self.cases is None:
            return self
        keys = [phase.key for phase in self.phases]
        if unknown := {self.cases.first, self.cases.last} - {*keys}:
            raise ValueError(
                f"cases: there is no phase {min(unknown)}; name the first and the last one that are repeated"
            )
        phases = _repeated(self.phases, self.cases, keys.index(self.cases.first), keys.index(self.cases.last) + 1)
        return self.model_copy(update={"phases": phases, "cases": None})

    @model_validator(mode="after")
    def _adds_up(self) -> "Method":
        total = sum(phase.minutes for phase in self.phases)
        if total != self.minutes:
            raise ValueError(f"minutes: the phases sum to {total:g} and not to {self.minutes:g}; mend one of them")
        keys = [phase.key for phase in self.phases]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"phases: the key {twice} stands twice; give each phase a key of its own")
        return self

    @property
    def needs_presenter(self) -> bool:
        """Whether it is about the case of one of them."""
        return any(phase.needs_presenter for phase in self.phases)

    @property
    def case_begins(self) -> int:
        """Index of the first phase about the case of one of them; as many as there are phases when there is none."""
        return self.begins(1)

    def begins(self, case: int) -> int:
        """The same for the case with this number, from 1."""
        needing = (index for index, it in enumerate(self.phases) if it.needs_presenter and it.case >= case)
        return next(needing, len(self.phases))

    def phase(self, key: str) -> Phase:
        """The phase with this key. Raises `StopIteration` for one that is not there."""
        return next(phase for phase in self.phases if phase.key == key)


def _repeated(phases: tuple[Phase, ...], cases: Cases, begin: int, end: int) -> tuple[Phase, ...]:
    """The phases written out: those from `begin` up to `end` once for each case, and what comes after belongs to the last one."""
    again = (_of_case(it, number, cases.called) for number in range(1, cases.times + 1) for it in phases[begin:end])
    after = (it.model_copy(update={"case": cases.times}) for it in phases[end:])
    return (*phases[:begin], *again, *after)


def _of_case(phase: Phase, number: int, called: Both) -> Phase:
    name = Both(nl=f"{phase.name.nl} · {called.nl} {number}", en=f"{phase.name.en} · {called.en} {number}")
    key = phase.key if number == 1 else f"{phase.key}_{number}"
    return phase.model_copy(update={"key": key, "name": name, "case": number})


def parse(toml: str) -> Method:
    """Make a method from the text of its file.

    Raises `tomllib.TOMLDecodeError` or `pydantic.ValidationError`; both say where.
    """
    return Method.model_validate(tomllib.loads(toml))


def scaled(method: Method, total: int, members: int) -> Method:
    """The same method in `total` minutes, for so many members besides the presenter.

    Every phase keeps its part of the time in whole minutes, but never less than its floor; the phases sum to `total`. A method
    that fits already stays as it is. Refuses a total in which it cannot be done.
    """
    floors = [phase.floor(members) for phase in method.phases]
    if total == method.minutes and all(p.minutes >= floor for p, floor in zip(method.phases, floors, strict=True)):
        return method
    shortest = max(sum(floors), method.shortest or 0)
    if total < shortest:
        raise Refusal(
            _(
                "{method} does not fit in {total} minutes with {n} people. Take {shortest} minutes or more, or choose a shorter method.",
                method=method.name,
                total=total,
                n=members + 1,
                shortest=shortest,
            )
        )
    minutes = divided(total, [phase.seconds for phase in method.phases], floors)
    phases = [p.model_copy(update={"minutes": float(m)}) for p, m in zip(method.phases, minutes, strict=True)]
    return method.model_copy(update={"phases": tuple(phases), "minutes": float(total)})
