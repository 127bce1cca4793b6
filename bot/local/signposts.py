"""What stands on the signposts of the road through a programme, in both languages.

`{name}` is who acts; the other names are told where they are filled in (`bot/local/road.py`).
"""

from typing import Final, NamedTuple

from programme.text import Both

STAGES: Final = (
    Both(nl="Aanmelden", en="Sign up"),
    Both(nl="Voorkeuren", en="Preferences"),
    Both(nl="Matching", en="Matching"),
    Both(nl="Stagedag", en="Visit"),
    Both(nl="Ervaring", en="Experience"),
    Both(nl="Intervisie", en="Intervision"),
)
INTERVISION: Final = 5


class Signpost(NamedTuple):
    """What could be done, and why. `stage` counts in `STAGES`, from 0."""

    stage: int
    what: Both
    why: Both


def post(stage: int, what: tuple[str, str], why: tuple[str, str]) -> Signpost:
    """Make one, of what and why in Dutch and in English."""
    return Signpost(stage, Both(nl=what[0], en=what[1]), Both(nl=why[0], en=why[1]))


POSTS: Final = {
    "before": post(
        0,
        ("Ga naar de dag dat aanmelden opent", "Go to the day on which sign-up opens"),
        (
            "Kring wacht op die dag. Jij hoeft niet te wachten: zet de klok vooruit.",
            "Kring waits for that day. You need not wait: move the clock.",
        ),
    ),
    "signup": post(
        0,
        ("Meld {name} aan", "Sign {name} up"),
        (
            "Deelnemers praten met Kring in een gewone chat. Zo begint het.",
            "Participants talk to Kring in an ordinary chat. This is how it begins.",
        ),
    ),
    "answer signup": post(
        0,
        ("Beantwoord de vraag als {name}", "Answer the question as {name}"),
        (
            "Kring vertelt eerst waar het over gaat. {name} beslist.",
            "Kring tells first what it is about. {name} decides.",
        ),
    ),
    "admit": post(
        0,
        (
            "{guest} staat op de wachtlijst. Laat haar of hem toe als {name}",
            "{guest} is on the waiting list. Admit {guest} as {name}",
        ),
        (
            "Aanmelden kan niet meer. {name} is de coördinator en beslist wie er nog bij kan.",
            "Sign-up has closed. {name} is the coordinator and decides who can still come in.",
        ),
    ),
    "answer room": post(
        0,
        ("Zeg ja als {name}", "Say yes as {name}"),
        (
            "Er is plaats voor {name}. Na ja komt de rest van het formulier.",
            "There is room for {name}. After yes comes the rest of the form.",
        ),
    ),
    "take room": post(
        0,
        ("Zeg dat {name} meedoet", "Say that {name} takes part"),
        (
            "Er is plaats voor {name}. Na ja komt de rest van het formulier.",
            "There is room for {name}. After yes comes the rest of the form.",
        ),
    ),
    "form": post(
        0,
        ("Maak het formulier van {name} af", "Finish the form of {name}"),
        ("Er staan nog vragen open.", "There are still questions to answer."),
    ),
    "answer form": post(
        0,
        ("Beantwoord de vraag als {name}", "Answer the question as {name}"),
        (
            "Kring stelt één vraag per bericht. Zo vult {name} het formulier in.",
            "Kring asks one question in each message. That is how {name} fills in the form.",
        ),
    ),
    "wait": post(
        1,
        ("Ga naar de dag dat iedereen de plekken ziet", "Go to the day on which everybody sees the places"),
        (
            "{name} doet mee. Ook de anderen zijn intussen aangemeld. In het echt duurt het nu weken.",
            "{name} takes part. The others have signed up too by now. In earnest this takes weeks.",
        ),
    ),
    "prefer": post(
        1,
        ("Geef de volgorde van {name}", "Give the order of {name}"),
        (
            "Bekijk de plekken en zet op volgorde waar {name} een dag wil meelopen.",
            "See the places, and rank where {name} would like to spend a day.",
        ),
    ),
    "answer prefer": post(
        1,
        ("Beantwoord de vraag als {name}", "Answer the question as {name}"),
        ("Kring heeft {name} iets gevraagd.", "Kring has asked {name} something."),
    ),
    "close": post(
        2,
        ("Ga naar de dag dat de coördinator gaat matchen", "Go to the day on which the coordinator matches"),
        (
            "De anderen hebben hun volgorde al gegeven. Daarna is {name} aan zet.",
            "The others have given their order already. Then it is up to {name}.",
        ),
    ),
    "solve": post(
        2,
        ("Laat de matches berekenen als {name}", "Have the matches computed as {name}"),
        (
            "{name} is de coördinator. Kring zoekt de eerlijkste verdeling en controleert die.",
            "{name} is the coordinator. Kring finds the fairest assignment and checks it.",
        ),
    ),
    "publish": post(
        2,
        ("Publiceer de matches", "Publish the matches"),
        (
            "Het aantal is de bevestiging van {name}: zo publiceert niemand per ongeluk.",
            "The number is how {name} confirms it: so nobody publishes by accident.",
        ),
    ),
    "hold": post(
        2,
        ("Wacht tien minuten", "Wait ten minutes"),
        (
            "Zo lang kan de coördinator het nog stoppen. Daarna hoort {name}, en ieder ander, waar de reis heen gaat.",
            "That is how long the coordinator can still stop it. Then {name}, like everybody, hears where the journey goes.",
        ),
    ),
    "propose": post(
        3,
        ("Stel een stagedag voor als {name}", "Propose a visiting day as {name}"),
        ("De matches zijn er: {name} gaat naar {host}.", "The matches are there: {name} visits {host}."),
    ),
    "agree": post(
        3,
        ("Zeg ja als {name}", "Say yes as {name}"),
        (
            "Kring vroeg {name} of de dag past. Wees even {name}.",
            "Kring asked {name} whether the day suits. Be {name} for a moment.",
        ),
    ),
    "sign": post(
        3,
        ("Teken de geheimhouding als {name}", "Sign the confidentiality statement as {name}"),
        (
            "Kring bewaart alleen dat het is gedaan, en wanneer. Zonder herinnert Kring eraan.",
            "Kring keeps only that it is done, and when. Without it, Kring reminds both.",
        ),
    ),
    "journey": post(
        3,
        ("Ga naar de dag na de stagedag", "Go to the day after the visit"),
        (
            "Afgesproken: {day}. Kring herinnert op tijd aan wat er nog te doen is.",
            "Agreed: {day}. Kring reminds everybody in time of what is still to be done.",
        ),
    ),
    "took place": post(
        4,
        ("Zeg dat de dag is geweest", "Say that the day has taken place"),
        ("De stagedag van {name} is voorbij.", "The visiting day of {name} is over."),
    ),
    "answer after": post(
        4,
        ("Beantwoord de vraag als {name}", "Answer the question as {name}"),
        (
            "{name} vertelt hoe het was, en kiest zelf wie het leest.",
            "{name} tells how it was, and chooses who reads it.",
        ),
    ),
    "tell": post(
        4,
        ("Vertel hoe het was als {name}", "Tell how it was as {name}"),
        ("Wie het leest, kiest {name} zelf.", "{name} chooses who reads it."),
    ),
    "no match": post(
        2,
        ("{name} heeft deze keer geen match. Speel nog eens?", "{name} has no match this time. Play once more?"),
        (
            "Wie niet meedoet als de matches worden gemaakt, gaat nergens heen. Kies links iemand die wel een match heeft.",
            "Who does not take part when the matches are made goes nowhere. On the left are people who do have a match.",
        ),
    ),
    "no day": post(
        3,
        (
            "De stageperiode is voorbij, zonder dag voor {name}. Speel nog eens?",
            "The visiting period is over, without a day for {name}. Play once more?",
        ),
        ("De coördinator heeft dat gehoord, en kan bellen.", "The coordinator has heard of it, and can call."),
    ),
    "answer later": post(
        INTERVISION,
        ("Beantwoord de vraag als {name}", "Answer the question as {name}"),
        ("Kring heeft {name} iets gevraagd.", "Kring has asked {name} something."),
    ),
    "language": post(
        0,
        ("Laat Kring Nederlands praten met {name}", "Let Kring talk English with {name}"),
        ("Kring praat nu nog Engels met {name}.", "Kring still talks Dutch with {name}."),
    ),
    "end": post(
        len(STAGES),
        ("Klaar. Zo werkt {edition}.", "Done. That is how {edition} works."),
        (
            "Speel gerust verder: kies links iemand, of lees bij Alle berichten wie wat kreeg.",
            "Play on if you like: choose somebody on the left, or read at All messages who got what.",
        ),
    ),
}
