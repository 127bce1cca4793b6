"""What each key of an edition file means, for the page of the file and for whoever writes one."""

from typing import Final

from programme.edition import (
    Contact,
    Edition,
    Intervision,
    Meeting,
    PreferenceRule,
    Question,
    Step,
    Window,
)
from programme.model import Model
from programme.reminder import Reminder, Tap
from programme.text import Both, Text, _

SECTIONS: Final[dict[type[Model], Text]] = {
    Edition: _("The file itself: one run of a programme."),
    Both: _("A text in both languages. Everybody reads it in their own."),
    Contact: _("The person to ask, outside chat."),
    Step: _("A step of the programme, or something that guest and host settle before a visit."),
    Window: _("A time in which something can be done. There are three: sign-up, preferences and visits."),
    Meeting: _("A meeting, with its hours on the clock of the edition."),
    Question: _("One question of the form with which people sign up."),
    PreferenceRule: _("How people rank places. It stays as it is once the first list is in."),
    Reminder: _("What Kring says by itself, when and to whom."),
    Tap: _("A button below a reminder."),
    Intervision: _("How intervision groups are made afterwards."),
}
"""What a table of this kind is."""

MEANINGS: Final[dict[type[Model], dict[str, Text]]] = {
    Both: {
        "nl": _("The Dutch text, with je."),
        "en": _("The English text."),
    },
    Edition: {
        "id": _("The name by which Kring knows this edition: small letters, figures and hyphens. It never changes."),
        "kind": _("The kind of programme."),
        "name": _("The name as people read it."),
        "words": _("Other words by which people name the edition."),
        "zone_name": _("Where its clock hangs."),
        "language": _("The language of its rooms. Everybody reads their own chat in the language that they chose."),
        "audience": _("For whom it is."),
        "purpose": _("What taking part brings. It is the topic of the room."),
        "contact": _("Whom people can call or mail."),
        "fee": _("What it costs, in euros without VAT."),
        "steps": _("The steps as participants see them."),
        "windows": _("When people can sign up, give preferences and visit."),
        "publish": _("The last day on which the matches are published."),
        "hold_minutes": _("So many minutes a confirmed publication waits, so that it can be stopped."),
        "meetings": _("The meetings for all participants."),
        "network": _("Sessions for who chooses them. A coordinator can also add them at the desk."),
        "sessions_planned": _("Kept by Kring: so many sessions were ever added."),
        "checks": _("What guest and host settle before a visit."),
        "experience": _("The questions after the visit, three at most."),
        "form": _("The questions with which people sign up. organisation, sector and places must be among them."),
        "preferences": _("How people rank places."),
        "reminders": _("What Kring says by itself."),
        "intervision": _("The intervision groups afterwards; without it there are none."),
        "confidentiality": _("What is agreed about what people hear and see."),
        "since": _("Kept by Kring: when it came to know the edition."),
        "coordinators": _("Kept by Kring: who coordinates stands in kring.toml."),
    },
    Contact: {
        "name": _("The name."),
        "phone": _("The telephone number."),
        "mail": _("The mail address."),
    },
    Step: {
        "key": _("A short name of its own."),
        "name": _("How people read it."),
        "explains": _("What it is, in one sentence."),
    },
    Window: {
        "opens": _("The first day."),
        "closes": _("The last day. It is open until the end of that day."),
        "opened": _("Kept by Kring: when a coordinator opened it by hand."),
        "closed": _("Kept by Kring: when a coordinator closed it by hand."),
    },
    Meeting: {
        "key": _("A short name of its own. Reminders name the meeting by it."),
        "name": _("How people read it."),
        "day": _("The day."),
        "start": _("When it begins, on the clock of the edition."),
        "end": _("When it ends."),
        "online": _("Whether it is online."),
        "mandatory": _("Whether people must be there."),
        "about": _("What it is about."),
        "seats": _("How many people can come; without it there is room for all."),
        "version": _("Kept by Kring: how often it was moved."),
    },
    Question: {
        "key": _("A short name of its own. Kring itself uses organisation, sector, region, places, offer and wishes."),
        "label": _("What the answer is called in lists."),
        "ask": _("The question."),
        "kind": _("What kind of answer it takes."),
        "choices": _("The answers to choose from, for kind choice. The Dutch label is what is kept."),
        "least": _("The smallest number, for kind number."),
        "most": _("The largest number, for kind number."),
        "optional": _("Whether people can skip it."),
    },
    PreferenceRule: {
        "length": _("How many places one person can rank."),
        "avoid": _("How many places one person would rather not visit."),
        "mechanism": _("fair gives as many people as possible a high preference; loting draws lots."),
        "reciprocal": _("Whether two people can visit each other."),
        "alternatives": _("Whether other places are proposed to who gets none of their preferences."),
    },
    Reminder: {
        "key": _("A short name of its own."),
        "anchor": _(
            "From what the days are counted: signup.opens, preferences.closes, visits.closes (and so on), publish, meeting.KEY, network, visit, missed or consultation. Or from a question: proposal, repair, room, intervision or agreements."
        ),
        "days": _("So many days after the anchor; with a minus sign before it."),
        "working": _("Whether only working days count."),
        "minutes": _("So many minutes before a meeting begins, instead of days and at."),
        "on": _("A day of its own, instead of an anchor."),
        "at": _("At what time. In quiet hours, in the weekend and on holidays it waits or comes earlier."),
        "to": _(
            "For whom: cohort is the room, desk the coordinators, everyone all participants. unfinished, undecided, undated, unanswered and unshared are those who still have something to do. visiting, expected, attending and consulted are those whom it is about. owing are those who owe the answer to a question, proposer who waits for it."
        ),
        "only": _(
            "Only visits of which the statement is not signed, of which nobody said what became of the day, or that have no day."
        ),
        "text": _("What is said. Between braces stand words such as {words}.", words="{edition}, {closes}, {contact}"),
        "taps": _("Buttons below it."),
        "useful_days": _("For so many days it is still of use when Kring was away."),
    },
    Tap: {
        "label": _("What stands on it."),
        "command": _("What pressing it does."),
    },
    Intervision: {
        "size": _("So many people are in a group at most."),
        "sessions": _("So many sessions a group has."),
        "mixed_sectors": _("Whether people of one sector are kept apart as much as can be."),
        "agreements": _("What a group agrees before it begins, point by point."),
        "version": _("Raise it by one when the agreements change: everybody is asked to accept them again."),
        "until": _("Until when the groups may go on."),
    },
}
"""By model and key: what it means."""

DAY_KIND = _("day")
TIME_KIND = _("time")
MOMENT_KIND = _("moment")
TEXT_KIND = _("word or text")
NUMBER_KIND = _("whole number")
AMOUNT_KIND = _("amount")
TRUTH_KIND = _("true or false")
BOTH_KIND = _("text in both languages")
TITLE = _("The file of an edition")
LEAD = _(
    "One file says all of a programme: its dates, its form, its texts and its reminders. A key that is not on this page is a fault."
)
HOW = _("Check a file, or make next year's from this year's:")
WRITING = _(
    "A day is written as {day}, a time as {time}, an amount as {amount}; a text stands between quotation marks. Copying moves every "
    "date by whole weeks. Remarks behind # and texts that name a month or a year stay as they were: `kring copy` names them.",
    day="`2027-09-17`",
    time="`09:00:00`",
    amount='`"395.00"`',
)
MADE = _("This page is made from the models by `docs/schema.py`.")
COLUMNS = (_("key"), _("kind"), _("without it"), _("what it means"))
NEEDED = _("needed")
LIST_OF = _("list")
TABLE_OF = _("table")


def from_to(first: str, last: str) -> Text:
    """Say which values are possible."""
    return _("{first} to {last}", first=first, last=last)
