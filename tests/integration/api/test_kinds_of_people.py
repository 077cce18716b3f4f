"""Humans and agents: said by a request or a list, listed apart, and a human where nothing is said."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.people import import_people, listed, patch, reached, sent, write

pytestmark = pytest.mark.servers


async def test_humans_and_agents_are_listed_apart(machine: httpx.AsyncClient) -> None:
    name = f"Pham Mai {uuid4().hex[:8]}"
    human = await write(machine, "/v1/people", fullName=name)
    agent = await write(machine, "/v1/people", fullName=name, kind="agent")
    assert (human["kind"], agent["kind"]) == ("human", "agent")
    assert await listed(machine, name) == {human["id"], agent["id"]}
    assert await listed(machine, name, kind="agent") == {agent["id"]}
    assert await listed(machine, name, kind="human") == {human["id"]}
    assert (await patch(machine, human["id"], kind="agent"))["kind"] == "agent"
    assert (await patch(machine, agent["id"], kind=None))["kind"] == "human"
    assert await listed(machine, name, kind="agent") == {human["id"]}


async def test_who_is_only_mentioned_is_a_human(machine: httpx.AsyncClient) -> None:
    person = await reached(machine, {"email": f"{uuid4().hex[:8]}@kinds.test"})
    assert (await machine.get(f"/v1/people/{person}")).json()["kind"] == "human"


async def test_another_kind_is_refused_at_its_field(machine: httpx.AsyncClient) -> None:
    body = {"fullName": "Robot", "kind": "robot"}
    answer = await machine.post("/v1/people", json=body, headers=sent())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/kind")
    assert (await machine.get("/v1/people", params={"kind": "robot"})).status_code == 422


async def test_a_list_says_who_is_an_agent(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    mark = uuid4().hex[:8]
    rows = [f"a{mark},Build Bot {mark},Agent", f"b{mark},Le Binh {mark},human", f"c{mark},Do Chi {mark},"]
    assert await import_people(tmp_path, "Employee ID,Name,Account type", *rows) == 0
    everybody, agents = await listed(machine, mark), await listed(machine, mark, kind="agent")
    assert (len(everybody), len(agents)) == (3, 1)
    assert agents == await listed(machine, f"build bot {mark}")
