"""A project from its proposal to its end: over REST, and by other systems' events and an operator's signals."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from events.log import read_topic
from runtime.settings import Settings
from tests.clients import foreign_headers, produce, until
from tests.integration.api.test_approvals import decide, temporal_cli
from tests.integration.api.test_participants import ALICE, BOB, add
from tests.integration.api.test_project_approval import asked, is_at, move
from tests.integration.api.test_projects import propose
from tests.integration.api.test_resolving import accepted, stands
from tests.integration.api.test_resolving import add as resolve
from tests.integration.api.test_tasks import moved, plan

pytestmark = pytest.mark.servers


async def completions(tree: Settings, project: dict[str, Any]) -> list[dict[str, Any]]:
    """What other systems were told of a project's end."""
    told = [record async for record in read_topic(tree.events, tree.events.projects_topic) if record.value]
    headers = [(dict(record.headers), record.value) for record in told]
    own = [value for found, value in headers if found["ce_source"].decode() == tree.events.source]
    values = [orjson.loads(value[value.index(b"{") :]) for value in own]
    return [one for one in values if one["project"].get("id") == project["id"]]


async def told(web: httpx.AsyncClient, path: str) -> list[tuple[str, str | None]]:
    """Type of the event and the state that each revision brought, the oldest first; each says its run and who."""
    items = (await web.get(f"{path}/history", params={"limit": 50})).raise_for_status().json()["items"]
    for one in items:
        made = one["madeBy"]
        assert UUID(made["eventId"])
        assert made["runId"]
        assert made["workflowId"]
        assert made.get("sentBy") or made.get("cause") or made["agent"], made
    return [(one["madeBy"]["type"], one["properties"].get("status")) for one in reversed(items)]


async def test_a_project_goes_from_its_proposal_to_its_end(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    tension = await accepted(alice, olga)
    project = (await propose(alice, goal="Nobody waits on Saturdays")).json()
    path = f"/v1/projects/{project['id']}"
    assert (await resolve(alice, project, tension)).status_code == 200
    decision = await asked(alice, project)
    assert (await decide(alice, decision)).json()["code"] == "notAsked"
    assert (await decide(olga, decision)).status_code == 200
    await is_at(alice, project, "Planning")
    for person, role in ((ALICE, "Manager"), (BOB, "Member")):
        assert (await add(alice, project, person, role)).status_code == 200
    task = (await plan(alice, project, owner=BOB)).json()
    for to, state in (("Active", "InProgress"), ("OnHold", "InProgress"), ("Active", "InProgress")):
        assert (await move(alice, project, to)).status_code == 200
        await stands(alice, tension, state)
    for to in ("InProgress", "Done"):
        assert (await moved(bob, task, to)).status_code == 200
    ended = (await move(alice, project, "Completed")).json()
    assert ended["startAt"] < ended["endAt"]
    await stands(alice, tension, "Resolved")
    assert await told(alice, path) == [
        ("PROJECT_PROPOSED", "Proposal"),
        ("RESOLUTION_PLANNED", None),
        ("PROJECT_APPROVED", "Planning"),
        ("PARTICIPANT_ADDED", None),
        ("PARTICIPANT_ADDED", None),
        ("PROJECT_CHANGED", "Active"),
        ("PROJECT_CHANGED", "OnHold"),
        ("PROJECT_CHANGED", "Active"),
        ("PROJECT_COMPLETED", "Completed"),
    ]
    followed = [state for event, state in await told(alice, f"/v1/tensions/{tension}") if event == "TENSION_FOLLOWED"]
    assert followed == ["InProgress", "Resolved"]

    async def published() -> bool:
        return bool(await completions(tree, project))

    await until(published)
    [said] = await completions(tree, project)
    assert said["resolvedTensionIds"] == [tension]


async def test_a_signal_approves_it_and_another_systems_event_completes_it(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    tension = await accepted(alice, olga)
    project = (await propose(alice)).json()
    decision = await asked(alice, project)
    said = orjson.dumps({"requestId": "1", "who": "olga@trm.test", "why": "it pays"}).decode()
    run = f"decision/{decision['id']}"
    await temporal_cli(tree, "workflow", "signal", "--workflow-id", run, "--name", "approve", "--input", said)
    await is_at(alice, project, "Planning")
    await add(alice, project, ALICE, "Manager")
    assert (await move(alice, project, "Active")).status_code == 200
    event = {
        "project": {"name": project["name"].upper()},
        "completedAt": "2026-11-01T09:00:00+07:00",
        "resolvedTensionIds": [tension],
    }
    headers = foreign_headers(str(uuid4()), "PROJECT_COMPLETED", schema="project-completed")
    message = (project["id"].encode(), orjson.dumps(event), headers)
    await produce(tree, tree.events.projects_topic, [message, message])
    ended = await is_at(alice, project, "Completed")
    assert ended["endAt"] >= ended["startAt"]
    await stands(alice, tension, "Resolved")
    states = [state for _, state in await told_of(alice, project)]
    assert states[-1] == "Completed"
    assert states.count("Completed") == 1
    assert await completions(tree, project) == [], "what another system told is not told again"


async def told_of(web: httpx.AsyncClient, project: dict[str, Any]) -> list[tuple[str, str | None]]:
    items = (await web.get(f"/v1/projects/{project['id']}/history")).json()["items"]
    return [(one["madeBy"]["type"], one["properties"].get("status")) for one in reversed(items)]
