"""What stands on the signposts of the way through intervision, in both languages: making a group, and one session of it."""

from typing import Final

from bot.local.signposts import INTERVISION, Signpost, post


def _post(what: tuple[str, str], why: tuple[str, str]) -> Signpost:
    return post(INTERVISION, what, why)


def _phase(what: tuple[str, str], why: tuple[str, str]) -> Signpost:
    """A step in a session: why it is taken stands behind the phase."""
    nl, en = why
    return _post(what, (f"Fase {{n}} van {{all}}: “{{phase}}”. {nl}", f"Phase {{n}} of {{all}}: “{{phase}}”. {en}"))


CIRCLE: Final = {
    "circle": _post(
        ("De uitwisseling is klaar. Nu intervisie?", "The exchange is done. Now intervision?"),
        (
            "In een groep van vier denk je samen een situatie door. {name} vraagt eerst wie dat wil.",
            "In a group of four you think a situation through together. {name} first asks who wants to.",
        ),
    ),
    "circle want": _post(
        ("Zeg of {name} in een groep wil", "Say whether {name} wants to be in a group"),
        ("Kring vroeg het iedereen. Nee is ook goed.", "Kring asked everybody. No is fine too."),
    ),
    "circle others": _post(
        ("Wacht tot er vier mensen ja zeggen", "Wait until four people say yes"),
        ("Zoveel zijn er genoeg voor een groep. Nee is ook goed.", "That many are enough for a group. No is fine too."),
    ),
    "circle propose": _post(
        ("Laat de groepen berekenen als {name}", "Have the groups computed as {name}"),
        ("Kring mengt sectoren, en zet matches niet bij elkaar.", "Kring mixes sectors, and keeps matches apart."),
    ),
    "circle make": _post(
        ("Maak de groepen als {name}", "Make the groups as {name}"),
        (
            "Het aantal is de bevestiging. Elke groep krijgt een eigen kamer.",
            "The number confirms it. Each group gets a room of its own.",
        ),
    ),
    "circle agree": _post(
        ("Zeg ja tegen de afspraken als {name}", "Say yes to the agreements as {name}"),
        (
            "Een groep begint als iedereen het eens is met de afspraken.",
            "A group begins when everybody has agreed.",
        ),
    ),
    "circle agree others": _post(
        ("Wacht tot de anderen ja zeggen", "Wait until the others say yes"),
        ("Daarna kan de eerste sessie beginnen.", "After that the first session can begin."),
    ),
    "circle day": _post(
        ("Ga naar de dag van de sessie", "Go to the day of the session"),
        ("Kring vraagt vijf minuten van tevoren wie er is.", "Kring asks five minutes before who is there."),
    ),
    "circle here": _post(
        ("Laat iedereen binnenkomen", "Let everybody come in"),
        ("Kring telt wie er is. Drie mensen is genoeg.", "Kring counts who is there. Three people are enough."),
    ),
    "circle start": _post(
        ("Begin de sessie als {name}", "Begin the session as {name}"),
        (
            "Wie begint, leidt. Kring bewaakt de beurten en de tijd.",
            "Who begins, leads. Kring keeps the turns and the time.",
        ),
    ),
    "table resume": _phase(
        ("Ga verder na de pauze", "Go on after the break"),
        ("{name} leidt de sessie.", "{name} leads the session."),
    ),
    "table write": _phase(
        ("Iedereen schrijft, alleen", "Everybody writes, alone"),
        (
            "Wat voor de groep is, laat Kring daarna in één keer zien.",
            "Kring then shows in one go what is for the group.",
        ),
    ),
    "table choose": _phase(
        ("Iedereen kiest, in stilte", "Everybody chooses, in silence"),
        ("Niemand ziet wat een ander kiest.", "Nobody sees what another chooses."),
    ),
    "table ask": _phase(
        ("{name} is aan de beurt", "It is the turn of {name}"),
        ("Eén vraag, één antwoord. Advies komt later.", "One question, one answer. Advice comes later."),
    ),
    "table speak": _phase(
        ("{name} is aan de beurt", "It is the turn of {name}"),
        ("De anderen luisteren.", "The others listen."),
    ),
    "table talk": _phase(
        ("Praat met elkaar", "Talk with each other"),
        ("Iedereen mag iets zeggen.", "Everybody may say something."),
    ),
    "table close": _phase(
        ("Sluit de fase als {name}", "Close the phase as {name}"),
        ("Iedereen is geweest. {name} leidt, en gaat verder.", "Everybody has been. {name} leads, and goes on."),
    ),
}
