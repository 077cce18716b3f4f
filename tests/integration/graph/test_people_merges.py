"""People who turn out to be one, and who are told apart again, in a graph."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from ontology.references import PersonRef
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.runs import World

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


@pytest.fixture
async def world(tree: Settings, graph: GraphDatabase) -> World:
    return World(tree, graph, await connect(tree.temporal))


@pytest.fixture
def tag() -> str:
    return uuid4().hex[:8]


async def somebody(world: World, tag: str, name: str) -> str:
    return await world.record(
        full_name=f"{name} {tag}",
        email=f"{name}{tag}@merges.test",
        handle=f"{name}-{tag}",
        aliases=[f"Dr {name} {tag}"],
    )


async def leads(world: World, person: str) -> str | None:
    return (await world.node(person)).get("mergedInto")


async def test_what_cannot_be_merged_fails_with_its_reason_and_changes_nothing(world: World, tag: str) -> None:
    one, two, three = [await somebody(world, tag, name) for name in ("an", "binh", "chi")]
    nobody = str(uuid4())
    assert not (await world.merge(one, two)).failed
    stands = [await world.node(person) for person in (one, two, three)]
    for duplicate, survivor, code, pointer in (
        (nobody, two, "notFound", "/duplicate"),
        (two, nobody, "notFound", "/survivor"),
        (two, two, "mergeRefused", "/survivor"),
        (one, two, "mergeRefused", "/duplicate"),
        (one, three, "mergeRefused", "/duplicate"),
        (two, one, "mergeRefused", "/survivor"),
        (three, one, "mergeRefused", "/survivor"),
    ):
        ended = await world.merge(duplicate, survivor)
        assert (ended.failed, ended.reason_code, ended.pointer) == (True, code, pointer), ended.reason
    assert [await world.node(person) for person in (one, two, three)] == stands


async def test_an_undone_merge_leaves_both_as_they_were_but_for_what_was_written_meanwhile(
    world: World, tag: str
) -> None:
    one, two = [await somebody(world, tag, name) for name in ("an", "binh")]
    before = [await world.node(person) for person in (one, two)]
    await world.merge(one, two)
    assert (await world.node(two))["aliases"] == [f"Dr binh {tag}", f"Dr an {tag}", f"an {tag}"]
    meanwhile = PersonRef(email=f"an{tag}@merges.test")
    assert await world.thank(meanwhile) == two
    assert not (await world.unmerge(one)).failed
    changing = {"rev", "updatedAt"}
    after = [await world.node(person) for person in (one, two)]
    for earlier, later in zip(before, after, strict=True):
        assert {k: v for k, v in earlier.items() if k not in changing} == {
            k: v for k, v in later.items() if k not in changing
        }
    query = "MATCH (p:Person {id: $id})<-[:RECEIVED_BY]-(r) RETURN count(r) AS n"
    assert [(await world.graph.read(query, id=one))[0]["n"], (await world.graph.read(query, id=two))[0]["n"]] == [0, 1]
    assert await world.thank(meanwhile) == one
    assert await world.thank(PersonRef(handle=f"an-{tag}")) == one
    assert await violations(world.graph) == []


async def test_who_led_to_the_duplicate_before_follows_it_back_and_nobody_else(world: World, tag: str) -> None:
    early, one, two, late = [await somebody(world, tag, name) for name in ("an", "binh", "chi", "dung")]
    await world.merge(early, one)
    await world.merge(one, two)
    await world.merge(late, two)
    assert [await leads(world, person) for person in (early, one, late)] == [two, two, two]
    assert not (await world.unmerge(one)).failed
    assert [await leads(world, person) for person in (early, one, late)] == [one, None, two]
    assert set((await world.node(one))["aliases"]) == {f"an {tag}", f"Dr an {tag}", f"Dr binh {tag}"}
    assert set((await world.node(two))["aliases"]) == {f"dung {tag}", f"Dr dung {tag}", f"Dr chi {tag}"}


async def test_the_first_of_a_chain_is_told_apart_alone(world: World, tag: str) -> None:
    early, one, two = [await somebody(world, tag, name) for name in ("an", "binh", "chi")]
    await world.merge(early, one)
    await world.merge(one, two)
    assert not (await world.unmerge(early)).failed
    assert [await leads(world, person) for person in (early, one)] == [None, two]
    assert (await world.node(early))["email"] == f"an{tag}@merges.test"
    assert (await world.node(one))["aliases"] == [f"Dr binh {tag}"]
    assert set((await world.node(two))["aliases"]) == {f"binh {tag}", f"Dr binh {tag}", f"Dr chi {tag}"}
    assert not (await world.unmerge(one)).failed
    assert (await world.node(two))["aliases"] == [f"Dr chi {tag}"]


async def test_an_address_that_another_has_now_stays_with_them(world: World, tag: str) -> None:
    one, two = [await somebody(world, tag, name) for name in ("an", "binh")]
    await world.merge(one, two)
    heir = await world.record(full_name=f"Heir {tag}", email=f"an{tag}@merges.test")
    assert not (await world.unmerge(one)).failed
    held = await world.node(one)
    assert (held.get("email"), held["formerEmail"]) == (None, f"an{tag}@merges.test")
    assert (held["handle"], held.get("formerHandle")) == (f"an-{tag}", None)
    assert await world.thank(PersonRef(email=f"an{tag}@merges.test")) == heir


async def test_a_merge_may_be_undone_and_done_again(world: World, tag: str) -> None:
    one, two, three = [await somebody(world, tag, name) for name in ("an", "binh", "chi")]
    for survivor in (two, three, two):
        assert not (await world.merge(one, survivor)).failed
        assert await leads(world, one) == survivor
        assert not (await world.unmerge(one)).failed
    assert [(await world.node(person))["aliases"] for person in (two, three)] == [[f"Dr binh {tag}"], [f"Dr chi {tag}"]]


async def test_what_is_not_merged_is_not_undone(world: World, tag: str) -> None:
    one, two = [await somebody(world, tag, name) for name in ("an", "binh")]
    thanked = await world.thank(PersonRef(email=f"chi{tag}@merges.test"))
    asked = await world.record(full_name=f"Chi {tag}", email=f"chi{tag}@merges.test")
    assert await leads(world, asked) == thanked
    await world.merge(one, two)
    for person, code, said in (
        (str(uuid4()), "notFound", "no person"),
        (two, "mergeRefused", one),
        (asked, "mergeRefused", "never anybody else"),
    ):
        ended = await world.unmerge(person)
        assert (ended.failed, ended.reason_code, ended.pointer) == (True, code, "/id")
        assert said in (ended.reason or "")
