"""The scheduled pass sends what Kafka lacks, or has of an earlier epoch last, and nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from activities.sweep import SweepReport
from events.log import read_topic, sent_epochs
from events.publisher import EventPublisher
from graph import sweep
from graph.database import GraphDatabase
from graph.fence import ledger_state
from graph.records import records_of_events
from runtime.clock import now
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import produce, until
from tests.equality import swept
from tests.records import change_records
from workers.schedules import LEDGER_SWEEP

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def messages(tree: Settings, event: str) -> int:
    return len([one async for one in read_topic(tree.events, tree.events.changes_topic) if one.key == event.encode()])


async def recorded(alice: httpx.AsyncClient, tree: Settings) -> str:
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "A run that was ended between its steps"}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    event = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["recordedBy"][0]["eventId"]

    async def sent() -> bool:
        return event in await change_records(tree.events)

    await until(sent)
    return str(event)


async def test_a_record_that_kafka_lacks_is_sent_once(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    event = await recorded(alice, tree)
    await produce(tree, tree.events.changes_topic, [(event.encode(), None, [])])
    assert event not in await change_records(tree.events)
    report = await swept(tree, graph)
    assert report.sent >= 1
    [record] = await records_of_events(graph, [UUID(event)])
    assert (await change_records(tree.events))[event] == record
    count = await messages(tree, event)
    assert (await swept(tree, graph)).events <= report.events
    assert await messages(tree, event) == count, "it is sent no second time"


async def test_a_record_of_an_earlier_epoch_does_not_stay_the_last(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    event = await recorded(alice, tree)
    [record] = await records_of_events(graph, [UUID(event)])
    late = record.model_copy(update={"event": {**record.event, "epoch": 0}})
    await swept(tree, graph)
    async with EventPublisher(tree.events) as publisher:
        await publisher.publish(records=[late], events=[])
    assert (await sent_epochs(tree.events, now() - timedelta(minutes=5)))[event] == 0
    await swept(tree, graph)
    assert (await sent_epochs(tree.events, now() - timedelta(minutes=5)))[event] == record.epoch


async def test_a_closed_ledger_is_left_alone(tree: Settings, graph: GraphDatabase) -> None:
    state = await ledger_state(graph)
    assert state is not None
    await graph.execute_schema("MATCH (l:Ledger) SET l.open = false")
    try:
        assert await swept(tree, graph) == SweepReport()
        assert await sweep.begin(graph) is None
    finally:
        await graph.execute_schema("MATCH (l:Ledger) SET l.open = true")


async def test_it_runs_by_schedule(tree: Settings) -> None:
    schedule = (await connect(tree.temporal)).get_schedule_handle(LEDGER_SWEEP)
    description = await schedule.describe()
    [interval] = description.schedule.spec.intervals
    assert interval.every == tree.temporal.sweep_every
    await schedule.trigger()

    async def ran() -> bool:
        return bool((await schedule.describe()).info.recent_actions)

    await until(ran)


async def test_what_is_no_record_takes_its_keys_record_away_until_it_is_sent_again(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    event = await recorded(alice, tree)
    await swept(tree, graph)
    [record] = await records_of_events(graph, [UUID(event)])
    elsewhere = orjson.dumps({"event": {}, "nodes": []})
    strange = [b"garbage", elsewhere, orjson.dumps(record.wire() | {"made": [{"id": 1}]})]
    await produce(tree, tree.events.changes_topic, [(event.encode(), value, []) for value in strange])
    await produce(tree, tree.events.changes_topic, [(b"any", elsewhere, [])])
    assert event not in await change_records(tree.events), "compaction would leave none"
    assert event in await change_records(tree.events, whatever_helps=True), "a rebuild takes what is there"
    await swept(tree, graph)
    assert (await change_records(tree.events))[event] == record


async def test_after_the_topic_was_made_anew_everything_is_looked_at(tree: Settings, graph: GraphDatabase) -> None:
    await swept(tree, graph)
    few = await swept(tree, graph)
    await sweep.begin_anew(graph)
    assert (await swept(tree, graph)).events > few.events
