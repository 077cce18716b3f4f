"""Mends what a store lost, from the graph: change records, events and vectors."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from auditing.equality import Lost
from events.publisher import DomainEvent, EventPublisher, domain_event
from graph.database import GraphDatabase
from graph.provenance import nodes_of_events, nodes_with_ids
from graph.records import all_records, records_of_events
from knowledge.store import KnowledgeStore
from ontology.changes import ChangeRecord
from ontology.documents import SnippetDocument
from ontology.events import OutgoingEvent
from ontology.kinds import KINDS, Kind
from ontology.lifecycles import ARCHIVED
from runtime.batches import pieces, streamed

_AT_ONCE = 100


async def send_all_records(publisher: EventPublisher, graph: GraphDatabase) -> int:
    """Send the record of every event; returns their number."""
    sent = 0
    async for some in streamed(all_records(graph), _AT_ONCE):
        await publisher.publish(records=some, events=[])
        sent += len(some)
    return sent


async def mend(lost: Lost, graph: GraphDatabase, publisher: EventPublisher, store: KnowledgeStore) -> dict[str, int]:
    """Make again what was lost.

    Parameters
    ----------
    lost
        What the check found twice.
    graph, publisher, store
        What it is made of, and where it goes.

    Returns
    -------
    dict
        What was made again → how many.
    """
    made = {"change records sent": 0, "events sent": 0, "texts given a vector": 0, "vectors taken away": 0}
    for some in pieces(lost.records, _AT_ONCE):
        records = await _records(graph, some)
        await publisher.publish(records=records, events=[])
        made["change records sent"] += len(records)
    for event_type, missing in lost.events.items():
        [kind] = [one for one in KINDS.values() if event_type in (one.recorded, *one.told_changes)]
        for some in pieces(missing, _AT_ONCE):
            events = await _events(graph, kind, event_type, some)
            await publisher.publish(records=[], events=events)
            made["events sent"] += len(events)
    for name, ids in lost.vectors.items():
        [kind] = [one for one in KINDS.values() if one.name == name]
        for some in pieces(ids, _AT_ONCE):
            made["texts given a vector"] += await store.index_many(await _texts(graph, kind, some))
    for source in lost.astray:
        await store.delete(UUID(source))
        made["vectors taken away"] += 1
    return {what: number for what, number in made.items() if number}


async def _records(graph: GraphDatabase, events: Iterable[str]) -> list[ChangeRecord]:
    return await records_of_events(graph, [UUID(event) for event in events])


async def _events(graph: GraphDatabase, kind: Kind, event_type: str, events: Sequence[str]) -> list[DomainEvent]:
    """What is told of things as they are now, under the ids that it was to be told under.

    What was withdrawn since is told to nobody.
    """
    views = {view.id: view for view in await nodes_of_events(graph, kind.label, [UUID(event) for event in events])}
    told: list[OutgoingEvent] = []
    for record in await _records(graph, events):
        event = UUID(record.event_id)
        for change in record.nodes:
            view = views.get(change.id)
            if view is None or view.properties.get("status") == ARCHIVED:
                continue
            told += kind.tells(view, event, False) if kind.tells and event_type == kind.recorded else []
            told += kind.tells_change(view, change, event)
    return [domain_event(one) for one in told if one.type == event_type]


async def _texts(graph: GraphDatabase, kind: Kind, ids: Iterable[str]) -> list[SnippetDocument]:
    assert kind.document is not None
    return [kind.document(node) for node in await nodes_with_ids(graph, kind.label, list(ids))]
