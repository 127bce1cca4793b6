"""What of the settings for Teams cannot be right, told before anything is asked of Microsoft."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.cli.words import say
from bot.settings import TeamsSettings
from bot.teams.addresses import is_loopback

HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?|\[[0-9a-f:]+\]:\d{1,5}", re.IGNORECASE)


def faults(settings: TeamsSettings, now: datetime) -> Iterator[str]:
    """One line for each fault: key, what is wrong, how to mend it. `now` (aware) judges the certificate."""
    yield from _ids(settings)
    yield from _certificate(settings, now)
    if settings.openid_metadata and not _safe(settings.openid_metadata):
        yield say(
            nl="openid_metadata: is geen https-adres; haal het weg, het is alleen om te testen",
            en="openid_metadata: is no https address; remove it, it is for tests only",
        )
    for host in settings.service_hosts:
        if not HOST.fullmatch(host):
            yield say(
                nl=f"service_hosts: '{host}' is geen naam van een host; schrijf alleen de naam, zonder https://",
                en=f"service_hosts: '{host}' is no name of a host; write the name alone, without https://",
            )


def _ids(settings: TeamsSettings) -> Iterator[str]:
    named = [("app_id", settings.app_id), *(("tenants", tenant) for tenant in settings.tenants)]
    for key, value in named:
        if not _is_id(value):
            yield say(
                nl=f"{key}: '{value}' is geen id; schrijf het id uit Entra: 8-4-4-4-12 tekens",
                en=f"{key}: '{value}' is no id; write the id from Entra: 8-4-4-4-12 signs",
            )


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _certificate(settings: TeamsSettings, now: datetime) -> Iterator[str]:
    """Whether certificate and key can be read, belong together, and count today."""
    if settings.certificate_file is None or settings.key is None:
        return
    try:
        certificate = x509.load_pem_x509_certificate(settings.certificate_file.read_bytes())
        key = load_pem_private_key(settings.key.get_secret_value().encode(), None)
    except (OSError, ValueError, TypeError):
        yield say(
            nl="certificate_file: certificaat of sleutel is niet te lezen; geef beide als PEM, de sleutel zonder wachtwoord",
            en="certificate_file: certificate or key cannot be read; give both as PEM, the key without a password",
        )
        return
    if certificate.public_key() != key.public_key():
        yield say(
            nl="key: hoort niet bij het certificaat; geef de sleutel waarmee het is gemaakt",
            en="key: does not belong to the certificate; give the key that it was made with",
        )
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        yield say(
            nl=f"certificate_file: geldt tot {certificate.not_valid_after_utc:%Y-%m-%d}; maak een nieuw certificaat",
            en=f"certificate_file: counts until {certificate.not_valid_after_utc:%Y-%m-%d}; make a new certificate",
        )
