"""Whether the certificate of the settings for Teams can be used, told before anything is asked of Microsoft.

What can be judged by its looks is refused when it is read (`bot/settings.py`).
"""

from collections.abc import Iterator
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.cli.words import say
from bot.settings import TeamsSettings


def faults(settings: TeamsSettings, now: datetime) -> Iterator[str]:
    """Whether certificate and key can be read, belong together, and count at `now` (aware). One line for each fault."""
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
