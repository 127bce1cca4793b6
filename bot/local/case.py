"""What people say in the session that a first visitor plays: one small case, told from its beginning to what was learned of it.

By key of a phase of the incident method. The first line is that of whose case it is; where only the others speak, it is theirs in
turn. Nothing here is a case of anybody.
"""

from collections.abc import Mapping, Sequence

from programme.people import LanguageCode

Lines = Mapping[LanguageCode, Mapping[str, Sequence[str]]]

SAID: Lines = {
    "nl": {
        "check_in": (
            "Druk, maar ik zit er. Ik hoop op een frisse blik.",
            "Goed. Ik wil vooral leren hoe je goede vragen stelt.",
            "Een beetje moe, wel benieuwd.",
            "Ik zit er rustig bij en ik luister graag.",
        ),
        "inventory": (
            "Ons overleg liep weer een uur uit. De voorzitter keek mij aan: wat nu?",
            "Mijn verslag kwam terug met veertig wijzigingen. Ik moest dezelfde dag antwoorden.",
            "Twee mensen wilden hetzelfde punt bovenaan de agenda. Ze belden me alle twee.",
            "Er werd mij om een stuk gevraagd dat nog niet af was. Ik stond op de gang.",
        ),
        "incident": [
            (
                "Het overleg zou om elf uur klaar zijn. Om half twaalf waren we bij punt drie van acht, en twee mensen moesten weg. "
                "De voorzitter keek mij aan. Hoe kan ik op zo'n moment helpen?"
            )
        ],
        "information": (
            "Wie maakt de agenda?",
            "Hoe lang stond er voor elk punt?",
            "Wat deden de anderen op dat moment?",
            "Wanneer liep het de vorige keer uit?",
        ),
        "answers": (
            "Ik, samen met de voorzitter.",
            "Een kwartier. Dat staat er ook bij.",
            "Die keken op de klok.",
            "Twee weken terug, met drie kwartier.",
        ),
        "diagnosis": (
            "Mij valt op dat niemand over de tijd gaat.",
            "Ik zie een agenda die te vol is voor twee uur.",
            "De kern is voor mij dat niemand een punt durft te stoppen.",
            "Ik hoor iemand die het graag goed wil doen voor iedereen.",
        ),
        "write_position": (
            "Ik zou twee punten noemen die vandaag echt moeten.",
            "Ik zou vragen wie er weg moet, en dan samen kiezen.",
            "Ik zou de voorzitter een briefje geven.",
            "Ik zou een pauze van vijf minuten vragen.",
        ),
        "advice": (
            "Ik zou twee punten noemen die vandaag echt moeten, want dan is kiezen makkelijk.",
            "Ik zou vragen wie er weg moet, want dan kiest de groep zelf.",
            "Ik zou de voorzitter een briefje geven, want dan houdt die de leiding.",
            "Ik zou een pauze vragen, want dan kun je even overleggen.",
        ),
        "reveal": ("Ik zei toen dat punt vier niet kon wachten. Het briefje neem ik mee: dat past bij mij.",),
        "evaluation": (
            "Ik neem mee dat ik best iets mag zeggen.",
            "Ik neem mee dat je lang kunt doorgaan met alleen vragen.",
            "Voor mij: eerst schrijven, dan pas praten.",
            "Ik herken meer dan ik dacht.",
        ),
    },
    "en": {
        "check_in": (
            "Busy, but I am here. I hope for a fresh look.",
            "Well. Above all I want to learn how to ask good questions.",
            "A little tired, and curious.",
            "I am calm, and I like to listen.",
        ),
        "inventory": (
            "Our meeting ran an hour late again. The chair looked at me: what now?",
            "My minutes came back with forty changes. I had to answer the same day.",
            "Two people wanted the same item at the top of the agenda. Both of them called me.",
            "I was asked for a paper that was not ready yet. I stood in the corridor.",
        ),
        "incident": [
            (
                "The meeting was to end at eleven. At half past eleven we were at item three of eight, and two people had to leave. "
                "The chair looked at me. How can I help at such a moment?"
            )
        ],
        "information": (
            "Who makes the agenda?",
            "How long was there for each item?",
            "What did the others do at that moment?",
            "When did it run late the time before?",
        ),
        "answers": (
            "I do, together with the chair.",
            "A quarter of an hour. It says so, too.",
            "They looked at the clock.",
            "Two weeks ago, by three quarters of an hour.",
        ),
        "diagnosis": (
            "It strikes me that nobody keeps the time.",
            "I see an agenda that is too full for two hours.",
            "To me the core is that nobody dares to stop an item.",
            "I hear somebody who wants to do well by everybody.",
        ),
        "write_position": (
            "I would name two items that really have to be done today.",
            "I would ask who has to leave, and then choose together.",
            "I would hand the chair a note.",
            "I would ask for a break of five minutes.",
        ),
        "advice": (
            "I would name two items that have to be done today, for then it is easy to choose.",
            "I would ask who has to leave, for then the group chooses by itself.",
            "I would hand the chair a note, for then the chair keeps the lead.",
            "I would ask for a break, for then you can talk for a moment.",
        ),
        "reveal": ("I said then that item four could not wait. I take the note along: it suits me.",),
        "evaluation": (
            "I take with me that I may well say something.",
            "I take with me that you can go on for long with questions only.",
            "For me: first write, and only then talk.",
            "I recognise more than I thought.",
        ),
    },
}
