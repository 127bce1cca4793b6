"""The pictures of the README are made by a script, and the script still makes them."""

import re
import runpy
import struct
import sys
from asyncio.subprocess import PIPE, STDOUT, create_subprocess_exec
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.trying import ROOT

SCRIPT = runpy.run_path(str(ROOT / "docs" / "pictures.py"))
PICTURES: dict[str, tuple[int, int]] = SCRIPT["PICTURES"]
MOST_BYTES = 160_000


def size(png: bytes) -> tuple[int, int]:
    """How wide and high a PNG is (PNG, Third Edition, 11.2.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_stands_in_the_readme_with_its_description(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (described,) = re.findall(rf"!\[([^\]]*)\]\(docs/pictures/{name}\)", readme)
    assert len(described.split()) >= 8
    kept = (ROOT / "docs" / "pictures" / name).read_bytes()
    assert size(kept) == PICTURES[name]
    assert len(kept) < MOST_BYTES


def test_the_conversation_is_the_one_that_was_played() -> None:
    said = SCRIPT["conversation"](SCRIPT["TRANSCRIPT"].read_text(encoding="utf-8"))
    assert [(it.who, it.person) for it in said] == [
        ("Carla in de kamer van Bram en Carla", True),
        ("Kring in de kamer van Bram en Carla", False),
        ("Kring, aan Bram", False),
        ("Bram", True),
        ("Kring, aan Bram", False),
    ]
    assert said[2].buttons == ("Ja", "Nee")
    assert said[-1].file == "stagedag.ics"


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_packed_is_shown_pixel_by_pixel(browser: Browser) -> None:
    pixels = bytes(number % 251 for number in range(60 * 40 * 3))
    address = f"data:image/png;base64,{b64encode(SCRIPT['packed'](pixels, 60, 40)).decode()}"
    page = await browser.new_page()
    shown = bytearray(b64decode(await page.evaluate(SCRIPT["PIXELS"], address)))
    await page.close()
    assert set(shown[3::4]) == {255}
    del shown[3::4]
    assert bytes(shown) == pixels


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("browser")
async def test_the_script_makes_the_pictures(tmp_path: Path) -> None:
    script = await create_subprocess_exec(
        sys.executable, str(ROOT / "docs" / "pictures.py"), str(tmp_path), cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
    said, _none = await script.communicate()
    assert script.returncode == 0, said.decode()
    made = {name: (tmp_path / name).read_bytes() for name in PICTURES}
    assert {name: size(png) for name, png in made.items()} == PICTURES
    assert all(5_000 < len(png) < MOST_BYTES for png in made.values())
