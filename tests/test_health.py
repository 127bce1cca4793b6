"""Health pages, asked over real HTTP on loopback."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import aiohttp
import pytest

from bot.health import Metrics, serve


class Page(NamedTuple):
    status: int
    text: str


Get = Callable[[str], Awaitable[Page]]


@pytest.fixture
def facts() -> dict[str, bool]:
    return {"store": True, "matrix_synced": True}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def get(facts: dict[str, bool], metrics: Metrics) -> AsyncIterator[Get]:
    runner = await serve("127.0.0.1:0", lambda: facts, metrics)
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as session:

        async def ask(path: str) -> Page:
            async with session.get(path) as answer:
                return Page(answer.status, await answer.text())

        yield ask
    await runner.cleanup()


async def test_whoever_answers_is_alive(get: Get) -> None:
    assert await get("/livez") == Page(200, '{"alive": true}')


async def test_ready_when_every_fact_is_so(get: Get) -> None:
    assert await get("/readyz") == Page(200, '{"ready": true, "facts": {"store": true, "matrix_synced": true}}')


async def test_one_fact_that_is_not_so_is_not_ready(get: Get, facts: dict[str, bool]) -> None:
    facts["matrix_synced"] = False
    assert await get("/readyz") == Page(503, '{"ready": false, "facts": {"store": true, "matrix_synced": false}}')


async def test_metrics_count_and_have_no_labels_but_buckets(get: Get, metrics: Metrics) -> None:
    metrics.heard.inc()
    metrics.posted.inc(2)
    metrics.pending.set(3)
    metrics.undelivered.inc()
    metrics.faults.inc()
    metrics.commit.observe(0.003)
    status, text = await get("/metrics")
    numbers = [line for line in text.splitlines() if not line.startswith("#")]
    assert status == 200
    assert {"kring_messages_heard_total 1.0", "kring_letters_posted_total 2.0", "kring_letters_pending 3.0"} <= set(
        numbers
    )
    assert {"kring_letters_undelivered_total 1.0", "kring_faults_total 1.0"} <= set(numbers)
    assert 'kring_commit_seconds_bucket{le="0.005"} 1.0' in numbers
    assert all("{le=" in line for line in numbers if "{" in line)


async def test_two_bots_keep_numbers_of_their_own() -> None:
    one, other = Metrics(), Metrics()
    one.heard.inc()
    assert b"kring_messages_heard_total 0.0" in other.page()


async def test_a_taken_address_is_told(get: Get) -> None:
    runner = await serve("127.0.0.1:0", dict, Metrics())
    _, port = runner.addresses[0]
    with pytest.raises(OSError, match="address already in use"):
        await serve(f"127.0.0.1:{port}", dict, Metrics())
    await runner.cleanup()
    assert (await get("/livez")).status == 200
