"""Tables for people and for scripts: a workbook, CSV files, or plain facts. The one home of XlsxWriter.

What people wrote is text in every form, and never a formula: a workbook says so cell by cell, and a CSV file, in which a
spreadsheet would guess, gets a quote in front (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.i18n import either
from programme.people import LanguageCode
from programme.text import Both

Cell = str | int | date | None
"""None is an empty cell."""
RISKY = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""A cell that begins with one of these may be a formula to a spreadsheet; the last four are the wide forms of `=+-@`."""
WIDEST = 400
"""Pixels: a column with long texts does not push the others off the screen."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for scripts, its heading, and the words for values that are few and fixed."""

    key: str
    title: Both
    words: Mapping[str, Both] = field(default_factory=dict)

    def shown(self, cell: Cell, language: LanguageCode) -> Cell:
        """A value as people read it."""
        word = self.words.get(cell) if isinstance(cell, str) else None
        return cell if word is None else either(word, language)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name for scripts, its heading, and a cell in each row for each column."""

    key: str
    title: Both
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]

    def lines(self, language: LanguageCode) -> Iterator[list[Cell]]:
        """The headings, and then the rows as people read them."""
        yield [either(column.title, language) for column in self.columns]
        for row in self.rows:
            yield [column.shown(cell, language) for column, cell in zip(self.columns, row, strict=True)]

    def facts(self) -> list[dict[str, Cell]]:
        """The rows for a script, with keys and values that are the same in every language; days as ISO 8601."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, map(_plain, row), strict=True)) for row in self.rows]


def workbook(sheets: Sequence[Sheet], language: LanguageCode, at: datetime) -> bytes:
    """An Excel workbook with a sheet for each table. `at` (aware) is when it was made."""
    file = io.BytesIO()
    # Each cell is written by its kind, below; should one ever slip by, then still no text is made anything else.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            _fill(book.add_worksheet(either(sheet.title, language)), [*sheet.lines(language)], heading, day)
    return file.getvalue()


def _fill(sheet: Worksheet, lines: Sequence[Sequence[Cell]], heading: Format, day: Format) -> None:
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            _write(sheet, (number, column), cell, heading if number == 0 else None, day)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines) - 1, len(lines[0]) - 1)
    sheet.autofit(WIDEST)


def _write(sheet: Worksheet, where: tuple[int, int], cell: Cell, look: Format | None, day: Format) -> None:
    match cell:
        case date():
            sheet.write_datetime(*where, cell, day)
        case int():
            sheet.write_number(*where, cell)
        case str():
            sheet.write_string(*where, cell, look)


def comma_separated(sheet: Sheet, language: LanguageCode) -> bytes:
    """A CSV file that Dutch Excel opens as it is: UTF-8 with a mark in front, and semicolons."""
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(map(_safe, line) for line in sheet.lines(language))
    return file.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in RISKY else _plain(cell)


def _plain(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, date) else cell
