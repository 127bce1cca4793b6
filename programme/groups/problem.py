"""What a split is asked, and what it answers: plain facts, checked when they come in."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, StrictStr, model_validator

from programme.matching.problem import Contradictions, Id, Pair
from programme.model import Model
from programme.text import Text, _

Slot = StrictInt | StrictStr
"""A moment at which somebody can come; the number or the word is the caller's."""
Rule = Literal["slots", "language", "apart", "met", "sector"]
RULES: tuple[Rule, ...] = ("slots", "language", "apart", "met", "sector")
"""What gives way when not everything can be kept, in this order: the first gives way first.

`apart` stands just before `met`: who visited each other know each other already, as people who met in a group do, but a group
that did not work is the stronger reason to mix.
"""


class Member(Model):
    """Somebody to be put in a group. What is not known (an empty word, or None) rules nothing out.

    `slots=()` is known: this person can never come.
    """

    id: Id
    organisation: str = ""
    sector: str = ""
    languages: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    slots: tuple[Slot, ...] | None = None


class Problem(Model):
    """Who is split in groups of at most `size`, and by which rules.

    Never broken: two of one organisation in a group, a `blocked` pair, and a boss with one of their people (`manages` holds
    pairs boss, person). Then, from what counts most: a language that the whole group speaks, `common_slots` moments at which the
    whole group can come, as few pairs of one sector as can be, nobody again with whom they `met` before, `apart` pairs apart, as
    many common moments as can be. `seed` orders equals (`programme/matching/lottery.py`); without it the ids alone do.

    `met` may name people who have left. Raises `ValueError` with one line `key: what is wrong; how to mend it` per fault.
    """

    people: tuple[Member, ...]
    size: Annotated[int, Field(ge=2, strict=True)]
    blocked: tuple[Pair, ...] = ()
    manages: tuple[Pair, ...] = ()
    met: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()
    common_slots: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    rounds: Annotated[int, Field(ge=1, le=100, strict=True)] = 1
    seed: str = ""

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        faults = [*_faults_of_people(self), *_faults_of_pairs(self)]
        if faults:
            raise Contradictions(*faults)
        return self


class Split(Model):
    """The groups, each in the order of ids, and the groups in the order of their first ids.

    `bound` is the fewest pairs of one sector that any split in so many groups has; `optimal` says that this one has no more. `relaxed`
    names the rules that are not kept in full, in the order of `RULES`: `sector` when there are more pairs than the bound.
    """

    groups: tuple[tuple[str, ...], ...]
    same_sector_pairs: int
    bound: int
    optimal: bool
    relaxed: tuple[Rule, ...] = ()


def _faults_of_people(problem: Problem) -> Iterator[Text]:
    for person, times in Counter(member.id for member in problem.people).items():
        if times > 1:
            yield _("people: '{person}' stands there {times} times; name everybody once", person=person, times=times)


def _faults_of_pairs(problem: Problem) -> Iterator[Text]:
    known = {member.id for member in problem.people}
    for key in ("blocked", "manages", "met", "apart"):
        for pair in getattr(problem, key):
            if pair[0] == pair[1]:
                yield _("{key}: '{person}' stands there with themselves; name two people", key=key, person=pair[0])
            # History may name leavers; a slip of the pen in any other pair would silently undo a rule.
            for person in () if key == "met" else dict.fromkeys(pair):
                if person not in known:
                    yield _(
                        "{key}: '{named}' is not one of the people; add the person to people or take this out",
                        key=key,
                        named=person,
                    )
