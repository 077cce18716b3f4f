"""Every process is killed under load, one after another; afterwards every store must hold the same, once each."""

import asyncio
import random
import time
from uuid import UUID, uuid4

import pytest

from cli.equality import Equality, compare
from graph.database import GraphDatabase
from knowledge.store import KnowledgeStore
from ontology import ids
from runtime.settings import Settings
from runtime.temporal_client import connect
from stack.session import StackSession
from tests.clients import foreign_headers, foreign_recognition, http_client, produce, token_of
from tests.faults.storm import VICTIMS, Ledger, kill_in_turn, post_until_accepted, settle

pytestmark = pytest.mark.faults

SEED = 20261123
RECOGNITIONS = 200
FOREIGN = 40
PER_SECOND = 5.0


@pytest.fixture(scope="module")
async def aftermath(
    stack: StackSession, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> tuple[Ledger, set[str], Equality]:
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
    async with http_client(tree, token_of(tree, "machine")) as web:
        began, victims = time.monotonic(), chooser.sample(VICTIMS, len(VICTIMS))
        posts = [
            post_until_accepted(web, number, began + number / PER_SECOND, ledger) for number in range(RECOGNITIONS)
        ]
        await asyncio.wait_for(asyncio.gather(kill_in_turn(stack, victims, chooser), *posts), 300)
    return ledger, foreign, await settle(tree, graph, store, ledger.accepted | foreign)


async def test_nothing_is_lost_or_doubled(aftermath: tuple[Ledger, set[str], Equality]) -> None:
    ledger, foreign, equality = aftermath
    assert ledger.refused == []
    assert len(ledger.accepted) == RECOGNITIONS
    assert [(difference.what, difference.ids[:3]) for difference in equality.differences] == []
    assert equality.broken == []
    assert equality.graph_hash == equality.records_hash
    assert equality.nodes["Recognition"] == RECOGNITIONS + len(foreign)
    assert equality.vectors == {"recognition": RECOGNITIONS + len(foreign)}
    assert equality.events["RECOGNITION_CREATED"] == RECOGNITIONS


async def test_no_run_failed(aftermath: object, tree: Settings) -> None:
    client = await connect(tree.temporal)
    passes = "('LedgerSweepWorkflow', 'SweepWorkflow')"
    unfinished = f"ExecutionStatus != 'Completed' AND WorkflowType NOT IN {passes} AND TaskQueue != 'sightings'"
    assert [run.id async for run in client.list_workflows(unfinished)] == []


CORRUPTIONS = {
    "Recognition: has 1 RECOGNIZED_BY": "MATCH (r:Recognition) WITH r ORDER BY r.id LIMIT 1 "
    "MATCH (r)-[g:RECOGNIZED_BY]->() DELETE g",
    "Recognition: has 1..n RECEIVED_BY": "MATCH (r:Recognition) WITH r ORDER BY r.id LIMIT 1 "
    "MATCH (r)-[g:RECEIVED_BY]->() DELETE g",
    "stands otherwise than its change records say": "MATCH (r:Recognition) WITH r ORDER BY r.id DESC LIMIT 1 "
    "SET r.content = 'changed by hand'",
}


@pytest.mark.parametrize(("what", "corruption"), CORRUPTIONS.items(), ids=list(CORRUPTIONS))
async def test_the_check_sees_a_corrupted_graph(
    aftermath: object, tree: Settings, graph: GraphDatabase, store: KnowledgeStore, what: str, corruption: str
) -> None:
    await graph.execute_schema(corruption)
    equality = await compare(tree, graph, store)
    found = {difference.what for difference in equality.differences} | {one.rule for one in equality.broken}
    assert what in found
    assert not equality.holds


async def test_the_check_sees_a_missing_vector(
    aftermath: tuple[Ledger, set[str], Equality], tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    await store.delete(UUID(min(aftermath[0].accepted)))
    equality = await compare(tree, graph, store)
    assert "recognition without a vector" in {difference.what for difference in equality.differences}


async def test_the_check_sees_an_accepted_id_that_is_nowhere(
    aftermath: object, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    equality = await compare(tree, graph, store, [str(uuid4())])
    assert "accepted, but not in the graph" in {difference.what for difference in equality.differences}
