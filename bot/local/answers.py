"""What somebody could answer to a question of the bot: an example for who plays a programme for the first time."""

from bot.local.play import Play
from programme.edition import Question as Asked
from programme.people import LanguageCode, Person
from storage.letters import Question

OFFER = {
    "nl": "Je loopt mee van de voorbereiding tot en met de bestuursvergadering.",
    "en": "You come along from the preparation up to and including the board meeting.",
}
TOLD = {
    "nl": (
        "Hoe rustig daar wordt vergaderd.",
        "Een vaste agenda voor de voorbereiding.",
        "Vraag of je de hele dag mee mag.",
    ),
    "en": ("How calm the meetings are there.", "A fixed agenda for the preparation.", "Ask to stay for the whole day."),
}
"""What was it like? One answer for each question."""
MAIL = "factuur@example.nl"


def example_answer(play: Play, person: Person, question: Question) -> str | None:
    """A fitting answer, as this person would type it; None where only the person can know."""
    language = person.language or play.house.setup.language
    labels = [play.house.spell(choice.label, language) for choice in question.choices]
    call = question.call
    if call is not None and call.command == "form" and call.arguments:
        asked = next((it for it in play.edition.form if it.key == call.arguments[0]), None)
        return _of_the_form(asked, person, labels, language) if asked else None
    if call is not None and call.command == "experience_answer":
        return TOLD[language][(len(call.arguments) - 2) % 3]
    return _chosen(labels)


def _chosen(labels: list[str]) -> str | None:
    """The first choice; of figures one that is kind and believable."""
    figures = [label for label in labels if label.isdecimal()]
    if len(figures) > 1:
        return figures[-2]
    return labels[0] if labels else None


def _of_the_form(asked: Asked, person: Person, labels: list[str], language: LanguageCode) -> str | None:
    known = {"organisation": person.organisation, "region": person.region, "sector": person.sector}.get(asked.key)
    match asked.kind:
        case "number":
            return str(min(max(1, asked.least), asked.most))
        case "mail":
            return MAIL
        case "choice" | "yes_no":
            return known if known in labels else _chosen(labels)
        case "text":
            return known or (labels[0] if asked.optional and labels else OFFER[language])
