"""`kring teams package`: what an administrator uploads, held against the schemas that Microsoft publishes."""

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator  # type: ignore[import-untyped]  # it brings no types

from bot.__main__ import kring
from bot.cli.faults import finish
from bot.cli.teams import PERSONAL, ROOMS
from bot.command import Where
from bot.teams.icons import colour_icon, outline_icon
from bot.teams.package import MOST_COMMANDS
from programme.people import Role
from tests.fake_idp import APP, TENANT
from tests.stage import all_commands

SCHEMAS = Path(__file__).parent / "data" / "teams"
PAGE = "https://example.nl/kring"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "kring.toml"
    file.write_text(f'[teams]\napp_id = "{APP}"\ntenants = ["{TENANT}"]\nauthenticate = false\n')
    return file


def ordered(config: Path, out: Path, *more: str) -> list[str]:
    named = ["--config", str(config), "--organisation", "Ministerie van Leren", "--website", PAGE]
    return ["teams", "package", str(out), *named, *more]


def packed(config: Path, *more: str, name: str = "kring.zip") -> bytes:
    out = config.parent / name
    assert finish(kring, ordered(config, out, *more)) == 0
    return out.read_bytes()


def read(package: bytes) -> dict[str, Any]:
    with ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(content: bytes, schema: str) -> list[str]:
    validator = Draft4Validator(json.loads((SCHEMAS / schema).read_bytes()))
    return [fault.message for fault in validator.iter_errors(json.loads(content))]


@pytest.mark.parametrize("more", [(), ("--every-message",), ("--privacy", f"{PAGE}/privacy")])
def test_the_manifest_and_the_words_are_as_microsofts_schemas_ask(config: Path, more: tuple[str, ...]) -> None:
    files = read(packed(config, *more))
    assert set(files) == {"manifest.json", "en.json", "color.png", "outline.png"}
    assert faults(files["manifest.json"], "MicrosoftTeams.schema.json") == []
    assert faults(files["en.json"], "MicrosoftTeams.Localization.schema.json") == []


def test_the_schemas_refuse_what_cannot_be(config: Path) -> None:
    manifest = json.loads(read(packed(config))["manifest.json"])
    manifest["bots"][0]["commandLists"][0]["commands"] *= 2
    assert faults(json.dumps(manifest).encode(), "MicrosoftTeams.schema.json")


def test_the_same_app_is_the_same_package(config: Path) -> None:
    assert packed(config, name="one.zip") == packed(config, name="other.zip")


def test_the_app_is_in_dutch_and_each_word_of_it_has_its_english(config: Path) -> None:
    files = read(packed(config))
    manifest, english = json.loads(files["manifest.json"]), json.loads(files["en.json"])
    listed = [it["commands"] for it in manifest["bots"][0]["commandLists"]]
    assert listed[0][1]["title"] == "!overzicht"
    assert english["bots[0].commandLists[0].commands[1].title"] == "!overview"
    places = {
        f"bots[0].commandLists[{number}].commands[{place}].{part}"
        for number, rows in enumerate(listed)
        for place, row in enumerate(rows)
        for part in row
    }
    assert {name for name in english if name.startswith("bots")} == places
    assert english["description.short"] != manifest["description"]["short"]


def test_what_is_listed_can_be_typed_there_by_people_who_take_part() -> None:
    commands = all_commands().by_id
    assert max(len(PERSONAL), len(ROOMS)) <= MOST_COMMANDS
    assert {commands[id_].who for id_ in (*PERSONAL, *ROOMS)} <= {Role.ANYBODY, Role.MEMBER, Role.PARTICIPANT}
    assert {commands[id_].where for id_ in ROOMS} == {Where.ANYWHERE}


def test_only_who_asks_for_it_gets_a_bot_that_hears_everything(config: Path) -> None:
    quiet, all_ears = packed(config, name="quiet.zip"), packed(config, "--every-message", name="ears.zip")
    assert "authorization" not in json.loads(read(quiet)["manifest.json"])
    allowed = json.loads(read(all_ears)["manifest.json"])["authorization"]["permissions"]["resourceSpecific"]
    assert [it["name"] for it in allowed] == ["ChannelMessage.Read.Group", "ChatMessage.Read.Chat"]


@pytest.mark.parametrize(("icon", "size"), [(colour_icon(), 192), (outline_icon(), 32)])
def test_an_icon_is_a_picture_of_the_size_that_teams_asks(icon: bytes, size: int) -> None:
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", icon[16:24]) == (size, size)
    length = struct.unpack(">I", icon[33:37])[0]
    pixels = zlib.decompress(icon[41 : 41 + length])
    assert len(pixels) == size * (size * 4 + 1)


def test_the_small_icon_is_white_on_nothing() -> None:
    icon = outline_icon()
    pixels = zlib.decompress(icon[41 : 41 + struct.unpack(">I", icon[33:37])[0]])
    rows = [pixels[start + 1 : start + 129] for start in range(0, len(pixels), 129)]
    assert all(row[at : at + 3] == b"\xff\xff\xff" for row in rows for at in range(0, 128, 4))
    assert {row[at] for row in rows for at in range(3, 128, 4)} >= {0, 255}


def test_a_package_that_cannot_be_made_is_told_in_one_line_each(config: Path) -> None:
    out = config.parent / "kring.zip"
    wrong = ["teams", "package", str(out), "--config", str(config), "--organisation", "x" * 33, "--website", "http://a"]
    told = CliRunner().invoke(kring, wrong)
    assert str(told.exception).count("\n") == 1
    assert finish(kring, wrong) == 2
    assert not out.exists()


def test_an_app_id_that_is_none_makes_no_package(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text().replace(APP, "kring"))
    assert finish(kring, ordered(config, config.parent / "kring.zip")) == 2
    assert "teams.app_id: " in capsys.readouterr().err


def test_without_teams_there_is_nothing_to_package(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text('data = "data"\n')
    assert finish(kring, ordered(config, config.parent / "kring.zip")) == 2
    assert f"{config}: teams: " in capsys.readouterr().err
