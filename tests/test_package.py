"""What leaves the house: the wheel, the pinned requirements and the container's recipe."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PINNED = ("run.txt", "dev.txt", "synapse.txt")
DATA = {".toml", ".po", ".json", ".html", ".css", ".js", ".svg"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True)  # noqa: S603
    (built,) = folder.glob("kring-*.whl")
    return ZipFile(built)


def tracked(*folders: str) -> set[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return {name for name in listed.splitlines() if (ROOT / name).exists()}


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.\-]+)==(\S+)", text, re.MULTILINE))


def test_the_wheel_holds_every_module_and_every_data_file(wheel: ZipFile) -> None:
    needed = {
        name
        for name in tracked("bot", "commands", "programme", "storage", "locales")
        if Path(name).suffix in {".py", *DATA}
    }
    assert needed - set(wheel.namelist()) == set()
    assert {".toml", ".po", ".py"} <= {Path(name).suffix for name in needed}


def test_the_wheel_holds_nothing_else_but_its_papers(wheel: ZipFile) -> None:
    ours = ("bot/", "commands/", "programme/", "storage/", "locales/", "kring-")
    assert [name for name in wheel.namelist() if not name.startswith(ours)] == []


def test_the_wheel_brings_the_licence_and_the_command(wheel: ZipFile) -> None:
    (licence,) = (name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"EUROPEAN UNION PUBLIC LICENCE v. 1.2" in wheel.read(licence)
    assert b"kring = bot.__main__:main" in wheel.read(entry)


@pytest.mark.parametrize("name", PINNED)
def test_every_pin_has_its_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S+==)", re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"://|--index|--find-links|--trusted", text)


def test_every_wish_of_the_project_is_pinned_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = [Requirement(wish) for wish in project["project"]["dependencies"]]
    dev = [Requirement(wish) for group in project["dependency-groups"].values() for wish in group]
    for name, wishes in (("run.txt", run), ("dev.txt", run + dev)):
        pinned = pins(name)
        assert [str(wish) for wish in wishes if pinned.get(wish.name, "0") not in wish.specifier] == []


def test_what_runs_is_what_was_tested() -> None:
    assert pins("run.txt").items() <= pins("dev.txt").items()


def recipe() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def test_the_container_does_not_run_as_root_and_asks_for_its_health() -> None:
    last = recipe().rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert 'CMD ["kring", "healthcheck"]' in last
    assert "pip" not in last


def test_the_container_installs_only_what_is_pinned() -> None:
    installs = re.findall(r"pip install ([^&\n]*)", recipe())
    assert len(installs) == 3
    assert all("--require-hashes" in words or "--no-deps" in words for words in installs)


def test_what_the_container_copies_is_there_and_let_through() -> None:
    copied = {word for words in re.findall(r"^COPY (?!--)(.*)$", recipe(), re.MULTILINE) for word in words.split()[:-1]}
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in copied if name not in allowed and f"{Path(name).parent}/*.txt" not in allowed] == []


def test_the_readme_counts_the_methods_that_there_are() -> None:
    numbers = {20: "twintig", 21: "eenentwintig", 22: "tweeëntwintig", 23: "drieëntwintig", 24: "vierentwintig"}
    methods = list((ROOT / "programme" / "methods").glob("*.toml"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Er zijn {numbers[len(methods)]} werkvormen" in readme


@pytest.mark.parametrize(
    ("words", "typed"),
    [(("run", "PORT=8091"), "kring try --port 8091\n"), (("run",), "kring try \n"), (("help",), "make install")],
)
def test_make_does_what_the_readme_says(words: tuple[str, ...], typed: str) -> None:
    command = ["make", "--dry-run", *words]
    assert typed in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
