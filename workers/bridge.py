"""The bridge: Kafka in, durable runs out; an offset is committed only after the server accepted the start.

A message that can never be accepted goes to the dead letters; while something is away the partition waits. So nothing
is lost, and what is consumed twice after a crash finds its run already there.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge

from events.dead_letters import letter_of, send_letter
from events.names import connection, topic_of
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from ontology.events import PUBLISHED_EVENTS
from runtime import lifecycle, telemetry
from runtime.errors import RefusedError, UnavailableError
from runtime.operations import Readiness, operations
from runtime.proxies import spare_own_servers
from runtime.settings import EventSettings, settings
from runtime.temporal_client import connect
from workers.intake import HANDLED, Intake, Message
from workers.offsets import ContiguousOffsets

log = logging.getLogger(__name__)

EVENTS = Counter("trm_bridge_events_total", "Messages by what became of them", ["topic", "verdict"])
DEAD_LETTERS = Counter("trm_bridge_dead_letters_total", "Messages refused for good", ["topic", "code"])
LAG = Gauge("trm_bridge_lag", "Messages not yet accepted", ["topic", "partition"])

_IN_FLIGHT = 16
_POLL_MS = 500
_WAIT_FIRST, _WAIT_LAST = 0.2, 5.0
_LARGEST = 8 * 2**20


class Bridge(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Consumes the topics of every event type that has an agent."""

    def __init__(self, tree: EventSettings, intake: Intake) -> None:
        self._tree = tree
        self._intake = intake
        self._offsets: dict[TopicPartition, ContiguousOffsets] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._producer: AIOKafkaProducer | None = None
        self.waiting_for: str | None = None

    @property
    def topics(self) -> list[str]:
        """Topics it consumes."""
        return sorted({topic_of(self._tree, PUBLISHED_EVENTS[kind].topic) for kind in HANDLED})

    def assigned(self) -> bool:
        """Whether the group gave it partitions, or a group that is larger than the topics gave it none on purpose."""
        return self._consumer is not None and bool(self._consumer.assignment())

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until told to stop; a broker that goes away is waited for."""
        pause = _WAIT_FIRST
        while not stop.is_set():
            try:
                await self._session(stop)
                pause = _WAIT_FIRST
            except (KafkaError, OSError, UnavailableError) as error:
                self.waiting_for = f"kafka: {type(error).__name__}"
                log.warning("Kafka is away, trying again", extra={"cause": repr(error)})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(pause * 2, _WAIT_LAST)

    async def _session(self, stop: asyncio.Event) -> None:
        """One connection's life."""
        self._offsets.clear()
        consumer = AIOKafkaConsumer(
            **connection(self._tree),
            group_id=self._tree.consumer_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=_LARGEST,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
        )
        producer = AIOKafkaProducer(**connection(self._tree), enable_idempotence=True, max_request_size=_LARGEST)
        try:
            await producer.start()
            consumer.subscribe(self.topics, listener=self)
            await consumer.start()
            self._consumer, self._producer, self.waiting_for = consumer, producer, None
            while not stop.is_set():
                batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_IN_FLIGHT)
                await asyncio.gather(*(self._take(part, records, stop) for part, records in batches.items()))
                self._measure(consumer)
        finally:
            self._consumer = None
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()
            with contextlib.suppress(KafkaError, OSError):
                await producer.stop()

    async def _take(self, part: TopicPartition, records: list[ConsumerRecord], stop: asyncio.Event) -> None:
        """Accept a batch of one partition side by side, then commit as far as it is contiguous."""
        offsets = self._offsets.setdefault(part, ContiguousOffsets(records[0].offset))
        for record in records:
            offsets.begin(record.offset)
        await asyncio.gather(*(self._settle(record, offsets, stop) for record in records))
        await self._commit(part, offsets)

    async def _settle(self, record: ConsumerRecord, offsets: ContiguousOffsets, stop: asyncio.Event) -> None:
        """Accept one message or bury it; while something is away, wait and try again."""
        pause = _WAIT_FIRST
        while not stop.is_set():
            try:
                await self._settle_once(record)
                offsets.done(record.offset)
                self.waiting_for = None
                return
            except UnavailableError as error:
                self.waiting_for = error.code
                log.warning("waiting", extra={"cause": str(error), "code": error.code, "offset": record.offset})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(pause * 2, _WAIT_LAST)

    async def _settle_once(self, record: ConsumerRecord) -> None:
        carrier = {name: value.decode(errors="replace") for name, value in record.headers if value is not None}
        with telemetry.carrying_on(f"process {record.topic}", carrier, SpanKind.CONSUMER):
            await self._accept_or_bury(record)

    async def _accept_or_bury(self, record: ConsumerRecord) -> None:
        try:
            verdict = await self._intake.accept(Message(list(record.headers), record.value))
            EVENTS.labels(record.topic, verdict).inc()
        except RefusedError as error:
            reason = f"{error.pointer}: {error}" if error.pointer else str(error)
            assert self._producer is not None
            await send_letter(self._producer, self._tree, letter_of(record, error.code, reason))
            EVENTS.labels(record.topic, "refused").inc()
            DEAD_LETTERS.labels(record.topic, error.code).inc()
            log.warning("dead letter", extra={"code": error.code, "topic": record.topic, "offset": record.offset})

    async def _commit(self, part: TopicPartition, offsets: ContiguousOffsets) -> None:
        reached = offsets.committable()
        consumer = self._consumer
        if reached is None or consumer is None or part not in consumer.assignment():
            return
        await consumer.commit({part: reached})
        offsets.committed(reached)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Commit what is done and forget the rest: its next owner starts those runs again and finds them there."""
        for part in revoked:
            offsets = self._offsets.pop(part, None)
            if offsets is not None:
                with contextlib.suppress(KafkaError):
                    await self._commit(part, offsets)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Start from what is committed."""
        for part in assigned:
            self._offsets.pop(part, None)

    def _measure(self, consumer: AIOKafkaConsumer) -> None:
        for part, offsets in self._offsets.items():
            end = consumer.highwater(part)
            if end is not None:
                LAG.labels(part.topic, part.partition).set(max(end - offsets.position, 0))


class BridgeProbe:
    """Ready when it has partitions and nothing keeps it waiting for long."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def __call__(self) -> Readiness:
        """Look at the bridge."""
        checks = {
            "assignment": "ok" if self._bridge.assigned() else "none",
            "waiting": self._bridge.waiting_for or "ok",
        }
        return Readiness(all(state == "ok" for state in checks.values()), checks)


async def main() -> int:
    """Run until told to stop; what is in hand is finished and committed first."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-bridge")
    spare_own_servers(tree)
    stop = lifecycle.stop_event()
    async with GraphDatabase(tree.graph) as graph:
        client = await connect(tree.temporal, lazy=True)
        bridge = Bridge(tree.events, Intake(tree, client, graph, SchemaRegistry(tree.events)))
        async with operations(tree.api.host, tree.telemetry.bridge_port, BridgeProbe(bridge)):
            await bridge.run(stop)
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
