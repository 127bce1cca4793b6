"""Whom to ask, and what is kept of somebody."""

from bot.kit import ANYWHERE, Answer, Call, Context, Role, _, command, lines
from programme.text import Day


@command(
    nl="contact",
    en="contact",
    who=Role.ANYBODY,
    where=ANYWHERE,
    help=_("Tells whom you can call or mail."),
)
def contact(ctx: Context) -> Answer:
    """Name the person behind the programme."""
    return _(
        "Questions about {edition}? Call or mail {contact}.", edition=ctx.edition.name, contact=str(ctx.edition.contact)
    )


@command(
    nl="privacy, avg",
    en="privacy, gdpr",
    who=Role.ANYBODY,
    where=ANYWHERE,
    help=_("Tells what I keep of you, and how to have it erased."),
)
def privacy(ctx: Context) -> Answer:
    """Tell in plain words what is kept, who reads it and how it goes away."""
    return lines(
        _("I keep your form, your preferences and your visiting days. I do not keep other messages."),
        _("Other participants see your organisation, your place and what you offer. Your preferences they never see."),
        _(
            "I erase all preferences after the visiting period, which lasts until the end of {day}.",
            day=Day(day=ctx.edition.period("visits").last),
        ),
        _("Older versions of my file, and backups, still have them until those are cleared away."),
        _("See what I have of you with {how}.", how=Call(command="form")),
        _("Do you want everything erased? Call or mail {contact}.", contact=str(ctx.edition.contact)),
    )
