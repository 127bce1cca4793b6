"""What people say aloud in the room of their group that is meant for the bot, without its prefix.

Only a whole message counts, and only while it can hardly mean anything else: somebody was asked just that.
"""

import re

from bot import questions
from bot.answer import Say
from bot.command import fold
from bot.context import Context
from bot.intervision.sessions import PREFIX
from bot.said import is_no, is_yes
from programme import circles
from programme.edition import Edition
from programme.intervision.calls import NEXT, RESUME, START, STOP
from programme.intervision.planned import HERE, Planned
from programme.intervision.session import Session
from programme.intervision.written import Vote
from programme.intervision.your_part import waited_for
from programme.records import Group
from programme.text import Call, _
from storage.letters import Button


def _folded(said: str) -> frozenset[str]:
    return frozenset(fold(words) for words in said.split(","))


AGREE = Call(command="agree")
AGREES = _folded("akkoord, ja akkoord, ik ga akkoord, ja ik ga akkoord, ik ben akkoord, agreed, i agree, yes i agree")
IS_HERE = _folded("ik ben er, ja ik ben er, ik ben er ook, ben er, ik ook, aanwezig, present, i am here, im here, here")
BEGINS = _folded(
    "begin, beginnen, we beginnen, laten we beginnen, begin maar, ja begin, ja beginnen, start, lets begin, 1"
)
WAITS = _folded("wacht, wachten, nog even wachten, even wachten, wait, 2")
GOES_ON = _folded("verder, ga verder, we gaan verder, toch door, door, go on")
_TWO_PARTS = re.compile(r"(.+[.!?…)\n])\s*([^.!?…\n]+)[.!\s]*", re.DOTALL)


def may_be_meant(room: str, text: str) -> bool:
    """Whether this whole message could be for the bot in a room of a group in which no session goes on; no other is looked at."""
    said = fold(text)
    return room.startswith(PREFIX) and (said in AGREES | IS_HERE | BEGINS | WAITS or is_yes(text) or is_no(text))


def meant(ctx: Context, session: Session | None, text: str) -> Call | None:
    """The call that a whole message stands for in the room of a group; None for what people say to each other."""
    group = ctx.state.get(Group, ctx.room.removeprefix(PREFIX)) if ctx.room.startswith(PREFIX) else None
    if group is None or group.closed is not None or ctx.me.id not in group.members:
        return None
    found = _before(ctx, group, text) if session is None else _going_on(ctx, session, text)
    call = found or (AGREE if _agrees(ctx, group, session, text) else None)
    return call if call is not None and call.command in ctx.commands.by_id else None


def _before(ctx: Context, group: Group, text: str) -> Call | None:
    """What is meant while no session goes on: an answer to whether to begin, or that somebody is there."""
    said = fold(text)
    for question in questions.open_to(ctx.state, ctx.me.id, ctx.now, ctx.room):
        if question.choices and question.choices[0].call.command == START.command:
            if said in BEGINS or is_yes(text):
                return question.choices[0].call
            if said in WAITS or is_no(text):
                return question.choices[-1].call if len(question.choices) > 1 else None
    it = ctx.state.get(Planned, group.id)
    edition = ctx.state.get(Edition, group.edition)
    if it is None or edition is None or not it.asked(ctx.now, edition.zone):
        return None
    return START if said in BEGINS else HERE if said in IS_HERE else None


def _going_on(ctx: Context, session: Session, text: str) -> Call | None:
    """What the facilitator means by going on: the end of a pause, or what comes next."""
    if ctx.me.id != session.facilitator:
        return None
    if session.paused_at is not None:
        return RESUME if fold(text) in GOES_ON else None
    return NEXT if fold(text) in GOES_ON or (session.close_asked and is_yes(text)) else None


def _agrees(ctx: Context, group: Group, session: Session | None, text: str) -> bool:
    """Whether this is a yes to the agreements of somebody of whom it is asked, while no turn of a session takes it."""
    edition = ctx.state.get(Edition, group.edition)
    if fold(text) not in AGREES or edition is None or edition.intervision is None or group.made is None:
        return False
    taken = session is not None and ctx.me.id in waited_for(session.turn)
    return not taken and ctx.me.id in circles.waiting_for(edition, group)


def told_and_ready(text: str) -> tuple[str, str] | None:
    """What somebody says, and the last sentence behind it: people end their turn with "Fijn. klaar". None for one sentence."""
    found = _TWO_PARTS.fullmatch(text.strip())
    return (found[1].strip(), found[2].strip()) if found else None


def ends_turn(session: Session | None, person: str) -> bool:
    """Whether a word behind what somebody said can still end their part: it goes on, and was not passed on by what they said."""
    if session is None or session.paused_at is not None or session.ended is not None or isinstance(session.turn, Vote):
        return False
    return person in waited_for(session.turn) and not getattr(session.turn, "held", False)


_UNSAFE = re.compile(
    r"(?:(?:ik|wij|we|i) (?:do not |don't )?(?:voel|voelen|vind|feel)|(?:dit|het|this|it) (?:voelt|feels))\b.*"
    r"\b(?:veilig|onveilig|safe|unsafe)\b.*|"
    r"(?:ik wil|i want to) (?:nu |hier |hiermee |ermee )*(?:stoppen|stop)(?: hiermee| ermee| nu| now)*[.!]?"
)
FEW_WORDS = 10


def sounds_unsafe(text: str) -> bool:
    """Whether a short line says that it does not feel safe, or that somebody wants it to stop. What is written alone is longer."""
    return len(text.split()) <= FEW_WORDS and _UNSAFE.fullmatch(text.strip().casefold().replace("’", "'")) is not None


def offer_stop() -> Say:
    """Offer the emergency brake to somebody alone; nothing is done before they say so."""
    text = _("Do you want me to pause the session? Press Stop, or type {how}. Nobody hears who said it.", how=STOP)
    return Say(text, buttons=[Button(label=_("Stop"), call=STOP)])
