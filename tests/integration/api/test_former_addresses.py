"""Every address and handle somebody had leads to them, however often they get another, whoever changes it."""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from ontology import ids
from ontology.references import Caller
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.people import import_people, listed, patch, reached, thank, write
from tests.runs import World

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("key", ["email", "handle"])
async def test_mentions_by_each_of_four_keys_reach_one_person(machine: httpx.AsyncClient, key: str) -> None:
    mark = uuid4().hex[:8]
    behind = "@moves.test" if key == "email" else ""
    keys = [f"{letter}{mark}{behind}" for letter in "abcd"]
    person = (await write(machine, "/v1/people", fullName=f"Vo An {mark}", **{key: keys[0]}))["id"]
    for one in keys[1:]:
        changed = await patch(machine, person, **{key: one})
        assert (changed["id"], changed[key]) == (person, one), "the person, not a lead that the change made"
    for one in keys:
        assert await reached(machine, {key: one}) == person, one
    assert key not in await patch(machine, person, **{key: None})
    for one in keys:
        assert await reached(machine, {key: one}) == person, one
    found = (await machine.get("/v1/people", params={"name": f"vo an {mark}"})).json()["items"]
    assert [one["id"] for one in found] == [person], "leads are nobody of their own"


async def test_who_was_first_mentioned_is_found_by_every_address_too(machine: httpx.AsyncClient) -> None:
    mark = uuid4().hex[:8]
    keys = [f"{letter}{mark}@moves.test" for letter in "abc"]
    person = await reached(machine, {"email": keys[0]})
    assert person == str(ids.person_by_email(keys[0]))
    for one in keys[1:]:
        await patch(machine, person, email=one)
    await patch(machine, person, email=keys[0])  # and back again
    await patch(machine, person, email=None)
    for one in keys:
        assert await reached(machine, {"email": one}) == person, one


async def test_an_address_that_somebody_has_now_is_theirs(machine: httpx.AsyncClient) -> None:
    mark = uuid4().hex[:8]
    keys = [f"{letter}{mark}@moves.test" for letter in "abc"]
    first = (await write(machine, "/v1/people", fullName=f"First {mark}", email=keys[0]))["id"]
    for one in keys[1:]:
        await patch(machine, first, email=one)
    second = (await write(machine, "/v1/people", fullName=f"Second {mark}", email=keys[0]))["id"]
    assert await reached(machine, {"email": keys[0]}) == second
    await patch(machine, second, email=f"z{mark}@moves.test")
    assert await reached(machine, {"email": keys[0]}) == second, "who had it last"
    assert await reached(machine, {"email": keys[1]}) == first


async def test_a_staff_list_moves_somebody_month_by_month(
    tree: Settings, machine: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark = uuid4().hex[:8]
    keys = [f"{month}{mark}@moves.test" for month in ("may", "june", "july", "august")]
    for one in keys:
        row = f"{mark},Vo An {mark},{one},{one.partition('@')[0]}"
        assert await import_people(tmp_path, "Employee ID,Name,Email,Username", row) == 0
    people = {await reached(machine, {"email": one}) for one in keys}
    people |= {await reached(machine, {"handle": one.partition("@")[0]}) for one in keys}
    assert len(people) == 1
    async with GraphDatabase(tree.graph) as graph:
        assert await violations(graph) == []


async def test_what_is_private_stays_theirs_and_a_token_of_any_address_is_them(
    tree: Settings, machine: httpx.AsyncClient
) -> None:
    mark = uuid4().hex[:8]
    keys = [f"{letter}{mark}@moves.test" for letter in "abcd"]
    person = await reached(machine, {"email": keys[0]})
    private = {"visibility": "parties", "giver": {"email": "carol@trm.test"}}
    early = (await thank(machine, {"email": keys[0]}, **private)).json()
    for one in keys[1:]:
        await patch(machine, person, email=one)
    late = (await thank(machine, {"email": keys[0]}, **private)).json()
    async with GraphDatabase(tree.graph) as graph:
        world = World(tree, graph, await connect(tree.temporal))
        for one in keys:
            assert await world.behind(Caller(issuer="urn:test", subject=f"{mark}{one}", email=one)) == person, one
    for client_id in (person, str(ids.person_by_email(keys[1]))):
        listed = await machine.get("/v1/recognitions", params={"receiverId": client_id, "limit": 100})
        assert {early["id"], late["id"]} <= {one["id"] for one in listed.json()["items"]}, client_id


async def test_several_who_move_while_they_are_mentioned_stay_one_each(machine: httpx.AsyncClient) -> None:
    mark = uuid4().hex[:8]
    people = [
        (await write(machine, "/v1/people", fullName=f"Nr {n} {mark}", email=f"p{n}a{mark}@moves.test"))["id"]
        for n in range(3)
    ]

    async def move(number: int, person: str) -> None:
        for letter in "bcd":
            await patch(machine, person, email=f"p{number}{letter}{mark}@moves.test")

    async def mention(number: int) -> None:
        for _ in range(3):
            await reached(machine, {"email": f"p{number}a{mark}@moves.test"})

    await asyncio.gather(*(move(n, one) for n, one in enumerate(people)), *(mention(n) for n in range(3)))
    for number, person in enumerate(people):
        for letter in "abcd":
            assert await reached(machine, {"email": f"p{number}{letter}{mark}@moves.test"}) == person


async def test_every_handle_somebody_had_is_a_name_of_theirs_until_another_has_it(machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    first = await reached(machine, {"handle": f"first.{tag}"})  # known by it alone, so that the id comes from it
    await patch(machine, first, fullName=f"An Vo {tag}")
    for handle in ("second", "third", "fourth"):
        await patch(machine, first, handle=f"{handle}.{tag}")
    for handle in ("first", "second", "third", "fourth"):
        assert await reached(machine, {"name": f"{handle}.{tag}"}) == first, handle
        assert await listed(machine, f"{handle}.{tag}") == {first}, handle
    for handle in ("first", "third"):
        other = (await write(machine, "/v1/people", fullName=f"Other {tag}", handle=f"{handle}.{tag}"))["id"]
        assert await reached(machine, {"name": f"{handle}.{tag}"}) == other, "it is whose it is now"
        assert await listed(machine, f"{handle}.{tag}") == {other}
    await patch(machine, first, handle=None)
    assert await reached(machine, {"name": f"fourth.{tag}"}) == first
