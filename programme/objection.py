"""An objection to a match: for two days after publication, to the coordinator alone. What it is about is told by voice and never kept."""

from datetime import datetime, timedelta

from programme.exchange import Exchange
from programme.text import Call, Moment, Refusal, _

TIME_TO_OBJECT = timedelta(hours=48)


def until(exchange: Exchange) -> datetime:
    """Until when an objection can be made (aware). Refuses before publication."""
    published = exchange.round.published
    if published is None:
        raise Refusal(_("The matches are not known yet. See how you stand with {how}.", how=Call(command="overview")))
    return published + TIME_TO_OBJECT


def must_be_in_time(exchange: Exchange) -> None:
    """Refuse an objection that comes too late, with the way that is left."""
    last = until(exchange)
    if exchange.now >= last:
        raise Refusal(
            _(
                "You could object until {moment}. Is something wrong with your match? Type {how}.",
                moment=Moment(at=last),
                how=Call(command="in_confidence"),
            )
        )
