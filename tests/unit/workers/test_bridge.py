"""The bridge without servers: whatever one message raises is a letter, and what it says of itself is true."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson
import pytest
from aiokafka import TopicPartition
from prometheus_client import REGISTRY

from events.dead_letters import headers_of, letter_of, read_letter, replay, send_letter
from events.errors import BrokerAwayError, LetterLeftBehindError, SourceRefusedError, TimeAheadError
from events.registry import SchemaRegistry
from runtime.clock import now, rfc3339
from runtime.errors import MisconfiguredError, UnavailableError
from runtime.settings import EventSettings, Settings
from tests.clients import foreign_headers
from tests.unit.workers.fakes import TOPIC, FakeConsumer, FakeProducer, record
from tests.unit.workers.test_lane import log_of, until
from workers import bridge as module
from workers.bridge import Bridge, BridgeProbe
from workers.intake import Intake, Message
from workers.waits import KAFKA, Waits

PART = TopicPartition(TOPIC, 0)
TREE = EventSettings()


class FakeIntake:
    """Raises what stands under a message's value."""

    def __init__(self, raising: dict[bytes, BaseException]) -> None:
        self.raising = raising
        self.accepted: list[bytes] = []

    async def accept(self, message: Message) -> str:
        assert message.value is not None
        if message.value in self.raising:
            raise self.raising[message.value]
        self.accepted.append(message.value)
        return "started"


def bridge_of(log: list[Any], raising: dict[bytes, BaseException]) -> tuple[Bridge, FakeConsumer, FakeProducer]:
    intake: Any = FakeIntake(raising)
    bridge = Bridge(TREE, intake)
    consumer, producer = FakeConsumer({PART: log}), FakeProducer()
    bridge._consumer, bridge._producer = consumer, producer
    return bridge, consumer, producer


UNFORESEEN = [
    ValueError("no"),
    RecursionError(),
    AssertionError(),
    KeyError("x"),
    TypeError(),
    OSError(),
    TimeoutError(),
    MemoryError(),
    ExceptionGroup("several", [ValueError()]),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    Exception("\ud800 cannot be written"),
]


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
async def test_whatever_a_message_raises_is_a_letter_and_the_next_one_comes(error: Exception) -> None:
    bridge, consumer, producer = bridge_of(
        [record(PART, 0, b"bad"), record(PART, 1, b"good"), record(PART, 2, b"bad")], {b"bad": error}
    )
    await bridge.on_partitions_assigned([PART])
    await until(lambda: consumer.committed.get(PART) == 3)
    letters = [read_letter(sent) for sent in producer.sent[TREE.dead_letters_topic]]
    assert [letter.offset for letter in letters] == [0, 2]
    assert {letter.code for letter in letters} == {"unexpected"}
    assert all(type(error).__name__ in letter.reason and ".py:" in letter.reason for letter in letters)
    await bridge.on_partitions_revoked([PART])


async def test_a_refusal_is_a_letter_with_its_code_and_pointer() -> None:
    bridge, consumer, producer = bridge_of(
        [record(PART, 0, b"bad")], {b"bad": SourceRefusedError("not you", pointer="/ce_source")}
    )
    await bridge.on_partitions_assigned([PART])
    await until(lambda: consumer.committed.get(PART) == 1)
    [letter] = [read_letter(sent) for sent in producer.sent[TREE.dead_letters_topic]]
    assert (letter.code, letter.reason) == ("sourceRefused", "/ce_source: not you")
    await bridge.on_partitions_revoked([PART])


@pytest.mark.parametrize("error", [UnavailableError("away"), MisconfiguredError("denied")], ids=repr)
async def test_what_can_pass_is_waited_for_and_told(error: UnavailableError) -> None:
    bridge, consumer, producer = bridge_of([record(PART, 0, b"bad"), record(PART, 1, b"good")], {b"bad": error})
    await bridge.on_partitions_assigned([PART])
    await until(lambda: bridge.waits.checks() != {})
    ready = await BridgeProbe(bridge)()
    assert not ready.ready
    assert ready.checks[f"{TOPIC}-0"].startswith(error.code)
    assert producer.sent == {}
    await bridge._measure(consumer)
    assert REGISTRY.get_sample_value("trm_bridge_lag", {"topic": TOPIC, "partition": "0"}) == 2
    consumer.logs[PART] += [record(PART, offset) for offset in range(2, 9)]
    await bridge._measure(consumer)
    assert REGISTRY.get_sample_value("trm_bridge_lag", {"topic": TOPIC, "partition": "0"}) == 9
    first = REGISTRY.get_sample_value("trm_bridge_waiting_seconds", {"topic": TOPIC, "partition": "0"})
    await asyncio.sleep(0.05)
    second = REGISTRY.get_sample_value("trm_bridge_waiting_seconds", {"topic": TOPIC, "partition": "0"})
    assert first is not None
    assert second is not None
    assert first < second
    await bridge.on_partitions_revoked([PART])


async def test_figures_of_a_revoked_partition_are_gone() -> None:
    bridge, consumer, _ = bridge_of(log_of(PART, 3), {b"{}": UnavailableError("away")})
    await bridge.on_partitions_assigned([PART])
    await until(lambda: bridge.waits.checks() != {})
    await bridge._measure(consumer)
    await bridge.on_partitions_revoked([PART])
    for metric in ("trm_bridge_lag", "trm_bridge_waiting_seconds"):
        assert REGISTRY.get_sample_value(metric, {"topic": TOPIC, "partition": "0"}) is None
    assert not bridge.assigned()
    assert not (await BridgeProbe(bridge)()).ready


async def test_a_replica_more_than_the_partitions_is_well() -> None:
    bridge, _, _ = bridge_of([], {})
    assert not (await BridgeProbe(bridge)()).ready
    await bridge.on_partitions_assigned([])
    ready = await BridgeProbe(bridge)()
    assert ready.ready
    assert not ready.degraded


async def test_a_rebalance_does_not_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge, consumer, producer = bridge_of([record(PART, 0, b"good")], {})
    monkeypatch.setattr(module, "AIOKafkaConsumer", lambda **_: consumer)
    monkeypatch.setattr(module, "AIOKafkaProducer", lambda **_: producer)
    monkeypatch.setattr(module, "_MEASURE_EVERY", 0.01)
    stop = asyncio.Event()
    running = asyncio.create_task(bridge.run(stop))
    for _ in range(3):
        await until(lambda: consumer.started)
        await bridge.on_partitions_assigned([PART])
        await asyncio.sleep(0.05)
        await bridge.on_partitions_revoked([PART])
        await asyncio.sleep(0.05)
        assert not running.done()
        assert bridge.waits.checks() == {}
    stop.set()
    await running
    assert consumer.starts == 1


async def test_what_is_assigned_while_the_group_is_left_is_not_taken() -> None:
    bridge, _, _ = bridge_of(log_of(PART, 3), {})
    bridge._consumer = None
    await bridge.on_partitions_assigned([PART])
    assert not bridge.assigned()
    assert not bridge.joined


async def test_a_connection_that_fails_in_any_way_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge, _, _ = bridge_of([], {})
    stop, tries = asyncio.Event(), 0

    async def session(_: asyncio.Event) -> None:
        nonlocal tries
        tries += 1
        if tries == 3:
            stop.set()
            return
        assert tries == 1 or "kafka" in bridge.waits.checks()
        raise ValueError("a bug of the library")

    monkeypatch.setattr(bridge, "_session", session)
    await asyncio.wait_for(bridge.run(stop), 5)
    assert tries == 3
    bridge.waits.drop(KAFKA)


def test_a_wait_begins_with_the_first_error_and_the_longest_is_told() -> None:
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    waits = Waits(lambda: moment)
    waits.begin(PART, 7, "graphUnavailable")
    moment += timedelta(seconds=30)
    waits.begin(PART, 7, "temporalUnavailable")
    waits.begin(PART, 3, "registryUnavailable")
    assert waits.seconds(PART) == 30
    assert waits.checks() == {f"{TOPIC}-0": "temporalUnavailable since 2026-03-01T09:00:00.000000Z at offset 7"}
    waits.end(PART, 7)
    assert "offset 3" in waits.checks()[f"{TOPIC}-0"]
    waits.end(PART, 3)
    assert waits.checks() == {}


class NoRegistry(SchemaRegistry):
    """A registry that must not be asked."""

    async def writer_schema(self, schema_id: int) -> Any:
        raise AssertionError("the value was decoded")


@pytest.mark.parametrize("value", [b"\0\0\0\0\7{}", b"{", None], ids=["framed", "broken", "none"])
@pytest.mark.parametrize(
    "allowed", [{}, {"RECOGNITION_CREATED": ["urn:other"]}, {"KNOWLEDGE_SNIPPET_UPSERTED": ["urn:test:hr"]}]
)
async def test_a_source_is_refused_before_its_value_is_read(value: bytes | None, allowed: Any) -> None:
    tree = Settings(events=EventSettings(allowed_sources=allowed))
    nothing: Any = None
    intake = Intake(tree, nothing, nothing, NoRegistry(tree.events))
    with pytest.raises(SourceRefusedError) as refused:
        await intake.command_of(Message(list(foreign_headers("s1")), value))
    assert refused.value.pointer == "/ce_source"


HOSTILE = [
    ("trm_id", b"\xff"),
    ("trm_replayed_at", b"x"),
    ("trm_value_null", b"1"),
    ("trm_header_trm_id", b"y"),
    ("plain", None),
]


async def test_headers_that_look_like_ours_do_not_mark_a_letter() -> None:
    letter = letter_of(record(PART, 4, b"v", HOSTILE), "undecodable", "no")
    producer: Any = FakeProducer()
    await send_letter(producer, TREE, letter)
    [sent] = producer.sent[TREE.dead_letters_topic]
    assert "trm_replayed_at" not in dict(sent.headers)
    back = read_letter(sent)
    assert (back.id, back.value, back.headers) == (letter.id, b"v", tuple(HOSTILE))


async def test_a_message_too_large_for_the_letters_is_named_and_stays_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = letter_of(record(PART, 4, b"v" * 2000), "undecodable", "no")
    producer: Any = FakeProducer(limit=1000)
    await send_letter(producer, TREE, letter)
    back = read_letter(producer.sent[TREE.dead_letters_topic][0])
    assert (back.id, back.whole, back.value) == (letter.id, False, None)
    with pytest.raises(LetterLeftBehindError):
        await replay(TREE, [back])


@pytest.mark.parametrize(("key", "value"), [(None, None), (None, b""), (b"", None), (b"k", b"v")])
async def test_a_letter_comes_back_as_the_message_was(key: bytes | None, value: bytes | None) -> None:
    message = record(PART, 4)
    message.key, message.value = key, value
    producer: Any = FakeProducer()
    await send_letter(producer, TREE, letter_of(message, "undecodable", "no"))
    back = read_letter(producer.sent[TREE.dead_letters_topic][0])
    assert (back.key, back.value) == (key, value)


async def test_a_letter_that_cannot_be_sent_is_not_given_up() -> None:
    letter = letter_of(record(PART, 4), "undecodable", "\ud800")
    assert dict(headers_of(letter))["trm_reason"] == b"?"
    with pytest.raises(BrokerAwayError):
        await send_letter(FakeProducer(limit=10), TREE, letter)


@pytest.mark.parametrize("kind", ["RECOGNITION_CREATED", "KNOWLEDGE_SNIPPET_UPSERTED", "ANYTHING"])
@pytest.mark.parametrize("value", [b"{}", b"\0forged", b"", None])
async def test_whoever_wrote_it_an_event_of_our_own_source_is_skipped(kind: str, value: bytes | None) -> None:
    nothing: Any = None
    tree = Settings()
    intake = Intake(tree, nothing, nothing, SchemaRegistry(tree.events))
    headers: Any = foreign_headers("s", kind, source=tree.events.source)
    assert await intake.accept(Message(headers, value)) == "own"


MEANT: dict[str, tuple[str, dict[str, Any]]] = {
    "RECOGNITION_CREATED": (
        "recognition-created",
        {"giver": {"email": "a@x.example"}, "receivers": [{"email": "b@x.example"}], "content": "Thanks"},
    ),
    "PROJECT_COMPLETED": (
        "project-completed",
        {"project": {"id": "1490f844-0f15-5e14-ba5d-c77e8968685d"}, "completedAt": "2026-03-01T09:00:00Z"},
    ),
    "TENSION_REPORTED": ("tension-reported", {"title": "It is late"}),
}


async def meant(event_type: str, time: str | None = None, **more: Any) -> Any:
    """The command that an event of a type means, with a moment in its headers or its payload."""
    schema, said = MEANT[event_type]
    headers = foreign_headers("s1", event_type, schema=schema)
    if time:
        headers = [(name, time.encode() if name == "ce_time" else value) for name, value in headers]
    tree, nothing = Settings(), cast("Any", None)
    intake = Intake(tree, nothing, nothing, SchemaRegistry(tree.events))
    return await intake.command_of(Message([*headers], orjson.dumps({**said, **more})))


@pytest.mark.parametrize(
    ("event_type", "field", "pointer"),
    [
        ("PROJECT_COMPLETED", "completedAt", "/completedAt"),
        ("RECOGNITION_CREATED", "occurredAt", "/occurredAt"),
        ("TENSION_REPORTED", "occurredAt", "/occurredAt"),
        ("PROJECT_COMPLETED", None, "/ce_time"),
        ("TENSION_REPORTED", None, "/ce_time"),
    ],
)
async def test_what_is_to_come_has_not_happened(event_type: str, field: str | None, pointer: str) -> None:
    def said(moment: datetime) -> dict[str, Any]:
        return {field or "time": rfc3339(moment)}

    for ahead in (timedelta(minutes=6), timedelta(days=27_000)):
        with pytest.raises(TimeAheadError) as refused:
            await meant(event_type, **said(now() + ahead))
        assert (refused.value.code, refused.value.pointer) == ("timeAhead", pointer)
    moment = now() + timedelta(minutes=4)
    assert (await meant(event_type, **said(moment))).origin.occurred_at == (
        moment if field or event_type != "PROJECT_COMPLETED" else datetime(2026, 3, 1, 9, tzinfo=UTC)
    ), "clocks differ a little"
