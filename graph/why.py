"""Why a node or a relation is as it is: its states and relations, each with the event that made or ended it.

What is private is hidden exactly as in the other reads, and so is whatever its event did elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.records import BOOKKEEPING
from graph.visibility import Viewer, sees_event, sees_node, told_event
from ontology.nodes import ENTITIES, NODES


def labels() -> list[str]:
    """Every label, each with a constraint on ``id``: a look under all of them is one index seek each."""
    return list(dict.fromkeys([*ENTITIES, *(node.label for node in NODES)]))


_NODE = (
    """
UNWIND $labels AS label
MATCH (n:$(label) {id: $id})
WHERE """
    + sees_node("n")
    + """
RETURN label, properties(n) AS properties,
  COLLECT { MATCH (n)-[:RECORDED_BY]->(e:Event) RETURN e.id ORDER BY e.recordedAt } AS events,
  COLLECT {
    MATCH (n)-[h:HAS_STATE]->(s:State)
    RETURN {properties: properties(s), validFrom: h.validFrom, madeBy: h.eventId} ORDER BY s.rev
  } AS states
"""
)

_RELATIONS_END = (
    """
WHERE NOT type(r) IN $without
  AND ($type IS NULL OR type(r) = $type)
  AND labels(a)[0] IN $shown AND labels(b)[0] IN $shown
  AND """
    + sees_node("a")
    + " AND "
    + sees_node("b")
    + """
RETURN type(r) AS type, properties(r) AS properties, r.eventId AS madeBy,
  {id: a.id, label: labels(a)[0], name: coalesce(a.fullName, a.name, a.title, left(a.content, 80))} AS source,
  {id: b.id, label: labels(b)[0], name: coalesce(b.fullName, b.name, b.title, left(b.content, 80))} AS target,
  CASE WHEN r.endedBy IS NULL THEN [] ELSE [r.endedBy] END AS endedBy
ORDER BY r.validFrom DESC, type, source.id, target.id
LIMIT $limit
"""
)

_OF_NODE = (
    """
UNWIND $labels AS label
MATCH (n:$(label) {id: $id})-[r]-()
WITH DISTINCT r
WITH r, startNode(r) AS a, endNode(r) AS b
"""
    + _RELATIONS_END
)

_MADE_BY_EVENT = "MATCH (:Event {id: $id})<-[:RECORDED_BY]-(a)-[r {eventId: $id}]->(b)\nWITH a, r, b\n" + _RELATIONS_END

_BETWEEN = (
    """
UNWIND $labels AS label
MATCH (a:$(label) {id: $id})
UNWIND $labels AS targetLabel
MATCH (b:$(targetLabel) {id: $target})
MATCH (a)-[r:$($type)]->(b)
WITH a, r, b
"""
    + _RELATIONS_END
)

_EVENTS = (
    """
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE """
    + sees_event("e")
    + """
RETURN """
    + told_event("e")
    + """ AS event,
  COLLECT {
    MATCH (:Identity {id: e.actor})-[r:IDENTIFIES]->(p:Person) WHERE r.validTo IS NULL OR r.validTo > e.recordedAt
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY r.validFrom LIMIT 1
  } AS senders,
  COLLECT {
    MATCH (e)<-[:RECORDED_BY]-(n)-[r:RECOGNIZED_BY|AUTHORED_BY]->(p:Person)
    WHERE r.eventId = e.id AND labels(n)[0] IN $shown
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY p.id LIMIT 1
  } AS speakers
"""
)


NAMED = frozenset({"Person", "Project"})
"""Labels of what every read names, whatever its scope."""


@dataclass(frozen=True)
class Sight:
    """What somebody may see.

    Parameters
    ----------
    viewer
        Who looks.
    named
        Labels of nodes that may be named as neighbours.
    """

    viewer: Viewer
    named: frozenset[str]

    def parameters(self) -> Row:
        """The sight as the queries take it."""
        return {
            **self.viewer.parameters(),
            "shown": sorted(self.named | {"State", "Event"}),
            "labels": labels(),
        }


async def find_node(graph: GraphDatabase, node_id: UUID, sight: Sight) -> Row | None:
    """A node of any kind with its label, properties, the state of each revision and the ids of its events.

    None when there is none, or it is a private recognition of others.
    """
    rows = await graph.read(_NODE, id=str(node_id), **sight.parameters())
    return rows[0] if rows else None


async def relations_of(graph: GraphDatabase, node_id: UUID, label: str, sight: Sight, limit: int) -> list[Row]:
    """What a node is related to either way, newest first; of a State or Event, also what it is a state or event of."""
    without = () if label in {"State", "Event"} else BOOKKEEPING
    return await graph.read(_OF_NODE, id=str(node_id), type=None, without=without, limit=limit, **sight.parameters())


async def relations_made_by(graph: GraphDatabase, event_id: UUID, sight: Sight, limit: int) -> list[Row]:
    """The relations an event made."""
    return await graph.read(
        _MADE_BY_EVENT, id=str(event_id), type=None, without=BOOKKEEPING, limit=limit, **sight.parameters()
    )


async def relations_between(
    graph: GraphDatabase, source: UUID, relation: str, target: UUID, sight: Sight, limit: int
) -> list[Row]:
    """Every time a relation of a type held from one node to another, newest first."""
    return await graph.read(
        _BETWEEN,
        id=str(source),
        target=str(target),
        type=relation,
        without=[],
        limit=limit,
        **sight.parameters(),
    )


async def events_by_id(graph: GraphDatabase, event_ids: Iterable[str], sight: Sight) -> dict[str, Row]:
    """Events the viewer may see, by id, each with who sent it and for whom it spoke, as far as the graph knows."""
    rows = await graph.read(_EVENTS, ids=sorted(set(event_ids)), **sight.parameters())
    return {row["event"]["id"]: row for row in rows}
