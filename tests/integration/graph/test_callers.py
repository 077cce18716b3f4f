"""Who stands behind a token, in a graph: bound, filled in by what later tokens say, led to whom an address names."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client

from graph.audit import violations
from graph.database import GraphDatabase
from graph.people_reads import get_person, person_behind
from graph.visibility import Viewer
from ontology import ids
from ontology.commands import (
    Command,
    IndexKnowledge,
    LinkIdentity,
    Origin,
    PersonDetails,
    RecordPerson,
    RecordRecognition,
)
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionContent
from ontology.references import Caller, PersonRef
from runtime.clock import now
from runtime.hashing import request_hash
from runtime.settings import Settings
from runtime.temporal_client import connect
from workflows.starts import finish, start

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


@pytest.fixture
async def world(tree: Settings, graph: GraphDatabase) -> "World":
    return World(tree, graph, await connect(tree.temporal))


class Sub:
    """A subject of this test's own, and an address that is theirs."""

    def __init__(self) -> None:
        self.tag = uuid4().hex[:8]
        self.email = f"{self.tag}@callers.test"

    def token(self, *, verified: bool = False, name: str | None = None, sub: str = "") -> Caller:
        email = self.email if verified else None
        return Caller(issuer="urn:test:issuer", subject=sub or f"sub-{self.tag}", email=email, full_name=name)


class World:
    """Writes as the gateway and other systems do, in runs that tell their records, and reads the graph."""

    def __init__(self, tree: Settings, graph: GraphDatabase, temporal: Client) -> None:
        self.tree = tree
        self.graph = graph
        self.temporal = temporal

    async def give(self, caller: Caller, receiver: PersonRef | None = None) -> str:
        """A recognition of the caller; gives the giver's id."""
        content = RecognitionContent(receivers=[receiver or PersonRef(email="somebody@callers.test")], content="Seen")
        return await self._recognise(content, "RECOGNIZED_BY", caller)

    async def thank(self, ref: PersonRef) -> str:
        """Somebody else's thanks to a person; gives the person's id."""
        giver = PersonRef(email="somebody@callers.test")
        return await self._recognise(RecognitionContent(giver=giver, receivers=[ref], content="Thanks"), "RECEIVED_BY")

    async def record(self, **details: Any) -> None:
        origin = self._origin(EventType.PERSON_RECORDED)
        await self.carry_out(RecordPerson(id=uuid4(), origin=origin, person=PersonDetails.model_validate(details)))

    async def write(self, caller: Caller) -> tuple[str, str]:
        """A snippet of the caller; gives its author's id and name."""
        origin = self._origin(EventType.KNOWLEDGE_SNIPPET_UPSERTED, caller)
        snippet = KnowledgeSnippetUpserted(content="Valves are labelled")
        command = IndexKnowledge(id=uuid4(), origin=origin, snippet=snippet)
        await self.carry_out(command)
        author = await self._target(command.id, "AUTHORED_BY")
        return author["id"], author["fullName"]

    async def link(self, caller: Caller, person: str) -> None:
        command = LinkIdentity(
            id=ids.identity(caller.issuer, caller.subject),
            origin=self._origin(EventType.PERSON_LINKED),
            issuer=caller.issuer,
            subject=caller.subject,
            person_id=UUID(person),
        )
        await self.carry_out(command)

    async def known(self, person: str) -> dict[str, Any]:
        row = await get_person(self.graph, UUID(person), Viewer(None, None))
        assert row is not None
        return dict(row["person"])

    async def behind(self, caller: Caller) -> str:
        return str(await person_behind(self.graph, caller))

    async def carry_out(self, command: Command) -> None:
        accepted = await finish(self.temporal, await start(self.temporal, command, self.tree.temporal.task_queue))
        assert not accepted.failed, accepted.reason_code

    def _origin(self, kind: EventType, caller: Caller | None = None) -> Origin:
        said = request_hash(PersonRef(id=uuid4()))
        moment, source = now(), self.tree.events.source
        return Origin(
            event_id=uuid4(),
            event_type=kind,
            source=source,
            occurred_at=moment,
            sent_at=moment,
            request_hash=said,
            caller=caller,
        )

    async def _recognise(self, content: RecognitionContent, relation: str, caller: Caller | None = None) -> str:
        origin = self._origin(EventType.RECOGNITION_CREATED, caller)
        command = RecordRecognition(id=uuid4(), origin=origin, recognition=content)
        await self.carry_out(command)
        return str((await self._target(command.id, relation))["id"])

    async def _target(self, node: UUID, relation: str) -> dict[str, Any]:
        query = "MATCH (n {id: $id})-[r]->(p:Person) WHERE type(r) = $relation RETURN properties(p) AS person"
        [row] = await self.graph.read(query, id=str(node), relation=relation)
        return dict(row["person"])


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
