"""What made-up people say and write in a session: harmless lines about nobody, in the form that the phase asks for.

Nothing here is a case of anybody. A line is one sentence, so that it is short enough for every phase.
"""

from collections.abc import Mapping, Sequence

from programme.people import LanguageCode

Lines = Mapping[LanguageCode, Sequence[str]]

CASES: Lines = {
    "nl": (
        "Een overleg dat steeds uitloopt",
        "Een verslag dat niemand leest",
        "Een besluit dat blijft liggen",
        "Een agenda die te vol is",
        "Een nieuwe rol met oude taken",
        "Een vraag waarop ik te snel ja zei",
        "Twee opdrachtgevers en één planning",
        "Een gesprek dat ik uitstel",
    ),
    "en": (
        "A meeting that always runs late",
        "Minutes that nobody reads",
        "A decision that keeps waiting",
        "An agenda that is too full",
        "A new role with old tasks",
        "A question to which I said yes too soon",
        "Two principals and one planning",
        "A talk that I put off",
    ),
}
"""What somebody would bring in, in a few words."""
LINES: Lines = {
    "nl": (
        "Dat herken ik, bij ons gaat het ook zo.",
        "Ik hoor vooral dat het tijd kost.",
        "Mij valt op dat de agenda steeds terugkomt.",
        "Ik zie iemand die het graag goed wil doen.",
        "Wat mij raakt, is hoe zorgvuldig het ging.",
        "Ik merk dat ik er rustig van word.",
        "Voor mij gaat het over grenzen stellen.",
        "Ik neem mee dat vragen stellen helpt.",
    ),
    "en": (
        "I know that, with us it goes like that too.",
        "What I hear most is that it takes time.",
        "It strikes me that the agenda keeps coming back.",
        "I see somebody who wants to do it well.",
        "What touches me is how carefully it went.",
        "I notice that it makes me calm.",
        "To me it is about setting limits.",
        "I take with me that asking questions helps.",
    ),
}
QUESTIONS: Lines = {
    "nl": (
        "Wat maakte dit voor jou lastig?",
        "Hoe reageerden de anderen?",
        "Wat wilde je bereiken?",
        "Wie merkte het als eerste?",
        "Wat gebeurde er daarna?",
        "Hoe zou het er idealiter uitzien?",
        "Wanneer ging het wel goed?",
        "Welke rol had jij daarin?",
    ),
    "en": (
        "What made this hard for you?",
        "How did the others react?",
        "What did you want to reach?",
        "Who noticed it first?",
        "What happened after that?",
        "How would it look at its best?",
        "When did it go well?",
        "Which part did you have in it?",
    ),
}
CLOSED_QUESTIONS: Lines = {
    "nl": ("Heb je dat al besproken?", "Was dat een lange dag?"),
    "en": ("Have you talked about that?", "Was that a long day?"),
}
"""To these yes or no is an answer: who asks one hears how to ask it better."""
ANSWERS: Lines = {
    "nl": (
        "Vooral dat alles tegelijk kwam.",
        "Ze keken elkaar aan en zeiden weinig.",
        "Ik wilde dat het overleg op tijd klaar was.",
        "Dat was de collega die het verslag maakte.",
        "Daarna hebben we het een week laten liggen.",
        "Toen we met minder mensen waren.",
    ),
    "en": (
        "Above all that everything came at once.",
        "They looked at each other and said little.",
        "I wanted the meeting to end in time.",
        "That was the colleague who took the minutes.",
        "After that we let it rest for a week.",
        "When there were fewer of us.",
    ),
}
WRITTEN: Lines = {
    "nl": (
        "Eerst de agenda korter maken.",
        "Vooraf bellen met de voorzitter.",
        "Het verslag op één bladzijde houden.",
        "Uitspreken wat er niet bij past.",
        "Een vast moment kiezen om te besluiten.",
        "Samen afspreken wie het laatste woord heeft.",
    ),
    "en": (
        "First make the agenda shorter.",
        "Call the chair beforehand.",
        "Keep the minutes to one page.",
        "Say out loud what does not fit.",
        "Choose a fixed moment to decide.",
        "Agree who has the last word.",
    ),
}
"""What somebody writes alone."""
