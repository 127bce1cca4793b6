"""Who really said it. A homeserver decides what it delivers and under whose name; keys decide whether that is so.

Anybody's command in an encrypted room must come from a device that its sender has. A coordinator's must come from a device
that the coordinator's own cross-signing identity vouches for, and that identity is pinned the first time: from then on the
coordinator's homeserver cannot speak for the coordinator.
"""

from typing import Protocol

import nio

from bot.matrix.published import PublishedKeys, published_keys


class Pins(Protocol):
    """Where the pinned master keys are kept: with the house, so that they outlive a restart."""

    def pin_of(self, person: str) -> str | None:
        """The master key that is pinned for this full user id."""

    def remember_pin(self, person: str, key: str) -> object:
        """Pin it."""


def sender_is_genuine(client: nio.AsyncClient, event: nio.Event) -> bool:
    """Whether this decrypted event came from a device of its sender, as far as we know the sender's devices.

    False for an event that was not encrypted, and for one from a device that was signed out.
    """
    if not event.decrypted or event.sender_key is None:
        return False
    return any(
        device.curve25519 == event.sender_key for device in client.device_store.active_user_devices(event.sender)
    )


async def coordinator_is_genuine(client: nio.AsyncClient, event: nio.Event, pins: Pins) -> bool:
    """Whether this decrypted event came from a device that the coordinator's pinned identity vouches for; pins it when new.

    A coordinator without cross-signing has nothing to pin and passes as anybody does, until the first time that there is
    something. Asks the coordinator's homeserver: raises `NoAnswer` and what the connection raises.
    """
    if event.sender_key is None or not sender_is_genuine(client, event):
        return False
    return _passes(await published_keys(client, event.sender), event.sender_key, pins)


def _passes(published: PublishedKeys, sender_key: str, pins: Pins) -> bool:
    pinned = pins.pin_of(published.user)
    if pinned is None and published.master_key is None:
        return True
    device = published.device_with(sender_key)
    if device is None or not published.vouches_for(device) or pinned not in {None, published.master_key}:
        return False
    if pinned is None and published.master_key is not None:
        pins.remember_pin(published.user, published.master_key)
    return True
