"""People who left: out of the list and of bare names, and named, read and thanked as ever."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from runtime.clock import now, rfc3339
from tests.people import listed, patch, thank, write

pytestmark = pytest.mark.servers

LONG_AGO = "2026-01-31T17:00:00Z"


async def record(machine: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    return await write(machine, "/v1/people", **said)


async def test_who_left_is_listed_only_when_asked_for_and_comes_back(machine: httpx.AsyncClient) -> None:
    name = f"Pham Mai {uuid4().hex[:8]}"
    stays, leaves = await record(machine, fullName=name), await record(machine, fullName=name)
    assert "leftAt" not in leaves
    left = await patch(machine, leaves["id"], leftAt=LONG_AGO)
    assert (left["leftAt"], left["rev"]) == (LONG_AGO, 2)
    assert (await patch(machine, leaves["id"], leftAt="2026-02-01T00:00:00+07:00"))["rev"] == 2, "the same moment"
    assert await listed(machine, name) == {stays["id"]}
    assert await listed(machine, name, left="true") == {stays["id"], leaves["id"]}
    assert (await machine.get(f"/v1/people/{leaves['id']}")).json()["leftAt"] == LONG_AGO
    back = await patch(machine, leaves["id"], leftAt=None)
    assert "leftAt" not in back
    assert await listed(machine, name) == {stays["id"], leaves["id"]}
    history = (await machine.get(f"/v1/people/{leaves['id']}/history")).raise_for_status().json()["items"]
    assert (history[0]["removed"], history[1]["properties"]["leftAt"][:10]) == (["leftAt"], "2026-01-31")


async def test_who_will_leave_is_there_until_then(machine: httpx.AsyncClient) -> None:
    name = f"Pham Mai {uuid4().hex[:8]}"
    person = await record(machine, fullName=name, leftAt=rfc3339(now() + timedelta(days=1)))
    assert await listed(machine, name) == {person["id"]}


async def test_a_bare_name_means_who_is_there(machine: httpx.AsyncClient) -> None:
    mark = uuid4().hex[:8]
    name, alias = f"Trần Bảo {mark}", f"Bảo Béo {mark}"
    left = await record(machine, fullName=name, email=f"a{mark}@left.test", leftAt=LONG_AGO)
    alone = await thank(machine, {"name": name})
    assert (alone.status_code, alone.json()["receivers"][0]["id"]) == (201, left["id"]), "nobody else fits"
    there = await record(machine, fullName=name, email=f"b{mark}@left.test", aliases=[alias])
    for one in (name, f"tran bao {mark}", alias):
        assert (await thank(machine, {"name": one})).json()["receivers"][0]["id"] == there["id"], one
    for whom in ({"email": f"a{mark}@left.test"}, {"id": left["id"]}):
        assert (await thank(machine, whom)).json()["receivers"][0]["id"] == left["id"], whom
    called = await record(machine, fullName=alias, leftAt=LONG_AGO)
    assert (await thank(machine, {"name": alias})).json()["receivers"][0]["id"] == there["id"], "by alias, but there"
    await patch(machine, there["id"], leftAt=LONG_AGO)
    assert (await thank(machine, {"name": alias})).json()["receivers"][0]["id"] == called["id"]
    doubtful = await thank(machine, {"name": name})
    assert (doubtful.status_code, len(doubtful.json()["candidates"])) == (422, 2), doubtful.text


async def test_pages_of_who_left_go_on_only_under_their_own_filter(machine: httpx.AsyncClient) -> None:
    name = f"Pham Mai {uuid4().hex[:8]}"
    people = {(await record(machine, fullName=name, leftAt=LONG_AGO))["id"] for _ in range(2)}
    asked = {"name": name, "left": "true", "limit": "1"}
    first = (await machine.get("/v1/people", params=asked)).raise_for_status().json()
    cursor = first["nextCursor"]
    second = (await machine.get("/v1/people", params={**asked, "cursor": cursor})).raise_for_status().json()
    assert {one["id"] for page in (first, second) for one in page["items"]} == people
    other = await machine.get("/v1/people", params={"name": name, "limit": "1", "cursor": cursor})
    assert (other.status_code, other.json()["code"]) == (400, "cursorInvalid")
