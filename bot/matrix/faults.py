"""What keeps the bot off its homeserver, told to an operator in one line with the way out."""

import socket
from pathlib import Path

import aiohttp

from bot.chat import Mendable
from bot.cli.words import say
from bot.config_faults import reason
from bot.matrix.keyfolder import TooOpen
from bot.settings import MatrixSettings
from programme.text import _

AWAY = (aiohttp.ClientError, ConnectionError, TimeoutError, UnicodeDecodeError)
"""What the connection raises when the homeserver cannot be reached, or answers in no known signs."""


class SessionFault(Mendable):
    """Why the bot cannot be on this homeserver."""


class ServerAway(SessionFault):
    """The homeserver cannot be reached, is out of order or asks for patience: the same may go well later."""


def wrong_password(settings: MatrixSettings) -> SessionFault:
    """The homeserver does not take the password."""
    return SessionFault(
        _("kring.toml: matrix.password: wrong password for {user}; write the right one", user=settings.user)
    )


def unusable(path: Path, fault: OSError) -> SessionFault:
    """The disk does not give a file or folder, or gives it to too many."""
    if isinstance(fault, TooOpen):
        return SessionFault(
            _("{path}: others can read it; chmod {mode} {path}", path=str(fault.filename), mode=fault.fit)
        )
    return SessionFault(
        _("{path}: {reason}; look at the disk, the folder and who owns it", path=str(path), reason=reason(fault))
    )


def unreachable(homeserver: str, fault: Exception) -> ServerAway:
    """The connection broke off, or never came about."""
    return ServerAway(
        _(
            "{homeserver} cannot be reached ({reason}); look at the address and the server",
            homeserver=homeserver,
            reason=why(fault),
        )
    )


def why(fault: Exception) -> str:
    """Why a connection broke off or never came about, in the language of the shell."""
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return reason(socket.gaierror())
    cause = fault.os_error if isinstance(fault, aiohttp.ClientConnectorError) else fault
    if isinstance(cause, OSError):
        return reason(cause)
    return say(nl="de verbinding brak af", en="the connection broke off")
