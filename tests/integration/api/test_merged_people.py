"""People who turn out to be one: what was said of either is the survivor's to read, list and find."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest

from runtime.settings import Settings
from tests.clients import http_client, until

pytestmark = pytest.mark.servers


async def trm(*argv: str) -> None:
    command = [sys.executable, "-m", "cli", *argv]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)


async def write(client: httpx.AsyncClient, path: str, body: Mapping[str, object]) -> str:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    answer = await client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def own_id(client: httpx.AsyncClient) -> str:
    """The caller's own person, made known by a note of theirs."""
    note = await write(client, "/v1/knowledgeSnippets", {"content": f"a note {uuid4().hex}"})
    author = (await client.get(f"/v1/knowledgeSnippets/{note}")).raise_for_status().json()["author"]
    return str(author["id"])


async def recognitions(client: httpx.AsyncClient, **filters: str) -> set[str]:
    answer = (await client.get("/v1/recognitions", params={"limit": "100", **filters})).raise_for_status()
    return {item["id"] for item in answer.json()["items"]}


async def test_private_praise_of_who_was_merged_is_the_survivors_and_nobody_elses(
    tree: Settings, machine: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    mark = uuid4().hex[:8]
    survivor = await own_id(bob)
    left = await write(machine, "/v1/people", {"fullName": f"Bob {mark}", "handle": f"bob-{mark}"})
    way = await write(machine, "/v1/people", {"fullName": f"Bobby {mark}", "handle": f"bobby-{mark}"})
    words = f"quietly mended the {mark} gauge"
    said = {"giver": {"email": "carol@trm.test"}, "content": words, "visibility": "parties"}
    private = await write(machine, "/v1/recognitions", {**said, "receivers": [{"id": left}]})
    assert private not in await recognitions(bob)

    await trm("person", "merge", "--yes", left, way)
    await trm("person", "merge", "--yes", way, survivor)
    assert (await bob.get(f"/v1/recognitions/{private}")).status_code == 200
    assert private in await recognitions(bob)
    for one in (left, way, survivor):
        assert private in await recognitions(bob, receiverId=one), "whichever of their ids is asked for"
        assert private not in await recognitions(alice, receiverId=one)

    async def found(client: httpx.AsyncClient, **filters: str) -> bool:
        hits = (await client.get("/v1/search", params={"q": words, **filters})).raise_for_status().json()["hits"]
        return any(hit["sourceId"] == private for hit in hits)

    async def searchable() -> bool:
        return await found(bob)

    await until(searchable)
    for one in (left, way, survivor):
        assert await found(bob, personId=one)
    assert not await found(alice)
    assert (await alice.get(f"/v1/recognitions/{private}")).status_code == 404
    assert (await bob.get(f"/v1/why/{private}")).status_code == 200
    assert (await bob.get(f"/v1/people/{left}")).json()["id"] == survivor


@pytest.mark.parametrize("way", ["email", "handle"])
async def test_later_mentions_by_the_old_address_go_to_the_survivor(
    machine: httpx.AsyncClient, bob: httpx.AsyncClient, way: str
) -> None:
    mark = uuid4().hex[:8]
    old, new = ({way: f"{who}{mark}" + ("@m1.example" if way == "email" else "")} for who in ("old", "new"))

    async def thank(whom: dict[str, str]) -> dict[str, str]:
        body = {"giver": {"email": "carol@trm.test"}, "receivers": [whom], "content": f"thanks {uuid4().hex}"}
        said = await write(machine, "/v1/recognitions", body)
        [receiver] = (await machine.get(f"/v1/recognitions/{said}")).raise_for_status().json()["receivers"]
        return dict(receiver)

    first, second = await thank(old), await thank(new)
    assert first["id"] != second["id"]
    await trm("person", "merge", "--yes", first["id"], second["id"])
    for whom in (old, new, {"id": first["id"]}):
        assert (await thank(whom))["id"] == second["id"], whom
    recorded = await write(machine, "/v1/people", {"fullName": f"Known {mark}", "handle": f"rec-{mark}"})
    await trm("person", "merge", "--yes", recorded, second["id"])
    assert (await thank({"handle": f"rec-{mark}"}))["id"] == second["id"], "an id that is not derived from the handle"


async def test_a_token_bound_to_who_was_merged_speaks_for_the_survivor(
    tree: Settings, machine: httpx.AsyncClient
) -> None:
    mark = uuid4().hex[:8]
    survivor = await write(machine, "/v1/people", {"fullName": f"Olga {mark}", "handle": f"ol-{mark}"})
    async with http_client(tree, "olga") as olga:  # whose name no other test looks at
        before = await own_id(olga)
        await trm("person", "merge", "--yes", before, survivor)
        assert await own_id(olga) == survivor
