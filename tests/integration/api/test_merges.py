"""Two people who turn out to be one, over REST: looked at, said, undone, and refused with a reason; and who I am."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from runtime.settings import Settings
from tests.people import import_people, listed, patch, reached, sent
from tests.people import thank as thank_whom

pytestmark = pytest.mark.servers


async def person(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    tag = uuid4().hex[:8]
    body = {"fullName": f"{name} {tag}", "email": f"{tag}@merges.test", "handle": f"m-{tag}"}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    found: dict[str, Any] = (await client.post("/v1/people", json=body, headers=headers)).raise_for_status().json()
    return found


async def merge(client: httpx.AsyncClient, survivor: str, duplicate: str, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4()), "Prefer": "wait=10"}
    return await client.post(f"/v1/people/{survivor}/merges", json={"duplicateId": duplicate}, headers=headers)


async def unmerge(client: httpx.AsyncClient, survivor: str, duplicate: str) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    return await client.delete(f"/v1/people/{survivor}/merges/{duplicate}", headers=headers)


async def thank(client: httpx.AsyncClient, receiver: dict[str, str]) -> str:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [receiver], "content": f"Thank you {uuid4()}"}
    made = await client.post("/v1/recognitions", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return str(made.json()["receivers"][0]["id"])


async def test_a_merge_is_looked_at_said_and_undone(olga: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    one, two = await person(olga, "Mai Đỗ"), await person(olga, "Đỗ Mai")
    await thank(alice, {"email": two["email"]})
    look = (await olga.get(f"/v1/people/{one['id']}/merges/{two['id']}")).raise_for_status().json()
    assert (look["duplicate"]["received"], look["survivor"]["received"], "refusal" in look) == (1, 0, False)
    key = str(uuid4())
    said = await merge(olga, one["id"], two["id"], key)
    assert (said.status_code, said.json()["id"]) == (200, one["id"]), said.text
    assert two["fullName"] in said.json()["aliases"]
    assert (await merge(olga, one["id"], two["id"], key)).status_code == 200
    assert await thank(alice, {"email": two["email"]}) == one["id"]
    assert (await olga.get(f"/v1/people/{two['id']}")).json()["id"] == one["id"]
    undone = await unmerge(olga, one["id"], two["id"])
    assert (undone.status_code, undone.json()["id"], undone.json()["email"]) == (200, two["id"], two["email"])
    assert await thank(alice, {"email": two["email"]}) == two["id"]


async def test_what_cannot_be_is_refused_with_what_to_do(olga: httpx.AsyncClient) -> None:
    one, two, three = [await person(olga, "Ring") for _ in range(3)]
    assert (await merge(olga, one["id"], two["id"])).status_code == 200
    nobody = str(uuid4())
    for survivor, duplicate, status, code in (
        (one["id"], one["id"], 409, "mergeRefused"),
        (two["id"], one["id"], 409, "mergeRefused"),
        (one["id"], two["id"], 409, "mergeRefused"),
        (three["id"], two["id"], 409, "mergeRefused"),
        (two["id"], three["id"], 409, "mergeRefused"),
        (one["id"], nobody, 404, "notFound"),
        (nobody, one["id"], 404, "notFound"),
    ):
        look = (await olga.get(f"/v1/people/{survivor}/merges/{duplicate}")).raise_for_status().json()
        refused = await merge(olga, survivor, duplicate)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
        assert (look["refusal"]["code"], look["refusal"]["detail"]) == (code, refused.json()["detail"])
    for survivor, duplicate in ((three["id"], two["id"]), (one["id"], three["id"])):
        refused = await unmerge(olga, survivor, duplicate)
        assert (refused.status_code, refused.json()["code"]) == (409, "mergeRefused")


async def test_it_takes_the_authority(olga: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    one, two = await person(olga, "A"), await person(olga, "B")
    for refused in (
        await merge(machine, one["id"], two["id"]),
        await unmerge(machine, one["id"], two["id"]),
        await machine.get(f"/v1/people/{one['id']}/merges/{two['id']}"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "authorityNeeded")


async def test_i_am_who_my_token_says(
    olga: httpx.AsyncClient, alice: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    await thank(alice, {"email": "bob@trm.test"})
    me = (await alice.get("/v1/me")).raise_for_status().json()
    assert (me["email"], me["person"]["email"], me["authorities"]) == ("alice@trm.test", "alice@trm.test", [])
    assert "rw_recognition" in me["scopes"]
    assert "rw_person" not in me["scopes"]
    assert (await olga.get("/v1/me")).json()["authorities"] == ["founder", "moderator", "operator"]
    assert "email" not in (await machine.get("/v1/me")).json()
    async with httpx.AsyncClient(base_url=tree.api.public_url) as nobody:
        assert (await nobody.get("/v1/me")).status_code == 401


async def test_every_address_somebody_had_goes_with_them_and_comes_back(
    olga: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    one, two = await person(olga, "Stays"), await person(olga, "Moves")
    addresses = [two["email"]]
    for _ in range(2):
        addresses.append(f"{uuid4().hex[:8]}@merges.test")
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "Prefer": "wait=10"}
        changed = await olga.patch(f"/v1/people/{two['id']}", json={"email": addresses[-1]}, headers=headers)
        assert changed.status_code == 200, changed.text
    assert (await merge(olga, one["id"], two["id"])).status_code == 200
    assert [await thank(alice, {"email": address}) for address in addresses] == [one["id"]] * 3
    assert (await unmerge(olga, one["id"], two["id"])).status_code == 200
    assert [await thank(alice, {"email": address}) for address in addresses] == [two["id"]] * 3


async def called(client: httpx.AsyncClient, tag: str, **more: Any) -> str:
    body = {"fullName": f"Don Dupe {tag}", "aliases": [f"Donny {tag}"], "handle": f"hd.{tag}", **more}
    answer = await client.post("/v1/people", json=body, headers=sent())
    return str(answer.raise_for_status().json()["id"])


async def fits_nobody(client: httpx.AsyncClient, name: str) -> bool:
    return bool((await thank_whom(client, {"name": name})).json().get("code") == "nameRefused")


async def test_names_of_who_was_merged_lead_on_whatever_becomes_of_the_aliases(
    olga: httpx.AsyncClient, tmp_path: Path
) -> None:
    tag = uuid4().hex[:8]
    head, row = "Employee ID,Name,Email,Aliases", f"E1{tag},Sam Sole {tag},{tag}@merges.test"
    assert await import_people(tmp_path, head, f"{row},") == 0
    sam, don = await reached(olga, {"email": f"{tag}@merges.test"}), await called(olga, tag)
    assert (await merge(olga, sam, don)).status_code == 200
    assert await import_people(tmp_path, head, f"{row},Lister {tag}") == 0
    for aliases in ([f"Lister {tag}"], [f"Nick {tag}"]):
        assert (await patch(olga, sam, aliases=aliases))["aliases"] == aliases
        for name in (f"Don Dupe {tag}", f"don dupe {tag}", f"Donny {tag}", *aliases):
            assert await reached(olga, {"name": name}) == sam, name
    for part in (f"on Dupe {tag}", f"donny {tag}"):
        assert await listed(olga, part) == {sam}
    assert (await unmerge(olga, sam, don)).status_code == 200
    for name in (f"Don Dupe {tag}", f"Donny {tag}"):
        assert await reached(olga, {"name": name}) == don
    assert await listed(olga, f"don dupe {tag}") == {don}


async def test_a_name_that_somebody_has_now_is_theirs_and_not_who_was_mergeds(olga: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    sam, don = await called(olga, tag, fullName=f"Sam {tag}", handle=f"s-{tag}", aliases=[]), await called(olga, tag)
    assert (await merge(olga, sam, don)).status_code == 200
    await patch(olga, sam, aliases=[])
    other = await called(olga, tag, handle=f"o-{tag}", aliases=[])
    assert await reached(olga, {"name": f"Don Dupe {tag}"}) == other


async def test_a_handle_of_who_was_merged_is_a_name_that_leads_on(olga: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    sam, don = await called(olga, tag, fullName=f"Sam {tag}", handle=f"s-{tag}", aliases=[]), await called(olga, tag)
    assert (await merge(olga, sam, don)).status_code == 200
    for whom in ({"handle": f"hd.{tag}"}, {"name": f"hd.{tag}"}, {"name": f"HD.{tag}"}):
        assert await reached(olga, whom) == sam, whom
    assert await listed(olga, f"hd.{tag}") == {sam}
    other = await called(olga, tag, fullName=f"Other {tag}", aliases=[])
    assert await reached(olga, {"name": f"hd.{tag}"}) == other, "a handle is whose it is now"
    assert await listed(olga, f"hd.{tag}") == {other}
    assert not await fits_nobody(olga, f"s-{tag}")
