"""What events wrote, as it is now."""

from collections.abc import Sequence
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.records import BOOKKEEPING
from graph.values import json_properties
from ontology.lifecycles import ARCHIVED
from ontology.views import NodeView, Target

_AS_IT_IS = """
RETURN n.id AS id, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t) WHERE r.validTo IS NULL AND NOT type(r) IN $bookkeeping
  RETURN {relation: type(r), label: labels(t)[0], id: t.id, name: coalesce(t.fullName, t.name, t.title)}
  ORDER BY type(r), t.id
} + COLLECT {
  MATCH (n)<-[learnt:GENERATES_KNOWLEDGE]-(source)-[r:AFFECTS|RECOGNIZES_CONTRIBUTION_TO]->(t:Project)
  WHERE learnt.validTo IS NULL AND r.validTo IS NULL
  WITH DISTINCT t ORDER BY t.id
  RETURN {relation: 'GENERATES_KNOWLEDGE', label: 'Project', id: t.id, name: t.name}
} AS targets
"""
"""A node with what it leads to, and of what was learnt the projects that it was learnt for."""

_ONE = "MATCH (n:$($label) {id: $id})" + _AS_IT_IS

_SOME = "UNWIND $ids AS id MATCH (n:$($label) {id: id})" + _AS_IT_IS

_OF_EVENTS = (
    "UNWIND $events AS event MATCH (:Event {id: event})<-[:RECORDED_BY]-(n:$($label)) WITH DISTINCT n" + _AS_IT_IS
)

_AFTER = (
    "MATCH (n:$($label)) WHERE n.id > $after AND coalesce(n.status, '') <> $archived WITH n ORDER BY n.id LIMIT $limit"
    + _AS_IT_IS
    + "ORDER BY n.id"
)


async def view_of(transaction: Transaction, label: str, node_id: UUID) -> NodeView | None:
    """A node as it is now; None when there is none."""
    row = await transaction.row(_ONE, label=label, id=str(node_id), bookkeeping=BOOKKEEPING)
    return _view(label, row) if row else None


async def nodes_with_ids(graph: GraphDatabase, label: str, ids: Sequence[str]) -> list[NodeView]:
    """Those nodes of a label that there are of some ids; no order."""
    rows = await graph.read(_SOME, label=label, ids=list(ids), bookkeeping=BOOKKEEPING)
    return [_view(label, row) for row in rows]


async def nodes_of_events(graph: GraphDatabase, label: str, event_ids: Sequence[UUID]) -> list[NodeView]:
    """Every node of a label that any of the events wrote, once each; no order."""
    events = [str(event_id) for event_id in event_ids]
    rows = await graph.read(_OF_EVENTS, label=label, events=events, bookkeeping=BOOKKEEPING)
    return [_view(label, row) for row in rows]


async def nodes_after(graph: GraphDatabase, label: str, after: UUID | None, limit: int) -> list[NodeView]:
    """The next nodes of a label that nobody archived, in the order of their ids; from the first where none is given."""
    place = {"after": str(after) if after else "", "limit": limit}
    rows = await graph.read(_AFTER, label=label, archived=ARCHIVED, bookkeeping=BOOKKEEPING, **place)
    return [_view(label, row) for row in rows]


def _view(label: str, row: Row) -> NodeView:
    targets = [Target(**target) for target in row["targets"]]
    return NodeView(label=label, id=row["id"], properties=json_properties(row["properties"]), targets=targets)
