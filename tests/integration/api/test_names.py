"""Praise goes to who is named and to nobody else; projects are told apart by their accents."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.servers


async def record(machine: httpx.AsyncClient, **person: Any) -> str:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    return str((await machine.post("/v1/people", json=person, headers=headers)).raise_for_status().json()["id"])


async def thank(alice: httpx.AsyncClient, name: str, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"name": name}], "content": "Thank you", **more}
    return await alice.post("/v1/recognitions", json=body, headers=headers)


async def test_another_accent_is_another_person(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    anh = await record(machine, fullName=f"Nguyễn Văn Anh {tag}")
    refused = await thank(alice, f"Nguyễn Văn Ánh {tag}")
    assert (refused.status_code, refused.json()["code"]) == (422, "nameRefused")
    assert [one["id"] for one in refused.json()["candidates"]] == [anh]
    other = await record(machine, fullName=f"Nguyễn Văn Ánh {tag}")
    for name, wanted in ((f"Nguyễn Văn Ánh {tag}", other), (f"nguyễn văn anh {tag}", anh)):
        given = await thank(alice, name)
        assert (given.status_code, given.json()["receivers"][0]["id"]) == (201, wanted)
    both = await thank(alice, f"Nguyen Van Anh {tag}")
    assert {one["id"] for one in both.json()["candidates"]} == {anh, other}


async def test_aliases_and_handles_are_looked_up(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    hoa = await record(machine, fullName=f"Lê Thị Hoà {tag}", aliases=[f"Hoà Bee {tag}"], handle=f"hoa-{tag}")
    for name in (f"Lê Thị Hòa {tag}", f"Hòa Bee {tag}", f"hoa bee {tag}", f"hoa-{tag}"):
        given = await thank(alice, name)
        assert (given.status_code, given.json()["receivers"][0]["id"]) == (201, hoa), name
    for part in (f"bee {tag}", f"hoa-{tag}", f"thi hoa {tag}"):
        found = (await machine.get("/v1/people", params={"name": part})).json()["items"]
        assert [one["id"] for one in found] == [hoa], part


async def test_one_letter_typed_three_ways_is_found(machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    dang = await record(machine, fullName=f"Ðặng Thị Đào {tag}")
    found = (await machine.get("/v1/people", params={"name": f"dang thi dao {tag}"})).json()["items"]
    assert [one["id"] for one in found] == [dang]


async def test_projects_are_told_apart_by_their_accents(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    somebody = f"Somebody {tag}"
    await record(machine, fullName=somebody)
    named = (f"Dự án Mây {tag}", f"Dự án Máy {tag}", f"dự án MÂY {tag}")
    given = [await thank(alice, somebody, project={"name": name}) for name in named]
    cloud, machine_, again = (one.raise_for_status().json()["project"]["id"] for one in given)
    assert cloud == again != machine_


async def test_what_a_name_means_is_decided_once(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    name = f"Twice There {uuid4().hex[:8]}"
    first = await record(machine, fullName=name)
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"name": name}], "content": "Thank you"}
    given = await alice.post("/v1/recognitions", json=body, headers=headers)
    await record(machine, fullName=name)
    again = await alice.post("/v1/recognitions", json=body, headers=headers)
    assert (again.status_code, again.json()["id"]) == (201, given.json()["id"])
    assert again.json()["receivers"][0]["id"] == first
    other = await alice.post("/v1/recognitions", json={**body, "content": "Something else"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "nameRefused")
