"""Steps of an import: rows into the graph, then what they wrote told and made searchable.

Only ids travel between the steps: what was written is read back from the graph, so no payload grows with the
rows' consequences.
"""

import asyncio
from uuid import UUID

from prometheus_client import Counter
from temporalio import activity

from activities.failures import failing_typed
from activities.graph import current_run
from activities.heartbeat import heartbeating
from activities.rows_first import RowsFirst
from events.publisher import EventPublisher, domain_event
from graph.database import GraphDatabase
from graph.fence import check_written
from graph.imports import write_rows
from graph.provenance import nodes_of_events
from graph.recorders import recorder_of
from graph.records import records_of_events
from importing.kinds import ImportKind, import_kind
from knowledge.store import KnowledgeStore
from ontology.base import OntologyModel
from ontology.events import OutgoingEvent
from ontology.imports import ImportReport, ImportRows
from ontology.kinds.tension import TENSION
from ontology.views import NodeView
from runtime.batches import pieces
from runtime.settings import ImportSettings

ROWS = Counter("trm_imported_rows_total", "Rows of imports, by kind and what became of them", ["kind", "outcome"])


class BatchWritten(OntologyModel):
    """Answer of the graph step: the report, and the events whose nodes are still to be told."""

    report: ImportReport
    events: list[UUID]
    searchable: bool


class ToTell(OntologyModel):
    """What the later steps need: which events, of which kind of row."""

    kind: str
    events: list[UUID]


class ImportActivities:
    """Imports in bulk.

    Parameters
    ----------
    graph, publisher, store
        Where rows are written, told and made searchable.
    settings
        How many rows go into one transaction, and how many texts into one call.
    """

    def __init__(
        self, graph: GraphDatabase, publisher: EventPublisher, store: KnowledgeStore, settings: ImportSettings
    ) -> None:
        self._graph = graph
        self._publisher = publisher
        self._store = store
        self._settings = settings
        self._writing = asyncio.Lock()
        self._first = RowsFirst(settings.texts_wait)

    @activity.defn
    @failing_typed
    async def write_rows(self, batch: ImportRows) -> BatchWritten:
        """Write the rows, some per transaction; a repetition finds those that stand."""
        kind, run = import_kind(batch.kind), current_run()
        written, same, refusals, events = 0, 0, [], []
        async with heartbeating(), self._first.rows():
            first = 0
            for some in pieces(kind.commands(batch, run.run_id), self._settings.transaction_rows):
                # Two transactions that touch the same people would only wait for each other, or end in a deadlock.
                async with self._writing:
                    result = await write_rows(self._graph, recorder_of(kind.kind), some, run)
                written, same = written + result.written, same + result.same
                refusals += [one.model_copy(update={"row": first + one.row}) for one in result.refusals]
                events += result.events
                first += len(some)
        report = ImportReport(written=written, same=same, refusals=refusals)
        for outcome, count in (("written", written), ("same", same), ("refused", len(refusals))):
            ROWS.labels(kind.name, outcome).inc(count)
        return BatchWritten(report=report, events=events, searchable=kind.kind.document is not None)

    @activity.defn
    @failing_typed
    async def publish_rows(self, told: ToTell) -> None:
        """Send the record of each row, and its domain events."""
        kind = import_kind(told.kind)
        async with heartbeating(), self._first.rows():
            for some in pieces(told.events, self._settings.transaction_rows):
                records = await records_of_events(self._graph, some)
                await check_written(self._graph, [str(event) for event in some])  # so what was read was whole
                nodes = await nodes_of_events(self._graph, kind.kind.label, some) if kind.kind.tells else []
                outgoing = [domain_event(event) for node in nodes for event in _told(kind, node, current_run().run_id)]
                await self._publisher.publish(records=records, events=outgoing)

    @activity.defn
    @failing_typed
    async def index_rows(self, told: ToTell) -> None:
        """Make the rows' texts searchable, many per call of the provider and of the store."""
        kind = import_kind(told.kind)
        document = kind.kind.document
        if document is None:
            return
        async with heartbeating():
            for some in pieces(told.events, self._settings.texts):
                await self._first.texts()
                nodes = await nodes_of_events(self._graph, kind.kind.label, some)
                await self._store.index_many([document(node) for node in nodes])

    @activity.defn
    @failing_typed
    async def unjudged_rows(self, told: ToTell) -> list[UUID]:
        """The tensions among the rows: whom they name is told of each, and what is said of their severity stays."""
        nodes = await nodes_of_events(self._graph, TENSION.label, told.events)
        return [node.id for node in nodes]


def _told(kind: ImportKind, node: NodeView, run_id: str) -> list[OutgoingEvent]:
    """What others are told of a node that a row made."""
    return kind.kind.tells(node, kind.event_id(node.id, run_id), False) if kind.kind.tells else []
