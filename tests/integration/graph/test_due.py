"""What is due: told once before and once after, and a tension where a critical task will not be done in time."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from activities.due import changes_due, reports_due
from events.publisher import EventPublisher
from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.ledger import Run
from ontology.commands import Change
from runtime.authorities import Authorities
from runtime.clock import now, rfc3339
from runtime.settings import ProjectSettings, Settings
from runtime.temporal_client import connect
from tests.integration.api.test_participants import ALICE, active, add
from tests.integration.api.test_projects import propose
from tests.integration.api.test_tasks import moved, patched, plan
from workflows.overdue import SweepWorkflow

pytestmark = pytest.mark.servers

TREE = ProjectSettings(sweep_most=100_000)
HOUR = timedelta(hours=1)


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def due(graph: GraphDatabase, tree: Settings, thing: dict[str, Any], moment: datetime) -> Change | None:
    """What a pass at a moment would tell of a thing."""
    found = await changes_due(graph, TREE, tree.events.source, moment)
    return next((one for one in found if one.id == UUID(thing["id"])), None)


async def tell(graph: GraphDatabase, tree: Settings, change: Change | None) -> str:
    assert change is not None
    async with EventPublisher(tree.events) as publisher:
        written = await change_thing(graph, change, Run("sweep", "run"), HOUR, Authorities({}))
        await publisher.publish(records=written.records, events=[])
    return f"{change.origin.event_type} {written.outcome}"


async def test_a_task_is_told_once_before_and_once_after_it_is_due(
    graph: GraphDatabase, tree: Settings, alice: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    await add(alice, project, ALICE, "Manager")
    moment = now()
    task = (await plan(alice, project, owner=ALICE, dueAt=rfc3339(moment + 25 * HOUR))).json()
    waiting = (await alice.get("/v1/me")).json()["tasksDue"]
    assert await due(graph, tree, task, moment) is None, "it is early"
    reminder = await due(graph, tree, task, moment + 2 * HOUR)
    assert await tell(graph, tree, reminder) == "TASK_REMINDED created"
    assert await tell(graph, tree, reminder) == "TASK_REMINDED same"
    assert await due(graph, tree, task, moment + 3 * HOUR) is None
    assert (await alice.get("/v1/me")).json()["tasksDue"] == waiting + 1
    late = await due(graph, tree, task, moment + 26 * HOUR)
    assert await tell(graph, tree, late) == "TASK_OVERDUE created"
    assert await due(graph, tree, task, moment + 27 * HOUR) is None
    assert (await patched(alice, task, dueAt=rfc3339(moment + 50 * HOUR))).status_code == 200
    assert (await alice.get("/v1/me")).json()["tasksDue"] == waiting, "another date is another matter"
    again = await due(graph, tree, task, moment + 27 * HOUR)
    assert await tell(graph, tree, again) == "TASK_REMINDED created"
    for to in ("InProgress", "Done"):
        await moved(alice, task, to)
    assert await due(graph, tree, task, moment + 60 * HOUR) is None
    feed = (await alice.get("/v1/feed", params={"id": task["id"], "type": "TASK_OVERDUE"})).json()["items"]
    assert [one["data"]["reason"].startswith("it was due at ") for one in feed] == [True]


async def test_a_project_is_told_while_it_is_at_work(
    graph: GraphDatabase, tree: Settings, alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    moment = now()
    proposal = (await propose(alice, plannedEndAt=rfc3339(moment + HOUR))).json()
    assert await due(graph, tree, proposal, moment) is None, "nobody approved it yet"
    project = await active(alice, olga)
    path = f"/v1/projects/{project['id']}"
    headers = {"If-Match": "*", "Idempotency-Key": f"{project['id']}-end", "Prefer": "wait=10"}
    assert (await alice.patch(path, json={"plannedEndAt": rfc3339(moment + HOUR)}, headers=headers)).status_code == 200
    waiting = (await alice.get("/v1/me")).json()["projectsDue"]
    assert await tell(graph, tree, await due(graph, tree, project, moment)) == "PROJECT_REMINDED created"
    assert (await alice.get("/v1/me")).json()["projectsDue"] == waiting + 1
    assert await tell(graph, tree, await due(graph, tree, project, moment + 2 * HOUR)) == "PROJECT_OVERDUE created"
    assert await due(graph, tree, project, moment + 3 * HOUR) is None


async def test_a_critical_task_that_is_hardly_begun_becomes_a_tension_once(
    graph: GraphDatabase, tree: Settings, alice: httpx.AsyncClient
) -> None:
    project, moment = (await propose(alice)).json(), now()
    soon = {"critical": True, "dueAt": rfc3339(moment + 3 * HOUR)}
    risky, half = (await plan(alice, project, **soon)).json(), (await plan(alice, project, **soon)).json()
    calm = (await plan(alice, project, dueAt=soon["dueAt"])).json()
    await patched(alice, half, progress=0.5)
    source = tree.events.source
    reports = await reports_due(graph, TREE, source, moment)
    [report] = [one for one in reports if project["name"] in str(one.content["facts"])]
    assert risky["title"] in str(report.content["title"])
    assert not any(str(one["id"]) in str(report.content) for one in (half, calm))
    theirs = (await propose(alice, language="vi")).json()
    spoken = (await plan(alice, theirs, **soon)).json()
    found = [one.content for one in await reports_due(graph, TREE, source, moment)]
    [said] = [one for one in found if theirs["name"] in str(one["facts"])]
    assert (said["title"], said["language"]) == (f"“{spoken['title']}” khó xong đúng hạn", "vi")
    client = await connect(tree.temporal)
    for _ in range(2):
        queue = tree.temporal.task_queue
        await client.execute_workflow(SweepWorkflow.run, id=f"sweep/{uuid4()}", task_queue=queue)
    assert report.id not in [one.id for one in await reports_due(graph, TREE, source, moment + HOUR)]
    history = (await alice.get(f"/v1/tensions/{report.id}/history")).json()["items"]
    assert history[-1]["madeBy"]["type"] == "TENSION_REPORTED"
    tension = (await alice.get(f"/v1/tensions/{report.id}")).json()
    assert (tension["detector"]["fullName"], [one["id"] for one in tension["affectedProjects"]]) == (
        "TRM-OS",
        [project["id"]],
    )
