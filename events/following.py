"""Follows a topic from given places on: what comes, partition by partition, for as long as somebody reads."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from events.errors import BrokerAwayError
from events.log import PartitionReader, partitions_of
from events.names import connection
from runtime.settings import EventSettings

_POLL_MS = 500
_BATCH = 500

Offsets = Mapping[int, int]
"""Partition → offset of the message that comes next."""


@dataclass(frozen=True)
class Placed:
    """A message's key and place, and whether it has a value; without one its key is erased."""

    partition: int
    offset: int
    key: str
    held: bool


class TopicFollower:
    """Reads a topic without a group: every follower sees everything."""

    def __init__(self, settings: EventSettings, topic: str) -> None:
        self._topic = topic
        self._consumer = AIOKafkaConsumer(
            **connection(settings), enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=100
        )
        self._reader = PartitionReader(self._consumer)
        self._parts: list[TopicPartition] = []
        self._one_by_one = 0

    async def __aenter__(self) -> Self:
        """Connect.

        Raises
        ------
        BrokerAwayError
            Kafka is away, or the topic is not there.
        """
        try:
            with _translated():
                await self._consumer.start()
                numbers = await partitions_of(self._consumer, self._topic)
            if not numbers:
                raise BrokerAwayError(f"the topic {self._topic} does not exist; `trm migrate` makes it")
        except BaseException:
            await self._consumer.stop()
            raise
        self._parts = [TopicPartition(self._topic, number) for number in sorted(numbers)]
        self._consumer.assign(self._parts)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Disconnect."""
        with contextlib.suppress(KafkaError):
            await self._consumer.stop()

    async def bounds(self) -> tuple[dict[int, int], dict[int, int]]:
        """Where each partition begins, and where it ends now.

        Raises
        ------
        BrokerAwayError
            Kafka is away.
        """
        with _translated():
            first = await self._consumer.beginning_offsets(self._parts)
            last = await self._consumer.end_offsets(self._parts)
        return _by_number(first), _by_number(last)

    def seek(self, offsets: Offsets) -> None:
        """Go on from these places; a partition that is not named begins at its first message."""
        for part in self._parts:
            self._consumer.seek(part, offsets.get(part.partition, 0))

    async def reached(self) -> dict[int, int]:
        """Partition → offset of the message that comes next: some may have been stepped over."""
        with _translated():
            return {part.partition: await self._consumer.position(part) for part in self._parts}

    async def next(self) -> list[Placed]:
        """What came, in order within each partition; nothing after half a second without.

        Raises
        ------
        BrokerAwayError
            Kafka is away.
        """
        with _translated():
            if self._one_by_one:
                self._one_by_one -= 1
                return [_placed(record) for part in self._parts for record in await self._reader.next(part)]
            try:
                read = await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
            except ValueError:  # a message that nobody can read; the library does not say which
                self._one_by_one = _BATCH
                return []
        return [_placed(record) for records in read.values() for record in records]


def _placed(record: ConsumerRecord) -> Placed:
    key = (record.key or b"").decode(errors="replace")
    return Placed(record.partition, record.offset, key, record.value is not None)


def _by_number(offsets: Mapping[TopicPartition, int]) -> dict[int, int]:
    return {part.partition: offset for part, offset in offsets.items()}


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"Kafka: {error!r}") from error
