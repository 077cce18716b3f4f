"""Every process is killed under load, one after another; afterwards every store must hold the same, once each."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID, uuid4

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from temporalio.client import WorkflowExecutionStatus

from auditing.equality import Equality, Lost, compare
from auditing.repairs import mend
from events.log import header_text, read_topic
from events.names import connection
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.store import KnowledgeStore
from ontology import ids
from ontology.kinds.decision import DECISION
from runtime.settings import Settings
from runtime.temporal_client import connect
from stack.session import StackSession
from tests.clients import foreign_headers, foreign_recognition, produce, until
from tests.equality import settle
from tests.faults.storm import VICTIMS, Ledger, kill_in_turn, post_until_accepted
from tests.faults.tension_storm import Life, live, storm_clients, untrue
from workers.schedules import LEDGER_SWEEP

pytestmark = pytest.mark.faults

SEED = 20261123
RECOGNITIONS = 120
TENSIONS = 24
FOREIGN = 40
PER_SECOND = 2.5


@dataclass(frozen=True)
class Aftermath:
    """What the clients were told, what came from elsewhere, and what stands everywhere."""

    ledger: Ledger
    lives: list[Life]
    foreign: set[str]
    equality: Equality


@pytest.fixture(scope="module")
async def aftermath(stack: StackSession, tree: Settings, graph: GraphDatabase, store: KnowledgeStore) -> Aftermath:
    """What stands everywhere after the storm."""
    chooser = random.Random(SEED)
    ledger = Ledger()
    subjects = [str(uuid4()) for _ in range(FOREIGN)]
    foreign = {str(ids.foreign_entity("Recognition", "urn:test:hr", subject)) for subject in subjects}
    events = [
        (subject.encode(), foreign_recognition(f"From elsewhere {n}"), foreign_headers(subject, event_id=f"e{n}"))
        for n, subject in enumerate(subjects)
    ]
    await produce(tree, tree.events.recognitions_topic, chooser.sample(events * 3, len(events) * 3))
    lives: list[Life] = []
    async with storm_clients(tree) as clients:
        began, victims = time.monotonic(), chooser.sample(VICTIMS, len(VICTIMS))
        posts = [
            post_until_accepted(clients["machine"], number, began + number / PER_SECOND, ledger)
            for number in range(RECOGNITIONS)
        ]
        pause = RECOGNITIONS / PER_SECOND / TENSIONS
        felt = [live(clients, number, began + number * pause, ledger, lives) for number in range(TENSIONS)]
        await asyncio.wait_for(asyncio.gather(kill_in_turn(stack, victims, chooser), *posts, *felt), 900)
    accepted = ledger.accepted | foreign | {life.id for life in lives}
    equality = await settle(tree, graph, store, accepted, limit=300.0)
    return Aftermath(ledger, lives, foreign, equality)


async def test_nothing_is_lost_or_doubled(aftermath: Aftermath) -> None:
    ledger, equality, recognitions = aftermath.ledger, aftermath.equality, RECOGNITIONS + len(aftermath.foreign)
    assert ledger.refused == []
    assert len(ledger.accepted) == RECOGNITIONS
    assert [(difference.what, difference.ids[:3]) for difference in equality.differences] == []
    assert equality.broken == []
    assert equality.foreign_events == [], "an event was published again under another id"
    assert equality.graph_hash == equality.records_hash
    assert (equality.nodes["Recognition"], equality.nodes["Tension"]) == (recognitions, TENSIONS)
    searchable = [life.id for life in aftermath.lives if not life.archived]
    assert equality.vectors == {"recognition": recognitions, "tension": len(searchable)}
    assert equality.events["RECOGNITION_CREATED"] == RECOGNITIONS
    assert equality.events["TENSION_REPORTED"] == TENSIONS


async def test_every_tension_is_as_its_clients_were_told(aftermath: Aftermath, tree: Settings) -> None:
    assert len({life.id for life in aftermath.lives}) == TENSIONS
    async with storm_clients(tree) as clients:
        assert await untrue(clients, aftermath.lives) == []
    assert any(life.refused for life in aftermath.lives), "rivals were never in each other's way"


async def test_no_run_failed_but_those_of_refused_changes(aftermath: Aftermath, tree: Settings) -> None:
    client = await connect(tree.temporal)
    passes = "('LedgerSweepWorkflow', 'SweepWorkflow')"
    unfinished = f"ExecutionStatus != 'Completed' AND WorkflowType NOT IN {passes} AND TaskQueue != 'sightings'"

    async def ended() -> bool:
        still = f"{unfinished} AND ExecutionStatus = 'Running' AND WorkflowType != '{DECISION.agent}'"
        return not [run async for run in client.list_workflows(still)]

    await until(ended, limit=300)
    runs = [run async for run in client.list_workflows(unfinished)]
    failed = {run.id for run in runs if run.status != WorkflowExecutionStatus.RUNNING}
    refused = {life.id: len(life.refused) for life in aftermath.lives if life.refused}
    assert Counter(run.split("/")[1] for run in failed) == refused, failed


@dataclass(frozen=True)
class Recorded:
    """A recognition that was accepted once and not touched since: what one event made, and nothing else.

    Parameters
    ----------
    id, event, state
        Which, what recorded it, and its only state.
    relations
        Type → id of its only relation of that type.
    """

    id: str
    event: str
    state: str
    relations: dict[str, str]

    def relation(self, kind: str) -> str:
        """What a relation of it is called."""
        return f"{kind} {self.relations[kind]}"

    @property
    def names(self) -> list[str]:
        """What everything is called that its event made."""
        nodes = [f"Recognition {self.id}", f"Event {self.event}", f"State {self.state}"]
        return sorted([*nodes, *(self.relation(kind) for kind in self.relations)])


_RECORDED = """
MATCH (r:Recognition {rev: 1})-[:RECORDED_BY]->(e:Event {source: $source})
WHERE r.id IN $accepted AND NOT EXISTS { ()-->(r) } AND COUNT { (e)<-[:RECORDED_BY]-() } = 1
RETURN r.id AS id, e.id AS event,
  COLLECT { MATCH (r)-[:HAS_STATE]->(s) RETURN s.id } AS states,
  COLLECT { MATCH (r)-[x]->() RETURN [type(x), x.id] } AS relations
ORDER BY id
"""


@pytest.fixture
async def recorded(
    aftermath: Aftermath, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> AsyncIterator[Recorded]:
    """A recognition to harm; every store says the same before it is harmed, and the same again afterwards."""
    before = await settle(tree, graph, store)
    assert found_in(before) == {}
    rows = await graph.read(_RECORDED, source=tree.events.source, accepted=sorted(aftermath.ledger.accepted))
    chosen = (
        Recorded(row["id"], row["event"], row["states"][0], dict(row["relations"]))
        for row in rows
        if len(dict(row["relations"])) == len(row["relations"])
    )
    yield next(chosen)
    after = await settle(tree, graph, store, limit=30.0)
    assert found_in(after) == {}
    assert (after.graph_hash, after.records_hash) == (before.graph_hash, before.records_hash)
    assert (after.nodes, after.vectors, after.events) == (before.nodes, before.vectors, before.events)


def found_in(equality: Equality) -> dict[str, list[str]]:
    """Everything that a check found, by what it says of it: differences and broken rules."""
    found = {one.what: one.ids for one in equality.differences} | {one.rule: one.ids for one in equality.broken}
    assert equality.holds == (not found)
    assert (equality.graph_hash == equality.records_hash) == (OTHERWISE not in found)
    return found


OTHERWISE = "stands otherwise than its change records say"
ALTERED = "event whose change record says something else"
ONE_GIVER = "Recognition: has 1 RECOGNIZED_BY"
SOMEBODY = "Recognition: has 1..n RECEIVED_BY"
EACH_STATE = "Recognition has one state of each revision"
EACH_EVENT = "Recognition has the event of each revision"
OTHER = "0f0f0f0f-0000-4000-8000-00000000f0f0"
"""Id of what is doubled under another one."""


@dataclass(frozen=True)
class Harm:
    """Something that is done to the graph by hand.

    Parameters
    ----------
    done
        Does it to the recognition ``$id`` and its event ``$event``; what it answers is kept, to undo it by.
    undone
        Undoes it, given the rows that were kept as ``$kept``.
    found
        All that the check finds then.
    """

    done: LiteralString
    undone: LiteralString
    found: Callable[[Recorded], dict[str, list[str]]]


def lost(relation: LiteralString, found: Callable[[Recorded], dict[str, list[str]]]) -> Harm:
    """A relation of the recognition is gone."""
    return Harm(
        f"MATCH (:Recognition {{id: $id}})-[g:{relation}]->(p) "
        "WITH g, p.id AS target, properties(g) AS properties DELETE g RETURN target, properties",
        "UNWIND $kept AS row MATCH (r:Recognition {id: $id}) MATCH (p:Person {id: row.target}) "
        f"CREATE (r)-[g:{relation}]->(p) SET g = row.properties",
        found,
    )


def doubled(relation: LiteralString, found: Callable[[Recorded], dict[str, list[str]]]) -> Harm:
    """A relation of the recognition stands twice."""
    return Harm(
        f"MATCH (r:Recognition {{id: $id}})-[g:{relation}]->(t) CREATE (r)-[twin:{relation}]->(t) "
        "SET twin = properties(g)",
        f"MATCH (:Recognition {{id: $id}})-[g:{relation}]->() WITH collect(g) AS twins "
        "FOREACH (twin IN twins[1..] | DELETE twin)",
        found,
    )


HARMS = {
    "nobody gave it": lost(
        "RECOGNIZED_BY",
        lambda it: {ONE_GIVER: [it.id], ALTERED: [it.event], OTHERWISE: [it.relation("RECOGNIZED_BY")]},
    ),
    "nobody received it": lost(
        "RECEIVED_BY",
        lambda it: {SOMEBODY: [it.id], ALTERED: [it.event], OTHERWISE: [it.relation("RECEIVED_BY")]},
    ),
    "it says something else": Harm(
        "MATCH (r:Recognition {id: $id}) WITH r, r.content AS content SET r.content = 'changed by hand' RETURN content",
        "UNWIND $kept AS row MATCH (r:Recognition {id: $id}) SET r.content = row.content",
        lambda it: {OTHERWISE: [f"Recognition {it.id}"]},
    ),
    "it was given twice": doubled(
        "RECOGNIZED_BY",
        lambda it: {ONE_GIVER: [it.id], ALTERED: [it.event], OTHERWISE: [it.relation("RECOGNIZED_BY")]},
    ),
    "one received it twice": doubled(
        "RECEIVED_BY", lambda it: {ALTERED: [it.event], OTHERWISE: [it.relation("RECEIVED_BY")]}
    ),
    "it has its state twice": doubled(
        "HAS_STATE",
        lambda it: {EACH_STATE: [it.id], ALTERED: [it.event], OTHERWISE: [it.relation("HAS_STATE")]},
    ),
    "it was recorded twice by one event": doubled(
        "RECORDED_BY",
        lambda it: {EACH_EVENT: [it.id], ALTERED: [it.event], OTHERWISE: [it.relation("RECORDED_BY")]},
    ),
    "it was recorded by another event too": Harm(
        "MATCH (r:Recognition {id: $id})-[g:RECORDED_BY]->(e:Event {id: $event}) CREATE (r)-[h:RECORDED_BY]->(f:Event) "
        "SET f = e {.*, id: $other}, h = properties(g), h.id = $other, h.eventId = $other",
        "MATCH (f:Event {id: $other}) DETACH DELETE f",
        lambda it: {
            EACH_EVENT: [it.id],
            "event whose change record is missing": [OTHER],
            "written event that was not published": [OTHER],
            OTHERWISE: [f"Event {OTHER}", f"RECORDED_BY {OTHER}"],
        },
    ),
    "its event is gone": Harm(
        "MATCH (:Recognition {id: $id})-[g:RECORDED_BY]->(e:Event {id: $event}) "
        "WITH e, properties(e) AS event, properties(g) AS relation DETACH DELETE e RETURN event, relation",
        "UNWIND $kept AS row MATCH (r:Recognition {id: $id}) "
        "CREATE (r)-[g:RECORDED_BY]->(e:Event) SET e = row.event, g = row.relation",
        lambda it: {
            EACH_EVENT: [it.id],
            "change record without an event in the graph": [it.event],
            "published event that was not written": [it.event],
            OTHERWISE: [f"Event {it.event}", it.relation("RECORDED_BY")],
        },
    ),
}
"""What may be wrong with a graph."""


@pytest.mark.parametrize("what", HARMS)
async def test_the_check_sees_what_is_wrong_with_the_graph_and_nothing_else(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore, what: str
) -> None:
    harm = HARMS[what]
    said = {"id": recorded.id, "event": recorded.event, "other": OTHER}
    kept = await graph.write(lambda transaction: transaction.rows(harm.done, **said))
    try:
        assert found_in(await compare(tree, graph, store)) == harm.found(recorded)
    finally:
        await graph.write(lambda transaction: transaction.rows(harm.undone, **said, kept=kept))


async def mended(tree: Settings, graph: GraphDatabase, store: KnowledgeStore, what: Lost) -> dict[str, int]:
    """Make again what was lost, as ``trm audit --repair`` does."""
    async with EventPublisher(tree.events) as publisher:
        return await mend(what, graph, publisher, store)


async def test_the_check_sees_a_missing_vector(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    await store.delete(UUID(recorded.id))
    equality = await compare(tree, graph, store)
    assert await mended(tree, graph, store, equality.lost) == {"texts given a vector": 1}
    assert found_in(equality) == {"recognition without a vector": [recorded.id]}


async def test_the_check_sees_a_missing_change_record(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    sweep = (await connect(tree.temporal)).get_schedule_handle(LEDGER_SWEEP)
    await sweep.pause(note="a pass would send what is taken from Kafka")
    try:
        await produce(tree, tree.events.changes_topic, [(recorded.event.encode(), None, [])])
        equality = await compare(tree, graph, store)
    finally:
        await sweep.unpause()
    assert await mended(tree, graph, store, equality.lost) == {"change records sent": 1}
    assert found_in(equality) == {
        "event whose change record is missing": [recorded.event],
        OTHERWISE: recorded.names,
    }


async def test_the_check_sees_a_missing_published_event(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    """Kafka forgets from the beginning of a partition: as far as the first event of ours that was sent once."""
    topic, told, first = tree.events.recognitions_topic, Counter[str](), dict[int, tuple[int, str]]()
    async for message in read_topic(tree.events, topic):
        if header_text(message, "ce_source") == tree.events.source:
            event = header_text(message, "ce_id")
            told[event] += 1
            first.setdefault(message.partition, (message.offset, event))
    partition, (offset, event) = next(one for one in sorted(first.items()) if told[one[1][1]] == 1)
    admin = AIOKafkaAdminClient(**connection(tree.events))
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(before_offset=offset + 1)})
    finally:
        await admin.close()
    equality = await compare(tree, graph, store)
    assert await mended(tree, graph, store, equality.lost) == {"events sent": 1}
    assert found_in(equality) == {"written event that was not published": [event]}


async def test_the_check_sees_an_accepted_id_that_is_nowhere(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    nowhere = str(uuid4())
    equality = await compare(tree, graph, store, [recorded.id, nowhere])
    assert found_in(equality) == {"accepted, but not in the graph": [nowhere]}


async def test_the_check_names_an_event_that_was_published_again_under_another_id(
    recorded: Recorded, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    """It is no difference, since anybody may write to the topic; that a storm leaves none is asserted of the storm."""
    headers = foreign_headers(recorded.id, source=tree.events.source, event_id=OTHER)
    again = (recorded.id.encode(), foreign_recognition("Again"), headers)
    await produce(tree, tree.events.recognitions_topic, [again])
    equality = await compare(tree, graph, store)
    assert found_in(equality) == {}
    assert equality.foreign_events == [OTHER]
