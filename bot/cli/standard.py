"""Files as the command line names them: `-` is standard input where one is read, and standard output where one is written."""

import os
import sys
from pathlib import Path

from bot.cli.faults import Fault
from bot.cli.words import say
from bot.config_faults import reason

STANDARD = "-"


def name_of(source: str) -> str:
    """What to call a file that is read, where it is talked about."""
    return say(nl="standaardinvoer", en="standard input") if source == STANDARD else source


def read_bytes(source: str) -> bytes:
    """All of a file or of standard input. Raises `OSError`."""
    return sys.stdin.buffer.read() if source == STANDARD else Path(source).read_bytes()


def write_new(target: str, content: bytes) -> None:
    """Write to standard output, or to a file that is not there yet and that only its owner can read. Raises `Fault`."""
    if target == STANDARD:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        there = say(
            nl="dit bestand is er al, en blijft zoals het is; kies een andere naam",
            en="is there already, and stays as it is; choose another name",
        )
        raise Fault(f"{target}: {there}") from None
    except OSError as error:
        mend = say(nl="noem een bestand dat je mag schrijven", en="name a file that can be written")
        raise Fault(f"{target}: {reason(error)}; {mend}") from None
