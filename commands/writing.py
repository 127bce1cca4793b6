"""What people do alone in a session, in the direct chat: titles of cases, the secret vote, private writing, labels.

What they write goes into the memory of the house and nowhere else; the record knows who wrote, not what.
"""

from bot import questions
from bot.intervision.sessions import session_in, sitting_of
from bot.intervision.sitting import acted, at_hand, in_session, kept
from bot.intervision.telling_alone import A_SITTING
from bot.kit import (
    DIRECT,
    PRIVATE,
    Annotated,
    Answer,
    Ask,
    Button,
    Call,
    Choice,
    Context,
    Person,
    Rest,
    Say,
    _,
    _n,
    fold,
    when,
)
from programme import rooms
from programme.intervision import chairing, writing
from programme.intervision.calls import DONE, STOP, WRITE
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.written import SilentWrite
from programme.text import Misread

YES = frozenset({"ja", "yes"})
FEW_WORDS = 8
"""A question of fewer words than this may be one to the bot."""
LONGEST, LONGEST_TITLE = 2_000, 200
"""Characters. What all in a large group write together must fit in one message."""
Whether = Annotated[str, Choice({"over": ("afgelopen", "over"), "open": ("loopt nog", "open")})]


@in_session(
    nl="inbreng, casus",
    en="case",
    where=PRIVATE,
    examples=("Lastig gesprek", "Besluit zonder steun"),
    asks={"title": _("Which case would you like to bring in? Type it in a few words, without names.")},
    help=_("What you would bring in, in a few words. It is shown at the vote."),
)
def case(ctx: Context, title: Rest) -> Answer:
    """Keep what somebody would bring in until the vote is on."""
    sitting = sitting_of(at_hand(ctx), ctx.now, ctx.free)
    sitting.must_not_be_over()
    sitting.must_be_there(ctx.me.id)
    _must_fit(title, LONGEST_TITLE)
    ctx.memory.keep_title(sitting.session.id, ctx.me.id, title)
    return _("I show it when we choose a case, and keep it nowhere. If I am restarted before that, it is gone.")


def _must_fit(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Misread(_("That is too long: use at most {n} characters.", n=longest))


@in_session(
    nl="kies inbreng",
    en="choose case",
    where=DIRECT,
    examples=("anna", "bram"),
    asks={"person": _("Whose case do you choose?")},
    help=_("Your secret vote on whose case it will be."),
)
def choose_case(ctx: Context, person: Person) -> Answer:
    """Vote in secret; another vote replaces it."""
    session = at_hand(ctx)
    said = kept(ctx, session, writing.voted(sitting_of(session, ctx.now, ctx.free), ctx.me.id, person.id))
    return [Say(_("You chose the case of {person}.", person=ctx.name(person.id))), *said]


@in_session(
    nl="beslis inbreng",
    en="break tie",
    where=DIRECT,
    examples=("anna", "bram"),
    asks={"person": _("Which case will it be?")},
    help=_("The facilitator chooses between cases with as many votes."),
)
def break_tie(ctx: Context, person: Person) -> Answer:
    """Choose between the cases with as many votes."""
    return acted(ctx, writing.tie_broken, person.id)


@in_session(
    nl="afloop",
    en="event",
    where=DIRECT,
    examples=("afgelopen", "open"),
    asks={"whether": _("Is it over, or does it still go on?")},
    help=_("You say in private whether what happened is over."),
)
def outcome_known(ctx: Context, whether: Whether) -> Answer:
    """Take in whether the event is over, so that the right thing is asked at the end."""
    session = at_hand(ctx)
    sitting = chairing.outcome_told(sitting_of(session, ctx.now, ctx.free), ctx.me.id, known=whether == "over")
    return [Say(_("Thank you. The others do not hear it from me.")), *kept(ctx, session, sitting)]


@in_session(
    nl="schrijf",
    en="write",
    where=PRIVATE,
    examples=("Ik zou eerst bellen", "Ik zou wachten"),
    asks={"text": _("What do you write? I show it together with what the others write.")},
    help=_("What you write alone, to be shown together."),
)
def write(ctx: Context, text: Rest) -> Answer:
    """Take in a piece of private writing, in memory, until everybody has written."""
    session = at_hand(ctx)
    before = sitting_of(session, ctx.now, ctx.free)
    sitting = writing.delivered(before, ctx.me.id)
    if before.phase.reveal != "together":
        return [Say(_("This is for you alone, so I did not keep it.")), *kept(ctx, session, sitting)]
    _must_fit(text, LONGEST // (before.phase.most_items or 1))
    doubted = ctx.memory.taken_from_doubt(session.id, ctx.me.id)
    if not doubted and _may_be_for_me(text):
        ctx.memory.doubt(session.id, ctx.me.id, text)
        return _doubt(ctx, session)
    text = Rest(doubted if doubted and fold(text) in YES else text)
    ctx.memory.keep_piece(session.id, ctx.me.id, text, most=before.phase.most_items or 1)
    echo = Say(_("I have this: “{text}”", text=text), rooms.direct(ctx.me.id), keep=False)
    return [echo, _receipt(ctx, sitting), *kept(ctx, session, sitting)]


def _may_be_for_me(text: str) -> bool:
    """Whether this looks like a question to the bot: what is kept by mistake is read by everybody."""
    return text.rstrip().endswith("?") and len(text.split()) < FEW_WORDS


def _doubt(ctx: Context, session: Session) -> Ask:
    """Ask whether this is the text; it is in memory only, so the question does not repeat it."""
    text = _("Is this what the others may read? Otherwise, send your text.")
    yes = Button(label=questions.YES, call=WRITE.model_copy(update={"arguments": ("yes",)}))
    return Ask(text, WRITE, [yes], rooms.direct(ctx.me.id), A_SITTING, whose=session.id)


def _receipt(ctx: Context, sitting: Sitting) -> Say | Ask:
    """Say what becomes of it, and take what comes next for another piece, or for a better one."""
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite) and ctx.me.id in turn.waiting:
        text = _n(
            "I have {n} piece of yours. Do you have more?",
            "I have {n} pieces of yours. Do you have more?",
            n=turn.items[ctx.me.id],
        )
        choices = [Button(label=_("Ready"), call=DONE), Button(label=_("Stop"), call=STOP)]
        return Ask(text, WRITE, choices, rooms.direct(ctx.me.id), whose=sitting.session.id)
    if sitting.session.slow:
        return Say(
            _(
                "I show it together with what the others write. Is it not right? Type {how} and a new text.",
                how=Call(command="write"),
            )
        )
    if isinstance(turn, SilentWrite) and turn.state == "writing":
        text = _("Is it not right? Just send a new text, and I use that one. I show all of them in one go.")
        return Ask(text, WRITE, (), rooms.direct(ctx.me.id), A_SITTING, whose=sitting.session.id)
    return Say(_("I show it together with what the others wrote."))


@in_session(
    nl="label",
    en="label",
    examples=("1 past", "2 past"),
    asks={"item": _("Which number do you label?"), "label": _("Which label?")},
    help=_("The one whose case it is gives a piece of writing its label."),
)
def label(ctx: Context, item: int, label: Rest) -> Answer:
    """Give a piece of writing one of the labels of the phase, by its name."""
    return acted(ctx, lambda it, me: writing.labelled(it, me, item, _label(it, label)))


def _label(sitting: Sitting, named: str) -> int:
    """Index of the label with this name; -1, which is refused, for one that the phase does not have."""
    names = [{fold(it.nl), fold(it.en)} for it in sitting.phase.labels]
    return next((index for index, words in enumerate(names) if fold(named) in words), -1)


@when("writing_arrived")
def shown(ctx: Context) -> Answer:
    """Go on now that the room has what everybody wrote."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    ctx.memory.forget_pieces(session.id)
    return kept(ctx, session, writing.released(sitting_of(session, ctx.now, ctx.free)))


@when("writing_lost")
def not_shown(ctx: Context) -> Answer:
    """Ask everybody again: it could not be shown, and is kept nowhere."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    ctx.memory.forget_pieces(session.id)
    return kept(ctx, session, writing.notes_lost(sitting_of(session, ctx.now, ctx.free)))
