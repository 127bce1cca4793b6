"""What the bot says in a session in fixed words: private hints, why it pauses, and at which level it holds people to the method."""

from programme.intervision.calls import (
    CALL_OFF,
    END,
    EXTEND,
    HAND,
    NEXT,
    PASS,
    PRESENTER,
    RESUME,
    STOP,
)
from programme.intervision.contributing import HAD_YOUR_SAY
from programme.intervision.happenings import HintAbout, Level, PauseReason
from programme.text import Text, _

PAUSED: dict[PauseReason, Text] = {
    "facilitator": _("We are taking a break. The facilitator goes on with {how}.", how=RESUME),
    "stop": _("We are taking a break."),
    "join": _("Somebody is coming in. We pause until the facilitator goes on with {how}.", how=RESUME),
    "presenter_left": _("We are taking a break: whose case it is has left."),
}
HINTS: dict[HintAbout, Text] = {
    "your_turn": _("It is your turn. You may also pass, with {pass_}.", pass_=PASS),
    "speaker_silent": _(
        "It has been silent for two minutes. Go on with {next}, or come back to this person later with {pass_}.",
        next=NEXT,
        pass_=PASS,
    ),
    "listen": _("You only listen now. Write down what strikes you: the word comes back to you."),
    "wait": _("It is the turn of another. Do you want to say something? Raise your hand with {how}.", how=HAND),
    "one_question": _("Choose one question; the other can come in the next round."),
    "may_close": _(
        "Everybody has had their part. Close this phase with {next}, or give it more time with {more}.",
        next=NEXT,
        more=EXTEND,
    ),
    "stopped": _(
        "Somebody said stop. Nobody is asked why. You can make the case less recognisable, take another with {other}, or end with {end}. Go on with {how}.",
        other=PRESENTER,
        end=END,
        how=RESUME,
    ),
    "open_question": _("Ask an open question: who, what, where, when, how."),
    "no_advice": _("Advice comes later. Ask now, or say what you see."),
    "briefly": _("Keep it to a few sentences, up to the moment when you had to act."),
    "had_your_say": HAD_YOUR_SAY,
    "not_now": _("In this phase somebody else writes. Read along; yours comes in the next one."),
    "cannot_silence": _("I cannot hold anybody back in this room. We go on without it; I keep the turns as before."),
    "presenter_left": _(
        "Whose case it is has left. Wait, or take the case of somebody else with {other}. Go on with {how}.",
        other=PRESENTER,
        how=RESUME,
    ),
}
WAKING: frozenset[HintAbout] = frozenset({"your_turn", "speaker_silent", "stopped", "presenter_left", "cannot_silence"})
LEVELS: dict[Level, Text] = {
    "quiet": _("From now on I only keep the time and say what is asked. Nobody gets hints."),
    "coach": _("From now on everybody can post, and I keep the turns with a hint now and then."),
    "strict": _(
        "From now on only who has the turn can post here, and the facilitator. Commands work in the chat with me. Anybody can call this off with {off} or {stop}.",
        off=CALL_OFF,
        stop=STOP,
    ),
}
STRICT_ASKED = _(
    "The facilitator proposes that in this session only who has the turn can post. It begins when everybody says yes, and anybody can call it off at once. Do you want it?"
)
STRICT_PUT = _("I ask each of you, alone, whether only who has the turn can post from now on.")
STRICT_DECLINED = _("It stays as it was: everybody can post.")
ADVICE_LATER = _("Advice comes soon. First the questions.")
ADVICE_AFTER_THIS = _("Advice comes soon. First what you see.")
