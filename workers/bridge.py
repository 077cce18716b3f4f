"""The bridge: Kafka in, durable runs out; an offset is committed only after the server accepted the start.

A message that can never be accepted, or that breaks something, goes to the dead letters; while a server is away its
partition waits, and no other does. So nothing is lost, and what is consumed twice after a crash finds its run there.
"""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Iterable
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge

from events.dead_letters import letter_of, send_letter
from events.errors import UNEXPECTED, UnreadableError
from events.names import connection, topic_of
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from ontology.commands import Position
from ontology.events import PUBLISHED_EVENTS
from runtime import lifecycle, telemetry
from runtime.errors import RefusedError, UnavailableError
from runtime.operations import Readiness, operations
from runtime.proxies import spare_own_servers
from runtime.settings import EventSettings, settings
from runtime.temporal_client import connect
from workers.intake import Intake, Message, handled
from workers.lane import Lane
from workers.waits import KAFKA, Waits
from workflows.runs import TemporalRuns

log = logging.getLogger(__name__)

EVENTS = Counter("trm_bridge_events_total", "Messages by what became of them", ["topic", "verdict"])
DEAD_LETTERS = Counter("trm_bridge_dead_letters_total", "Messages refused for good", ["topic", "code"])
LAG = Gauge("trm_bridge_lag", "Messages not yet accepted", ["topic", "partition"])

_MEASURE_EVERY = 1.0
_WAIT_FIRST, _WAIT_LAST = 0.2, 5.0
_LARGEST = 8 * 2**20
_LONGEST_POLL_MS = 24 * 3_600_000
"""A lane that waits is not lost: the group must not take its partition away to let another bridge wait instead."""


class Bridge(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Consumes the topics of every event type that has an agent, each partition in a lane of its own."""

    def __init__(self, tree: EventSettings, intake: Intake) -> None:
        self._tree = tree
        self._intake = intake
        self._lanes: dict[TopicPartition, tuple[Lane, asyncio.Task[None]]] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._producer: AIOKafkaProducer | None = None
        self._stop = asyncio.Event()
        self.joined = False
        self.waits = Waits()

    @property
    def topics(self) -> list[str]:
        """Topics it consumes."""
        return sorted({topic_of(self._tree, PUBLISHED_EVENTS[kind].topic) for kind in handled()})

    def assigned(self) -> bool:
        """Whether the group gave it partitions; one that is more than the topics have is given none, and is well."""
        return bool(self._lanes)

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until told to stop; a broker that goes away is waited for."""
        self._stop = stop
        pause = _WAIT_FIRST
        while not stop.is_set():
            try:
                await self._session(stop)
                pause = _WAIT_FIRST
            except Exception as error:  # the connection's, never a message's: made anew, whatever it was
                self.waits.begin(KAFKA, 0, f"kafka: {type(error).__name__}")
                known = isinstance(error, KafkaError | OSError)
                log.warning("Kafka is away", exc_info=None if known else error, extra={"cause": repr(error)})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(pause * 2, _WAIT_LAST)

    async def _session(self, stop: asyncio.Event) -> None:
        """One connection's life."""
        self._consumer = consumer = AIOKafkaConsumer(
            **connection(self._tree),
            group_id=self._tree.consumer_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_partition_fetch_bytes=_LARGEST,
            max_poll_interval_ms=_LONGEST_POLL_MS,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
        )
        self._producer = producer = AIOKafkaProducer(**connection(self._tree), acks="all", max_request_size=_LARGEST)
        stopping = asyncio.create_task(stop.wait())
        try:
            await producer.start()
            consumer.subscribe(self.topics, listener=self)
            await consumer.start()
            self.waits.drop(KAFKA)
            while not stop.is_set():
                tasks = [task for _, task in self._lanes.values()]
                done, _ = await asyncio.wait(
                    {stopping, *tasks}, timeout=_MEASURE_EVERY, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done - {stopping}:
                    if not task.cancelled():  # its partition was revoked meanwhile
                        task.result()
                await self._measure(consumer)
            await asyncio.gather(*(task for _, task in self._lanes.values()), return_exceptions=True)
        finally:
            stopping.cancel()
            self.joined, self._consumer = False, None  # what the group still assigns while it is left is not taken
            await self._leave(list(self._lanes))
            for ending in (consumer.stop, producer.stop):
                with contextlib.suppress(KafkaError, OSError):
                    await ending()

    async def _settle(self, record: ConsumerRecord, unread: Exception | None) -> None:
        """Accept one message or bury it: whatever else than a server that is away keeps it, its partition goes on.

        Raises
        ------
        UnavailableError
            A server is away, or refuses everything of ours.
        """
        carrier = {name: value.decode(errors="replace") for name, value in record.headers if value is not None}
        try:
            with telemetry.carrying_on(f"process {record.topic}", carrier, SpanKind.CONSUMER):
                await self._accept_or_bury(record, unread)
        except UnavailableError:
            raise
        except Exception as error:  # nobody foresaw it, and it must not come again with every start
            log.exception("unexpected error", extra={"topic": record.topic, "offset": record.offset})
            await self._bury(record, UNEXPECTED, f"{type(error).__name__} {_place_of(error)}: {error}")

    async def _accept_or_bury(self, record: ConsumerRecord, unread: Exception | None) -> None:
        try:
            if unread is not None:
                raise UnreadableError(f"{type(unread).__name__}: {unread}") from unread
            position = Position(topic=record.topic, partition=record.partition, offset=record.offset)
            verdict = await self._intake.accept(Message(list(record.headers), record.value, position))
            EVENTS.labels(record.topic, verdict).inc()
        except RefusedError as error:
            await self._bury(record, error.code, f"{error.pointer}: {error}" if error.pointer else str(error))

    async def _bury(self, record: ConsumerRecord, code: str, reason: str) -> None:
        assert self._producer is not None
        await send_letter(self._producer, self._tree, letter_of(record, code, reason))
        EVENTS.labels(record.topic, "refused").inc()
        DEAD_LETTERS.labels(record.topic, code).inc()
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        log.warning("dead letter", extra={"code": code, **place})

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Commit what is done and forget the rest: its next owner starts those runs again and finds them there."""
        self.joined = False
        await self._leave([part for part in revoked if part in self._lanes])

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Open a lane for each partition, which starts from what is committed."""
        assigned = list(assigned)
        await self._leave(assigned)
        if self._consumer is None:
            return
        for part in assigned:
            lane = Lane(part, self._consumer, self._settle, self.waits, self._tree.in_flight)
            self._lanes[part] = lane, asyncio.create_task(lane.run(self._stop), name=f"lane:{part.partition}")
        self.joined = True

    async def _leave(self, parts: Iterable[TopicPartition]) -> None:
        """Close lanes: commit, and tell no figures of what another may have by now."""
        for part in parts:
            lane, task = self._lanes.pop(part, (None, None))
            if lane is None or task is None:
                continue
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(lane.commit(), _WAIT_LAST)
            self.waits.drop(part)
            with contextlib.suppress(KeyError):
                LAG.remove(part.topic, part.partition)

    async def _measure(self, consumer: AIOKafkaConsumer) -> None:
        """Lag as the broker sees it, whatever the lanes are waiting for."""
        with contextlib.suppress(KafkaError, TimeoutError):
            ends = await asyncio.wait_for(consumer.end_offsets(list(self._lanes)), _WAIT_LAST)
            for part, end in ends.items():
                if part in self._lanes:
                    LAG.labels(part.topic, part.partition).set(self._lanes[part][0].lag(end))


def _place_of(error: BaseException) -> str:
    """The line of ours that an error came through last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return f"at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


class BridgeProbe:
    """Ready when it is a member of the group and no partition waits for a server; says which one does, and for what."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def __call__(self) -> Readiness:
        """Look at the bridge."""
        checks = {"group": "ok" if self._bridge.joined else "not joined", **self._bridge.waits.checks()}
        return Readiness(all(state == "ok" for state in checks.values()), checks)


async def main() -> int:
    """Run until told to stop; what is in hand is finished and committed first."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-bridge")
    spare_own_servers(tree)
    stop = lifecycle.stop_event()
    async with GraphDatabase(tree.graph) as graph:
        client = await connect(tree.temporal, lazy=True)
        bridge = Bridge(tree.events, Intake(tree, TemporalRuns(client, tree), graph, SchemaRegistry(tree.events)))
        async with operations(tree.telemetry.operations_host, tree.telemetry.bridge_port, BridgeProbe(bridge)):
            await bridge.run(stop)
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
