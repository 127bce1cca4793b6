"""What is said of a setting that cannot be: what is wrong and, after a semicolon, how to mend it, in the language of the shell."""

import difflib
import errno
import socket
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic_core import ErrorDetails

from bot.cli.words import say
from bot.settings import SECTIONS, Config, secrets_of


def sentence(detail: ErrorDetails) -> str:
    """What is wrong with one key of the configuration, as pydantic found it."""
    return _unknown(detail["loc"]) if detail["type"] == "extra_forbidden" else of_value(detail)


def of_value(detail: ErrorDetails) -> str:
    """What is wrong with a value, in a configuration or elsewhere; pydantic's own words for what is rare."""
    if detail["type"] == "tuple_type" and detail["loc"] == ("edition",):
        return say(
            nl="is er maar één; schrijf [[edition]], met dubbele haken",
            en="is one; write [[edition]], in double brackets",
        )
    pattern = sentences().get(detail["type"])
    if pattern is None:
        return f"{detail['msg']}; {say(nl='herstel het', en='mend it')}"
    facts: Mapping[str, object] = {
        **detail.get("ctx", {}),
        "key": next(iter(detail["loc"]), ""),
        "input": detail["input"],
    }
    return pattern.format_map({**facts, "expected": _either(str(facts.get("expected", "")))})


def sentences() -> dict[str, str]:
    """The sentences by pydantic's type of error."""
    return {
        "missing": say(nl="ontbreekt; voeg het toe", en="is missing; add it"),
        "string_type": say(
            nl="is geen tekst; zet het tussen aanhalingstekens", en="is not text; put it between quotes"
        ),
        "tuple_type": say(nl='is geen lijst; schrijf ["…", "…"]', en='is not a list; write ["…", "…"]'),
        "dict_type": say(
            nl="is geen object; schrijf sleutels en waarden tussen accolades",
            en="is no object; write keys and values between braces",
        ),
        "model_type": say(
            nl="is geen deel; schrijf de sleutels onder [{key}]", en="is not a section; write its keys under [{key}]"
        ),
        "int_parsing": say(
            nl="is geen heel getal; schrijf alleen cijfers", en="is not a whole number; write digits only"
        ),
        "int_type": say(nl="is geen heel getal; schrijf alleen cijfers", en="is not a whole number; write digits only"),
        "bool_parsing": say(
            nl="is geen true of false; schrijf een van die twee", en="is neither true nor false; write one of them"
        ),
        "literal_error": say(nl="kan niet; schrijf {expected}", en="is not one of the choices; write {expected}"),
        "greater_than_equal": say(nl="is te klein; schrijf minstens {ge}", en="is too small; write at least {ge}"),
        "less_than_equal": say(nl="is te groot; schrijf hoogstens {le}", en="is too large; write at most {le}"),
        "path_type": say(nl="is geen pad; zet het tussen aanhalingstekens", en="is not a path; put it between quotes"),
        "value_error": "{error}",
    }


def unknown_key(name: str, known: Iterable[str]) -> str:
    """What is said of a key that is no setting, with the one that was meant."""
    near = nearest(name, known)
    return (
        say(nl=f"is geen instelling; bedoel je {near[0]}?", en=f"is not a setting; did you mean {near[0]}?")
        if near
        else say(nl="is geen instelling; herstel het, of haal het weg", en="is not a setting; mend or remove it")
    )


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The one key that was probably meant, or none."""
    return difflib.get_close_matches(name, list(known), n=1)


def siblings(loc: tuple[str | int, ...]) -> list[str]:
    """Name the keys that may stand where `loc` stands; a secret may stand there as a file too."""
    model = SECTIONS[str(loc[0])] if len(loc) > 1 else Config
    return [*model.model_fields, *(f"{name}_file" for name in secrets_of(model))]


def unreadable(path: Path | str, error: OSError, mend: str) -> str:
    """A file that cannot be opened, with the reason of the system where it is not the usual one."""
    return f"{path}: {reason(error)}; {mend}"


def reason(error: OSError) -> str:
    """Why the system does not do something with a file, a folder or an address; its own words for what is rare."""
    for kind, told in _by_kind():
        if isinstance(error, kind):
            return told
    usual = {
        errno.ENOENT: say(nl="dit is er niet", en="there is no such file or folder"),
        errno.EACCES: say(nl="hier mag je niet bij", en="permission denied"),
        errno.EEXIST: say(nl="dit is er al", en="it is there already"),
        errno.ENOTDIR: say(nl="dit is geen map", en="this is no folder"),
        errno.EISDIR: say(nl="dit is een map, en geen bestand", en="this is a folder and no file"),
        errno.ENOSPC: say(nl="de schijf is vol", en="the disk is full"),
        errno.EROFS: say(nl="hier kan niets worden geschreven", en="nothing can be written here"),
        errno.EADDRINUSE: say(nl="dit adres is al in gebruik", en="this address is in use already"),
        errno.EADDRNOTAVAIL: say(nl="dit adres is niet van deze machine", en="this address is not of this machine"),
        errno.ECONNREFUSED: say(nl="daar luistert niemand", en="nobody listens there"),
        errno.ECONNRESET: say(nl="de verbinding brak af", en="the connection broke off"),
        errno.EHOSTUNREACH: say(nl="er is geen weg naar deze machine", en="there is no road to that machine"),
        errno.ENETUNREACH: say(nl="er is geen weg naar dit netwerk", en="there is no road to that network"),
    }
    return usual.get(error.errno or 0) or str(error.strerror or error)


def _by_kind() -> tuple[tuple[type[OSError], str], ...]:
    """What the kind of a fault says better than its number; what is more special comes first."""
    return (
        (
            socket.gaierror,
            say(nl="deze naam is op het netwerk niet bekend", en="this name is not known on the network"),
        ),
        (TimeoutError, say(nl="er kwam geen antwoord", en="there was no answer")),
        (ssl.SSLCertVerificationError, say(nl="het certificaat klopt niet", en="the certificate is not trusted")),
        (ssl.SSLError, say(nl="daar is geen https", en="there is no https there")),
    )


def not_utf8(path: Path | str) -> str:
    """A file in another encoding."""
    return f"{path}: {say(nl='dit is geen UTF-8; bewaar het als UTF-8', en='this is not UTF-8; save it as UTF-8')}"


def _unknown(loc: tuple[str | int, ...]) -> str:
    name = str(loc[-1])
    for section in SECTIONS:
        if section != loc[0] and name in siblings((section, name)):
            header = f"[[{section}]]" if section == "edition" else f"[{section}]"
            return say(nl=f"hoort bij {header}; zet {header} erboven", en=f"belongs to {header}; put {header} above it")
    return unknown_key(name, siblings(loc))


def _either(expected: str) -> str:
    """The choices as pydantic names them: `'nl' or 'en'`."""
    return expected.replace(" or ", say(nl=" of ", en=" or "))
