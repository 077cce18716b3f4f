"""Races and constraints: a lost race finds the winner, a constraint that is no race ends the write by name."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest

from graph.database import GraphDatabase, Transaction
from graph.errors import ConcurrentWriteError, ConstraintRefusedError
from graph.imports import write_rows
from graph.ledger import Run
from graph.person_writes import PersonRecorder
from graph.snippet_writes import record_snippet
from ontology import ids
from ontology.commands import IndexKnowledge, Origin, PersonDetails, RecordPerson
from ontology.events import EventType, KnowledgeSnippetUpserted
from runtime.clock import now
from runtime.settings import Settings

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database
        await database.execute_schema(
            "MATCH (p:Person) WHERE p.handle STARTS WITH 'race-' OPTIONAL MATCH (p)-[:HAS_STATE|RECORDED_BY]->(kept) "
            "DETACH DELETE p, kept"
        )


async def test_writers_who_make_the_same_node_at_once_all_end_well(graph: GraphDatabase) -> None:
    handle = f"race-{uuid4().hex[:8]}"
    tries = 0

    async def make(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        found = await transaction.rows("MATCH (p:Person {handle: $handle}) RETURN p.id", handle=handle)
        await asyncio.sleep(0.05)  # the others look meanwhile
        if not found:
            await transaction.rows("CREATE (:Person {id: $id, handle: $handle})", id=str(uuid4()), handle=handle)

    await asyncio.gather(*(graph.write(make) for _ in range(5)))
    assert await graph.read("MATCH (p:Person {handle: $handle}) RETURN count(p) AS n", handle=handle) == [{"n": 1}]
    assert tries > 5, "nobody lost a race, so none was tried"


async def test_a_constraint_that_no_race_hurts_is_a_refusal_that_names_it(graph: GraphDatabase) -> None:
    handle = f"race-{uuid4().hex[:8]}"
    tries = 0

    async def make(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        await transaction.rows("CREATE (:Person {id: $id, handle: $handle})", id=str(uuid4()), handle=handle)

    await graph.write(make)
    with pytest.raises(ConstraintRefusedError, match=rf"another node already exists.*`Person`.*`handle`.*{handle}"):
        await graph.write(make)
    assert tries == 3, "once more, to tell it from a race"


async def test_those_who_lose_against_somebody_new_each_time_try_again_with_a_limit(graph: GraphDatabase) -> None:
    tries = 0

    async def lose(_: Transaction) -> None:
        nonlocal tries
        tries += 1
        raise ConcurrentWriteError(f"Node({tries}) already exists")

    with pytest.raises(ConcurrentWriteError):
        await graph.write(lose)
    assert tries == 10


class Stubborn(PersonRecorder):
    """Makes one handle without looking, as an error of ours would."""

    async def look(self, commands: Sequence[RecordPerson]) -> None:
        await super().look([])


async def test_a_row_that_a_constraint_refuses_stops_no_other(graph: GraphDatabase) -> None:
    mark = uuid4().hex[:8]
    await graph.execute_schema(f"CREATE (:Person {{id: '{uuid4()}', handle: 'race-{mark}-3'}})")

    def command(number: int) -> RecordPerson:
        entity = ids.imported("people", mark, str(number))
        origin = Origin(
            event_id=ids.step_event(f"person/{entity}", "record"),
            event_type=EventType.PERSON_RECORDED,
            source="urn:test",
            occurred_at=now(),
            sent_at=now(),
            request_hash="0" * 64,
        )
        return RecordPerson(
            id=entity, origin=origin, person=PersonDetails(full_name=f"Race {number}", handle=f"race-{mark}-{number}")
        )

    written = await write_rows(graph, Stubborn, [command(number) for number in range(7)], Run("import/x", "run"))
    assert written.written == 6
    assert [(one.row, one.code) for one in written.refusals] == [(3, "constraintRefused")]
    assert len(written.events) == 6
    found = await graph.read("MATCH (p:Person) WHERE p.fullName STARTS WITH 'Race ' RETURN count(p) AS n")
    assert found == [{"n": 6}]


async def test_of_many_versions_of_a_text_the_newest_stands(tree: Settings) -> None:
    entity = uuid4()

    def version(revision: int) -> IndexKnowledge:
        moment = now()
        origin = Origin(
            event_id=uuid4(),
            event_type="KNOWLEDGE_SNIPPET_UPSERTED",
            source="urn:test",
            occurred_at=moment,
            sent_at=moment,
            request_hash=f"{revision:064x}",
        )
        said = KnowledgeSnippetUpserted(content=f"version {revision}", revision=revision)
        return IndexKnowledge(id=entity, origin=origin, snippet=said)

    async def write(graph: GraphDatabase, command: IndexKnowledge) -> None:
        while True:
            with contextlib.suppress(ConcurrentWriteError):
                await record_snippet(graph, command, Run("knowledgeSnippet/x", "run"))
                return

    async with GraphDatabase(tree.graph) as graph:
        await write(graph, version(1))
        await asyncio.gather(*(write(graph, version(revision)) for revision in (2, 9, 3, 8, 4, 7, 5, 6)))
        [row] = await graph.read("MATCH (k:KnowledgeSnippet {id: $id}) RETURN k.revision AS revision", id=str(entity))
        assert row["revision"] == 9
        kept = "OPTIONAL MATCH (k)--(kept) WHERE kept:State OR kept:Event"
        await graph.execute_schema(f"MATCH (k:KnowledgeSnippet {{id: '{entity}'}}) {kept} DETACH DELETE k, kept")
