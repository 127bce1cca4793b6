"""The pictures of the README are made by a script, and the script still makes them."""

import re
import struct
import sys
from asyncio.subprocess import PIPE, STDOUT, create_subprocess_exec
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.async_api import Browser

from docs.pictures import PICTURES, TRANSCRIPT, conversation, tightened
from tests.browser.trying import ROOT

MOST_BYTES = 150_000


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
    said = conversation(TRANSCRIPT.read_text(encoding="utf-8"))
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
async def test_a_smaller_file_is_the_same_picture(browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 60, "height": 40})
    await page.set_content("<body style='background: linear-gradient(90deg, #fc0, #06c)'>Kring</body>")
    png = await page.screenshot()
    shown = """address => new Promise(done => {
        const image = new Image();
        image.onload = () => {
            const sheet = new OffscreenCanvas(60, 40).getContext("2d");
            sheet.drawImage(image, 0, 0);
            done([...sheet.getImageData(0, 0, 60, 40).data].join());
        };
        image.src = address;
    })"""
    before, after = [await page.evaluate(shown, _address(it)) for it in (png, tightened(png))]
    await page.close()
    assert before == after
    assert before.count(",") == 60 * 40 * 4 - 1


def _address(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode()


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("browser")
async def test_the_script_makes_the_pictures(tmp_path: Path) -> None:
    script = await create_subprocess_exec(
        sys.executable, str(ROOT / "docs" / "pictures.py"), str(tmp_path), cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
    said, _none = await script.communicate()
    assert script.returncode == 0, said.decode()
    made = {it.name: it.read_bytes() for it in tmp_path.iterdir()}
    assert {name: size(png) for name, png in made.items()} == PICTURES
    assert all(5_000 < len(png) < MOST_BYTES for png in made.values())
