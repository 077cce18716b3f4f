"""Change records, made of what an event did: by the ledger as it writes, or again from the graph at any time."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.outcomes import WriteOutcome
from graph.values import Properties, json_properties
from ontology import ids
from ontology.changes import ChangeRecord, NodeChange, NodeKey, RelationEnded, RelationMade
from ontology.commands import Origin

BOOKKEEPING = ("HAS_STATE", "RECORDED_BY")
"""Relations that every revision of a node has; a record does not repeat them."""

ENDING = frozenset({"validTo", "endedBy", "endRecordedAt"})
"""Properties that a relation has once it ended."""

_SEEN = "MATCH (e:Event {id: $event}) RETURN e.requestHash AS requestHash"
_EVERY = "MATCH (e:Event)"
_ONE = "MATCH (e:Event {id: $id})"
_SOME = "UNWIND $ids AS id MATCH (e:Event {id: id})"
_PARTS = """
RETURN properties(e) AS event, COLLECT {
  MATCH (n)-[:RECORDED_BY]->(e)
  MATCH (n)-[h:HAS_STATE {eventId: e.id}]->(s:State) WHERE s.rev IS NOT NULL
  RETURN {label: labels(n)[0], id: n.id, validFrom: h.validFrom, state: s {.*, id: null}}
} AS nodes, COLLECT {
  MATCH (n)-[:RECORDED_BY]->(e)
  MATCH (n)-[r]->(t)
  WHERE (r.eventId = e.id OR r.endedBy = e.id) AND NOT t:State AND NOT t:Event
  RETURN {
    label: labels(n)[0], id: n.id, type: type(r), relation: r.id,
    targetLabel: labels(t)[0], target: t.id, properties: properties(r)
  }
} AS relations
"""


async def repeated(transaction: Transaction, origin: Origin) -> WriteOutcome | None:
    """What a write answers whose event is known: the same, or that another request has its id; None of a new one."""
    seen = await transaction.row(_SEEN, event=str(origin.event_id))
    if seen is None:
        return None
    if seen["requestHash"] != origin.request_hash:
        return WriteOutcome(outcome="conflict")
    return WriteOutcome(outcome="same", records=await record_of_event(transaction, origin.event_id))


async def record_of_event(transaction: Transaction, event_id: UUID) -> list[ChangeRecord]:
    """The record of an event: what a repeated write answers; none when there is no such event."""
    rows = await transaction.rows(_ONE + _PARTS, id=str(event_id))
    return [record_of(**row) for row in rows]


async def records_of_events(graph: GraphDatabase, event_ids: Sequence[UUID]) -> list[ChangeRecord]:
    """The records of events; no order."""
    rows = await graph.read(_SOME + _PARTS, ids=[str(event_id) for event_id in event_ids])
    return [record_of(**row) for row in rows]


async def all_records(graph: GraphDatabase) -> AsyncIterator[ChangeRecord]:
    """The record of every event of the graph, streamed; no order."""
    async for row in graph.stream(_EVERY + _PARTS):
        yield record_of(**row)


def record_of(event: Properties, nodes: Sequence[Row], relations: Sequence[Row]) -> ChangeRecord:
    """A record from the parts that ledger and graph hold; it is the same from both, its parts in order of their ids.

    Parameters
    ----------
    event
        Properties of the Event node.
    nodes
        Rows of label, id, validFrom and the state's properties.
    relations
        Rows of label and id of the source, type, relation, targetLabel and target, and properties; of a relation the
        event ended, the latter may hold the end alone.
    """
    key = event["id"]
    changed = [_node_change(row) for row in nodes]
    made = [_made(row) for row in relations if row["properties"].get("eventId") == key]
    ended = [_ended(row) for row in relations if row["properties"].get("endedBy") == key]
    return ChangeRecord(
        event=json_properties(event),
        nodes=sorted(changed, key=lambda one: (one.label, str(one.id))),
        made=sorted(made, key=lambda one: str(one.properties.get("id"))),
        ended=sorted(ended, key=lambda one: one.id),
    )


def relation_properties(
    made: tuple[str, str, str, str], number: int, valid_from: datetime, recorded_at: datetime
) -> Properties:
    """What every relation carries.

    Parameters
    ----------
    made
        Ids of source, target and event around the relation's type: source, type, target, event.
    number
        Tells those apart that one event made between the same two nodes.
    valid_from, recorded_at
        Since when it holds, and when that was recorded.
    """
    return {
        "id": str(ids.relation(*made, number)),
        "eventId": made[3],
        "validFrom": valid_from,
        "recordedAt": recorded_at,
    }


def relation_row(relation: str, source: NodeKey, target: NodeKey, properties: Properties) -> Row:
    """A relation as the writing statements take it."""
    return {
        "label": source.label,
        "id": str(source.id),
        "type": relation,
        "relation": properties["id"],
        "targetLabel": target.label,
        "target": str(target.id),
        "properties": properties,
    }


def state_properties(updates: Properties) -> Properties:
    """What an event set of a node, and took away (None), as the State node of that revision holds it."""
    held = {name: value for name, value in updates.items() if value is not None and name != "id"}
    removed = sorted(updates.keys() - held.keys() - {"id"})
    return {**held, "removed": removed} if removed else held


def bookkeeping_rows(
    node: NodeKey, event_id: UUID, valid_from: datetime, occurred_at: datetime, recorded_at: datetime
) -> tuple[str, list[Row]]:
    """Id of the state of a node's revision, and the relations that lead to it and to its event.

    Parameters
    ----------
    node
        The node.
    event_id, occurred_at, recorded_at
        The event, and its two times.
    valid_from
        Since when the revision holds.
    """
    state = NodeKey(label="State", id=ids.state(str(node.id), str(event_id)))
    event = NodeKey(label="Event", id=event_id)
    rows = []
    for relation, target, since in (("HAS_STATE", state, valid_from), ("RECORDED_BY", event, occurred_at)):
        made = (str(node.id), relation, str(target.id), str(event_id))
        rows.append(relation_row(relation, node, target, relation_properties(made, 0, since, recorded_at)))
    return str(state.id), rows


def _node_change(row: Row) -> NodeChange:
    state = {name: value for name, value in row["state"].items() if value is not None}
    removed = state.pop("removed", [])
    return NodeChange(
        label=row["label"],
        id=row["id"],
        rev=state["rev"],
        valid_from=row["validFrom"],
        properties=json_properties(state),
        removed=removed,
    )


def _made(row: Row) -> RelationMade:
    properties = {name: value for name, value in row["properties"].items() if name not in ENDING}
    return RelationMade(
        type=row["type"],
        source=NodeKey(label=row["label"], id=row["id"]),
        target=NodeKey(label=row["targetLabel"], id=row["target"]),
        properties=json_properties(properties),
    )


def _ended(row: Row) -> RelationEnded:
    return RelationEnded(
        id=row["relation"],
        type=row["type"],
        source=NodeKey(label=row["label"], id=row["id"]),
        valid_to=row["properties"]["validTo"],
    )
