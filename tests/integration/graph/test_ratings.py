"""Which severities are labels: those that humans said of what everyone may read."""

from uuid import uuid4

import httpx
import pytest

from graph.database import GraphDatabase
from graph.ratings import Rated, rated_by_humans
from runtime.settings import Settings
from tests.people import sent
from tests.tensions import move, report

pytestmark = pytest.mark.servers


async def rate(client: httpx.AsyncClient, made: httpx.Response, severity: int) -> None:
    body = {"severity": severity, "reason": "I was there"}
    said = await client.post(f"{made.headers['Location']}/severity", json=body, headers=sent())
    assert said.status_code in (200, 201, 202), said.text


async def labels(tree: Settings, mark: str, page: int = 200) -> list[Rated]:
    async with GraphDatabase(tree.graph) as graph:
        return [one async for one in rated_by_humans(graph, page) if mark in one.text]


async def test_what_a_human_said_is_a_label_of_the_text_as_the_machine_reads_it(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    mark = uuid4().hex[:8]
    made = await report(alice, title=f"The ladder wobbles {mark}", facts="In hall three", language="en")
    assert await labels(tree, mark) == [], "what the machine said is none"
    await rate(alice, made, 3)
    assert await labels(tree, mark) == [Rated(f"The ladder wobbles {mark}\nIn hall three", 3, "en")]


async def test_what_is_private_or_archived_is_no_label(alice: httpx.AsyncClient, tree: Settings) -> None:
    mark = uuid4().hex[:8]
    private = await report(alice, title=f"Somebody shouts {mark}", visibility="parties")
    public, later = [await report(alice, title=f"The door jams {mark} {number}") for number in range(2)]
    for made in (private, public, later):
        await rate(alice, made, 2)
    gone = await move(alice, public, "Archived")
    assert gone.status_code == 200, gone.text
    assert [one.text for one in await labels(tree, mark)] == [f"The door jams {mark} 1"]


async def test_every_label_is_read_once_whatever_the_page(alice: httpx.AsyncClient, tree: Settings) -> None:
    mark = uuid4().hex[:8]
    for number in range(3):
        await rate(alice, await report(alice, title=f"Loose cable {mark} {number}"), number + 1)
    found = await labels(tree, mark, page=1)
    assert sorted(one.severity for one in found) == [1, 2, 3]
