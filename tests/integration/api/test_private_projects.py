"""A private project shows nowhere but to who proposed it, who takes part, and whom it is visible to."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from activities.due import report_of
from graph.database import GraphDatabase
from graph.due import tasks_at_risk
from graph.feed import happenings
from graph.visibility import Viewer
from runtime.clock import now, rfc3339
from runtime.settings import Settings
from tests.clients import until
from tests.integration.api.test_approvals import decide
from tests.integration.api.test_participants import ALICE, BOB, add
from tests.integration.api.test_project_approval import approvals, asked, is_at, move
from tests.integration.api.test_projects import changed, named, propose
from tests.integration.api.test_resolving import accepted, stands
from tests.integration.api.test_resolving import add as resolve
from tests.integration.api.test_tasks import listed, moved, patched, plan
from tests.people import sent, thank, write

pytestmark = pytest.mark.servers

OLGA = {"email": "olga@trm.test"}


async def secret(web: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    """A private project that Alice proposes and Bob may see."""
    answer = await propose(web, name=named("Quiet move"), visibility="parties", visibleTo=[BOB], **said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_its_people_read_it_and_its_tasks_and_nobody_else_does(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await secret(alice)
    assert len(project["visibleTo"]) == 1
    task = (await plan(alice, project)).json()
    assert (await plan(olga, project)).json()["code"] == "referenceUnknown"
    for client, seen in ((alice, True), (bob, True), (olga, False)):
        for path in (f"/v1/projects/{project['id']}", f"/v1/tasks/{task['id']}"):
            for part in ("", "/history"):
                assert (await client.get(path + part)).status_code == (200 if seen else 404), path
        for one in (project["id"], task["id"]):
            assert (await client.get(f"/v1/why/{one}")).status_code == (200 if seen else 404)
            assert (await client.get(f"/v1/chain/{one}")).status_code == (200 if seen else 404)
        names = [one["name"] for one in (await client.get("/v1/projects?limit=100")).json()["items"]]
        assert (project["name"] in names, task["id"] in await listed(client)) == (seen, seen)
        assert (task["id"] in await listed(client, projectId=project["id"])) == seen
        meant = await client.get("/v1/suggestions", params={"text": project["name"], "kind": "Project"})
        assert bool(meant.json()["items"]) == seen


async def test_who_may_not_see_it_learns_nothing_by_trying_to_change_it(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await secret(alice)
    task = (await plan(alice, project)).json()
    for answer in (
        await changed(olga, project, goal="mine"),
        await move(olga, project, "Cancelled"),
        await add(olga, project, OLGA, "Manager"),
        await patched(olga, task, progress=0.5),
        await moved(olga, task, "Done"),
        await olga.post(f"/v1/projects/{project['id']}/approvalProposals", json={}, headers=sent()),
        await olga.post(f"/v1/projects/{project['id']}/tensions", json={"tensionId": str(uuid4())}, headers=sent()),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "notFound"), answer.text


async def test_what_names_it_leaves_it_out_for_others(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await secret(alice)
    task = (await plan(alice, project, title=named("Pack the archive"))).json()
    about = {"project": {"id": project["id"]}, "taskId": task["id"]}
    thanks = (await thank(alice, BOB, **about)).json()
    tension = await write(alice, "/v1/tensions", title="Too few boxes", affectedProjects=[{"id": project["id"]}])
    await add(alice, project, BOB, "Member")
    bobs, alices = thanks["receivers"][0]["id"], project["proposer"]["id"]
    for client, seen in ((bob, True), (olga, False)):
        read = (await client.get(f"/v1/recognitions/{thanks['id']}")).json()
        assert (read.get("project"), read.get("taskId")) == ((thanks["project"], task["id"]) if seen else (None, None))
        felt = (await client.get(f"/v1/tensions/{tension['id']}")).json()["affectedProjects"]
        assert [one["id"] for one in felt] == ([project["id"]] if seen else [])
        for path, asks in (("/v1/recognitions", "projectId"), ("/v1/tensions", "affectedId")):
            items = (await client.get(path, params={asks: project["id"]})).raise_for_status().json()["items"]
            assert bool(items) == seen, path
        pages = [
            f"/v1/people/{bobs}",
            f"/v1/people/{bobs}/history",
            f"/v1/why/{bobs}",
            f"/v1/why/{alices}",
            f"/v1/why/{thanks['id']}",
            f"/v1/chain/{thanks['id']}",
            f"/v1/chain/{tension['id']}",
            f"/v1/recognitions/{thanks['id']}/history",
            "/v1/feed?limit=100",
            "/v1/runs?limit=100",
            "/v1/approvals?limit=100",
        ]
        told = [(await client.get(path)).raise_for_status().text for path in pages]
        found = [
            path for path, text in zip(pages, told, strict=True) if project["name"] in text or task["title"] in text
        ]
        assert bool(found) == seen, found


async def test_by_its_id_others_name_it_nowhere(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = await secret(alice)
    felt = await write(olga, "/v1/tensions", title="Nobody tells us anything")
    path = f"/v1/tensions/{felt['id']}"
    named_there = {"affectedProjects": [{"id": project["id"]}]}
    refused = await olga.patch(path, json=named_there, headers=sent(**{"If-Match": "*"}))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/affectedProjects/0")


async def test_what_anybody_may_see_does_not_tell_that_it_moved_what_follows_it(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
) -> None:
    tension = await accepted(alice, olga)
    project = (await propose(alice, name=named("Quiet move"), visibility="parties", visibleTo=[OLGA])).json()
    assert (await decide(olga, await asked(olga, project), outcome="Approve")).status_code == 200
    await is_at(alice, project, "Planning")
    await add(alice, project, ALICE, "Manager")
    assert (await resolve(alice, project, tension)).status_code == 200
    body, headers = {"to": "Active", "reason": "we move in silence"}, sent(**{"If-Match": "*"})
    moved = await alice.post(f"/v1/projects/{project['id']}/transitions", json=body, headers=headers)
    assert moved.status_code == 200, moved.text
    await stands(bob, tension, "InProgress")
    paths = [f"/v1/tensions/{tension}", f"/v1/tensions/{tension}/history", f"/v1/why/{tension}"]
    for client, seen in ((alice, True), (olga, True), (bob, False), (machine, False)):
        newest = (await client.get(paths[1])).raise_for_status().json()["items"][0]["madeBy"]
        assert newest["type"] == "TENSION_FOLLOWED"
        assert newest["sentBy"]["person"]["id"] == project["proposer"]["id"]
        shown = [newest.get(name) for name in ("workflowId", "runId", "agent", "cause", "reason")]
        assert all(shown) if seen else not any(shown), newest
        event = f"/v1/why/{newest['eventId']}"
        for path in (*paths, event, f"/v1/feed?id={tension}", f"/v1/feed?id={tension}&type=TENSION_FOLLOWED"):
            told = (await client.get(path)).raise_for_status().text
            assert (project["id"] in told) is seen, path
            assert seen or "silence" not in told, path
    run = (await alice.get(paths[1])).json()["items"][0]["madeBy"]["workflowId"]
    assert run.startswith(f"project/{project['id']}/")
    for one in (run, f"project/{project['id']}"):
        statuses = [(await client.get(f"/v1/runs/{one}")).status_code for client in (alice, bob, machine)]
        assert statuses == [200, 404, 200], "an operator sees that it runs"

    async def runs_of_it(web: httpx.AsyncClient) -> bool:
        page = await web.get("/v1/runs", params={"id": project["id"]})
        return bool(page.raise_for_status().json()["items"])

    await until(lambda: runs_of_it(alice))
    assert not await runs_of_it(bob)
    told = (await machine.get(f"/v1/runs/{run}")).json()
    assert told["withheld"]
    async with GraphDatabase(tree.graph) as graph:
        [followed] = await happenings(graph, [newest["eventId"]])
    people = [UUID((await one.get("/v1/me")).json()["person"]["id"]) for one in (alice, olga, bob)]
    assert [followed.run_seen_by(Viewer(one, None)) for one in people] == [True, True, False]


async def test_its_approval_is_asked_of_who_may_see_it_and_of_no_authority(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await secret(alice)
    decision = await asked(bob, project)
    assert (decision["authorities"], [one["id"] for one in decision["asked"]]) == ([], [project["visibleTo"][0]["id"]])
    assert await approvals(olga, project) == []
    assert (await decide(olga, decision, outcome="Approve")).status_code == 404
    assert (await decide(alice, decision, outcome="Approve")).status_code == 403
    assert (await decide(bob, decision, outcome="Approve")).status_code == 200
    await is_at(bob, project, "Planning")


async def test_one_that_nobody_else_may_see_is_approved_once_somebody_may(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    project = (await propose(alice, visibility="parties")).json()
    path = f"/v1/projects/{project['id']}/approvalProposals"
    refused = await alice.post(path, json={}, headers=sent())
    assert (refused.status_code, refused.json()["code"]) == (409, "approvalRefused")
    assert "visibleTo" in refused.json()["detail"]
    opened = await changed(alice, project, visibleTo=[BOB])
    assert opened.status_code == 200, opened.text
    assert (await alice.post(path, json={}, headers=sent())).status_code == 201
    assert await approvals(bob, project)


async def test_it_is_shown_and_hidden_by_whose_it_is(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = await secret(alice)
    path = f"/v1/projects/{project['id']}"
    opened = await changed(alice, project, visibility="everyone")
    assert (opened.status_code, (await olga.get(path)).status_code) == (200, 200)
    hidden = await changed(alice, opened.json(), visibility="parties")
    assert (hidden.status_code, (await olga.get(path)).status_code) == (200, 404)


@pytest.mark.parametrize("managed", [True, False], ids=["managed", "nobody manages it"])
async def test_a_task_of_it_that_is_at_risk_is_told_to_its_people_alone(
    tree: Settings, alice: httpx.AsyncClient, managed: bool
) -> None:
    project, moment = await secret(alice), now()
    if managed:
        await add(alice, project, ALICE, "Manager")
    await plan(alice, project, critical=True, dueAt=rfc3339(moment + timedelta(hours=1)))
    async with GraphDatabase(tree.graph) as graph:
        found = await tasks_at_risk(graph, moment, moment + timedelta(hours=2), 1000)
    [risk] = [one for one in found if str(one.project) == project["id"]]
    report = report_of(risk, tree.events.source, moment)
    assert report.content["visibility"] == "parties"
    parties: Any = report.content["visibleTo"]
    named_there = [one["id"] for one in parties]
    assert sorted(named_there) == sorted([project["proposer"]["id"], project["visibleTo"][0]["id"]])
    if managed:
        assert named_there[0] == project["proposer"]["id"], "who manages it comes first"
