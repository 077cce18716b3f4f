"""300 mutated messages through the real bridge: each is recorded, or buried with a reason; nothing is left waiting."""

import random
from collections import Counter

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from prometheus_client.parser import text_string_to_metric_families

from events.attributes import open_message
from events.codec import decode
from events.dead_letters import DeadLetter, open_letters
from events.names import subject_of
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from ontology import ids
from ontology.events import PUBLISHED_EVENTS, EventType
from runtime.settings import Settings
from tests.clients import foreign_headers, foreign_recognition, until
from tests.message_mutations import Message, mutated

pytestmark = pytest.mark.servers

SEED, MESSAGES = 20261127, 300


async def lag(tree: Settings) -> float:
    """Messages of all partitions that the bridge has not settled."""
    address = f"http://127.0.0.1:{tree.telemetry.bridge_port}/metrics"
    async with httpx.AsyncClient() as web:
        said = (await web.get(address)).raise_for_status().text
    families = {family.name: family for family in text_string_to_metric_families(said)}
    return sum(sample.value for sample in families["trm_bridge_lag"].samples)


async def until_written(graph: GraphDatabase, entity: str, limit: float = 60.0) -> None:
    async def written() -> bool:
        query = "MATCH (n) WHERE n.id = $id AND (n:Recognition OR n:KnowledgeSnippet) RETURN n.id"
        return bool(await graph.read(query, id=entity))

    await until(written, limit)


async def test_every_message_is_recorded_or_buried_with_a_reason(
    tree: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, registry = random.Random(SEED), SchemaRegistry(tree.events)
    kinds = (EventType.RECOGNITION_CREATED, EventType.KNOWLEDGE_SNIPPET_UPSERTED)
    schemas = [await registry.id_of(subject_of(tree.events, PUBLISHED_EVENTS[kind])) for kind in kinds]
    topic = tree.events.recognitions_topic
    sent: list[tuple[Message, RecordMetadata]] = []
    async with AIOKafkaProducer(bootstrap_servers=tree.events.bootstrap_servers, acks="all") as producer:
        for number in range(MESSAGES):
            pairs, value = mutated(rng, f"mutant-{SEED}-{number}", schemas)
            place = await producer.send_and_wait(topic, value, key=f"{number}".encode(), headers=pairs)
            sent.append(((pairs, value), place))
        for partition in range(tree.events.partitions):
            last = foreign_headers(f"last-{SEED}-{partition}")
            await producer.send_and_wait(topic, foreign_recognition("last"), headers=last, partition=partition)
    async with GraphDatabase(tree.graph) as graph:
        for partition in range(tree.events.partitions):
            entity = str(ids.foreign_entity("Recognition", "urn:test:hr", f"last-{SEED}-{partition}"))
            await until_written(graph, entity, limit=120)

        async def settled() -> bool:
            return await lag(tree) == 0

        await until(settled)
        letters = {letter.id: letter for letter in await open_letters(tree.events)}
        counts = Counter[str]()
        for (pairs, value), place in sent:
            letter: DeadLetter | None = letters.get(f"{topic}-{place.partition}-{place.offset}")
            if letter is not None:
                assert letter.reason, "a letter without a reason"
                assert letter.value == value, "a letter that is not as it came"
                counts[letter.code] += 1
                continue
            event = await decode(registry, open_message(pairs, value))
            label = "Recognition" if event.type == EventType.RECOGNITION_CREATED else "KnowledgeSnippet"
            entity = str(ids.foreign_entity(label, event.attributes.source, event.attributes.subject))
            await until_written(graph, entity)
            counts["recorded"] += 1
    with capsys.disabled():
        print(f"\nseed {SEED}: {dict(sorted(counts.items()))}")
    assert counts["recorded"] > MESSAGES / 20
    assert sum(counts.values()) == MESSAGES
    assert "unexpected" not in counts
