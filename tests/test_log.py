"""The log holds ids and names of events. A canary sings through every door, and must never be heard."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.log import CAPPED, log, set_up

CANARY = "Mijn casus gaat over de kanarie"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    out = io.StringIO()
    set_up(out, level=logging.DEBUG)
    yield out
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_the_event_and_its_ids(stream: io.StringIO) -> None:
    log.info("letter_posted", letter_id="m12", room="direct/@anna:example.nl", seconds=0.25)
    (line,) = written(stream)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "letter_posted",
        "level": "info",
        "letter_id": "m12",
        "room": "direct/@anna:example.nl",
        "seconds": 0.25,
    }


def test_a_canary_never_passes(stream: io.StringIO) -> None:
    log.info(CANARY)
    log.info("heard", text=CANARY, body=CANARY, person=CANARY, reason=CANARY, count=[CANARY], code={"a": CANARY})
    log.bind(room=CANARY, extra=CANARY).warning("fault")
    log.error("fault", exc_info=ValueError(CANARY))
    try:
        int(CANARY)
    except ValueError:
        log.exception("fault")
        logging.getLogger("nio.rooms").exception(CANARY)
    for name in (*CAPPED, "somebody.else"):
        logging.getLogger(name).warning("%s", CANARY)
        logging.getLogger(name).critical(CANARY, extra={"note": CANARY}, stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    said = stream.getvalue()
    assert len(written(stream)) >= 12
    assert "kanarie" not in said
    assert "casus" not in said


def test_a_bug_is_told_by_its_type_and_our_own_lines(stream: io.StringIO) -> None:
    from bot.config import ConfigFaults, load

    try:
        load(None, {"KRING_KANARIE": CANARY})
    except ConfigFaults:
        log.exception("fault", code="K-12")
    (line,) = written(stream)
    assert (line["error"], line["code"]) == ("ConfigFaults", "K-12")
    assert line["where"].startswith("bot.config:")


@pytest.mark.parametrize("name", CAPPED)
def test_talkative_libraries_are_capped_at_warnings(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("hello")
    logging.getLogger(f"{name}.deep").debug("hello")
    assert written(stream) == []
    logging.getLogger(f"{name}.deep").warning("hello")
    (line,) = written(stream)
    assert (line["event"], line["logger"], line["level"]) == ("library-said", f"{name}.deep", "warning")


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    set_up(stream, level=logging.WARNING)
    log.info("heard")
    assert stream.getvalue() == ""
