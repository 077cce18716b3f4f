"""What is wrong with the system becomes a tension for its operators, once, and comes to its end with its cause."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.client import Client

from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import foreign_headers, produce, until
from workers.schedules import MODEL, ensure
from workflows.model import ModelWorkflow
from workflows.system_watch import SystemWatchWorkflow, WatchReport

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
