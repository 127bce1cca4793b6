"""How a command ends: foreseen faults become lines on standard error and an exit code, never a traceback.

0 done · 1 the thing asked for is not so · 2 wrong use, wrong config or wrong input · 3 the store is damaged or locked. An
interrupt ends with 130, as shells expect. What is not foreseen is a bug and keeps its traceback.
"""

from collections.abc import Sequence

import click

from bot.cli.usage import line_of

DONE, NOT_SO, WRONG, STORE, INTERRUPTED = 0, 1, 2, 3, 130


class Fault(Exception):  # noqa: N818 - the word of the house
    """A command cannot go on. Each line says which file, key or line, what is wrong, and after a semicolon how to mend it."""

    def __init__(self, *lines: str, code: int = WRONG) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.code = code


def finish(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command line to its end and give the exit code. Faults are told on standard error.

    `arguments` are the words after the program's name; those of this process when left out. A command that returns a whole
    number chooses its exit code by it.
    """
    try:
        answer = command.main(args=arguments, prog_name="kring", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return WRONG
    except click.ClickException as error:
        click.echo(line_of(error), err=True)
        return WRONG
    except _foreseen() as error:
        return _tell(error)
    return answer if isinstance(answer, int) else DONE


def _foreseen() -> tuple[type[Exception], ...]:
    """Name the faults that have lines of their own. Asked only when something went wrong, so that start-up stays quick."""
    from bot.chat import Mendable
    from bot.config import ConfigFaults
    from storage.errors import StoreError

    return Fault, ConfigFaults, StoreError, Mendable


def _tell(error: Exception) -> int:
    """Write the lines of a foreseen fault, in the language of the shell; gives the exit code."""
    from bot.chat import Mendable
    from bot.cli.findings import said
    from bot.cli.store_faults import told
    from storage.errors import StoreError

    lines: Sequence[str] = getattr(error, "lines", ())
    if isinstance(error, StoreError):
        lines = (told(error),)
    elif isinstance(error, Mendable):
        lines = (said(error.text),)
    for line in lines:
        click.echo(line, err=True)
    return STORE if isinstance(error, StoreError) else getattr(error, "code", WRONG)
