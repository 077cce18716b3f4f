"""Events of other systems through the bridge, on real servers."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from events.dead_letters import DeadLetter, open_letters, replay
from events.errors import SchemaIncompatibleError
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from ontology import ids
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import foreign_headers, foreign_recognition, produce, until
from workers.bridge import Bridge, BridgeProbe
from workers.intake import Intake
from workflows.runs import TemporalRuns

pytestmark = pytest.mark.servers

SOURCE = "urn:test:hr"


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def recognitions(graph: GraphDatabase, entity: str) -> list[dict[str, Any]]:
    query = (
        "MATCH (r:Recognition {id: $id})-[:RECORDED_BY]->(e) "
        "RETURN r.content AS content, r.rev AS rev, count(e) AS events, min(e.source) AS source"
    )
    return await graph.read(query, id=entity)


async def letter_about(tree: Settings, event_id: str) -> DeadLetter | None:
    for letter in await open_letters(tree.events):
        if dict(letter.headers).get("ce_id") == event_id.encode():
            return letter
    return None


async def send(tree: Settings, subject: str, value: bytes | None, **headers: str) -> str:
    event_id = str(uuid4())
    message = (subject.encode(), value, foreign_headers(subject, event_id=event_id, **headers))
    await produce(tree, tree.events.recognitions_topic, [message])
    return event_id


async def test_event_of_another_system_becomes_one_recognition(tree: Settings, graph: GraphDatabase) -> None:
    subjects = [str(uuid4()) for _ in range(5)]
    messages = [
        (subject.encode(), foreign_recognition(f"Praise {subject}"), foreign_headers(subject, event_id=f"id-{subject}"))
        for subject in subjects
    ]
    shuffled = random.Random(7).sample(messages * 10, len(messages) * 10)
    await produce(tree, tree.events.recognitions_topic, shuffled)
    for subject in subjects:
        entity = str(ids.foreign_entity("Recognition", SOURCE, subject))

        async def written(entity: str = entity) -> bool:
            return bool(await recognitions(graph, entity))

        await until(written)
        [row] = await recognitions(graph, entity)
        assert row == {"content": f"Praise {subject}", "rev": 1, "events": 1, "source": SOURCE}


async def test_two_systems_with_one_subject_are_two_recognitions(tree: Settings, graph: GraphDatabase) -> None:
    subject = str(uuid4())
    for source in ("urn:test:one", "urn:test:two"):
        await send(tree, subject, foreign_recognition(f"From {source}"), source=source)

        async def written(source: str = source) -> bool:
            return bool(await recognitions(graph, str(ids.foreign_entity("Recognition", source, subject))))

        await until(written)


POISON: list[tuple[str, bytes | None, dict[str, str]]] = [
    ("undecodable", b"{not json", {}),
    ("undecodable", None, {}),
    ("undecodable", b"\0\0", {}),
    ("undecodable", b'"' + b"x" * 2_000_000, {}),
    ("schemaUnknown", b"\0\x7f\xff\xff\xff{}", {}),
    ("schemaInvalid", b"{}", {}),
    ("schemaInvalid", orjson.dumps({"giver": {}, "receivers": [], "content": ""}), {}),
    ("typeUnknown", foreign_recognition("x"), {"event_type": "SOMETHING_ELSE"}),
    (
        "schemaInvalid",
        b'{"completedAt": "2026-03-01T00:00:00Z"}',
        {"event_type": "PROJECT_COMPLETED", "schema": "project-completed"},
    ),
    (
        "referenceUnknown",
        b'{"project": {"name": "Nobody heard of it"}, "completedAt": "2026-03-01T00:00:00Z"}',
        {"event_type": "PROJECT_COMPLETED", "schema": "project-completed"},
    ),
    ("headerMissing", foreign_recognition("x"), {"source": ""}),
    ("nameRefused", foreign_recognition("x").replace(b'"email":"bob@trm.test"', b'"name":"Nobody At All"'), {}),
]


@pytest.mark.parametrize(
    ("code", "value", "headers"), POISON, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(POISON)]
)
async def test_poison_becomes_a_dead_letter_as_it_came(
    tree: Settings, code: str, value: bytes | None, headers: dict[str, str]
) -> None:
    event_id = await send(tree, str(uuid4()), value, **headers)

    async def buried() -> bool:
        return await letter_about(tree, event_id) is not None

    await until(buried)
    letter = await letter_about(tree, event_id)
    assert letter is not None
    if code != "schemaInvalid" or value != b"{}":
        assert letter.code == code
    assert letter.value == value
    assert letter.topic == tree.events.recognitions_topic
    assert letter.reason


async def test_poison_does_not_hold_up_healthy_events(tree: Settings, graph: GraphDatabase) -> None:
    subject = str(uuid4())
    bad = [(None, b"{", foreign_headers(str(uuid4()))) for _ in range(20)]
    good = (subject.encode(), foreign_recognition("Healthy"), foreign_headers(subject))
    await produce(tree, tree.events.recognitions_topic, [*bad, good, *bad])

    async def written() -> bool:
        return bool(await recognitions(graph, str(ids.foreign_entity("Recognition", SOURCE, subject))))

    await until(written)


async def test_other_content_under_one_subject_is_refused(tree: Settings, graph: GraphDatabase) -> None:
    subject = str(uuid4())
    await send(tree, subject, foreign_recognition("First"))
    entity = str(ids.foreign_entity("Recognition", SOURCE, subject))

    async def written() -> bool:
        return bool(await recognitions(graph, entity))

    await until(written)
    event_id = await send(tree, subject, foreign_recognition("Second"))

    async def buried() -> bool:
        letter = await letter_about(tree, event_id)
        return letter is not None and letter.code == "idempotencyConflict"

    await until(buried)
    assert [row["content"] for row in await recognitions(graph, entity)] == ["First"]


async def test_replayed_letter_is_accepted_after_the_cause_is_mended(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient
) -> None:
    name = f"Mended Person {uuid4().hex[:8]}"
    subject = str(uuid4())
    value = orjson.dumps({"giver": {"email": "c@partner.test"}, "receivers": [{"name": name}], "content": "Well done"})
    event_id = await send(tree, subject, value)

    async def buried() -> bool:
        return await letter_about(tree, event_id) is not None

    await until(buried)
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    person = {"fullName": name, "handle": f"m-{uuid4().hex[:8]}"}
    assert (await machine.post("/v1/people", json=person, headers=headers)).status_code == 201
    letter = await letter_about(tree, event_id)
    assert letter is not None
    await replay(tree.events, [letter])

    async def written() -> bool:
        return bool(await recognitions(graph, str(ids.foreign_entity("Recognition", SOURCE, subject))))

    await until(written)
    assert await letter_about(tree, event_id) is None


async def test_incompatible_schema_is_refused_by_the_registry(tree: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from events import registry as module

    ours = module.schemas(tree.events)
    subject = f"{tree.events.recognitions_topic}-RECOGNITION_CREATED"
    registry = SchemaRegistry(tree.events)
    await registry.register_all()
    grown = orjson.loads(ours[subject])
    grown["properties"]["mood"] = {"type": "string"}
    monkeypatch.setattr(module, "schemas", lambda _: {**ours, subject: orjson.dumps(grown).decode()})
    assert await SchemaRegistry(tree.events).id_of(subject)
    shrunk = orjson.loads(ours[subject])
    del shrunk["properties"]["values"]
    retyped = orjson.loads(ours[subject])
    retyped["properties"]["content"] = {"type": "integer"}
    for broken in (shrunk, retyped):
        text = orjson.dumps(broken).decode()
        monkeypatch.setattr(module, "schemas", lambda _, text=text: {**ours, subject: text})
        with pytest.raises(SchemaIncompatibleError):
            await SchemaRegistry(tree.events).register_all()


async def test_one_id_from_event_and_event_at_once_is_one_run(tree: Settings, graph: GraphDatabase) -> None:
    subject, event_id = str(uuid4()), str(uuid4())
    message = (subject.encode(), foreign_recognition("Twice at once"), foreign_headers(subject, event_id=event_id))
    await asyncio.gather(*(produce(tree, tree.events.recognitions_topic, [message]) for _ in range(4)))
    entity = str(ids.foreign_entity("Recognition", SOURCE, subject))

    async def written() -> bool:
        return bool(await recognitions(graph, entity))

    await until(written)
    [row] = await recognitions(graph, entity)
    assert row["events"] == 1


async def test_a_second_bridge_comes_and_goes_and_nothing_is_lost_or_doubled(
    tree: Settings, graph: GraphDatabase
) -> None:
    client = await connect(tree.temporal)
    second = Bridge(tree.events, Intake(tree, TemporalRuns(client, tree), graph, SchemaRegistry(tree.events)))
    stop = asyncio.Event()
    subjects = [str(uuid4()) for _ in range(90)]

    async def send_some(some: list[str]) -> None:
        await produce(
            tree,
            tree.events.recognitions_topic,
            [(s.encode(), foreign_recognition(f"Shared {s}"), foreign_headers(s, event_id=f"id-{s}")) for s in some],
        )

    async def shares() -> bool:
        return second.assigned()

    async def all_written() -> bool:
        query = "MATCH (r:Recognition) WHERE r.id IN $ids RETURN count(r) AS n"
        [row] = await graph.read(query, ids=[str(ids.foreign_entity("Recognition", SOURCE, s)) for s in subjects])
        return bool(row["n"] == len(subjects))

    await send_some(subjects[:30])
    running = asyncio.create_task(second.run(stop))
    await send_some(subjects[30:60])
    await until(shares)
    stop.set()
    await running
    await send_some(subjects[60:])
    await until(all_written)
    for subject in subjects:
        [row] = await recognitions(graph, str(ids.foreign_entity("Recognition", SOURCE, subject)))
        assert (row["rev"], row["events"]) == (1, 1)


async def test_a_replica_more_than_there_are_partitions_is_ready(tree: Settings, graph: GraphDatabase) -> None:
    client = await connect(tree.temporal)
    intake = Intake(tree, TemporalRuns(client, tree), graph, SchemaRegistry(tree.events))
    there = tree.events.partitions * len(Bridge(tree.events, intake).topics)
    more = [Bridge(tree.events, intake) for _ in range(there + 1)]  # whatever the stack's own one is given
    stop = asyncio.Event()
    running = [asyncio.create_task(bridge.run(stop)) for bridge in more]

    async def all_ready_and_one_without_partitions() -> bool:
        probes = await asyncio.gather(*(BridgeProbe(bridge)() for bridge in more))
        return all(probe.ready for probe in probes) and not all(bridge.assigned() for bridge in more)

    try:
        await until(all_ready_and_one_without_partitions)
    finally:
        stop.set()
        await asyncio.gather(*running)
