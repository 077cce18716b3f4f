"""What happens, as it happens: once, in full, to those who may see it; on real servers."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from api.live import cursor as cursors
from api.live.hub import LiveHub
from api.live.streams import End, SignOfLife, sent
from api.opening import opened
from api.services import Services
from cli.identity import machine_token
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from graph.feed import FeedFilters
from graph.records import records_of_events
from runtime.settings import Settings
from tests.clients import token_of, until
from tests.tensions import report, support

pytestmark = pytest.mark.servers

PATIENCE = 20.0


def address(tree: Settings, **asked: str) -> str:
    query = str(httpx.QueryParams(asked))
    return f"{tree.api.public_url.replace('http', 'ws', 1)}/ws/live?{query}"


@asynccontextmanager
async def listening(
    tree: Settings, who: str = "alice", *, token: str = "", **asked: str
) -> AsyncIterator[ClientConnection]:
    """A socket that was told where it begins."""
    headers = {"Authorization": f"Bearer {token or token_of(tree, who)}"}
    async with connect(address(tree, **asked), additional_headers=headers) as one:
        assert json.loads(await one.recv())["control"] == "alive"
        yield one


async def heard(one: ClientConnection, wanted: set[str]) -> list[dict[str, Any]]:
    """Events until those about every wanted thing came."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE):
        while not wanted <= {event["subject"] for event in found}:
            said = json.loads(await one.recv())
            if "specversion" in said:
                found.append(said)
    return found


async def refused(tree: Settings, *, headers: dict[str, str] | None = None, **asked: str) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(address(tree, **asked), additional_headers=headers):
            pass
    answer = caught.value.response
    return answer.status_code, str(json.loads(answer.body or b"{}")["code"])


async def test_an_event_arrives_as_the_feed_has_it_and_who_resumes_misses_and_repeats_nothing(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    async with listening(tree, type="TENSION_REPORTED") as one:
        first = (await report(alice)).json()["id"]
        [told] = [event for event in await heard(one, {first}) if event["subject"] == first]
    [page] = (await alice.get("/v1/feed", params={"id": first, "type": "TENSION_REPORTED"})).json()["items"]
    assert {name: value for name, value in told.items() if name != "cursor"} == page
    later = {(await report(alice)).json()["id"] for _ in range(3)}
    async with listening(tree, type="TENSION_REPORTED", cursor=told["cursor"]) as one:
        again = await heard(one, later)
        assert {event["subject"] for event in again} >= later
        assert first not in {event["subject"] for event in again}
        assert len({event["id"] for event in again}) == len(again)
        place = again[0]["cursor"]
    async with opened(tree) as services, followed(services):
        there = await replayed(services, place, {event["id"] for event in again[1:]})
        assert [event["id"] for event in there] == [event["id"] for event in again[1:]] or {
            event["id"] for event in there
        } >= {event["id"] for event in again[1:]}
        assert again[0]["id"] not in {event["id"] for event in there}


@asynccontextmanager
async def followed(services: Services) -> AsyncIterator[LiveHub]:
    """The hub of another gateway, in this process."""
    running = asyncio.create_task(services.live.run())

    async def follows() -> bool:
        return services.live.following

    await until(follows)
    yield services.live
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def replayed(services: Services, place: str, wanted: set[str]) -> list[dict[str, Any]]:
    """What another gateway tells from a place on."""

    principal = await services.tokens.principal(token_of(services.settings, "alice"))
    found: list[dict[str, Any]] = []
    asked = FeedFilters(types=frozenset({"TENSION_REPORTED"}))
    async with (
        services.live.listen(principal, asked, cursors.read(place)) as (listener, missed),
        asyncio.timeout(PATIENCE),
    ):
        async for one in sent(services.live, listener, missed, 1.0):
            if not isinstance(one, SignOfLife | End):
                found.append(one.model_dump(mode="json", by_alias=True))
            if wanted <= {event["id"] for event in found}:
                return found
    return found


async def test_a_record_that_is_sent_again_is_not_told_again(alice: httpx.AsyncClient, tree: Settings) -> None:
    async with listening(tree) as one, GraphDatabase(tree.graph) as graph, EventPublisher(tree.events) as publisher:
        first = await report(alice)
        found = await heard(one, {first.json()["id"]})
        events = [UUID(event["id"]) for event in found if event["subject"] == first.json()["id"]]
        await publisher.publish(records=await records_of_events(graph, events), events=[])
        assert (await support(alice, first)).status_code == 200
        more: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE):
            while "TENSION_CHANGED" not in {event["type"] for event in more}:
                more += [said for said in [json.loads(await one.recv())] if said.get("subject") == first.json()["id"]]
        assert not {UUID(event["id"]) for event in more} & set(events)


async def test_what_is_private_reaches_its_parties_alone_and_filters_may_change(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    canary = f"canary {uuid4().hex}"
    narrow = machine_token(tree, "r_recognition")
    async with (
        listening(tree, "bob") as party,
        listening(tree, "olga") as stranger,
        listening(tree, token=narrow) as other,
    ):
        await stranger.send(json.dumps({"filters": {"kind": ["Tension"]}}))
        assert json.loads(await stranger.recv()) == {"control": "filtered"}
        secret = await report(alice, title=canary, visibility="parties", visibleTo=[{"email": "bob@trm.test"}])
        shown = (await report(alice)).json()["id"]
        assert canary in str(await heard(party, {secret.json()["id"], shown}))
        told = str(await heard(stranger, {shown}))
        assert canary not in told
        assert secret.json()["id"] not in told
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await other.recv()


async def test_who_may_not_is_refused_before_anything_is_told(alice: httpx.AsyncClient, tree: Settings) -> None:
    ticket = (await alice.post("/v1/liveTickets")).raise_for_status().json()["ticket"]
    async with connect(address(tree, ticket=ticket), origin=Origin(tree.api.public_url)) as one:
        assert json.loads(await one.recv())["control"] == "alive"
    own = {"Authorization": f"Bearer {token_of(tree, 'alice')}"}
    assert await refused(tree, ticket=ticket) == (401, "ticketInvalid")
    assert await refused(tree) == (401, "tokenMissing")
    assert await refused(tree, headers={"Authorization": "Bearer x"}) == (401, "tokenInvalid")
    assert await refused(tree, headers={**own, "Origin": "https://elsewhere.test"}) == (403, "originRefused")
    assert await refused(tree, headers=own, cursor="x") == (400, "cursorInvalid")
    assert await refused(tree, headers=own, cursor="W1swLDkwMDAwMDAwMF1d") == (400, "cursorInvalid")
    assert await refused(tree, headers=own, kind="Wins") == (422, "invalidRequest")


async def test_the_same_is_told_as_server_sent_events(alice: httpx.AsyncClient, tree: Settings) -> None:
    asked = {"type": "TENSION_REPORTED"}
    async with alice.stream("GET", "/v1/live", params=asked, timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        place = (await anext(lines)).removeprefix("id: ")
        made = (await report(alice)).json()["id"]
        told = [line async for line in _until(lines, made)]
    assert any(line == "event: TENSION_REPORTED" for line in told)
    async with alice.stream("GET", "/v1/live", params=asked, headers={"Last-Event-ID": place}) as answer:
        again = [line async for line in _until(answer.aiter_lines(), made)]
    assert made in again[-1]
    assert (await alice.head("/v1/live")).status_code == 200
    assert (await alice.get("/v1/live", params={"cursor": "!"})).json()["code"] == "cursorInvalid"


async def _until(lines: AsyncIterator[str], word: str) -> AsyncIterator[str]:
    async with asyncio.timeout(PATIENCE):
        async for line in lines:
            yield line
            if word in line:
                return


async def test_ten_thousand_frames_of_any_kind_fell_nothing_and_tell_a_stranger_nothing(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    chooser, canary = random.Random(21), f"canary {uuid4().hex}"
    secret = await report(alice, title=canary, visibility="parties")
    told, frames, codes = "", 0, set[int]()
    while frames < 10_000:
        async with listening(tree, "bob") as one:
            try:
                for _ in range(500):
                    await one.send(_frame(chooser, secret.json()["id"]))
                    frames += 1
                    if frames % 500 == 0:
                        await report_quietly(alice, canary)
                    told += str(await one.recv())
            except ConnectionClosed as closed:
                codes.add(closed.rcvd.code if closed.rcvd else 0)
                frames += 1
    assert canary not in told
    assert codes <= {1008, 1009}
    async with listening(tree, "alice") as one:
        await one.send('{"filters": {}}')
        assert json.loads(await one.recv()) == {"control": "filtered"}


async def report_quietly(alice: httpx.AsyncClient, title: str) -> None:
    body = {"title": title, "visibility": "parties"}
    await alice.post("/v1/tensions", json=body, headers={"Idempotency-Key": str(uuid4())})


def _frame(chooser: random.Random, secret: str) -> str | bytes:
    """A frame that means something, or nearly, or nothing at all."""
    if chooser.random() < 0.3:
        said: Any = {"filters": {"id": secret}}
    elif chooser.random() < 0.5:
        said = chooser.choice(
            [None, [], {}, {"filters": None}, {"filters": {"kind": ["Tension", 1]}}, 1e400, "x" * 999]
        )
    elif chooser.random() < 0.5:
        return chooser.randbytes(chooser.randint(0, 200))
    elif chooser.random() < 0.02:
        return "x" * 70_000
    else:
        said = {
            "filters": {chooser.choice(["type", "mine", "id", "viewer"]): chooser.choice([secret, True, "*", ["a"]])}
        }
    return json.dumps(said)


async def test_the_command_shows_each_event_in_a_line(alice: httpx.AsyncClient) -> None:
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "cli",
            "live",
            "--type",
            "TENSION_REPORTED",
            "--count",
            "1",
            "--user",
            "alice@trm.test",
        ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )

    async def told() -> bool:
        await report_openly(alice)
        return process.returncode is not None

    await until(told)
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    assert "TENSION_REPORTED  Tension The pump" in said


async def report_openly(alice: httpx.AsyncClient) -> None:
    await alice.post("/v1/tensions", json={"title": "The pump is told"}, headers={"Idempotency-Key": str(uuid4())})
