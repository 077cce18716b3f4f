"""Publishes change records and domain events: idempotent, acknowledged by all replicas, all of one write at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
from opentelemetry import propagate

from events.attributes import Attributes
from events.codec import write_headers
from events.errors import BrokerAwayError, MessageNotAcceptedError
from events.framing import frame
from events.names import changes_subject, connection, subject_of, topic_of
from events.registry import SchemaRegistry
from events.topics import LARGEST_MESSAGE
from ontology.base import OntologyModel
from ontology.changes import ChangeRecord
from ontology.events import PUBLISHED_EVENTS, OutgoingEvent
from runtime.settings import EventSettings
from runtime.telemetry import calling

_CHANGED = "CHANGE_RECORD"

_OF_THIS_MESSAGE = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
"""What the broker says of one message; the connection is well."""


@dataclass(frozen=True)
class DomainEvent:
    """An event other systems read; ``id`` is the same on every repetition."""

    id: UUID
    type: str
    subject: UUID
    occurred_at: datetime
    payload: OntologyModel


def domain_event(event: OutgoingEvent) -> DomainEvent:
    """The event with its payload validated against its declaration."""
    return DomainEvent(
        id=event.event_id,
        type=event.type,
        subject=event.subject,
        occurred_at=event.occurred_at,
        payload=PUBLISHED_EVENTS[event.type].payload.model_validate(event.payload),
    )


@dataclass(frozen=True)
class _Message:
    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


@dataclass
class _Shared:
    """A producer and how many publications use it."""

    producer: AIOKafkaProducer
    users: int = 0


class EventPublisher:
    """A producer that starts with its first message, so that a process may start while Kafka is away."""

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self._registry = SchemaRegistry(settings)
        self._shared: _Shared | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Open; nothing is connected yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Flush and close."""
        shared, self._shared = self._shared, None
        if shared is not None:
            await _stop(shared.producer)

    async def publish(self, *, records: Sequence[ChangeRecord], events: Sequence[DomainEvent]) -> None:
        """Send change records and events and wait until all are acknowledged.

        Raises
        ------
        BrokerAwayError
            Kafka did not acknowledge in time; what was sent may be sent again.
        MessageNotAcceptedError
            Kafka does not take one of the messages now; what others send goes on.
        RegistryAwayError, SchemaNotAcceptedError
            A schema id could not be learnt.
        """
        count = len(records) + len(events)
        if not count:
            return
        with calling("kafka send", messaging_system="kafka"):
            context: dict[str, str] = {}
            propagate.inject(context)
            messages = [await self._record(record, context) for record in records]
            messages += [await self._event(event, context) for event in events]
            await self._send(messages)

    async def _send(self, messages: Sequence[_Message]) -> None:
        try:
            async with asyncio.timeout(self._settings.request_timeout), self._producing() as producer:
                sent = [
                    await producer.send(message.topic, message.value, key=message.key, headers=message.headers)
                    for message in messages
                ]
                await asyncio.gather(*sent)
        except _OF_THIS_MESSAGE as error:
            raise MessageNotAcceptedError(f"Kafka: {error!r}") from error
        except (KafkaError, TimeoutError, OSError) as error:
            raise BrokerAwayError(f"Kafka: {error!r}") from error

    @contextlib.asynccontextmanager
    async def _producing(self) -> AsyncIterator[AIOKafkaProducer]:
        """The producer that all publications share.

        One that failed is shared no more: the next publication starts another, with an id and sequence of its own,
        while those under way finish on theirs. What is wrong with one message alone leaves it shared.
        """
        shared = await self._started()
        shared.users += 1
        try:
            yield shared.producer
        except _OF_THIS_MESSAGE:
            raise
        except BaseException:
            if self._shared is shared:
                self._shared = None
            raise
        finally:
            shared.users -= 1
            if shared is not self._shared and not shared.users:
                await _stop(shared.producer)

    async def _started(self) -> "_Shared":
        async with self._starting:
            if self._shared is None:
                producer = AIOKafkaProducer(
                    **connection(self._settings),
                    enable_idempotence=True,
                    acks="all",
                    compression_type="gzip",
                    linger_ms=2,
                    max_request_size=LARGEST_MESSAGE,
                    request_timeout_ms=int(self._settings.request_timeout * 1000),
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._shared = _Shared(producer)
            return self._shared

    async def _record(self, record: ChangeRecord, context: dict[str, str]) -> _Message:
        schema = await self._registry.id_of(changes_subject(self._settings))
        attributes = Attributes(
            id=record.event_id,
            source=self._settings.source,
            type=_CHANGED,
            subject=record.event_id,
            time=record.recorded_at,
        )
        return self._message(self._settings.changes_topic, schema, record.wire(), attributes, context)

    async def _event(self, event: DomainEvent, context: dict[str, str]) -> _Message:
        declared = PUBLISHED_EVENTS[event.type]
        schema = await self._registry.id_of(subject_of(self._settings, declared))
        attributes = Attributes(
            id=str(event.id),
            source=self._settings.source,
            type=event.type,
            subject=str(event.subject),
            time=event.occurred_at,
        )
        value = event.payload.model_dump(mode="json", exclude_none=True)
        return self._message(topic_of(self._settings, declared.topic), schema, value, attributes, context)

    @staticmethod
    def _message(topic: str, schema: int, value: Any, attributes: Attributes, context: dict[str, str]) -> _Message:
        return _Message(topic, attributes.subject.encode(), frame(schema, value), write_headers(attributes, context))


async def _stop(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(KafkaError, TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(producer.stop(), 5)
