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
    "your_turn": _("Take your time, it is your turn. Ready? Type `done`. You may also pass, with `pass`."),
    "your_answer": _("Take your time. Do you not know it just now? Feel free to say so, or type `pass`."),
    "speaker_silent": _(
        "It has been silent for two minutes. Go on with {next}: the turn goes to the next one. Would you rather let this person come back later? Type {pass_}: it counts for them, not for you.",
        next=NEXT,
        pass_=PASS,
    ),
    "back_again": _("Good that you are here. I keep a place for you: you come at the end of this round."),
    "passes_later": _("Good, you pass this time."),
    "led_by_another": _("Somebody else leads the session now, as you were silent for a while. Do join in again."),
    "listen": _("You only listen now. Write down what strikes you: the word comes back to you."),
    "wait": _("It is the turn of another. Do you want to say something? Raise your hand with {how}.", how=HAND),
    "one_question": _("Choose one question; the other can come in the next round."),
    "again_open_question": _(
        "You could ask this more openly: who, what, where, when, how. Ask it once more, and I put it then. Is it good as it is? Type `done`."
    ),
    "again_one_question": _(
        "I see more than one question. Choose one and ask it once more; the other can come in the next round. Is it good as it is? Type `done`."
    ),
    "again_no_advice": _(
        "That sounds like advice, and it comes later. Rather ask about a fact: you may try once more. Is it good as it is? Type `done`."
    ),
    "told_one_question": _(
        "Somebody asked two questions at once. I asked them, alone, to choose one. Is it answered already? Then we go on."
    ),
    "told_no_advice": _(
        "Advice came early. I said, without a name, that it comes later. Does it happen again? Say it yourself, kindly."
    ),
    "send_to_me": _("Send this to me, here in this chat. Then I show everything in one go."),
    "write_alone": _("Write this down for yourself. Ready? Type `done` in the room."),
    "choose_here": _("Your vote counts only here, in this chat: press a name or type it. Nobody sees what you choose."),
    "may_close": _("Close this phase with {next}, or give it more time with {more}.", next=NEXT, more=EXTEND),
    "may_end": _(
        "This was the last phase. Close the session with {next}, or give it more time with {more}.",
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
YOUR_STORY = _("Take your time, it is your turn. Ready? Type `done`.")
"""`your_turn` for whose case it is: for them passing is another thing."""
SAY_WHAT_YOU_SEE = _("Advice comes later. Say now what you see.")
"""`no_advice` where nothing is asked."""
STOPPED_BEFORE_A_CASE = _(
    "Somebody said stop. Nobody is asked why. Go on with {how}, or end with {end}.", how=RESUME, end=END
)
"""`stopped` while nobody's case is at hand."""
WAKING: frozenset[HintAbout] = frozenset(
    {
        "your_turn",
        "your_answer",
        "speaker_silent",
        "stopped",
        "presenter_left",
        "cannot_silence",
        "again_open_question",
        "again_one_question",
        "again_no_advice",
    }
)
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
