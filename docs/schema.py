"""Writes the pages about the file of an edition from its models: `python docs/schema.py`; with `check` it only looks."""

import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic.fields import FieldInfo

from bot.i18n import Languages
from bot.markup import PLAIN
from programme import meanings
from programme.edition import AMSTERDAM, Edition
from programme.model import Model
from programme.schema import keys_of, reachable
from programme.text import Both, Call, Sayable, Text

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"nl": ROOT / "docs" / "nl" / "editie.md", "en": ROOT / "docs" / "en" / "edition.md"}
KINDS: dict[Any, Text] = {
    date: meanings.DAY_KIND,
    time: meanings.TIME_KIND,
    datetime: meanings.MOMENT_KIND,
    str: meanings.TEXT_KIND,
    int: meanings.NUMBER_KIND,
    Decimal: meanings.AMOUNT_KIND,
    bool: meanings.TRUTH_KIND,
    Both: meanings.BOTH_KIND,
}


class Page:
    """The page in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.languages = Languages.load()

    def written(self) -> str:
        """Give the whole page."""
        sections = [line for model in reachable(Edition) for line in self._section(model)]
        commands = [
            "```sh",
            "kring lint wissel-2026.toml",
            "kring copy wissel-2026.toml --start 2027-05-10 --id wissel-2027 --out wissel-2027.toml",
            "```",
        ]
        told = [f"# {self._said(meanings.TITLE)}", "", self._said(meanings.LEAD), "", self._said(meanings.HOW), ""]
        return (
            "\n".join([*told, *commands, "", self._said(meanings.WRITING), "", self._said(meanings.MADE), *sections])
            + "\n"
        )

    def _section(self, model: type[Model]) -> list[str]:
        columns = [self._said(column) for column in meanings.COLUMNS]
        head = ["", f"## {self._title(model)}", "", self._said(meanings.SECTIONS[model]), ""]
        table = [f"| {' | '.join(columns)} |", "|---|---|---|---|"]
        return [*head, *table, *(self._row(model, key) for key in keys_of(model))]

    def _title(self, model: type[Model]) -> str:
        """Name the keys under which such a table stands."""
        places = [
            f"`{key}`"
            for holder in reachable(Edition)
            for key in keys_of(holder)
            if model is not Both and model in _models(holder.model_fields[key].annotation)
        ]
        return ", ".join(dict.fromkeys(places)) or self._said(KINDS.get(model, meanings.TITLE)).capitalize()

    def _row(self, model: type[Model], key: str) -> str:
        field = model.model_fields[key]
        cells = [f"`{key}`", self._kind(field), self._default(field), self._said(meanings.MEANINGS[model][key])]
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    def _kind(self, field: FieldInfo) -> str:
        kind = self._of(field.annotation)
        limits = {type(limit): limit for limit in field.metadata}
        if Ge in limits and Le in limits:
            kind += f", {self._said(meanings.from_to(str(limits[Ge].ge), str(limits[Le].le)))}"
        return kind + (f", ≤ {limits[MaxLen].max_length}" if MaxLen in limits else "")

    def _of(self, kind: Any) -> str:
        """Say in a few words what kind of value it is."""
        if kind in KINDS:
            return self._said(KINDS[kind])
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Literal:
            return " / ".join(f"`{choice}`" for choice in parts)
        if origin in (Union, UnionType):
            return " / ".join(self._of(part) for part in parts if part is not NoneType)
        if origin is Annotated:
            return self._of(parts[0])
        if origin is tuple:
            return f"{self._said(meanings.LIST_OF)}: {self._of(parts[0])}"
        return self._said(meanings.TABLE_OF)

    def _default(self, field: FieldInfo) -> str:
        if field.is_required():
            return f"**{self._said(meanings.NEEDED)}**"
        value = field.default
        if isinstance(value, bool):
            return f"`{str(value).lower()}`"
        return "" if value in (None, (), "") or isinstance(value, Model) else f"`{value}`"

    def _said(self, text: Sayable) -> str:
        return self.languages.render(text, self.language, PLAIN, zone=AMSTERDAM, words=_word)


def _word(call: Call, _language: str) -> str:
    return call.command


def _models(kind: Any) -> list[Any]:
    return [kind] if isinstance(kind, type) else [it for part in get_args(kind) for it in _models(part)]


def faults() -> list[str]:
    """Say which pages are not what the models say."""
    stale = [page for language, page in PAGES.items() if not _is_current(language, page)]
    return [f"{page.relative_to(ROOT)}: is not what the models say; run python docs/schema.py" for page in stale]


def _is_current(language: str, page: Path) -> bool:
    return page.exists() and page.read_text(encoding="utf-8") == Page(language).written()


def main(arguments: list[str]) -> int:
    """Write the pages, or with `check` say which are not current and exit 1."""
    if arguments == ["check"]:
        found = faults()
        sys.stderr.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    for language, page in PAGES.items():
        page.write_text(Page(language).written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
