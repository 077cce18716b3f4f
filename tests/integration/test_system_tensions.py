"""What is wrong with the system becomes a tension for its operators, once, and comes to its end with its cause."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from temporalio.client import Client

from auditing.equality import Lost
from auditing.repairs import mend
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import foreign_headers, produce, until
from tests.people import write
from workers.schedules import MODEL, ensure
from workflows.model import ModelWorkflow
from workflows.system_watch import GraphAuditWorkflow, SystemWatchWorkflow, WatchReport

pytestmark = pytest.mark.servers


async def watched(client: Client, tree: Settings) -> WatchReport:
    """A pass, as the schedule runs it."""
    run_id = f"system-watch/{uuid4()}"
    queue = tree.temporal.task_queue
    return await client.execute_workflow(SystemWatchWorkflow.run, id=run_id, task_queue=queue)


async def about(web: httpx.AsyncClient, cause: str, **asked: str) -> list[dict[str, Any]]:
    """Tensions about a cause."""
    answer = await web.get("/v1/tensions", params={"limit": "100", **asked})
    return [one for one in answer.raise_for_status().json()["items"] if one.get("systemCause") == cause]


async def test_a_missing_schedule_is_told_once_and_settled_when_it_is_there_again(
    tree: Settings, olga: httpx.AsyncClient
) -> None:
    client, cause = await connect(tree.temporal), f"schedule/{MODEL}"
    await client.get_schedule_handle(MODEL).delete()
    for _ in range(2):
        await watched(client, tree)
    [told] = await about(olga, cause, escalatedTo="operator")
    assert (told["status"], told["detector"]["fullName"]) == ("Open", "TRM-OS")
    assert "it is not there" in told["facts"]
    await ensure(client, MODEL, ModelWorkflow, tree.temporal.task_queue, tree.judgement.learn_every)
    await watched(client, tree)
    [settled] = await about(olga, cause)
    assert (settled["id"], settled["status"]) == (told["id"], "Resolved")
    history = (await olga.get(f"/v1/tensions/{told['id']}/history")).raise_for_status().json()["items"]
    assert [one["properties"]["status"] for one in history[:3]] == ["Resolved", "Accepted", "UnderReview"]
    await client.get_schedule_handle(MODEL).delete()
    await watched(client, tree)
    assert [one["status"] for one in await about(olga, cause)] == ["Open", "Resolved"], "it came again"
    await ensure(client, MODEL, ModelWorkflow, tree.temporal.task_queue, tree.judgement.learn_every)
    assert (await watched(client, tree)).settled >= 1


async def test_open_dead_letters_are_told_without_what_they_say(tree: Settings, machine: httpx.AsyncClient) -> None:
    client, canary = await connect(tree.temporal), f"canary {uuid4()}"
    await produce(tree, tree.events.knowledge_topic, [(b"k", canary.encode(), foreign_headers("x", event_id=canary))])
    cause = f"deadLetters/{tree.events.knowledge_topic}/undecodable"

    async def told() -> bool:
        await watched(client, tree)
        return len(await about(machine, cause, status="Open")) == 1

    await until(told, limit=timedelta(minutes=1).total_seconds())
    assert canary not in str(await about(machine, cause))


async def test_what_an_audit_finds_is_told_once_and_settled_by_the_next_that_does_not(
    tree: Settings, olga: httpx.AsyncClient
) -> None:
    client = await connect(tree.temporal)
    cause, rule = "audit/recognition without a vector", "rule/Recognition: has 1..n RECEIVED_BY"
    thanks = (await write(olga, "/v1/recognitions", receivers=[{"email": "bob@trm.test"}], content="Found by nobody"))[
        "id"
    ]
    lost = f"MATCH (:Recognition {{id: '{thanks}'}})-[r:RECEIVED_BY]->() SET r.validTo = "
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))

        async def found() -> bool:
            return bool(await store.get(UUID(thanks)))

        await until(found)
        await store.delete(UUID(thanks))
        await graph.execute_schema(f"{lost} datetime()")
        for _ in range(2):
            await audited(client, tree)
        [told], [broken] = await about(olga, cause), await about(olga, rule)
        assert (told["status"], broken["status"], thanks in told["facts"]) == ("Open", "Open", True)
        await watched(client, tree)
        assert [one["status"] for one in await about(olga, cause)] == ["Open"], "it is not the watch that can tell"
        await graph.execute_schema(f"{lost} null")
        await mend(Lost(vectors={"recognition": [thanks]}), graph, EventPublisher(tree.events), store)
        await audited(client, tree)
    assert [one["status"] for one in (*await about(olga, cause), *await about(olga, rule))] == ["Resolved"] * 2


async def audited(client: Client, tree: Settings) -> WatchReport:
    """An audit, as the schedule runs it."""
    run_id, queue = f"graph-audit/{uuid4()}", tree.temporal.task_queue
    return await client.execute_workflow(GraphAuditWorkflow.run, id=run_id, task_queue=queue)
