"""Reads a topic from its beginning to where it ends now; for rebuild, audit and dead letters."""

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from events.errors import BrokerAwayError, UndecodableError
from events.framing import unframe
from events.names import connection
from ontology.changes import ChangeRecord
from runtime.settings import EventSettings

log = logging.getLogger(__name__)

_BATCH = 500


async def read_topic(
    settings: EventSettings, topic: str, since: datetime | None = None
) -> AsyncIterator[ConsumerRecord]:
    """Every record that stands in a topic now, partition by partition as they come.

    Parameters
    ----------
    settings, topic
        Which topic of which Kafka.
    since
        Leave out what was sent before.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    async with _consuming(settings) as consumer:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        if not partitions:
            partitions = [TopicPartition(topic, n) for n in sorted(await partitions_of(consumer, topic))]
        if not partitions:
            raise BrokerAwayError(f"the topic {topic} does not exist; `trm migrate` makes it")
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await _seek(consumer, partitions, ends, since)
        reader = PartitionReader(consumer)
        open_partitions = {partition for partition in partitions if ends[partition] > 0}
        while open_partitions:
            for partition in list(open_partitions):
                for record in await reader.next(partition):
                    if record.offset < ends[partition]:
                        yield record
                if await consumer.position(partition) >= ends[partition]:
                    open_partitions.discard(partition)


async def read_at(settings: EventSettings, topic: str, partition: int, offset: int) -> ConsumerRecord | None:
    """The record at a place, if the topic still has it.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    place = TopicPartition(topic, partition)
    async with _consuming(settings) as consumer:
        consumer.assign([place])
        [end] = (await consumer.end_offsets([place])).values()
        if offset >= end:
            return None
        consumer.seek(place, offset)
        while await consumer.position(place) <= offset:
            found = (await consumer.getmany(place, timeout_ms=500, max_records=1)).get(place, [])
            if found:
                return found[0] if found[0].offset == offset else None
        return None


@contextlib.asynccontextmanager
async def _consuming(settings: EventSettings) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of no group that reads what it is told to, its errors turned into ours."""
    consumer = AIOKafkaConsumer(
        **connection(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * 2**20,
    )
    try:
        await consumer.start()
        yield consumer
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"Kafka: {error!r}") from error
    finally:
        await consumer.stop()


class PartitionReader:
    """Reads batches, and steps over a message that the library cannot read: anybody may have sent it.

    The library fails for a whole batch and keeps its position, so the messages are then read one by one.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._careful: dict[TopicPartition, int] = {}

    async def next(self, partition: TopicPartition) -> list[ConsumerRecord]:
        """The next messages of a partition; none when nothing came in time."""
        careful = self._careful.get(partition, 0)
        try:
            read = await self._consumer.getmany(partition, timeout_ms=500, max_records=1 if careful else _BATCH)
        except ValueError as error:  # the library decodes the names of headers as it reads
            if careful:
                offset = await self._consumer.position(partition)
                place = {"topic": partition.topic, "partition": partition.partition, "offset": offset}
                log.warning("a message cannot be read", extra={"cause": repr(error), **place})
                self._consumer.seek(partition, offset + 1)
            self._careful[partition] = 0 if careful else _BATCH
            return []
        self._careful[partition] = max(careful - 1, 0)
        records: list[ConsumerRecord] = read.get(partition, [])
        return records


def header_text(record: ConsumerRecord, name: str) -> str:
    """A header as text, empty where there is none; anybody may have written it, so any bytes will do."""
    value = dict(record.headers).get(name) or b""
    return bytes(value).decode(errors="replace")


@dataclass(frozen=True)
class RecordMessage:
    """A message of the topic of change records.

    Parameters
    ----------
    key
        The event it stands under.
    record
        Its record; None of a tombstone, and of what is no record.
    is_tombstone
        Whether it takes away what stood under the key.
    """

    key: str
    record: ChangeRecord | None
    is_tombstone: bool


async def record_messages(settings: EventSettings, since: datetime | None = None) -> AsyncIterator[RecordMessage]:
    """Every message of the topic of change records as :func:`read_topic` reads it; those of a key in their order."""
    async for message in read_topic(settings, settings.changes_topic, since):
        key = (message.key or b"").decode(errors="replace")
        yield RecordMessage(key, _record_of(message, key), message.value is None)


async def sent_epochs(settings: EventSettings, since: datetime | None) -> dict[str, int]:
    """Event → epoch of its last message, of those sent since a moment; 0 of one that is no record."""
    return {
        message.key: message.record.epoch if message.record else 0 async for message in record_messages(settings, since)
    }


def _record_of(message: ConsumerRecord, key: str) -> ChangeRecord | None:
    """The record of a message, which stands under its event's id; None of anything else, whoever put it there."""
    if message.value is None:
        return None
    try:
        record = ChangeRecord.model_validate(unframe(message.value)[1])
        record.check_whole()
        if record.event_id == key:
            return record
        cause = f"it stands under {key!r:.80}"
    except (ValueError, UndecodableError) as error:
        cause = repr(error)
    log.warning("not a change record", extra={"cause": cause, "partition": message.partition, "offset": message.offset})
    return None


async def is_empty(settings: EventSettings, topic: str) -> bool:
    """Whether nothing stands in a topic now."""
    async for _ in read_topic(settings, topic):
        return False
    return True


async def _seek(
    consumer: AIOKafkaConsumer,
    partitions: list[TopicPartition],
    ends: dict[TopicPartition, int],
    since: datetime | None,
) -> None:
    if since is None:
        await consumer.seek_to_beginning(*partitions)
        return
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
    for partition in partitions:
        place = found.get(partition)
        consumer.seek(partition, place.offset if place else ends[partition])


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    """Numbers of a topic's partitions; none where it does not exist."""
    await consumer._client.add_topic(topic)  # the public API has no wait for a topic's metadata
    await consumer._client.force_metadata_update()
    return set(consumer.partitions_for_topic(topic) or ())
