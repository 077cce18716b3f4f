"""A kind that one file declares is started over REST and Kafka, read, listed, imported, found, audited and rebuilt."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from rich.console import Console

from api.app import create_app
from api.opening import opened
from auditing.equality import compare
from cli.imports.progress import carry_out
from events.publisher import EventPublisher
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from graph.rebuild import rebuild
from importing.job import Chosen, ImportJob
from importing.kinds import import_kind
from knowledge.file_imports import FileImports
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology import ids
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import foreign_headers, produce, token_of, until
from tests.records import change_records, merged_records
from tests.sightings import sightings
from workers.agents import activities_of, make_worker
from workers.bridge import Bridge
from workers.intake import Intake
from workflows.runs import TemporalRuns

pytestmark = [pytest.mark.faults, pytest.mark.long]


@pytest.fixture
async def gateway(tree: Settings, graph: GraphDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway, a worker and a bridge of a deployment that knows the kind; what they wrote is gone afterwards."""
    tree = tree.model_copy(
        update={
            "temporal": tree.temporal.model_copy(update={"task_queue": "sightings"}),
            "events": tree.events.model_copy(update={"consumer_group": "sightings"}),
        }
    )
    stop = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(sightings())
        client = await connect(tree.temporal)
        pool = await stack.enter_async_context(open_pool(tree.knowledge))
        provider = make_provider(tree.embedding)
        store = KnowledgeStore(pool, provider)
        files = FileImports(pool, tree.imports.kept)
        publisher = await stack.enter_async_context(EventPublisher(tree.events))
        worker = make_worker(client, tree.temporal, activities_of(client, graph, store, files, publisher, tree))
        await stack.enter_async_context(worker)
        bridge = Bridge(tree.events, Intake(tree, TemporalRuns(client, tree), graph, SchemaRegistry(tree.events)))
        bridging = asyncio.create_task(bridge.run(stop))
        services = await stack.enter_async_context(opened(tree))
        headers = {"Authorization": f"Bearer {token_of(tree, 'machine')}"}
        transport = httpx.ASGITransport(create_app(tree, services))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test", headers=headers) as web:
            yield web
        stop.set()
        await bridging
        await _forget_everything(tree, graph, store)


async def _forget_everything(tree: Settings, graph: GraphDatabase, store: KnowledgeStore) -> None:
    for source in [one async for one in store.source_ids()]:
        await store.delete(source)
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration AND NOT n:Ledger DETACH DELETE n")
    keys = await change_records(tree.events)
    await produce(tree, tree.events.changes_topic, [(key.encode(), None, []) for key in keys])


async def send(gateway: httpx.AsyncClient, key: str = "", **said: object) -> httpx.Response:
    body = {"content": f"The pipe holds {uuid4().hex[:6]}", **said}
    headers = {"Idempotency-Key": key or str(uuid4()), "Prefer": "wait=10"}
    return await gateway.post("/v1/sightings", json=body, headers=headers)


async def test_one_declaration_is_enough(
    gateway: httpx.AsyncClient, tree: Settings, graph: GraphDatabase, store: KnowledgeStore, tmp_path: Path
) -> None:
    await _over_rest(gateway)
    foreign = await _over_kafka(gateway, tree)
    await _from_a_file(gateway, tree, tmp_path)
    listed = (await gateway.get("/v1/sightings", params={"ofId": foreign["of"][0]["id"]})).json()["items"]
    assert [one["id"] for one in listed] == [foreign["id"]]
    await _audited_and_rebuilt(tree, graph, store)
    assert (await gateway.get(f"/v1/sightings/{foreign['id']}")).json() == foreign


async def _over_rest(gateway: httpx.AsyncClient) -> None:
    key, said = str(uuid4()), {"of": [{"email": "mai@sightings.test"}], "project": {"name": "Pipes"}, "content": "Dry"}
    made = await send(gateway, key, **said)
    assert made.status_code == 201, made.text
    thing = made.json()
    assert (thing["rev"], thing["count"], thing["of"][0]["fullName"]) == (1, 1, "mai")
    assert thing["project"]["name"] == "Pipes"
    again = await send(gateway, key, **said)
    assert (again.status_code, again.json()) == (201, thing)
    other = await send(gateway, key, content="Something else")
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")
    read = await gateway.get(f"/v1/sightings/{thing['id']}")
    assert (read.json(), read.headers["ETag"]) == (thing, made.headers["ETag"])
    broken = await send(gateway, count=0)
    assert (broken.status_code, broken.json()["code"], broken.json()["errors"][0]["pointer"]) == (
        422,
        "refused",
        "/count",
    )
    await _changed(gateway, made)
    *_, revision = (await gateway.get(f"/v1/sightings/{thing['id']}/history")).json()["items"]
    assert (revision["rev"], len(revision["made"])) == (1, 3)
    assert (await gateway.get(f"/v1/why/{thing['id']}")).status_code == 200


async def _changed(gateway: httpx.AsyncClient, made: httpx.Response) -> None:
    """What follows from a change is a change of its own, of the same cause."""
    address = f"/v1/sightings/{made.json()['id']}"
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": made.headers["ETag"], "Prefer": "wait=10"}
    changed = await gateway.patch(address, json={"count": 120}, headers=headers)
    assert (changed.status_code, changed.json()["rev"], changed.json()["count"]) == (200, 2, 120), changed.text
    page = (await gateway.get(f"/v1/why/{made.json()['project']['id']}")).json()
    [first, second] = page["states"]
    assert (first["rev"], second["rev"], second["properties"]["goal"]) == (1, 2, "Celebrate 120")
    newest = (await gateway.get(f"{address}/history")).json()["items"][0]
    assert second["madeBy"]["cause"] == newest["madeBy"]["eventId"]
    assert second["madeBy"]["workflowId"] == newest["madeBy"]["workflowId"]


async def _over_kafka(gateway: httpx.AsyncClient, tree: Settings) -> dict[str, Any]:
    subject = uuid4().hex
    value = orjson.dumps(
        {"content": "Seen elsewhere", "seenBy": {"email": "c@partner.test"}, "of": [{"email": "binh@sightings.test"}]}
    )
    message = (b"k", value, foreign_headers(subject, event_type="SIGHTED"))
    await produce(tree, tree.events.knowledge_topic, [message, message])
    address = f"/v1/sightings/{ids.foreign_entity('Sighting', 'urn:test:hr', subject)}"

    async def written() -> bool:
        answer = await gateway.get(address)
        return answer.status_code == 200 and answer.json().get("writeStatus") == "written"

    await until(written)
    thing: dict[str, object] = (await gateway.get(address)).json()
    assert thing["content"] == "Seen elsewhere"
    return thing


async def _from_a_file(gateway: httpx.AsyncClient, tree: Settings, tmp_path: Path) -> None:
    path = tmp_path / "sightings.csv"
    path.write_text(
        "externalId,content,count,of\n1,One goose,1,an@sightings.test\n2,No goose,0,an@sightings.test\n", "utf-8"
    )
    job = ImportJob(Chosen(import_kind("sightings"), path, {}, "csv", None, "", "", "UTC"))
    queue = tree.temporal.model_copy(update={"task_queue": "sightings"})
    summary = await carry_out(job, tree.model_copy(update={"temporal": queue}), Console(quiet=True))
    assert (summary.written, len(summary.bad)) == (1, 1)
    found = (await gateway.get("/v1/search", params={"q": "goose"})).json()["hits"]
    assert [hit["content"] for hit in found][:1] == ["One goose"]


async def _audited_and_rebuilt(tree: Settings, graph: GraphDatabase, store: KnowledgeStore) -> None:
    async def equal() -> bool:
        equality = await compare(tree, graph, store)
        return equality.holds and equality.nodes["Sighting"] == equality.events["SIGHTED"] + 1 == 3

    await until(equal, every=0.5)
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await rebuild(graph, partial(merged_records, tree.events), 0.0)
    await until(equal, every=0.5)
    found = await graph.read("MATCH (n:Sighting) RETURN n.id AS id LIMIT 1")
    await graph.execute_schema(f"MATCH (n:Sighting {{id: '{UUID(found[0]['id'])}'}}) SET n.count = 0")
    equality = await compare(tree, graph, store)
    assert "Sighting: something was seen" in {one.rule for one in equality.broken}
    await graph.execute_schema(f"MATCH (n:Sighting {{id: '{UUID(found[0]['id'])}'}}) SET n.count = 1")
