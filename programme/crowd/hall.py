"""Where intervision groups meet, as it stands now: what a crowd looks at beside the exchange."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from programme.intervision.method import Method
from programme.intervision.planned import Planned
from programme.intervision.sitting import Sitting
from programme.text import Call


@dataclass(frozen=True, slots=True)
class Hall:
    """The sessions of the groups of one edition, and what people are asked. An empty one is that of an edition without groups."""

    methods: Mapping[str, Method] = field(default_factory=dict)
    """What a group can choose from, by id."""
    sittings: Mapping[str, Sitting] = field(default_factory=dict)
    """By group (id): its newest session, also when that is over."""
    planned: Mapping[str, Planned] = field(default_factory=dict)
    """By group (id): when it meets next."""
    asked: Mapping[str, Sequence[Call]] = field(default_factory=dict)
    """By person: what they can answer to the questions that are open to them, each answer as the call that it makes."""

    def of_group(self, group: str) -> Iterator[object]:
        """The records that say how it stands with a group (id)."""
        if group in self.sittings:
            yield self.sittings[group].session
        if group in self.planned:
            yield self.planned[group]


EMPTY = Hall()
