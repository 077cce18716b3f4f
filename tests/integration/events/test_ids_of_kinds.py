"""A source that counts each kind from one is understood, and what an earlier version wrote is found under its id."""

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import uuid4

import orjson
import pytest

from graph.database import GraphDatabase
from graph.ledger import Run
from graph.recording import record_thing
from graph.snippet_writes import record_snippet
from ontology import ids
from ontology.commands import Command, Former, IndexKnowledge, Origin, RecordRecognition
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionContent
from ontology.kinds.recognition import RECOGNITION
from ontology.references import PersonRef
from runtime.clock import now
from runtime.settings import Settings
from tests.clients import foreign_headers, foreign_recognition, produce, until

pytestmark = pytest.mark.servers

SOURCE = "urn:test:hr"
C = TypeVar("C", bound=Command)


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def count(graph: GraphDatabase, label: str, entity: object) -> int:
    [row] = await graph.read("MATCH (n:$($label) {id: $id}) RETURN count(n) AS n", label=label, id=str(entity))
    return int(row["n"])


async def test_one_subject_and_id_of_two_kinds_are_two_things(tree: Settings, graph: GraphDatabase) -> None:
    number = uuid4().hex[:8]
    praise = foreign_headers(number, event_id=number)
    note = foreign_headers(number, "KNOWLEDGE_SNIPPET_UPSERTED", event_id=number)
    note = [
        (name, b"schemas/knowledge-snippet-upserted.v1.json" if name == "ce_dataschema" else value)
        for name, value in note
    ]
    await produce(tree, tree.events.recognitions_topic, [(b"k", foreign_recognition("Praise 42"), praise)])
    await produce(tree, tree.events.knowledge_topic, [(b"k", orjson.dumps({"content": "Note 42"}), note)])
    things = {label: ids.foreign_entity(label, SOURCE, number) for label in ("Recognition", "KnowledgeSnippet")}
    assert len(set(things.values())) == 2

    async def both() -> bool:
        return [await count(graph, label, thing) for label, thing in things.items()] == [1, 1]

    await until(both)


def as_now(command: C, label: str, subject: str, event_id: str) -> C:
    """The command as this version makes it of the same event."""
    former = Former(id=command.id, event_id=command.origin.event_id)
    event = ids.foreign_event(command.origin.event_type, SOURCE, event_id)
    origin = command.origin.model_copy(update={"event_id": event, "former": former})
    return command.model_copy(update={"id": ids.foreign_entity(label, SOURCE, subject), "origin": origin})


def origin(event_type: EventType, event_id: str, digest: str) -> Origin:
    return Origin(
        event_id=ids.former_event(SOURCE, event_id),
        event_type=event_type,
        source=SOURCE,
        occurred_at=now(),
        sent_at=now(),
        request_hash=digest * 64,
        foreign=True,
    )


async def test_a_recognition_of_an_earlier_version_is_no_second_one(graph: GraphDatabase) -> None:
    subject, run = uuid4().hex, Run("recognition/x", "run")
    said = RecognitionContent(
        giver=PersonRef(handle="former-giver"), receivers=[PersonRef(handle="former-receiver")], content="Before"
    )
    before = RecordRecognition(
        id=ids.former_entity(SOURCE, subject),
        origin=origin(EventType.RECOGNITION_CREATED, subject, "a"),
        recognition=said,
    )
    assert (await record_thing(graph, RECOGNITION, before, run)).outcome == "created"
    again = await record_thing(graph, RECOGNITION, as_now(before, "Recognition", subject, subject), run)
    assert (again.outcome, again.id) == ("same", before.id)
    assert again.records[0].event_id == str(before.origin.event_id)
    assert await count(graph, "Recognition", ids.foreign_entity("Recognition", SOURCE, subject)) == 0
    await remove(graph, before.id)


async def test_a_snippet_of_an_earlier_version_gets_its_next_revision(graph: GraphDatabase) -> None:
    subject, run = uuid4().hex, Run("knowledgeSnippet/x", "run")
    first = IndexKnowledge(
        id=ids.former_entity(SOURCE, subject),
        origin=origin(EventType.KNOWLEDGE_SNIPPET_UPSERTED, f"{subject}-1", "b"),
        snippet=KnowledgeSnippetUpserted(content="First", revision=1),
    )
    assert (await record_snippet(graph, first, run)).outcome == "created"
    text = KnowledgeSnippetUpserted(content="Second", revision=2)
    later = origin(EventType.KNOWLEDGE_SNIPPET_UPSERTED, f"{subject}-2", "c")
    second = first.model_copy(update={"origin": later, "snippet": text})
    written = await record_snippet(graph, as_now(second, "KnowledgeSnippet", subject, f"{subject}-2"), run)
    assert (written.outcome, written.id) == ("created", first.id)
    [row] = await graph.read("MATCH (k:KnowledgeSnippet {id: $id}) RETURN k.content AS content", id=str(first.id))
    assert row["content"] == "Second"
    await remove(graph, first.id)


async def remove(graph: GraphDatabase, entity: object) -> None:
    """What was written beside the agents has no record and no vector, which other tests would miss."""
    await graph.execute_schema(
        f"MATCH (n {{id: '{entity}'}})-[:RECORDED_BY]->(e:Event) MATCH (made)-[:RECORDED_BY]->(e) "
        "OPTIONAL MATCH (made)-[:HAS_STATE]->(s) DETACH DELETE e, made, s"
    )
