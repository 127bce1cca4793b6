"""What a message looks like from outside, where the method asks for a certain form: an open question, a few words, no advice yet.

This is the one function of the house that looks at words that people say to each other in a session. It gives one word back, and
nothing of the text goes further: it is neither kept nor logged. The patterns are cheap on purpose (spec.md, 1.4, R1, R4 and R7);
what they see wrongly costs one private hint.
"""

import re
from typing import Literal

from programme.intervision.happenings import HintAbout
from programme.intervision.method import Phase

LONGEST = 2_000
"""Characters that are looked at: who writes more than that is no question any more, and nobody is kept waiting for it."""
Remark = Literal[
    "open_question",
    "one_question",
    "no_advice",
    "briefly",
    "asks_back",
    "votes",
    "what_now",
    "nothing_brought",
    "announces",
]
"""Ask an open question · ask one at a time · advice comes later · use fewer sentences · this is a question and no answer · this
is a vote, said aloud · this asks us what to do now · there is no case to bring in · this says that a
question comes."""
OF_FORM: dict[Remark | None, HintAbout] = {
    "open_question": "open_question",
    "one_question": "one_question",
    "no_advice": "no_advice",
    "briefly": "briefly",
}
"""What is said of the form of what somebody says in their turn."""

_SUGGESTS = re.compile(
    r"\b(?:"
    r"heb je (?:het |dat |er )?(?:al |ooit |wel ?eens )*(?:geprobeerd|overwogen|gedacht)|"
    r"(?:zou|had|kun|kan|moet|wil) (?:je|het|dat) (?:\w+ )?niet|(?:is|was) (?:het|dat) niet|"
    r"waarom (?:heb|had|ben|was|deed|ging|belde|vroeg|zei) je (?:\w+ )?niet|vind je (?:ook |dat )?niet|"
    r"have you (?:ever |already )?(?:tried|considered|thought)|"
    r"(?:should|would|could|did|do|are|were)(?:n't| not) (?:you|it|they)|(?:should|would|could) you not|"
    r"(?:is|was)(?:n't| not) (?:it|that)|why (?:did|do|have|had)(?:n't| not) you"
    r")\b"
)
"""A question with a solution or a verdict in it, in Dutch and in English."""
_CLOSED = re.compile(
    r"(?:en |and |maar |but )?(?:"
    r"heb|heeft|hebben|had|hadden|ben|was|is|zijn|waren|kun|kan|kon|wil|wou|zou|zal|moet|moest|mag|mocht|ga|ging|doe|deed|vind|"
    r"vond|weet|wist|krijg|kreeg|are|were|do|does|did|have|has|can|could|would|will|should|may|might"
    r")\b"
)
"""It begins with a verb, so that yes or no is an answer to it."""
_ADVISES = re.compile(
    r"^ik zou\b|\bje (?:moet|zou moeten|zou kunnen|kunt beter|kan beter)\b(?!.*\?)|\bmisschien (?:moet|kun|zou) je\b(?!.*\?)|"
    r"\bik (?:zou|wil) (?:je )?(?:aanraden|adviseren)\b|\bik raad (?:je|jou)\b|^probeer\b|\b(?:mijn|een) (?:advies|tip)\b|"
    r"\b(?:als ik jou was|in jouw plaats)\b|"
    r"^i would\b|\byou (?:should|must|ought to)\b(?!.*\?)|\bi (?:would )?(?:advise|recommend|suggest)\b|\bmy (?:advice|tip)\b|"
    r"\bif i were you\b"
)
_VOTES = re.compile(
    r"\d{1,2}|(?:ik )?(?:kies|stem)\b.*|(?:ik )?ga voor .*|mijn (?:keuze|stem)\b.*|(?:voor )?(?:die|de casus) van \w+|"
    r"i (?:choose|vote|pick)\b.*|my (?:choice|vote)\b.*|(?:for )?the case of \w+"
)
"""A whole line with which somebody chooses."""
_WHAT_NOW = re.compile(
    r"(?:en|and|wat|what|en wat) (?:nu|nou|now)|now what|(?:en )?hoe (?:nu )?verder|"
    r"(?:en )?wat (?:moet|kan) ik (?:nu |dan )?(?:doen|vertellen|zeggen|schrijven|vragen)|(?:en )?hoe begin ik|"
    r"(?:en )?wat moeten we (?:nu |dan )?doen|wat doe(?: ik|n we) nu|"
    r"wie is er (?:nu )?aan de beurt|wie is (?:nu )?aan de beurt|"
    r"wie (?:schrijft|schrijven) er (?:nu )?nog|op wie wachten we(?: nog)?|who is still writing|who are we waiting for|"
    r"what (?:do|should|can|must) (?:i|we) do(?: now)?|whose turn is it(?: now)?"
)
"""A whole line that asks what comes: people say it to nobody in particular, and nothing else is in it."""
_ANNOUNCES = re.compile(
    r"(?:ja,? )?(?:ik (?:wil|wou|zou)|ik heb|mag ik|kan ik) (?:graag |nog |even |ook |eerst |wel |je )*"
    r"(?:iets|wat|(?:een|één) (?:\w+ )?vraag)(?: (?:nog|graag|willen|vragen|weten|stellen|voor|je|jou))*|"
    r"(?:yes,? )?(?:i have|may i ask|can i ask|i want to ask|i would like to ask) (?:something|a question|one more question)"
)
"""A whole line that says that a question comes, and asks nothing yet."""
_HAS_NONE = re.compile(
    r"(?:nee,? )?(?:ik )?(?:heb|weet|breng) (?:ik )?(?:nu |even |vandaag |zelf |deze keer )*(?:niks|niets|geen \w+|er geen)"
    r"(?: (?:nu|vandaag|in|te bieden|voor nu|deze keer))*|(?:ik )?(?:sla over|heb er geen)|"
    r"(?:i have|i've got) (?:nothing|no \w+|none)(?: (?:now|today|this time))*"
)
"""A whole line of who has no case, where cases are brought."""
_ENDS = re.compile(r"[.!?…]+(?:\s|$)")


def remark(text: str, phase: Phase, *, answers: bool = False) -> Remark | None:
    """What is to be said about the form of this message of who has the turn in this phase; None when it is as it should be.

    Of who `answers` questions it is only seen whether they ask something themselves, and of who chooses whether they say it aloud.
    """
    plain = text[:LONGEST].strip().casefold().replace("’", "'")
    if _WHAT_NOW.fullmatch(plain.rstrip("?!. ")):
        return "what_now"
    if "vote" in (phase.turn, phase.then) and _VOTES.fullmatch(plain.rstrip("!. ")):
        return "votes"
    if phase.turn == "round" and _HAS_NONE.fullmatch(plain.rstrip("!. ")):
        return "nothing_brought"
    if answers:
        return "asks_back" if plain.endswith("?") else None
    return _of_form(plain, phase)


def _of_form(plain: str, phase: Phase) -> Remark | None:
    if phase.advice_later and _ADVISES.search(plain):
        return "no_advice"
    if phase.turn == "question_round":
        return _of_question(plain)
    if phase.most_sentences is not None and _sentences(plain) > phase.most_sentences:
        return "briefly"
    return None


def _of_question(plain: str) -> Remark | None:
    if _ANNOUNCES.fullmatch(plain.rstrip("?!. ")):
        return "announces"
    if len(re.findall(r"\?+", plain)) > 1:
        return "one_question"
    if "?" not in plain or _SUGGESTS.search(plain) or _CLOSED.match(plain):
        return "open_question"
    return None


def _sentences(plain: str) -> int:
    """How many there are; what stands after the last full stop counts too."""
    return sum(any(map(str.isalnum, part)) for part in _ENDS.split(plain))
