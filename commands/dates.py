"""For the coordinator: the dates of the programme. Those whom a change touches hear it, and nobody else."""

from datetime import date

from bot import touched
from bot.kit import (
    DESK,
    Annotated,
    Answer,
    Call,
    Choice,
    Confirm,
    Context,
    Role,
    Say,
    UntilDay,
    _,
    command,
    lines,
)
from bot.objections import objections
from bot.touched import TITLES, News
from programme import amending
from programme.edition import Edition, WindowName

WINDOWS = {
    "signup": ("aanmelden", "sign-up"),
    "preferences": ("voorkeuren", "preferences"),
    "visits": ("stages", "visits"),
}
LAST_DAYS = {**WINDOWS, "publish": ("publicatie", "publication"), "groups": ("intervisie", "intervision")}
Window = Annotated[str, Choice(WINDOWS)]
LastDay = Annotated[str, Choice(LAST_DAYS)]
COORDINATOR = Role.COORDINATOR


@command(
    nl="programma wijzig",
    en="programme change",
    where=DESK,
    who=COORDINATOR,
    examples=("aanmelden t/m 17-07-2026", "voorkeuren t/m 11-09-2026"),
    help=_("Changes the last day of sign-up, preferences or visits, of publication, or of the intervision groups."),
)
def programme_change(ctx: Context, what: LastDay, last: UntilDay) -> Answer:
    """Move a last day, after a preview."""
    if what != "groups":
        amending.must_be_this_time(ctx.edition, last, ctx.now)
    if what == "publish":
        edition = amending.publishing(ctx.exchange, last)
        return _changed(ctx, edition, touched.of_window(ctx.exchange, what, touched.published(edition)))
    if what == "groups":
        edition = amending.groups_until(ctx.edition, last, ctx.now)
        return _changed(ctx, edition, touched.of_groups(ctx.exchange, touched.groups_until(edition)))
    name = _window(what)
    edition = ctx.edition.until(name, last, ctx.now)
    return _changed(ctx, edition, touched.of_window(ctx.exchange, what, touched.until(edition, name)))


@command(
    nl="programma begin",
    en="programme begin",
    where=DESK,
    who=COORDINATOR,
    examples=("voorkeuren 24-08-2026", "stages 12-10-2026"),
    help=_("Changes the first day of sign-up, preferences or visits."),
)
def programme_begin(ctx: Context, window: Window, first: date) -> Answer:
    """Move the first day of a window that has not opened, after a preview."""
    name = _window(window)
    amending.must_be_this_time(ctx.edition, first, ctx.now)
    edition = amending.beginning(ctx.edition, name, first, ctx.now)
    news = touched.of_window(ctx.exchange, window, touched.from_day(edition, name))
    return _changed(ctx, edition, news)


@command(
    nl="programma open",
    en="programme open",
    where=DESK,
    who=COORDINATOR,
    examples=("voorkeuren", "aanmelden"),
    help=_("Opens sign-up, preferences or visits now, ahead of time."),
)
def programme_open(ctx: Context, window: Window) -> Answer:
    """Open a window by hand."""
    edition = ctx.edition.opened(_window(window), ctx.now)
    said = _("{what} is possible now.", what=TITLES[_window(window)])
    return _changed(ctx, edition, touched.of_window(ctx.exchange, window, said))


@command(
    nl="programma sluit",
    en="programme close",
    where=DESK,
    who=COORDINATOR,
    examples=("voorkeuren", "aanmelden"),
    help=_("Closes sign-up, preferences or visits now, ahead of time."),
)
def programme_close(ctx: Context, window: Window) -> Answer:
    """Close a window by hand."""
    edition = ctx.edition.closed(_window(window), ctx.now)
    said = _("{what} is no longer possible.", what=TITLES[_window(window)])
    return _changed(ctx, edition, touched.of_window(ctx.exchange, window, said))


def _window(word: str) -> WindowName:
    return next(name for name in TITLES if name == word)


def _changed(ctx: Context, edition: Edition, news: News) -> Answer:
    if not ctx.confirmed:
        return Confirm(lines(*news.preview(edition), *objections(ctx.edition, edition), _("Shall I do it?")))
    ctx.save(edition)
    return [Say(_("Done. See how it stands with {how}.", how=Call(command="state"))), *news.letters()]
