"""Writes as the gateway and other systems send them, in runs that tell their records, and what the graph holds then."""

from typing import Any
from uuid import UUID, uuid4

from temporalio.client import Client

from graph.database import GraphDatabase
from graph.people_reads import get_person, person_behind
from graph.visibility import Viewer
from ontology import ids
from ontology.commands import (
    Command,
    IndexKnowledge,
    LinkIdentity,
    MergePeople,
    Origin,
    PersonDetails,
    RecordPerson,
    RecordRecognition,
    UnmergePeople,
)
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionContent
from ontology.references import Caller, PersonRef
from runtime.clock import now
from runtime.hashing import request_hash
from runtime.settings import Settings
from workflows.starts import Accepted, finish, start


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

    async def record(self, **details: Any) -> str:
        """Record a person; gives the id by which it was asked for."""
        asked = uuid4()
        ended = await self.recorded(asked, **details)
        assert not ended.failed, ended.reason_code
        return str(asked)

    async def recorded(self, asked: UUID, **details: Any) -> Accepted:
        """Record a person under an id; says how that ended."""
        origin, person = self.origin(EventType.PERSON_RECORDED), PersonDetails.model_validate(details)
        return await self.run(RecordPerson(id=asked, origin=origin, person=person))

    async def write(self, caller: Caller) -> tuple[str, str]:
        """A snippet of the caller; gives its author's id and name."""
        origin = self.origin(EventType.KNOWLEDGE_SNIPPET_UPSERTED, caller)
        snippet = KnowledgeSnippetUpserted(content="Valves are labelled")
        command = IndexKnowledge(id=uuid4(), origin=origin, snippet=snippet)
        await self.carry_out(command)
        author = await self._target(command.id, "AUTHORED_BY")
        return author["id"], author["fullName"]

    async def link(self, caller: Caller, person: str) -> None:
        command = LinkIdentity(
            id=ids.identity(caller.issuer, caller.subject),
            origin=self.origin(EventType.PERSON_LINKED),
            issuer=caller.issuer,
            subject=caller.subject,
            person_id=UUID(person),
        )
        await self.carry_out(command)

    async def known(self, person: str) -> dict[str, Any]:
        row = await get_person(self.graph, UUID(person), Viewer(None, None))
        assert row is not None
        return dict(row["person"])

    async def node(self, person: str) -> dict[str, Any]:
        """What one id holds, whomever it leads to."""
        [row] = await self.graph.read("MATCH (p:Person {id: $id}) RETURN properties(p) AS person", id=person)
        return dict(row["person"])

    async def behind(self, caller: Caller) -> str:
        return str(await person_behind(self.graph, caller))

    async def merge(self, duplicate: str, survivor: str) -> Accepted:
        """Let one person lead to another; says how that ended."""
        one, other = UUID(duplicate), UUID(survivor)
        origin = self.origin(EventType.PERSON_MERGED)
        return await self.run(MergePeople(id=other, origin=origin, duplicate=one, survivor=other))

    async def unmerge(self, person: str) -> Accepted:
        """Let somebody who leads to another stand alone again; says how that ended."""
        return await self.run(UnmergePeople(id=UUID(person), origin=self.origin(EventType.PERSON_UNMERGED)))

    async def run(self, command: Command) -> Accepted:
        return await finish(self.temporal, await start(self.temporal, command, self.tree.temporal.task_queue))

    async def carry_out(self, command: Command) -> None:
        accepted = await self.run(command)
        assert not accepted.failed, accepted.reason_code

    def origin(self, kind: EventType, caller: Caller | None = None) -> Origin:
        """Where a write comes from; every one is a request of its own."""
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
        origin = self.origin(EventType.RECOGNITION_CREATED, caller)
        command = RecordRecognition(id=uuid4(), origin=origin, recognition=content)
        await self.carry_out(command)
        return str((await self._target(command.id, relation))["id"])

    async def _target(self, node: UUID, relation: str) -> dict[str, Any]:
        query = "MATCH (n {id: $id})-[r]->(p:Person) WHERE type(r) = $relation RETURN properties(p) AS person"
        [row] = await self.graph.read(query, id=str(node), relation=relation)
        return dict(row["person"])
