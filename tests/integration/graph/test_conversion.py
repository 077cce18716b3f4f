"""A deployment of the first version, with data, is converted once and is equal afterwards."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from auditing.equality import compare
from graph.conversion import convert
from graph.database import GraphDatabase, Row
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from tests.equality import equal_everywhere

pytestmark = pytest.mark.servers

RELATIONS = """
MATCH (p:Person {handle: $handle})-[r]-(other)
RETURN type(r) AS type, other.id AS other, properties(r) AS properties ORDER BY r.eventId, type, other
"""


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def equal(tree: Settings, graph: GraphDatabase) -> bool:
    async with open_pool(tree.knowledge) as pool:
        return (await compare(tree, graph, KnowledgeStore(pool, make_provider(tree.embedding)))).holds


async def trm(*argv: str) -> str:
    command = [sys.executable, "-m", "cli", *argv]
    done = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, encoding="utf-8")
    return str(done.stdout)


async def as_the_first_version(graph: GraphDatabase) -> None:
    """Relations without ids, states that hold the status alone, provenance of changed nodes alone."""
    await graph.execute_schema("MATCH ()-[r]->() REMOVE r.id, r.recordedAt, r.endedBy, r.endRecordedAt")
    await graph.execute_schema("MATCH (s:State) WHERE s.status IS NULL DETACH DELETE s")
    await graph.execute_schema("MATCH (s:State) SET s = s {.id, .status}")
    await graph.execute_schema("MATCH (e:Event) REMOVE e.epoch")
    await graph.execute_schema("MATCH (l:Ledger) DELETE l")
    await graph.execute_schema("MATCH (m:Migration {id: 'ledger'}) DELETE m")


async def test_relations_get_back_their_ids_and_who_ended_them(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient
) -> None:
    handle = f"conv-{uuid4().hex[:8]}"
    for name in (handle, f"{handle}-too"):
        headers = {"Prefer": "wait=10", "Idempotency-Key": str(uuid4())}
        body = {"fullName": "Known", "handle": name}
        said = (await machine.post("/v1/people", json=body, headers=headers)).raise_for_status()
        await trm("person", "link", said.json()["id"], "--subject", f"u-{handle}")  # the second ends the first
    await equal_everywhere(tree)

    async def relations() -> list[Row]:
        return await graph.read(RELATIONS, handle=handle)

    before = await relations()
    assert all({"id", "eventId", "validFrom", "recordedAt"} <= row["properties"].keys() for row in before)
    assert any({"validTo", "endedBy", "endRecordedAt"} <= row["properties"].keys() for row in before)
    await as_the_first_version(graph)
    assert not await equal(tree, graph)
    await convert(graph)
    assert await relations() == before, "ids are derived, so converting gives the same"
    await as_the_first_version(graph)
    assert "change records sent" in await trm("migrate")
    assert await relations() == before
    assert await equal(tree, graph)
    assert await convert(graph) is None
