"""Newcomers whom everybody thanks while they are recorded: each is one person, and nobody is told of an error."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from runtime.settings import Settings
from tests.clients import until
from tests.people import listed, reached, sent

pytestmark = pytest.mark.servers

NEWCOMERS, THANKS = 20, 24


async def test_newcomers_who_are_thanked_while_they_are_recorded_are_there_once(
    tree: Settings, machine: httpx.AsyncClient
) -> None:
    mark = uuid4().hex[:8]
    emails = [f"new{number}.{mark}@hr30.example" for number in range(NEWCOMERS)]

    async def thanked(number: int) -> httpx.Response:
        turn = number % NEWCOMERS  # each names them in another order
        receivers = [{"email": email} for email in (*emails[turn:], *emails[:turn])]
        body = {"receivers": receivers, "content": f"Welcome {number} {mark}"}
        return await machine.post(
            "/v1/recognitions", json=body, headers=sent(**{"Idempotency-Key": f"thanks-{number}-{mark}"})
        )

    async def recorded(number: int) -> httpx.Response:
        handle = f"new{number}-{mark}"
        body = {"fullName": f"New Comer {number} {mark}", "email": emails[number], "handle": handle}
        return await machine.post("/v1/people", json=body, headers=sent(**{"Idempotency-Key": handle}))

    async def taken(write: Callable[[int], Awaitable[httpx.Response]], number: int) -> httpx.Response:
        answer = await write(number)
        while answer.status_code == 503:  # so many at once: some come again
            await asyncio.sleep(float(answer.headers["retry-after"]))
            answer = await write(number)
        return answer

    writes = [taken(thanked, n) for n in range(THANKS)] + [taken(recorded, n) for n in range(NEWCOMERS)]
    answers = await asyncio.gather(*writes)
    assert {answer.status_code for answer in answers} <= {201, 202}, [answer.text for answer in answers]

    async def written() -> bool:
        read = await asyncio.gather(*(machine.get(answer.headers["location"]) for answer in answers))
        if 503 in {answer.status_code for answer in read}:  # so many at once: some wait for the graph
            return False
        statuses = [answer.raise_for_status().json()["writeStatus"] for answer in read]
        assert "failed" not in statuses
        return set(statuses) == {"written"}

    await until(written)
    people = await listed(machine, mark)
    assert len(people) == NEWCOMERS
    for answer in answers[:THANKS]:
        said = (await machine.get(answer.headers["location"])).json()
        assert {(await machine.get(f"/v1/people/{one['id']}")).json()["id"] for one in said["receivers"]} == people
    for number, email in enumerate(emails):
        assert await reached(machine, {"email": email}) == await reached(machine, {"handle": f"new{number}-{mark}"})
    async with GraphDatabase(tree.graph) as graph:
        assert await violations(graph) == []
