"""Every process is killed under load, one after another; afterwards every store must hold the same, once each."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus

from auditing.equality import Equality, compare
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
    aftermath: Aftermath, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    await store.delete(UUID(min(aftermath.ledger.accepted)))
    equality = await compare(tree, graph, store)
    assert "recognition without a vector" in {difference.what for difference in equality.differences}


async def test_the_check_sees_an_accepted_id_that_is_nowhere(
    aftermath: object, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    equality = await compare(tree, graph, store, [str(uuid4())])
    assert "accepted, but not in the graph" in {difference.what for difference in equality.differences}
