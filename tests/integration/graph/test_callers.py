"""Who stands behind a token, in a graph: bound, filled in by what later tokens say, led to whom an address names."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from ontology.references import Caller, PersonRef
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


class Sub:
    """A subject of this test's own, and an address that is theirs."""

    def __init__(self) -> None:
        self.tag = uuid4().hex[:8]
        self.email = f"{self.tag}@callers.test"

    def token(self, *, verified: bool = False, name: str | None = None, sub: str = "") -> Caller:
        email = self.email if verified else None
        return Caller(issuer="urn:test:issuer", subject=sub or f"sub-{self.tag}", email=email, full_name=name)


async def test_a_verified_name_replaces_a_stand_in(world: World) -> None:
    sub = Sub()
    thanked = await world.thank(PersonRef(email=sub.email))
    assert await world.give(sub.token(verified=True, name="Bob Iyer")) == thanked
    person = await world.known(thanked)
    assert (person["fullName"], person["foldedName"], person.get("aliases", [])) == ("Bob Iyer", "bob iyer", [])
    assert person["provisional"] is True
    await world.record(fullName="Bob A. Iyer", email=sub.email, role="Baker")
    await world.give(sub.token(verified=True, name="Bobby"))
    person = await world.known(thanked)
    assert (person["fullName"], person["provisional"], person["role"]) == ("Bob A. Iyer", False, "Baker")


async def test_a_name_by_hearsay_becomes_an_alias(world: World) -> None:
    sub = Sub()
    thanked = await world.thank(PersonRef(email=sub.email, full_name="Bobby"))
    await world.give(sub.token(verified=True))
    assert (await world.known(thanked))["fullName"] == "Bobby"
    await world.give(sub.token(verified=True, name="Bob Iyer"))
    person = await world.known(thanked)
    assert (person["fullName"], person["aliases"]) == ("Bob Iyer", ["Bobby"])
    for name in ("Robert", "Bob Iyer", "Robert", "Bobby"):
        await world.give(sub.token(verified=True, name=name, sub=f"{sub.tag}-{name}"))
    person = await world.known(thanked)
    assert (person["fullName"], person["aliases"]) == ("Robert", ["Bobby", "Bob Iyer"])


async def test_a_later_name_of_an_unverified_subject_counts(world: World) -> None:
    sub = Sub()
    first = await world.give(sub.token())
    assert (await world.known(first))["fullName"] == f"sub-{sub.tag}"
    assert await world.give(sub.token(name="Thảo Lê")) == first
    assert ((await world.known(first))["fullName"], (await world.known(first)).get("email")) == ("Thảo Lê", None)


async def test_an_address_verified_later_is_the_subjects(world: World) -> None:
    sub = Sub()
    first = await world.give(sub.token())
    assert await world.give(sub.token(verified=True, name="Thảo Lê")) == first
    assert (await world.known(first))["email"] == sub.email
    assert await world.thank(PersonRef(email=sub.email)) == first


async def test_an_address_just_verified_and_a_receiver_are_one(world: World) -> None:
    sub = Sub()
    await world.give(sub.token())
    with pytest.raises(AssertionError, match="selfRecognition"):
        await world.give(sub.token(verified=True), PersonRef(email=sub.email))


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "provisional"])
async def test_an_address_of_somebody_known_leads_the_subject_to_them(world: World, recorded: bool) -> None:
    sub = Sub()
    first = await world.give(sub.token(name="Thao"))
    if recorded:
        await world.record(fullName="Lê Thị Thảo", email=sub.email)
    other = await world.thank(PersonRef(email=sub.email))
    assert other != first
    with pytest.raises(AssertionError, match="selfRecognition"):
        await world.give(sub.token(verified=True), PersonRef(id=UUID(first)))
    assert await world.give(sub.token(verified=True, name="Thảo Lê")) == other
    person = await world.known(first)
    assert (person["id"], person["email"]) == (other, sub.email)
    assert person["fullName"] == ("Lê Thị Thảo" if recorded else "Thảo Lê")
    assert "Thao" in person["aliases"]
    assert await world.behind(sub.token()) == other
    assert await world.give(sub.token()) == other
    assert await world.thank(PersonRef(id=UUID(first))) == other
    assert await violations(world.graph) == []


async def test_a_snippet_leads_as_a_recognition_does(world: World) -> None:
    sub = Sub()
    await world.give(sub.token())
    other = await world.thank(PersonRef(email=sub.email))
    assert await world.write(sub.token(verified=True, name="Thảo Lê")) == (other, "Thảo Lê")
    assert await world.behind(sub.token()) == other


async def test_a_person_whom_others_mean_too_is_not_led_away(world: World) -> None:
    """Recorded, or another subject's too: an operator merges them, a token does not."""
    sub = Sub()
    first = await world.give(sub.token())
    await world.link(sub.token(sub=f"second-{sub.tag}"), first)
    other = await world.thank(PersonRef(email=sub.email))
    assert await world.give(sub.token(verified=True)) == first != other
    assert "mergedInto" not in await world.known(first)
