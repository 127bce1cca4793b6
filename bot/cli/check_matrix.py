"""What `kring check` asks of the homeserver: whether it is one, whether the bot can log in, and whether the coordinators exist."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from pydantic import SecretStr

from bot.cli.checked import Finding
from bot.cli.faults import DONE, NOT_SO, WRONG
from bot.cli.probe import Answer, Silence, ask
from bot.cli.words import say
from bot.settings import MatrixSettings

DEVICE = "KRINGCHECK"
"""The device that is there while a password is tried, and is logged out at once: always the same one, so that none is left behind."""

NOBODY = frozenset({"M_NOT_FOUND", "M_UNKNOWN"})
"""How a server says that it has no such profile: the second is Synapse's, for a name that never was."""


def versions(homeserver: str) -> Answer | Silence:
    """What the server says of itself; its clock comes along."""
    return ask(f"{homeserver}/_matrix/client/versions")


def looked_at(
    settings: MatrixSettings, folder: Path, coordinators: Iterable[str], answer: Answer | Silence
) -> Iterator[Finding]:
    """All that is to be said of Matrix; `answer` is that of `versions`, `folder` the one with the session.

    Without a session the password is tried: the server shows a device for a moment, which is logged out again.
    """
    from bot.matrix.saved import has_session  # its libraries take a while; a check without Matrix does without

    is_there = has_session(folder)
    if not is_there and settings.password is None:
        mend = say(
            nl="geen sessie en geen wachtwoord; schrijf password_file, of draai kring matrix login",
            en="no session and no password; write password_file, or run kring matrix login",
        )
        yield Finding("matrix", WRONG, mend)
    if (wrong := _no_server(settings.homeserver, answer)) is not None:
        yield Finding("matrix", NOT_SO, wrong)
        return
    yield Finding("matrix", DONE, settings.homeserver)
    if not is_there and settings.password is not None and not _lets_in(settings, settings.password):
        refused = say(
            nl=f"het wachtwoord van {settings.user} klopt niet; schrijf het juiste, of kijk naar matrix.user",
            en=f"the password of {settings.user} is wrong; write the right one, or look at matrix.user",
        )
        yield Finding("matrix.password", WRONG, refused)
    for person in coordinators:
        if person.startswith("@") and _is_unknown(settings.homeserver, person):
            nobody = say(
                nl=f"de server kent {person} niet; schrijf het id zoals de server het noemt",
                en=f"the server does not know {person}; write the id as the server has it",
            )
            yield Finding("edition.coordinators", NOT_SO, nobody)


def _no_server(homeserver: str, answer: Answer | Silence) -> str | None:
    """Why this cannot be the homeserver; None when it is one."""
    if isinstance(answer, Silence):
        return say(
            nl=f"{homeserver} antwoordt niet ({answer.why}); kijk naar adres, netwerk en server",
            en=f"{homeserver} does not answer ({answer.why}); look at the address, the network and the server",
        )
    if b'"versions"' in answer.body:
        return None
    return say(
        nl=f"{homeserver} antwoordt, maar niet als Matrix-server (HTTP {answer.status}); kijk naar het adres",
        en=f"{homeserver} answers, but not as a Matrix server (HTTP {answer.status}); look at the address",
    )


def _lets_in(settings: MatrixSettings, password: SecretStr) -> bool:
    """Whether the server takes the password; also when it will not say (too many tries, no login with a password)."""
    who = {"type": "m.id.user", "user": settings.user}
    tried = {
        "type": "m.login.password",
        "identifier": who,
        "password": password.get_secret_value(),
        "device_id": DEVICE,
    }
    answer = ask(f"{settings.homeserver}/_matrix/client/v3/login", post=tried)
    said = _read(answer)
    if token := said.get("access_token"):
        ask(f"{settings.homeserver}/_matrix/client/v3/logout", post={}, token=str(token))
    return said.get("errcode") != "M_FORBIDDEN"


def _is_unknown(homeserver: str, person: str) -> bool:
    """Whether the server says that there is nobody of this name. A server that shows no profiles says nothing."""
    answer = ask(f"{homeserver}/_matrix/client/v3/profile/{quote(person, safe='')}")
    is_gone = isinstance(answer, Answer) and answer.status == HTTPStatus.NOT_FOUND
    return is_gone and _read(answer).get("errcode") in NOBODY


def _read(answer: Answer | Silence) -> Mapping[str, object]:
    try:
        said = json.loads(answer.body) if isinstance(answer, Answer) else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
