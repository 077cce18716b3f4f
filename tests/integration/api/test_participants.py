"""Who takes part in a project: as what, let in and out by whom, and never an active one without a manager."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.integration.api.test_approvals import decide
from tests.integration.api.test_merges import merge
from tests.integration.api.test_project_approval import asked, is_at, move
from tests.integration.api.test_projects import changed, propose
from tests.people import sent, write

pytestmark = pytest.mark.servers

ALICE, BOB = {"email": "alice@trm.test"}, {"email": "bob@trm.test"}


async def add(web: httpx.AsyncClient, project: dict[str, Any], person: Any, role: str) -> httpx.Response:
    path = f"/v1/projects/{project['id']}/participants"
    return await web.post(path, json={"person": person, "role": role}, headers=sent())


async def remove(web: httpx.AsyncClient, project: dict[str, Any], person: str) -> httpx.Response:
    return await web.delete(f"/v1/projects/{project['id']}/participants/{person}", headers=sent())


def roles(project: dict[str, Any], *, now: bool = True) -> list[str]:
    """Roles of who takes part now, or did."""
    return [one["role"] for one in project["participants"] if ("endAt" not in one) is now]


async def active(alice: httpx.AsyncClient, olga: httpx.AsyncClient, manager: dict[str, str] = ALICE) -> dict[str, Any]:
    """A project that Alice proposed and somebody manages, at work."""
    project = (await propose(alice)).json()
    await decide(olga, await asked(alice, project))
    await is_at(alice, project, "Planning")
    assert (await add(alice, project, manager, "Manager")).status_code == 200
    moved = await move(alice if manager == ALICE else olga, project, "Active")
    assert moved.status_code == 200, moved.text
    return dict(moved.json())


async def test_somebody_takes_part_in_one_role_at_a_time_and_leaves(alice: httpx.AsyncClient) -> None:
    project = (await propose(alice)).json()
    assert project["participants"] == []
    as_member = (await add(alice, project, BOB, "Member")).json()
    assert (roles(as_member), as_member["rev"]) == (["Member"], 2)
    same = await add(alice, project, BOB, "Member")
    assert same.json()["rev"] == 2, "what is so already is no change"
    sponsor = (await add(alice, project, BOB, "Sponsor")).json()
    assert (roles(sponsor), roles(sponsor, now=False)) == (["Sponsor"], ["Member"])
    bob = sponsor["participants"][0]["person"]["id"]
    mine = (await alice.get("/v1/projects", params={"participantId": bob, "text": project["name"]})).json()["items"]
    assert [one["id"] for one in mine] == [project["id"]]
    gone = (await remove(alice, project, bob)).json()
    assert (roles(gone), len(gone["participants"])) == ([], 2)
    nobody = await remove(alice, project, bob)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "notFound")
    newest = (await alice.get(f"/v1/projects/{project['id']}/history")).json()["items"][0]
    assert newest["madeBy"]["type"] == "PARTICIPANT_LEFT"
    feed = (await alice.get("/v1/feed", params={"id": project["id"], "type": "PARTICIPANT_ADDED"})).json()["items"]
    assert {one["subject"] for one in feed} == {project["id"]}


async def test_a_manager_takes_over_from_who_proposed_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    refused = await add(bob, project, BOB, "Manager")
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    assert refused.json()["detail"].startswith(
        "only its managers, or who proposed it while it has none, or a moderator"
    )
    managed = (await add(alice, project, BOB, "Manager")).json()
    assert (await changed(alice, managed, goal="mine still")).json()["code"] == "authorNeeded"
    assert (await add(alice, project, ALICE, "Manager")).json()["code"] == "authorNeeded"
    assert (await changed(bob, managed, goal="Bob's")).status_code == 200
    assert (await add(olga, project, ALICE, "Member")).status_code == 200, "a moderator may"
    own = next(one["person"]["id"] for one in managed["participants"])
    assert (await remove(alice, project, own)).json()["code"] == "authorNeeded", "a member lets nobody go"
    alices = project["proposer"]["id"]
    assert (await remove(alice, project, alices)).status_code == 200, "whoever takes part may leave"


async def test_the_last_manager_cannot_leave_an_active_project(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await active(alice, olga)
    alices = project["proposer"]["id"]
    for refused in (await remove(alice, project, alices), await add(alice, project, ALICE, "Member")):
        assert (refused.status_code, refused.json()["code"]) == (409, "managerMissing")
    assert (await add(alice, project, BOB, "Manager")).status_code == 200
    [bobs] = [
        one["person"]["id"]
        for one in (await alice.get(f"/v1/projects/{project['id']}")).json()["participants"]
        if one["person"]["id"] != alices
    ]
    answers = await asyncio.gather(*(remove(olga, project, one) for one in (alices, bobs)))
    assert sorted(one.status_code for one in answers) == [200, 409], "of two who leave at once, one stays"
    assert roles((await olga.get(f"/v1/projects/{project['id']}")).json()) == ["Manager"]


async def test_a_repetition_is_answered_alike_and_unknown_people_and_roles_are_told(alice: httpx.AsyncClient) -> None:
    project = (await propose(alice)).json()
    path, headers = f"/v1/projects/{project['id']}/participants", sent()
    first = await alice.post(path, json={"person": BOB, "role": "Observer"}, headers=headers)
    again = await alice.post(path, json={"person": BOB, "role": "Observer"}, headers=headers)
    assert (first.status_code, again.json()) == (200, first.json())
    other = await alice.post(path, json={"person": BOB, "role": "Member"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")
    wrong = await alice.post(path, json={"person": BOB, "role": "Boss"}, headers=sent())
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/role")
    nameless = await add(alice, project, {"name": f"Nobody {uuid4().hex}"}, "Member")
    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (422, "/person")
    nowhere = await add(alice, {"id": str(uuid4())}, BOB, "Member")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "notFound")


async def test_who_was_merged_takes_part_as_who_they_turned_out_to_be(
    machine: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tag = uuid4().hex[:8]
    old, new = [
        await write(machine, "/v1/people", fullName=f"Mai {n} {tag}", handle=f"mai-{n}-{tag}") for n in range(2)
    ]
    project = (await propose(machine, proposer={"id": old["id"]})).json()
    assert (await add(olga, project, {"id": old["id"]}, "Member")).status_code == 200
    merged = await merge(olga, new["id"], old["id"])
    assert merged.status_code in {200, 201}, merged.text
    mine = (await olga.get("/v1/projects", params={"participantId": new["id"]})).json()["items"]
    assert [one["id"] for one in mine] == [project["id"]]
    changed_role = (await add(olga, project, {"id": new["id"]}, "Sponsor")).json()
    assert roles(changed_role) == ["Sponsor"]
    assert (await remove(olga, project, old["id"])).json()["participants"][0]["endAt"]
