"""What is to be said against a change of dates, before it is made: what `kring lint` would say of it, in the chat too."""

from bot.clock import named_free_days
from programme.edition import Edition
from programme.lint.dates import findings
from programme.lint.finding import Finding, Sheet
from programme.text import Text, _

MOST = 3
"""So many remarks are read; a change that upsets more shows in its first ones that something is wrong."""


def objections(before: Edition, after: Edition) -> list[Text]:
    """What the dates of `after` have against them that those of `before` had not, a line each. Nothing here refuses the change."""
    known = {_told(it) for it in _findings(before)}
    new = [it for it in _findings(after) if _told(it) not in known]
    return [_("Note: {what}.", what=it.what) for it in new[:MOST]]


def _findings(edition: Edition) -> list[Finding]:
    return list(findings(Sheet("", {}, {}), _as_it_is(edition), named_free_days))


def _told(finding: Finding) -> tuple[str, str]:
    """What a finding says, wherever it stands: a key in a list is a number here, and moves when something is added."""
    return finding.rule, str(finding.what)


def _as_it_is(edition: Edition) -> Edition:
    """The edition with windows opened by hand, as if the file had said so. One that was closed by hand was meant to be short."""
    windows = {
        name: window.model_copy(update={"opens": window.period(edition.zone).first})
        for name, window in edition.windows.items()
    }
    return edition.model_copy(update={"windows": windows})
