"""A whole edition in seconds: made-up people live through it on a `Stage`, and everything that is said is kept for a report.

`perform` lets one of them do what they would; `rehearse` plays until nobody has anything to do; `warnings` says what to look at
before real people come; `Report` tells it all. It awaits after every act, but a large moment (publishing to sixty people) holds
the loop for long: a page that must go on gives it to a process of its own, `kring rehearse --json`.
"""

from bot.rehearsal.performing import perform, standing
from bot.rehearsal.playing import free_of, opened, rehearse
from bot.rehearsal.record import Message, Rehearsal, Spoken
from bot.rehearsal.report import Report
from bot.rehearsal.warnings import Warned, warnings

__all__ = [
    "Message",
    "Rehearsal",
    "Report",
    "Spoken",
    "Warned",
    "free_of",
    "opened",
    "perform",
    "rehearse",
    "standing",
    "warnings",
]
