"""``/v1/projects`` on real servers: proposed, read, listed and changed."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.people import sent, thank, write

pytestmark = pytest.mark.servers


def named(word: str = "Two couriers") -> str:
    return f"{word} {uuid4().hex[:8]}"


async def propose(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    return await client.post("/v1/projects", json={"name": named(), **said}, headers=sent())


async def changed(client: httpx.AsyncClient, project: dict[str, Any], **said: Any) -> httpx.Response:
    path, at = f"/v1/projects/{project['id']}", f'"{project["rev"]}.00"'
    return await client.patch(path, json=said, headers=sent(**{"If-Match": at}))


async def listed(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    answer = (await client.get("/v1/projects", params={"limit": 100, **asked})).raise_for_status()
    return [one["name"] for one in answer.json()["items"]]


async def test_a_project_is_proposed_and_told_in_history_with_event_run_and_person(alice: httpx.AsyncClient) -> None:
    said = {"goal": "Deliver on Saturdays too", "plannedStartAt": "2026-12-01T08:00:00+07:00", "language": "en"}
    project = await write(alice, "/v1/projects", name=named(), **said)
    assert (project["status"], project["provisional"], project["rev"]) == ("Proposal", False, 1)
    assert project["proposer"]["fullName"] == "Alice Nguyễn"
    assert project["plannedStartAt"].startswith("2026-12-01T01:00:00")
    read = await alice.get(f"/v1/projects/{project['id']}")
    assert read.json() == project
    [revision] = (await alice.get(f"/v1/projects/{project['id']}/history")).json()["items"]
    assert (revision["madeBy"]["type"], revision["madeBy"]["workflowId"]) == (
        "PROJECT_PROPOSED",
        f"project/{project['id']}",
    )


async def test_a_repetition_proposes_the_same_and_another_body_is_refused(alice: httpx.AsyncClient) -> None:
    headers, body = sent(), {"name": named()}
    first = await alice.post("/v1/projects", json=body, headers=headers)
    again = await alice.post("/v1/projects", json=body, headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    other = await alice.post("/v1/projects", json={**body, "goal": "another"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")


async def test_no_two_projects_have_one_name(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    project = (await propose(alice, name=named("Giao hàng"))).json()
    taken = await propose(bob, name=f"  {project['name'].upper()} ")
    assert (taken.status_code, taken.json()["code"], taken.json()["errors"][0]["pointer"]) == (
        409,
        "projectExists",
        "/name",
    )
    assert project["id"] in taken.json()["detail"]
    unaccented = await propose(bob, name=project["name"].replace("à", "a"))
    assert unaccented.status_code == 201, "accents tell names apart"
    renamed = await changed(bob, unaccented.json(), name=project["name"])
    assert (renamed.status_code, renamed.json()["code"]) == (409, "projectExists")
    assert (await changed(alice, project, name=project["name"].upper())).status_code == 200, "its own name is its own"


async def test_of_many_who_propose_one_name_at_once_one_does(alice: httpx.AsyncClient) -> None:
    name = named()
    answers = await asyncio.gather(*(propose(alice, name=name) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409, 409]
    assert await listed(alice, text=name) == [name]


async def test_a_name_that_a_recognition_gave_first_is_taken(alice: httpx.AsyncClient) -> None:
    name = named()
    thanks = await thank(alice, {"email": f"{uuid4().hex}@people.test"}, project={"name": name})
    [provisional] = (await alice.get("/v1/projects", params={"text": name, "provisional": True})).json()["items"]
    assert (provisional["id"], provisional["proposer"]) == (thanks.json()["project"]["id"], None)
    assert (await propose(alice, name=name)).json()["code"] == "projectExists"
    own = await write(alice, "/v1/projects", name=named())
    recognised = await thank(alice, {"email": f"{uuid4().hex}@people.test"}, project={"name": own["name"]})
    assert recognised.json()["project"] == {"id": own["id"], "name": own["name"]}


async def test_who_proposed_it_changes_it_and_others_are_told_who_may(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    refused = await changed(bob, project, goal="mine")
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    assert refused.json()["detail"] == (
        "only its managers, or who proposed it while it has none, or a moderator, may do this"
    )
    name = named("Renamed")
    answer = await changed(alice, project, name=name, goal="Faster", plannedEndAt="2027-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["name"], answer.json()["rev"]) == (200, name, 2)
    stale = await changed(alice, project, goal="slower")
    assert (stale.status_code, stale.json()["code"]) == (412, "revisionStale")
    assert (await listed(alice, text=project["name"]), await listed(alice, text=name.upper())) == ([], [name])
    moderated = await changed(olga, answer.json(), goal=None)
    assert (moderated.status_code, "goal" in moderated.json()) == (200, False)


async def test_a_plan_ends_after_it_starts(alice: httpx.AsyncClient) -> None:
    said = {"plannedStartAt": "2026-12-02T00:00:00Z", "plannedEndAt": "2026-12-01T00:00:00Z"}
    answer = await propose(alice, **said)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (
        422,
        "endBeforeStart",
        "/plannedEndAt",
    )
    project = (await propose(alice, plannedStartAt=said["plannedStartAt"])).json()
    assert (await changed(alice, project, plannedEndAt=said["plannedEndAt"])).json()["code"] == "endBeforeStart"


async def test_nobody_proposes_in_anothers_name(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    refused = await propose(alice, proposer={"email": "bob@trm.test"})
    assert (refused.status_code, refused.json()["code"]) == (403, "onBehalfForbidden")
    assert (await propose(machine, proposer={"email": "bob@trm.test"})).json()["proposer"]["fullName"] == "Bob Iyer"


async def test_projects_are_listed_by_who_proposed_them_page_by_page(machine: httpx.AsyncClient) -> None:
    proposer = {"email": f"{uuid4().hex}@people.test"}
    made = [(await propose(machine, proposer=proposer)).json() for _ in range(3)]
    asked = {"proposerId": made[0]["proposer"]["id"], "status": "Proposal", "limit": 2}
    first = (await machine.get("/v1/projects", params=asked)).json()
    second = (await machine.get("/v1/projects", params={**asked, "cursor": first["nextCursor"]})).json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == [one["id"] for one in reversed(made)]
    assert second["nextCursor"] is None
    assert await listed(machine, proposerId=made[0]["proposer"]["id"], status="Active") == []


async def test_who_named_it_first_owns_it_no_more_than_anybody(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    name = named()
    await thank(bob, {"email": f"{uuid4().hex}@people.test"}, project={"name": name})
    [provisional] = (await bob.get("/v1/projects", params={"text": name})).json()["items"]
    for client in (alice, bob):
        refused = await changed(client, provisional, goal="mine")
        assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
