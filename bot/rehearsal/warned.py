"""What there is to look at in a rehearsal, as sentences: what is the same for several people is one of them, with their names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.rehearsal.warnings import Kind, Warned
from bot.rehearsal.wording import Wording
from programme.text import Both

WARNINGS: dict[Kind, Both] = {
    "fault": Both(
        nl="er ging {count} keer iets mis in Kring; de code staat in het bericht",
        en="something went wrong in Kring ({count}×); the code stands in the message",
    ),
    "busy": Both(
        nl="{person} krijgt {count} berichten in de week van {day}:",
        en="{person} gets {count} messages in the week of {day}:",
    ),
    "quiet": Both(
        nl="buiten werktijd, op {day} om {time}, komt vanzelf een bericht bij {person}: {text}",
        en="outside working hours, on {day} at {time}, a message comes by itself to {person}: {text}",
    ),
    "chased": Both(
        nl="de herinnering {what} op {day} is niet nodig voor {person}: het was al gedaan",
        en="the reminder {what} on {day} is not needed for {person}: it was done already",
    ),
    "no reminder": Both(nl="niemand krijgt een herinnering voor: {what}", en="nobody is reminded of: {what}"),
    "free day": Both(
        nl="in een weekend of op een feestdag: {what}, {day}", en="in a weekend or on a holiday: {what}, {day}"
    ),
    "no answer": Both(
        nl="{person} krijgt geen antwoord op {day} om {time}: {text}",
        en="{person} gets no answer on {day} at {time}: {text}",
    ),
    "left waiting": Both(nl="aan het eind wacht nog op {what}: {person}", en="at the end waits for {what}: {person}"),
}
"""Each reads the same for one person and for several: verbs stand with the message, not with the people."""
BUSY_TOGETHER = Both(
    nl="veel berichten in de week van {day}: {people}. Van die {all} stuurt de klok er {clock}; de rest komt van wat anderen doen",
    en="many messages in the week of {day}: {people}. Of those {all} the clock sends {clock}; the others come of what people do",
)
"""A week that is full for several people: with a reminder less the clock is quieter, and the people are not."""
TOGETHER: frozenset[Kind] = frozenset({"busy", "quiet", "chased", "left waiting"})
"""What often happens to many people at once."""
LONGEST = 80
"""So much of a message is shown in a warning."""


def sentences(wording: Wording, warned: Sequence[Warned]) -> Iterator[str]:
    """What to look at, one line each, gathered by kind; the messages of a full week stand below it."""
    gathered = _gathered(warned)
    if not gathered:
        yield wording.say(nl="Er is niets om op te letten.", en="There is nothing to look at.")
        return
    yield wording.say(nl=f"Om op te letten ({len(gathered)}):", en=f"To look at ({len(gathered)}):")
    for same in gathered:
        it = same[0]
        if it.kind == "busy" and len(same) > 1:
            yield f"- {_busy_week(wording, same)}"
            continue
        yield f"- {sentence(wording, it, [one.person for one in same])}"
        yield from (f"  {wording.moment(message.at)} {shortened(message.text)}" for message in it.messages)


def _gathered(warned: Sequence[Warned]) -> list[list[Warned]]:
    """Warnings that are alike, each with a person of its own."""
    found: dict[tuple[object, ...], list[Warned]] = defaultdict(list)
    for it in warned:
        found[_alike(it)].append(it)
    return list(found.values())


def _busy_week(wording: Wording, same: Sequence[Warned]) -> str:
    """One week, for all whom it is too full for, the fullest first."""
    fullest = sorted(same, key=lambda it: -it.count)
    messages = [message for it in same for message in it.messages]
    return wording.both(BUSY_TOGETHER).format(
        day=wording.day(same[0].at) if same[0].at else "",
        people=", ".join(f"{wording.name(it.person)} {it.count}" for it in fullest),
        all=len(messages),
        clock=sum(message.cause == "reminder" for message in messages),
    )


def _alike(it: Warned) -> tuple[object, ...]:
    """What is the same in warnings that are told as one."""
    if it.kind not in TOGETHER:
        return (id(it),)
    what = it.what.nl if it.what else ""
    return it.kind, it.at, it.text, what, "" if it.person else it.room


def sentence(wording: Wording, it: Warned, people: Sequence[str] = ()) -> str:
    """One of them; `people` are those whom it is about (its own person when left out)."""
    return wording.both(WARNINGS[it.kind]).format(
        person=_people(wording, it, [person for person in people or (it.person,) if person]),
        count=it.count,
        day=wording.day(it.at) if it.at else "",
        time=wording.clock(it.at) if it.at else "",
        what=wording.both(it.what) if it.what else "",
        text=shortened(it.text),
    )


def _people(wording: Wording, it: Warned, people: Sequence[str]) -> str:
    """One by name, several with their number before it; a room where it is nobody's own chat."""
    if not people:
        return wording.room(it.room)
    names = wording.listed(people)
    return (
        names
        if len(people) == 1
        else wording.say(nl=f"{len(people)} mensen", en=f"{len(people)} people") + f" ({names})"
    )


def shortened(text: str) -> str:
    """The first line of a message, as far as it fits."""
    first = text.partition("\n")[0]
    return first if len(first) <= LONGEST else f"{first[:LONGEST]}…"
