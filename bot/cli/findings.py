"""What was found in a file, in the language of this shell: a line for people, or facts for a script."""

from dataclasses import dataclass

from bot.cli.words import say, shell_language
from bot.i18n import Languages
from bot.markup import PLAIN
from programme.edition import AMSTERDAM
from programme.lint import Finding
from programme.text import Call, Value, lines


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in the words of one language."""

    finding: Finding
    what: str
    mend: str

    @property
    def line(self) -> str:
        """One line: file, line, how grave, key, what, mend."""
        found = self.finding
        grave = say(nl="fout", en="error") if found.severity == "error" else say(nl="let op", en="warning")
        return f"{found.file}:{found.line}: {grave}: {found.key + ': ' if found.key else ''}{self.what}; {self.mend}"

    @property
    def facts(self) -> dict[str, object]:
        """The same for a script."""
        return {
            **self.finding.model_dump(include={"file", "line", "key", "rule", "severity"}),
            "what": self.what,
            "mend": self.mend,
        }


def tell(finding: Finding) -> Told:
    """Put a finding in the language of this shell."""
    return Told(finding, said(finding.what), said(finding.mend))


def said(value: Value) -> str:
    """Write a value in the language of this shell."""
    return Languages.load().render(lines(value), shell_language(), PLAIN, zone=AMSTERDAM, words=_word)


def _word(call: Call, _language: str) -> str:
    return call.command
