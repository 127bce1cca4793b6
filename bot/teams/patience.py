"""How patient the adapter is, and how fast it may speak."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.bucket import Bucket


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and numbers; tests take smaller ones.

    Source of the limits: Microsoft, "Optimize your bot with rate limiting in Teams" (per thread 7 a second and 1,800 an hour,
    per tenant 50 a second).
    """

    answer: float = 2.0
    """An activity is answered within this, whatever happens."""
    body: float = 5.0
    """How long the body of a request may take to come in."""
    connect: float = 5.0
    request: float = 15.0
    upload: float = 60.0
    """How long a file may take to be stored."""
    a_second: float = 7.0
    an_hour: float = 1_800.0
    tenant_a_second: float = 50.0
    roster: float = 300.0
    """How long a roster counts when nobody came or went."""
    keys: float = 86_400.0
    """How long signing keys count without being fetched again."""
    unknown_key: float = 3_600.0
    """An unknown key makes us fetch again once in this time, however often it comes."""
    first_retry: float = 5.0
    """After the keys could not be fetched; doubles up to `unknown_key`."""
    farewell: float = 2.0
    """At a stop, how long what is on its way may take to arrive."""
    waiting: int = 1_000
    """How many activities may be under way."""


@dataclass(slots=True)
class Turns:
    """When it is whose turn to speak. `now` gives seconds that only go forward."""

    patience: Patience
    now: Callable[[], float]
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def wait(self, conversation: str, tenant: str) -> float:
        """Take a turn in this conversation (id) of this tenant (id); gives how long to wait for it, in seconds."""
        it = self.patience
        if len(self._buckets) > 3 * it.waiting:
            now = self.now()
            self._buckets = {name: bucket for name, bucket in self._buckets.items() if bucket.filled(now) < bucket.most}
        return max(
            self._take(f"second/{conversation}", it.a_second, it.a_second),
            self._take(f"hour/{conversation}", it.an_hour, it.an_hour / 3600),
            self._take(f"tenant/{tenant}", it.tenant_a_second, it.tenant_a_second),
        )

    def _take(self, name: str, size: float, a_second: float) -> float:
        now = self.now()
        return self._buckets.setdefault(name, Bucket.full(size, a_second, now)).take(now)
