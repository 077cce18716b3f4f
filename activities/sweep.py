"""The pass over the ledger: sends the change records that Kafka lacks, as a run ended between its steps leaves them."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from prometheus_client import Counter
from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from events.errors import MessageNotAcceptedError
from events.log import sent_epochs
from events.publisher import EventPublisher
from graph import sweep
from graph.database import GraphDatabase
from graph.records import records_of_events
from ontology.base import OntologyModel
from ontology.changes import ChangeRecord
from runtime.batches import pieces
from runtime.clock import now
from runtime.settings import EventSettings

log = logging.getLogger(__name__)

RESENT = Counter("trm_change_records_resent_total", "Change records that Kafka lacked and a pass sent")

_BATCH = 100
_SKEW = timedelta(minutes=1)
"""How far the clocks of those who write and those who send may differ."""


class SweepReport(OntologyModel):
    """What a pass found.

    Attributes
    ----------
    events, sent, refused
        Events it looked at; records it sent; records that Kafka does not take, which the next pass tries again.
    """

    events: int = 0
    sent: int = 0
    refused: int = 0


class SweepActivities:
    """Compares what was written with what was sent.

    Parameters
    ----------
    graph, publisher, events
        Where it was written, and where it is sent.
    age
        How old an event must be: younger ones are still on their way.
    """

    def __init__(self, graph: GraphDatabase, publisher: EventPublisher, events: EventSettings, age: timedelta) -> None:
        self._graph = graph
        self._publisher = publisher
        self._events = events
        self._age = age

    @activity.defn
    @failing_typed
    async def sweep(self) -> SweepReport:
        """Send what was recorded since the last pass and stands not in Kafka, or there of an earlier epoch last."""
        async with heartbeating():
            found = await sweep.begin(self._graph)
            if found is None:
                return SweepReport()
            to = now() - self._age
            written = await found.written(to)
            sent = await sent_epochs(self._events, found.since - _SKEW if found.since else None)
            others = await found.epochs(sorted(sent.keys() - written.keys()))
            missing = sweep.lacking(written, others, sent)
            refused = 0
            for some in pieces(missing, _BATCH):
                records = await records_of_events(self._graph, [UUID(event) for event in some])
                if not await found.still_open():
                    return SweepReport(events=len(written))
                refused += await self._send(records)
            RESENT.inc(len(missing) - refused)
            if not refused:
                await found.done(to)
            return SweepReport(events=len(written), sent=len(missing) - refused, refused=refused)

    async def _send(self, records: Sequence[ChangeRecord]) -> int:
        """Send records; where Kafka does not take one of them, one by one. Returns how many it does not take."""
        try:
            await self._publisher.publish(records=records, events=[])
        except MessageNotAcceptedError as error:
            if len(records) == 1:
                log.warning("a change record is not taken", extra={"cause": str(error), "event": records[0].event_id})
                return 1
        else:
            return 0
        return sum([await self._send([record]) for record in records])
