"""A change whose gateway, worker or graph is killed in the middle is answered the same afterwards, and made once."""

import asyncio
import random
from uuid import uuid4

import httpx
import pytest

from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import http_client

pytestmark = [pytest.mark.faults, pytest.mark.long]

CHOOSER = random.Random(20261128)


async def asked(web: httpx.AsyncClient, address: str, tag: str, key: str) -> httpx.Response:
    """Ask for the change until it is answered."""
    headers = {"Idempotency-Key": key, "If-Match": tag, "Prefer": "wait=10"}
    while True:
        try:
            answer = await web.patch(address, json={"role": f"Baker {key}"}, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.3)
            continue
        if answer.status_code not in {202, 503}:
            return answer
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("victim", ["gateway", "agents", "neo4j"])
async def test_a_killed_server_changes_no_answer(stack: StackSession, tree: Settings, victim: str) -> None:
    key = str(uuid4())
    async with http_client(tree, "machine") as web:
        headers = {"Idempotency-Key": key, "Prefer": "wait=10"}
        made = await web.post("/v1/people", json={"fullName": "Mai Kill", "handle": f"k-{key[:8]}"}, headers=headers)
        assert made.status_code == 201, made.text
        address, tag = made.headers["Location"], made.headers["ETag"]
        asking = asyncio.create_task(asked(web, address, tag, key))
        await asyncio.sleep(CHOOSER.uniform(0, 0.03))  # somewhere on its way
        restarts = stack.kill(victim)
        first = await asyncio.wait_for(asking, 120)
        await asyncio.to_thread(stack.wait_restarted, victim, restarts)
        again = await asked(web, address, tag, key)
        assert (first.status_code, again.status_code) == (200, 200), first.text
        assert again.json() == first.json()
        assert (first.json()["rev"], first.json()["role"]) == (2, f"Baker {key}")
        history = (await web.get(f"{address}/history")).json()["items"]
        assert [one["rev"] for one in history] == [2, 1]
