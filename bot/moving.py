"""Telling people that a meeting is new, moved or cancelled, with what changes in their calendar."""

from bot.answer import Say
from bot.calendar import meeting_file
from bot.context import Context
from programme import rooms
from programme.edition import Edition, Meeting
from programme.meetings import unanswered
from programme.records import Participant
from programme.text import Call, Sayable, Text, _
from storage.letters import Button


def moved(edition: Edition, meeting: Meeting) -> Text:
    """What is said of a meeting that has another time."""
    return _("Moved: {meeting}. The new time is {when}.", meeting=meeting.name, when=meeting.span(edition.zone))


def cancelled(edition: Edition, meeting: Meeting) -> Text:
    """What is said of a meeting that does not take place."""
    return _("Cancelled: {meeting}, {when}.", meeting=meeting.name, when=meeting.span(edition.zone))


def added(edition: Edition, meeting: Meeting) -> Text:
    """What is said of a meeting for everybody that is new."""
    return _("New: {meeting}, {when}. Will you be there?", meeting=meeting.name, when=meeting.span(edition.zone))


def of_new_time(ctx: Context, meeting: Meeting, part: Participant, said: Sayable) -> Say:
    """Tell one person; what they said of the old time does not hold for the new one."""
    file = meeting_file(ctx, meeting, part.person)
    if meeting.seats is not None:
        return Say(said, rooms.direct(part.person), file=file, wake=True)
    ctx.save(unanswered(part, meeting))
    return Say(said, rooms.direct(part.person), _coming(meeting), file=file, wake=True)


def of_end(ctx: Context, meeting: Meeting, person: str, said: Sayable) -> Say:
    """Tell one person that it does not take place; it leaves their calendar."""
    gone = meeting.model_copy(update={"version": meeting.version + 1})
    return Say(said, rooms.direct(person), file=meeting_file(ctx, gone, person, off=True), wake=True)


def _coming(meeting: Meeting) -> list[Button]:
    return [
        Button(label=_("I will come"), call=Call(command="attend", arguments=(meeting.key,))),
        Button(label=_("I cannot come"), call=Call(command="absent", arguments=(meeting.key,))),
    ]
