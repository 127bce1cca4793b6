"""What stands on the outside of an encrypted letter: a mark by which the bot knows it again without being able to read it.

After a restore the bot has a new device, which has no keys to what the old one said. The mark is an HMAC of the transaction id under a
key that is in the store and therefore in each backup. To all others it is a number: it says that the event is a letter of the
bot, which its sender says already, and nothing of what is in it or what it answers.
"""

import hmac
import secrets

from bot.chat import Port
from bot.matrix.shapes import Raw, section, word

MARK = "matrix/envelope"
OUTSIDE = "nl.kring.letter"
_HIDDEN = "m.room.encrypted"


class Envelopes:
    """Marks letters, and knows them again."""

    def __init__(self, house: Port) -> None:
        self._house = house

    async def marked(self, hidden: Raw, transaction: str) -> Raw:
        """The content of an encrypted event, marked as the letter with this transaction id."""
        return {**hidden, OUTSIDE: await self._mark(transaction)}

    async def is_of(self, raw: Raw, transaction: str) -> bool:
        """Whether this event, as the server shows it, is the encrypted letter with this transaction id."""
        if word(raw, "type") != _HIDDEN:
            return False
        return hmac.compare_digest(
            word(section(raw, "content"), OUTSIDE).encode(), (await self._mark(transaction)).encode()
        )

    async def _mark(self, transaction: str) -> str:
        """The key is made once, and is on disk before anything is marked with it."""
        key = self._house.mark(MARK)
        if key is None:
            key = secrets.token_hex(16)
            await self._house.remember_mark(MARK, key)
        return hmac.new(key.encode(), transaction.encode(), "sha256").hexdigest()[:32]
