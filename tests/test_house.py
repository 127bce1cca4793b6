"""The rules of the house that no linter knows. Each test is one rule, and each fault names the file and the line."""

import ast
import re
import runpy
import statistics
import tomllib
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.stage import all_commands

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "commands", "programme", "storage")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
COMMANDS = sorted(path for path in (ROOT / "commands").glob("*.py") if path.stem != "__init__")
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").rglob("*.chat"))
DECISIONS = ROOT / "docs" / "decisions"

EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "service",
    "handler",
    "handlers",
    "base",
    "core",
    "common",
    "misc",
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}
BROAD = {
    "bot/router.py": 1,
    "bot/postman.py": 1,
    "bot/matrix/guard.py": 1,
    "bot/teams/guard.py": 1,
    "bot/local/guard.py": 1,
}
"""How many broad guards a file may have: the router, the postman, and one around each event in each adapter."""
LONGEST_FUNCTION = 40
LONG_FUNCTION = 20
LONGEST_FILE = 400


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def functions(paths: Iterable[Path]) -> Iterator[tuple[str, int]]:
    """Each function as `file:line name`, with its lines without the docstring."""
    for path in paths:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(path)}:{node.lineno} {node.name}", lines_of(node)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first, *rest = function.body
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    begins = min([function.lineno, *(mark.lineno for mark in function.decorator_list)])
    prose = (first.end_lineno or first.lineno) - first.lineno + 1 if told and rest else 0
    return (function.end_lineno or function.lineno) - begins + 1 - prose


def is_clock(node: ast.AST) -> bool:
    """Whether this calls something that knows what time it is: `datetime.now()`, `date.today()`, `time.time()`."""
    match node:
        case ast.Call(func=ast.Attribute(attr=called, value=ast.Name(id="datetime" | "date" | "time"))):
            return called in CLOCKS
        case ast.Call(func=ast.Attribute(attr=called, value=ast.Attribute(attr="datetime" | "date"))):
            return called in CLOCKS
    return False


def is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        one is None or (isinstance(one, ast.Name) and one.id in {"Exception", "BaseException"}) for one in caught
    )


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def dutch() -> Catalog:
    with (ROOT / "locales" / "nl" / "LC_MESSAGES" / "kring.po").open("rb") as file:
        return read_po(file, locale="nl")


def translations() -> Iterator[str]:
    for message in dutch():
        if message.id:
            yield from [message.string] if isinstance(message.string, str) else message.string


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[\[<>=~! ]", wish, maxsplit=1)[0] for wish in project["dependencies"]]


def test_only_the_clock_knows_what_time_it_is() -> None:
    elsewhere = [path for path in SOURCES if name_of(path) != "bot/clock.py"]
    assert [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}" for path in elsewhere for node in nodes(path) if is_clock(node)
    ] == []


def test_the_clock_rule_sees_every_way_to_ask_the_time() -> None:
    asked = (
        "datetime.now(UTC); date.today(); time.time(); datetime.datetime.utcnow(); time.time_ns(); clock.now(); ctx.now"
    )
    assert sum(map(is_clock, ast.walk(ast.parse(asked)))) == 5


def test_broad_guards_stand_only_where_the_house_has_them() -> None:
    counted = {name_of(path): sum(map(is_broad, nodes(path))) for path in SOURCES}
    assert {name: count for name, count in counted.items() if count > BROAD.get(name, 0)} == {}


def test_no_function_is_longer_than_forty_lines() -> None:
    assert [f"{where}: {length} lines" for where, length in functions(SOURCES) if length > LONGEST_FUNCTION] == []


def test_nine_functions_in_ten_fit_in_twenty_lines() -> None:
    lengths = [length for _, length in functions(SOURCES)]
    assert statistics.quantiles(lengths, n=10)[-1] <= LONG_FUNCTION


def test_half_of_the_functions_fit_in_nine_lines() -> None:
    assert statistics.median(length for _, length in functions(SOURCES)) <= 9


def test_no_file_is_a_pile() -> None:
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_modules_are_called_after_their_subject() -> None:
    assert [name_of(path) for path in SOURCES if EMPTY_NAMES & {path.stem, path.parent.name}] == []


def test_each_module_says_what_it_is_for() -> None:
    silent = [path for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [name_of(path) for path in silent] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Also not for their types alone, or within a function: who reads one module need not have read what reads it."""
    modules = {name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in SOURCES}
    order = TopologicalSorter({name: (imported(path) & modules.keys()) - above(name) for name, path in modules.items()})
    assert len([*order.static_order()]) == len(modules)  # raises CycleError, which names the circle


def above(module: str) -> set[str]:
    """A module and the packages that it is in, which Python imports first."""
    return {module.rsplit(".", n)[0] for n in range(module.count(".") + 1)}


@pytest.mark.parametrize("path", COMMANDS, ids=name_of)
def test_a_command_file_imports_no_other(path: Path) -> None:
    assert [module for module in imported(path) if module.partition(".")[0] == "commands"] == []


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=name_of)
def test_a_transcript_begins_with_its_title(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert re.match(r"# \S", first)


def test_dutch_texts_do_not_shout() -> None:
    """A `!` before a word is the prefix of a command, and no shout."""
    assert [text for text in translations() if re.search(r"!(?!\w|\{)", text)] == []


def test_dutch_texts_say_je() -> None:
    assert [text for text in translations() if re.search(r"\b(?:[Uu]|[Uu]w)\b(?!\})", text)] == []


def test_there_are_dutch_texts_to_judge() -> None:
    assert sum(1 for _ in translations()) > 50


@pytest.mark.parametrize("dependency", dependencies())
def test_each_runtime_dependency_has_its_decision_page(dependency: str) -> None:
    assert len(list(DECISIONS.glob(f"[0-9][0-9][0-9][0-9]-{dependency}.md"))) == 1


def test_each_decision_has_a_title_and_a_reason() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in DECISIONS.glob("*.md")}
    assert [name for name, text in pages.items() if not re.match(r"# \S", text) or "\n## Why" not in text] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "text", ["see /" + "work/main", "at /" + "home/anna/kring", "from pypi" + ".org/simple", "x = '/" + "root/x'"]
)
def test_a_file_that_names_a_machine_or_an_index_is_told(text: str) -> None:
    foreign = runpy.run_path(str(ROOT / "docs" / "check.py"))["foreign"]
    assert len(list(foreign(ROOT / "page.md", text))) == 1
    assert list(foreign(ROOT / "page.md", "programme/homework/first.toml, example.nl/home/anna")) == []


def test_a_link_that_leads_nowhere_is_told() -> None:
    dead_links = runpy.run_path(str(ROOT / "docs" / "check.py"))["dead_links"]
    page = ROOT / "README.md"
    assert list(dead_links(page, "[here](LICENSE) [out](https://example.nl) [gone](gone.md#x)")) == [
        "README.md: gone.md: leads nowhere; mend the link"
    ]


def test_every_call_in_the_code_and_in_editions_names_a_command_that_there_is() -> None:
    known = {command.id for command in all_commands().all}
    named: dict[str, str] = {}
    for folder in ("bot", "commands", "programme"):
        for path in (ROOT / folder).rglob("*.py"):
            named |= dict.fromkeys(
                re.findall(r"Call\(\s*command=\"(\w+)\"", path.read_text(encoding="utf-8")), path.name
            )
    assert {word: where for word, where in named.items() if word not in known} == {}
