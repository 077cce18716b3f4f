"""Steps that tell other systems: change records and domain events to Kafka."""

from uuid import UUID

from pydantic import JsonValue
from temporalio import activity

from activities.failures import failing_typed
from events.publisher import DomainEvent, EventPublisher
from ontology.base import OntologyModel, Timestamp
from ontology.changes import ChangeRecord
from ontology.events import PUBLISHED_EVENTS, EventType


class OutgoingEvent(OntologyModel):
    """A domain event as a workflow hands it over; the payload is validated again before it is sent."""

    event_id: UUID
    type: EventType
    subject: UUID
    occurred_at: Timestamp
    payload: dict[str, JsonValue]


class Publication(OntologyModel):
    """What one write has to tell."""

    records: list[ChangeRecord]
    events: list[OutgoingEvent] = []


class PublishingActivities:
    """Sends what was written; a repeated send carries the same ids."""

    def __init__(self, publisher: EventPublisher) -> None:
        self._publisher = publisher

    @activity.defn
    @failing_typed
    async def publish(self, publication: Publication) -> None:
        """Send records and events at once and wait for every acknowledgement."""
        await self._publisher.publish(
            records=publication.records, events=[domain_event(event) for event in publication.events]
        )


def domain_event(event: OutgoingEvent) -> DomainEvent:
    """The event with its payload validated against its declaration."""
    return DomainEvent(
        id=event.event_id,
        type=event.type,
        subject=event.subject,
        occurred_at=event.occurred_at,
        payload=PUBLISHED_EVENTS[event.type].payload.model_validate(event.payload),
    )
