"""Keeps the catalogues complete: `python -m bot.catalogues check | update | prune`.

`check` compares every `_()` and `_n()` in the code with every catalogue and exits 1 with a line for each fault. `update` brings
new ids in and keeps what is no longer said as obsolete; `prune` drops that. Headers hold no dates and locations no line numbers,
so that a change of code changes no catalogue that it does not concern.
"""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.i18n import CODES, ENGLISH, LOCALES, catalogue_file, read_catalogue
from bot.markup import placeholders

FOLDERS = ("bot", "commands", "programme", "storage")

_MARKS = {"_": 1, "_n": 2}
_HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True, slots=True)
class Said:
    """One place in the code where a text is made: its ids (one, or one and many) and the values that it gets."""

    file: str
    line: int
    ids: tuple[str, ...]
    values: frozenset[str] | None
    """Names of the values; None when some come out of a dictionary."""


class Unmarked(Exception):  # noqa: N818 - a fact about a line of code
    """A text in the code whose id is not written out, so that nobody can translate it."""


def said_in(root: Path) -> list[Said]:
    """Every text that the code under `root` makes, by file and line. Raises `Unmarked`, `SyntaxError`."""
    files = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return [said for path in files for said in said_by(path.read_text("utf-8"), path.relative_to(root).as_posix())]


def said_by(source: str, file: str) -> Iterator[Said]:
    """The texts that one file makes. Raises `Unmarked` when an id is not a literal, `SyntaxError`."""
    calls = [node for node in ast.walk(ast.parse(source, file)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in _MARKS:
            yield _said(call, call.func.id, file)


def _said(call: ast.Call, mark: str, file: str) -> Said:
    ids = tuple(node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str))
    if len(ids) != len(call.args) or len(ids) != _MARKS[mark]:
        raise Unmarked(f"{file}:{call.lineno}: write the sentence out inside {mark}()")
    names = [keyword.arg for keyword in call.keywords]
    known = None if None in names else frozenset(name for name in names if name)
    return Said(file, call.lineno, ids, known)


def code_faults(texts: list[Said]) -> Iterator[str]:
    """What is wrong with the texts themselves: a value that is missing or idle, an id both with and without a plural."""
    shapes: dict[str, tuple[str, ...]] = {}
    for said in texts:
        where = f"{said.file}:{said.line}"
        if shapes.setdefault(said.ids[0], said.ids) != said.ids:
            yield f"{where}: {said.ids[0]!r} stands elsewhere with another plural"
        if said.values is not None:
            asked = frozenset[str]().union(*map(placeholders, said.ids))
            # The number that chooses the form need not be shown.
            yield from (f"{where}: no value for {{{name}}}" for name in sorted(asked - said.values))
            yield from (f"{where}: {{{name}}} stands nowhere" for name in sorted(said.values - asked - {"n"}))


def catalogue_faults(texts: list[Said], catalog: Catalog, code: str) -> Iterator[str]:
    """What a catalogue lacks, has too much, or says with other placeholders than the id."""
    wanted = {said.ids[0]: said.ids for said in texts}
    for key, ids in sorted(wanted.items()):
        message = catalog.get(key)
        yield from (f"{code}: {fault}: {key!r}" for fault in _faults(message, ids))
    present = {_ids(message)[0] for message in catalog if message.id}
    for key in sorted(present - wanted.keys()):
        yield f"{code}: nobody says this any more: {key!r}"
    for message in catalog.obsolete.values():
        yield f"{code}: obsolete, prune it: {_ids(message)[0]!r}"


def _faults(message: Message | None, ids: tuple[str, ...]) -> Iterator[str]:
    if message is None:
        yield "missing, update it"
    elif _ids(message) != ids:
        yield "has another plural, update it"
    elif not all(_forms(message)):
        yield "not translated"
    elif message.fuzzy:
        yield "fuzzy: confirm it"
    else:
        yield from _strange(ids, _forms(message))


def _strange(ids: tuple[str, ...], forms: tuple[str, ...]) -> Iterator[str]:
    for id_, form in zip(ids, forms, strict=True):
        optional = {"n"} if len(ids) > 1 and id_ == ids[0] else set[str]()
        if placeholders(id_) - optional != placeholders(form) - optional:
            yield f"other placeholders in {form!r}"


def updated(texts: list[Said], old: Catalog, code: str) -> Catalog:
    """The catalogue with every text of the code, sorted by file, what was translated, and the rest as obsolete.

    A new id stays empty in Dutch, so that `check` names it; in English it is its own translation.
    """
    known = _translations(old)
    new = Catalog(locale=code, fuzzy=False)
    for said in texts:
        fresh = said.ids if code == ENGLISH else ("",) * len(said.ids)
        # English says what the id says: a correction is made in the code, where both stand.
        found = fresh if code == ENGLISH else known.get(said.ids, fresh)
        _add(new, said.ids, found, [(said.file, said.line)])
    for ids, forms in known.items():
        if ids[0] not in new and any(forms) and code != ENGLISH:
            new.obsolete[ids[0]] = _add(Catalog(), ids, forms, [])
    return new


def written(catalog: Catalog, code: str) -> bytes:
    """A catalogue as its file: our own header, without dates, people or machines."""
    file = BytesIO()
    write_po(file, catalog, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    return _HEADER.format(code=code).encode() + file.getvalue().strip(b"\n") + b"\n"


def check(root: Path, folder: Path = LOCALES) -> list[str]:
    """Every fault in the code under `root` and the catalogues in `folder`, a line each."""
    texts = said_in(root)
    faults = list(code_faults(texts))
    for code in CODES:
        faults += catalogue_faults(texts, read_catalogue(catalogue_file(folder, code), code), code)
    return faults


def update(root: Path, folder: Path = LOCALES, *, keep: bool = True) -> None:
    """Bring the catalogues in line with the code; without `keep`, drop what nobody says any more."""
    texts = said_in(root)
    for code in CODES:
        path = catalogue_file(folder, code)
        catalog = updated(texts, read_catalogue(path, code), code)
        if not keep:
            catalog.obsolete.clear()
        _replace(path, written(catalog, code))


def _replace(path: Path, content: bytes) -> None:
    # Two of us may update at once: a reader sees the old file or the new one, whole.
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def _translations(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    messages = [*catalog.obsolete.values(), *(message for message in catalog if message.id)]
    return {_ids(message): _forms(message) for message in messages}


def _add(catalog: Catalog, ids: tuple[str, ...], forms: tuple[str, ...], where: list[tuple[str, int]]) -> Message:
    return catalog.add(_one_or_all(ids), _one_or_all(forms), locations=where)


def _one_or_all(strings: tuple[str, ...]) -> str | tuple[str, ...]:
    return strings[0] if len(strings) == 1 else strings


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


@click.command()
@click.argument("task", type=click.Choice(["check", "update", "prune"]))
def main(task: str) -> None:
    """Check the catalogues against the code, bring them up to date, or drop what is obsolete."""
    root = LOCALES.parent
    try:
        if task != "check":
            update(root, keep=task == "update")
            return
        faults = check(root)
    except (Unmarked, SyntaxError) as error:
        raise click.ClickException(str(error)) from error
    for fault in faults:
        click.echo(fault)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
