"""Steps that tell other systems: change records and domain events to Kafka."""

from datetime import timedelta

from temporalio import activity

from activities.failures import failing_typed
from events.publisher import EventPublisher, domain_event
from graph.database import GraphDatabase
from graph.errors import LedgerClosedError
from graph.fence import check_written
from ontology.base import OntologyModel
from ontology.changes import ChangeRecord
from ontology.events import OutgoingEvent
from runtime.clock import now


class Publication(OntologyModel):
    """What one write has to tell."""

    records: list[ChangeRecord]
    events: list[OutgoingEvent] = []


class PublishingActivities:
    """Sends what was written; a repeated send carries the same ids.

    Parameters
    ----------
    publisher, graph
        Where it is sent, and where it was written.
    fresh
        Seconds after its writing in which a record is sent without a look at the graph: a rebuild waits longer.
    """

    def __init__(self, publisher: EventPublisher, graph: GraphDatabase, fresh: float) -> None:
        self._publisher = publisher
        self._graph = graph
        self._fresh = timedelta(seconds=fresh)

    @activity.defn
    @failing_typed
    async def publish(self, publication: Publication) -> None:
        """Send records and events at once and wait for every acknowledgement.

        A record that was kept waiting is looked for first: the graph may have been made again without it. While it is
        not made again yet, the record is sent, since others may build on it, and whether it was taken shows later.
        """
        latest, closed = now() - self._fresh, None
        waited = [record.event_id for record in publication.records if record.recorded_at < latest]
        try:
            if waited:
                await check_written(self._graph, waited)
        except LedgerClosedError as error:
            closed = error
        await self._publisher.publish(
            records=publication.records, events=[domain_event(event) for event in publication.events]
        )
        if closed:
            raise closed
