"""Changing the days of an edition that goes on: first days, the day of publication, the end of the groups, days of reminders.

Last days are changed by `Edition.until`, meetings by `programme/meetings.py`. What has passed cannot be changed, and the steps
keep following each other.
"""

from datetime import date, datetime, timedelta

from programme.edition import Edition, WindowName
from programme.exchange import Exchange
from programme.text import Call, Day, Refusal, Text, _, listing

A_YEAR = timedelta(days=365)


def _to_come(edition: Edition, day: date, now: datetime) -> None:
    if day < edition.day(now):
        raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=day)))


def must_be_this_time(edition: Edition, day: date, now: datetime) -> None:
    """Refuse a day after the whole programme of which the year was left out: a year before it has just passed."""
    last = max([*(it.closes for it in edition.windows.values()), *(it.day for it in edition.meetings)])
    if day > last and day - A_YEAR < edition.day(now):
        year = str(day.year)
        raise Refusal(
            _(
                "{day} is after the end of the programme, on {last}. Did you mean a day that has passed, or another year than {year}?",
                day=Day(day=day),
                last=Day(day=last),
                year=year,
            )
        )


def beginning(edition: Edition, name: WindowName, first: date, now: datetime) -> Edition:
    """Let a window open on `first`. Refuses one that is open already, and a day that does not lie between the steps around it."""
    window = edition.windows[name]
    if edition.has_begun(name, now):
        raise Refusal(
            _("This has opened already. Change its last day with {how}.", how=Call(command="programme_change"))
        )
    _to_come(edition, first, now)
    if first > window.closes:
        raise Refusal(_("The last day is {day}. Choose an earlier first day.", day=Day(day=window.closes)))
    _must_follow(_before(edition, name), first)
    return edition.with_window(name, window.model_copy(update={"opens": first, "opened": None}))


def _before(edition: Edition, name: WindowName) -> date:
    """The last day of the step before this window; long ago where there is none."""
    last: dict[WindowName, date] = {
        "preferences": edition.period("signup").last,
        "visits": edition.publish - timedelta(days=1),
    }
    return last.get(name, date.min)


def _must_follow(last: date, day: date) -> None:
    if day <= last:
        raise Refusal(_("The step before it lasts until the end of {day}. Choose a later day.", day=Day(day=last)))


def publishing(exchange: Exchange, day: date) -> Edition:
    """Publish the matches by another day. Refuses it once they are, and a day that does not lie between preferences and visits."""
    edition = exchange.edition
    if exchange.round.published is not None:
        raise Refusal(_("The matches have been published. See how it stands with {how}.", how=Call(command="state")))
    _to_come(edition, day, exchange.now)
    closes, visits = edition.period("preferences").last, edition.period("visits").first
    _must_follow(closes, day)
    if day > visits:
        raise Refusal(_("The visits begin on {day}. Choose an earlier day.", day=Day(day=visits)))
    return edition.model_copy(update={"publish": day})


def groups_until(edition: Edition, day: date, now: datetime) -> Edition:
    """Let the intervision groups go on until this day. Refuses it in a programme without groups, and a day that has passed."""
    if edition.intervision is None:
        raise Refusal(
            _("This programme has no intervision groups. See its dates with {how}.", how=Call(command="schedule"))
        )
    _to_come(edition, day, now)
    return edition.model_copy(update={"intervision": edition.intervision.model_copy(update={"until": day})})


def reminding(edition: Edition, key: str, day: date, now: datetime) -> Edition:
    """Send a reminder that has a day of its own on another day. Refuses an unknown one, and days that have passed."""
    found = next((it for it in edition.reminders if it.key == key and it.on is not None), None)
    if found is None or found.on is None:
        raise Refusal(_unknown(edition))
    if found.on < edition.day(now):
        raise Refusal(
            _(
                "That reminder came on {day}. Send a message with {how}.",
                day=Day(day=found.on),
                how=Call(command="announce"),
            )
        )
    _to_come(edition, day, now)
    must_be_this_time(edition, day, now)
    moved = found.model_copy(update={"on": day})
    return edition.model_copy(update={"reminders": tuple(moved if it == found else it for it in edition.reminders)})


def _unknown(edition: Edition) -> Text:
    keys = [it.key for it in edition.reminders if it.on is not None]
    if not keys:
        return _("No reminder has a day of its own; they follow the dates of the programme.")
    return _("I do not know that reminder. Choose one of: {keys}. All others follow the dates.", keys=listing([*keys]))
