"""Changing a thing: nobody's change is lost, a repetition changes nothing, and every refusal says why."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.servers


async def person(machine: httpx.AsyncClient, **more: Any) -> httpx.Response:
    tag = uuid4().hex[:8]
    body = {"fullName": f"Lê Văn {tag}", "email": f"{tag}@change.test", "handle": f"c-{tag}", **more}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    made = (await machine.post("/v1/people", json=body, headers=headers)).raise_for_status()
    return await machine.get(f"/v1/people/{made.json()['id']}")


async def patch(
    machine: httpx.AsyncClient, read: httpx.Response, body: dict[str, Any], *, key: str = "", **headers: str
) -> httpx.Response:
    sent = {"Idempotency-Key": key or str(uuid4()), "If-Match": read.headers["ETag"], "Prefer": "wait=10", **headers}
    return await machine.patch(f"/v1/people/{read.json()['id']}", json=body, headers=sent)


async def test_what_is_said_changes_and_the_rest_stays(machine: httpx.AsyncClient) -> None:
    read = await person(machine, role="Baker")
    answer = await patch(machine, read, {"fullName": "Lê Thị Hoà", "email": None})
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert (changed["fullName"], "email" in changed, changed["role"]) == ("Lê Thị Hoà", False, "Baker")
    assert (changed["rev"], changed["handle"]) == (2, read.json()["handle"])
    assert answer.headers["ETag"] != read.headers["ETag"]
    again = await machine.get(f"/v1/people/{changed['id']}")
    assert (again.json(), again.headers["ETag"]) == (changed, answer.headers["ETag"])
    assert changed["id"] in {one["id"] for one in (await machine.get("/v1/people?name=le thi hoa")).json()["items"]}
    assert [one["type"] for one in changed["recordedBy"]] == ["PERSON_RECORDED", "PERSON_CHANGED"]


async def test_of_two_who_change_at_once_one_is_told_and_nothing_is_lost(machine: httpx.AsyncClient) -> None:
    read = await person(machine)
    both = await asyncio.gather(patch(machine, read, {"role": "Baker"}), patch(machine, read, {"aliases": ["Hoa"]}))
    assert sorted(answer.status_code for answer in both) == [200, 412]
    [stale] = [answer for answer in both if answer.status_code == 412]
    assert (stale.json()["code"], stale.json()["errors"][0]["pointer"]) == ("revisionStale", "#header/If-Match")
    latest = await machine.get(f"/v1/people/{read.json()['id']}")
    assert latest.json()["rev"] == 2
    insisted = await patch(machine, latest, {"aliases": ["Hoa"], "role": "Baker"}, **{"If-Match": "*"})
    assert (insisted.json()["aliases"], insisted.json()["role"]) == (["Hoa"], "Baker")


async def test_a_repetition_changes_nothing_and_says_the_same(machine: httpx.AsyncClient) -> None:
    read, key = await person(machine), str(uuid4())
    first = await patch(machine, read, {"role": "Baker"}, key=key)
    later = await patch(machine, first, {"role": "Cook"})
    again = await patch(machine, read, {"role": "Baker"}, key=key)
    assert again.status_code == 200
    assert (again.json()["rev"], again.json()["role"]) == (later.json()["rev"], "Cook"), "the thing as it is now"
    other = await patch(machine, later, {"role": "Smith"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")
    same = await patch(machine, later, {"role": "Cook"})
    assert same.json()["rev"] == later.json()["rev"], "what is so already makes no revision"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "preconditionRequired"),
        ({"If-Match": '"7.abcdef"'}, 412, "revisionStale"),
        ({"If-Match": "nothing of ours"}, 412, "revisionStale"),
        ({"If-Match": 'W/"1.abcdef"'}, 412, "revisionStale"),
    ],
)
async def test_without_a_tag_that_fits_nothing_changes(
    machine: httpx.AsyncClient, headers: dict[str, str], status: int, code: str
) -> None:
    read = await person(machine)
    sent = {"Idempotency-Key": str(uuid4()), **headers}
    answer = await machine.patch(f"/v1/people/{read.json()['id']}", json={"role": "Baker"}, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await machine.get(f"/v1/people/{read.json()['id']}")).json() == read.json()


async def test_what_cannot_be_is_refused_at_its_field(machine: httpx.AsyncClient) -> None:
    read, other = await person(machine), await person(machine)
    taken = await patch(machine, read, {"email": other.json()["email"].upper()})
    assert (taken.status_code, taken.json()["code"], taken.json()["errors"][0]["pointer"]) == (
        409,
        "personExists",
        "/email",
    )
    nameless = await patch(machine, read, {"fullName": None})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "invalidRequest")
    unknown = await patch(machine, read, {"salary": 3})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/salary")
    sent = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "Prefer": "wait=10"}
    absent = await machine.patch(f"/v1/people/{uuid4()}", json={"role": "Baker"}, headers=sent)
    assert (absent.status_code, absent.json()["code"]) == (404, "notFound")
    corrected = await patch(machine, read, {"email": f"{uuid4().hex[:8]}@change.test"})
    assert corrected.status_code == 200


async def test_a_change_that_nobody_waits_for_is_accepted(machine: httpx.AsyncClient) -> None:
    read = await person(machine)
    answer = await patch(machine, read, {"role": "Baker"}, Prefer="wait=0")
    assert answer.status_code in {200, 202}
    if answer.status_code == 202:
        assert answer.headers["Location"] == f"/v1/people/{read.json()['id']}"


async def test_history_says_what_changed_when_and_by_whom(machine: httpx.AsyncClient) -> None:
    read = await person(machine)
    first = await patch(machine, read, {"role": "Baker", "email": None})
    await patch(machine, first, {"role": "Cook"})
    path = f"/v1/people/{read.json()['id']}/history"
    page = (await machine.get(path, params={"limit": 2})).raise_for_status().json()
    third, second = page["items"]
    assert (third["rev"], third["properties"]["role"], second["removed"]) == (3, "Cook", ["email"])
    assert second["properties"].keys() == {"role", "formerEmail", "updatedAt"}
    assert second["validTo"] == third["validFrom"]
    cause = second["madeBy"]
    assert (cause["type"], cause["agent"], cause["eventId"]) == ("PERSON_CHANGED", "ChangeWorkflow", cause["eventId"])
    assert cause["sentBy"]["identityId"]
    assert cause["workflowId"].startswith(f"person/{read.json()['id']}/")
    [begun] = (await machine.get(path, params={"before": page["nextBefore"]})).json()["items"]
    assert (begun["rev"], begun["properties"]["fullName"]) == (1, read.json()["fullName"])
    assert (await machine.get(f"/v1/people/{uuid4()}/history")).status_code == 404


async def test_the_history_of_what_is_private_is_for_its_parties(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Between us", "visibility": "parties"}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    made = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["id"]
    [said] = (await bob.get(f"/v1/recognitions/{made}/history")).raise_for_status().json()["items"]
    assert said["properties"]["content"] == "Between us"
    assert {one["type"] for one in said["made"]} == {"RECOGNIZED_BY", "RECEIVED_BY"}
    assert (await machine.get(f"/v1/recognitions/{made}/history")).status_code == 404
