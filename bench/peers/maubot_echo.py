"""An echo as a maubot plugin, run by `python -m maubot.standalone` in an environment of its own."""

from maubot import MessageEvent, Plugin  # type: ignore[import-not-found]  # it lives in an environment of its own
from maubot.handlers import command  # type: ignore[import-not-found]  # the same


class Echo(Plugin):  # type: ignore[misc]  # a base class without types
    """`!echo WORDS` is answered with the words."""

    @command.new("echo")  # type: ignore[untyped-decorator]  # maubot is not there when types are checked
    @command.argument("words", pass_raw=True)  # type: ignore[untyped-decorator]  # the same
    async def echo(self, event: MessageEvent, words: str) -> None:
        """Say it again."""
        await event.respond(words)
