"""``/v1/tasks``: planned and done by who takes part in the project, and ended with it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.clients import until
from tests.integration.api.test_participants import ALICE, BOB, active, add, remove
from tests.integration.api.test_project_approval import move, put_away
from tests.integration.api.test_projects import propose
from tests.people import sent

pytestmark = pytest.mark.servers


async def plan(web: httpx.AsyncClient, project: dict[str, Any], **said: Any) -> httpx.Response:
    body = {"projectId": project["id"], "title": f"Ask the printer {uuid4().hex[:8]}", **said}
    return await web.post("/v1/tasks", json=body, headers=sent())


async def patched(web: httpx.AsyncClient, task: dict[str, Any], **said: Any) -> httpx.Response:
    return await web.patch(f"/v1/tasks/{task['id']}", json=said, headers=sent(**{"If-Match": "*"}))


async def moved(web: httpx.AsyncClient, task: dict[str, Any], to: str) -> httpx.Response:
    path = f"/v1/tasks/{task['id']}/transitions"
    return await web.post(path, json={"to": to}, headers=sent(**{"If-Match": "*"}))


async def listed(web: httpx.AsyncClient, **asked: Any) -> list[str]:
    items = (await web.get("/v1/tasks", params={"limit": 100, **asked})).raise_for_status().json()["items"]
    return [one["id"] for one in items]


async def test_it_is_planned_done_by_its_owner_and_told_in_history(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    bobs = (await add(alice, project, BOB, "Member")).json()["participants"][0]["person"]["id"]
    planned = await plan(alice, project, owner=BOB, dueAt="2027-01-10T09:00:00+07:00", critical=True)
    assert planned.status_code == 201, planned.text
    task = planned.json()
    assert (task["status"], task["progress"], task["critical"], task["rev"]) == ("Open", 0, True, 1)
    assert (task["owner"]["id"], task["project"]) == (bobs, {"id": project["id"], "name": project["name"]})
    assert (await alice.get(f"/v1/tasks/{task['id']}")).json() == task
    half = await patched(bob, task, progress=0.5)
    assert (half.status_code, half.json()["progress"]) == (200, 0.5)
    for to in ("InProgress", "Done"):
        done = await moved(bob, task, to)
    assert (done.json()["status"], done.json()["progress"]) == ("Done", 1)
    undone = await patched(bob, task, progress=0.2)
    assert (undone.status_code, undone.json()["errors"][0]["pointer"]) == (422, "/progress")
    illegal = await moved(bob, task, "OnHold")
    assert (illegal.status_code, illegal.json()["code"]) == (409, "illegalTransition")
    kinds = [one["madeBy"]["type"] for one in (await bob.get(f"/v1/tasks/{task['id']}/history")).json()["items"]]
    assert kinds == ["TASK_CHANGED"] * 3 + ["TASK_PLANNED"]
    feed = (await alice.get("/v1/feed", params={"id": task["id"]})).json()["items"]
    assert {one["data"]["subject"]["label"] for one in feed} == {"Task"}


async def test_only_who_works_there_plans_and_changes_and_only_they_own(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    refused = await plan(bob, project)
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    task = (await plan(alice, project)).json()
    assert (await patched(bob, task, title="Mine")).json()["code"] == "authorNeeded"
    stranger = await plan(alice, project, owner=BOB)
    assert (stranger.status_code, stranger.json()["code"]) == (409, "ownerNotParticipant")
    given = await patched(alice, task, owner=BOB)
    assert (given.status_code, given.json()["errors"][0]["pointer"]) == (409, "/owner")
    for role, code in (("Observer", 403), ("Member", 200)):
        await add(alice, project, BOB, role)
        assert (await patched(bob, task, title="Ours")).status_code == code
    bobs = (await patched(alice, task, owner=BOB)).json()["owner"]["id"]
    assert (await patched(olga, task, title="Moderated")).status_code == 200
    assert task["id"] in await listed(alice, ownerId=bobs)
    assert (await remove(alice, project, bobs)).status_code == 200
    left = (await alice.get(f"/v1/tasks/{task['id']}")).json()
    assert "owner" not in left, "who has left owns nothing there that is still to be done"


async def test_parts_of_a_task_are_of_its_project(alice: httpx.AsyncClient) -> None:
    project, other = (await propose(alice)).json(), (await propose(alice)).json()
    task = (await plan(alice, project)).json()
    part = await plan(alice, project, parentId=task["id"])
    assert (part.status_code, part.json()["parentId"]) == (201, task["id"])
    elsewhere = await plan(alice, other, parentId=task["id"])
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "subtaskElsewhere")
    nowhere = await plan(alice, project, parentId=str(uuid4()))
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/parentId")
    assert (await plan(alice, {"id": str(uuid4())})).json()["errors"][0]["pointer"] == "/projectId"


async def test_what_is_left_to_do_ends_with_the_project(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = await active(alice, olga)
    left, done, cancelled = [(await plan(alice, project, owner=ALICE)).json() for _ in range(3)]
    for to in ("InProgress", "Done"):
        await moved(alice, done, to)
    await moved(alice, cancelled, "Cancelled")
    await move(alice, project, "Completed")

    async def ended() -> bool:
        return bool((await alice.get(f"/v1/tasks/{left['id']}")).json()["status"] == "Cancelled")

    await until(ended)
    newest = (await alice.get(f"/v1/tasks/{left['id']}/history")).json()["items"][0]
    assert newest["madeBy"]["type"] == "TASK_FOLLOWED"
    assert (await alice.get(f"/v1/tasks/{done['id']}")).json()["status"] == "Done"
    late = await plan(alice, project)
    assert (late.status_code, late.json()["code"]) == (409, "projectEnded")
    again = await moved(alice, done, "InProgress")
    assert (again.status_code, again.json()["code"]) == (409, "projectEnded")
    await put_away(alice, project)


async def test_what_has_ended_stays_as_it_was(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = await active(alice, olga)
    task, cancelled = (await plan(alice, project)).json(), (await plan(alice, project)).json()
    for to in ("InProgress", "Done"):
        await moved(alice, task, to)
    await moved(alice, cancelled, "Cancelled")
    stranger = await patched(alice, task, owner=BOB)
    assert (stranger.status_code, stranger.json()["code"]) == (409, "ownerNotParticipant"), stranger.text
    assert (await patched(alice, task, owner=ALICE)).status_code == 200
    assert (await move(alice, project, "Completed")).status_code == 200
    path = f"/v1/projects/{project['id']}"
    for state in ("Completed", "Archived"):
        for web in (alice, olga):
            for said in ({"title": "Another"}, {"critical": True}, {"owner": BOB}, {"dueAt": "2027-01-01T00:00:00Z"}):
                for one in (task, cancelled):
                    refused = await patched(web, one, **said)
                    assert (refused.status_code, refused.json()["code"]) == (409, "projectEnded"), refused.text
        joins = await add(alice, project, BOB, "Member")
        goal = await alice.patch(path, json={"goal": "Another"}, headers=sent(**{"If-Match": "*"}))
        code = "projectEnded" if state == "Completed" else "archived"
        assert [(one.status_code, one.json()["code"]) for one in (joins, goal)] == [(409, code)] * 2
        if state == "Completed":
            shown = await alice.patch(path, json={"visibility": "parties"}, headers=sent(**{"If-Match": "*"}))
            assert shown.status_code == 200, shown.text
            assert (
                await alice.patch(path, json={"visibility": "everyone"}, headers=sent(**{"If-Match": "*"}))
            ).status_code == 200
            await put_away(alice, project)
    assert (await alice.get(f"/v1/tasks/{task['id']}")).json()["title"] == task["title"]


async def test_anybody_leaves_what_has_ended_and_nobody_comes(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await active(alice, olga)
    as_member = (await add(alice, project, BOB, "Member")).json()
    alices = project["proposer"]["id"]
    bobs = next(one["person"]["id"] for one in as_member["participants"] if one["person"]["id"] != alices)
    assert (await move(alice, project, "Cancelled")).status_code == 200
    other = await add(alice, project, BOB, "Manager")
    assert (other.status_code, other.json()["code"]) == (409, "projectEnded"), other.text
    assert (await add(alice, project, BOB, "Member")).status_code == 200, "what is so already is no change"
    assert (await remove(alice, project, bobs)).status_code == 200
    assert (await add(alice, project, BOB, "Member")).json()["code"] == "projectEnded"


async def test_no_work_begins_while_the_project_rests(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = await active(alice, olga)
    task = (await plan(alice, project)).json()
    assert (await move(alice, project, "OnHold")).status_code == 200
    refused = await moved(alice, task, "InProgress")
    assert (refused.status_code, refused.json()["code"]) == (409, "projectOnHold"), refused.text
    assert refused.json()["errors"][0]["pointer"] == "/to"
    assert (await patched(alice, task, title="Planned meanwhile")).status_code == 200
    assert (await move(alice, project, "Active")).status_code == 200
    assert (await moved(alice, task, "InProgress")).status_code == 200


async def test_lists_are_by_project_owner_state_and_due_date(alice: httpx.AsyncClient) -> None:
    project = (await propose(alice)).json()
    days = ["2027-03-03", "2027-03-01", None, "2027-03-02"]
    tasks = [
        (
            await plan(alice, project, critical=day == "2027-03-01", **({"dueAt": f"{day}T08:00:00Z"} if day else {}))
        ).json()["id"]
        for day in days
    ]
    await moved(alice, {"id": tasks[0]}, "InProgress")
    of = {"projectId": project["id"]}
    assert await listed(alice, **of) == tasks[::-1]
    assert await listed(alice, **of, order="due") == [tasks[1], tasks[3], tasks[0]]
    assert await listed(alice, **of, dueBefore="2027-03-02T08:00:00Z") == [tasks[1]]
    assert await listed(alice, **of, status="InProgress") == [tasks[0]]
    assert await listed(alice, **of, critical=True) == [tasks[1]]
    first = (await alice.get("/v1/tasks", params={**of, "order": "due", "limit": 2})).json()
    rest = (
        await alice.get("/v1/tasks", params={**of, "order": "due", "limit": 2, "cursor": first["nextCursor"]})
    ).json()
    assert [one["id"] for one in rest["items"]] == [tasks[0]]
