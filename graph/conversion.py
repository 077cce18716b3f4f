"""Brings the data of earlier versions to today's form, once; what is in it already is left alone.

Relations of the first version had no id and did not name the event that ended them. Their ids are derived as new ones
are. Who ended one was never kept: it is taken to be the event that recorded its source at that very time.

States of earlier versions held only some properties, and revisions had gaps. Each event of a node becomes one revision
of it. When an earlier version did not keep what an event set, what every node of the kind has counts as set by the
first event, and the rest by the last.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any, LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.records import bookkeeping_rows, state_properties
from graph.values import Properties
from ontology import ids
from ontology.changes import NodeKey
from ontology.compile.cypher import required
from ontology.nodes import ENTITIES
from runtime.clock import now

_OLD_RELATIONS = """
MATCH (a)-[r]->(b) WHERE r.eventId IS NOT NULL AND r.id IS NULL
RETURN elementId(r) AS element, a.id AS source, type(r) AS type, b.id AS target, r.eventId AS event,
  COLLECT { MATCH (e:Event {id: r.eventId}) RETURN e.recordedAt } AS made,
  COLLECT {
    MATCH (a)-[:RECORDED_BY]->(e:Event) WHERE r.validTo IS NOT NULL AND e.occurredAt = r.validTo
    RETURN e {.id, .recordedAt} ORDER BY e.recordedAt DESC LIMIT 1
  } AS ended
"""

_SET_RELATIONS = """
UNWIND $rows AS row
MATCH ()-[r]->() WHERE elementId(r) = row.element
SET r += row.properties
"""

_OLD_NODES = """
MATCH (n) WHERE n.rev IS NOT NULL AND NOT n:State
  AND NOT EXISTS { MATCH (n)-[:HAS_STATE]->(s) WHERE s.rev IS NOT NULL }
RETURN labels(n)[0] AS label, properties(n) AS properties,
  COLLECT { MATCH (n)-[h:HAS_STATE]->(s) RETURN {event: h.eventId, properties: properties(s)} } AS states,
  COLLECT {
    MATCH (n)-[r]->(t) WHERE NOT t:State
    UNWIND [r.eventId, r.endedBy] AS id
    WITH DISTINCT id WHERE id IS NOT NULL
    MATCH (e:Event {id: id})
    RETURN e {.id, .occurredAt, .recordedAt} ORDER BY e.recordedAt, e.id
  } AS events
"""

_SET_NODES = """
UNWIND $rows AS row
MATCH (n:$(row.label) {id: row.id})
SET n.rev = row.rev
WITH n, row
CALL (n) {
  MATCH (n)-[:HAS_STATE]->(s)
  DETACH DELETE s
}
CALL (row) {
  UNWIND row.states AS state
  CREATE (s:State)
  SET s = state
}
CALL (n, row) {
  UNWIND row.relations AS relation
  MATCH (t:$(relation.targetLabel) {id: relation.target})
  MERGE (n)-[r:$(relation.type) {id: relation.properties.id}]->(t)
  SET r = relation.properties
}
"""

_EPOCH = """
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
SET e.epoch = 1
"""
_OLD_EVENTS = "MATCH (e:Event) WHERE e.epoch IS NULL RETURN e.id AS id"

_NAME = "ledger"
_DONE = "MATCH (m:Migration {id: $id}) RETURN m.id AS id"
_RECORD = "MERGE (m:Migration {id: $id}) SET m.appliedAt = $at"
_BATCH = 500


async def convert(graph: GraphDatabase) -> int | None:
    """Convert what is old, batch by batch, so that a broken-off conversion goes on.

    Returns
    -------
    int | None
        Relations, nodes and events converted now; None once :func:`converted` was said of this graph.

    Raises
    ------
    GraphUnavailableError
        Neo4j is away.
    """
    if await graph.read(_DONE, id=_NAME):
        return None
    relations = await _rewrite(graph, graph.stream(_OLD_RELATIONS), _with_id, _SET_RELATIONS)
    nodes = await _rewrite(graph, graph.stream(_OLD_NODES), _with_states, _SET_NODES)
    return relations + nodes + await _rewrite(graph, graph.stream(_OLD_EVENTS), dict, _EPOCH)


async def converted(graph: GraphDatabase) -> None:
    """Say that everything is converted and every change record is sent."""

    async def record(transaction: Transaction) -> None:
        await transaction.rows(_RECORD, id=_NAME, at=now())

    await graph.write(record)


async def _rewrite(
    graph: GraphDatabase, old: AsyncIterator[Row], change: Callable[[Row], Row], query: LiteralString
) -> int:
    count, waiting = 0, list[Row]()
    async for row in old:
        waiting.append(change(row))
        if len(waiting) == _BATCH:
            count, waiting = count + await _write(graph, query, waiting), []
    return count + await _write(graph, query, waiting)


async def _write(graph: GraphDatabase, query: LiteralString, rows: list[Row]) -> int:
    async def work(transaction: Transaction) -> None:
        await transaction.rows(query, rows=rows)

    await graph.write(work)
    return len(rows)


def _with_id(row: Row) -> Row:
    found: Row = {"id": str(ids.relation(row["source"], row["type"], row["target"], row["event"]))}
    if row["made"]:
        found["recordedAt"] = row["made"][0]
    if row["ended"]:
        found |= {"endedBy": row["ended"][0]["id"], "endRecordedAt": row["ended"][0]["recordedAt"]}
    return {"element": row["element"], "properties": found}


def _with_states(row: Row) -> Row:
    node = NodeKey(label=row["label"], id=row["properties"]["id"])
    states, relations = list[Properties](), list[Row]()
    for event, updates in zip(row["events"], revisions(row), strict=True):
        since = max(earlier["occurredAt"] for earlier in row["events"][: len(states) + 1])
        state_id, links = bookkeeping_rows(node, UUID(event["id"]), since, event["occurredAt"], event["recordedAt"])
        states.append({"id": state_id, **state_properties(updates)})
        relations += links
    return {
        "label": node.label,
        "id": str(node.id),
        "rev": len(states),
        "states": states,
        "relations": relations,
    }


def revisions(row: Row) -> list[Properties]:
    """What each event of a node set (and, as None, took away), so that all together make what the node is.

    Parameters
    ----------
    row
        The node's label and properties, its events in order, and the states an earlier version kept, each with the
        id of its event.
    """
    current = {name: value for name, value in row["properties"].items() if name not in {"id", "rev"}}
    kept: dict[str, Properties] = {
        state["event"]: {name: value for name, value in state["properties"].items() if name != "id"}
        for state in row["states"]
    }
    dated = {name for state in kept.values() for name in state}
    always = set(required(ENTITIES[row["label"]]))
    before: dict[str, Any] = {}
    found = []
    for number, event in enumerate(row["events"], 1):
        after = dict(before) if before else {name: value for name, value in current.items() if name in always}
        if event["id"] in kept:
            after = {name: value for name, value in after.items() if name not in dated} | kept[event["id"]]
        after["updatedAt"] = event["recordedAt"]
        if number == len(row["events"]):
            after = current
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        found.append({**changed, **dict.fromkeys(before.keys() - after.keys()), "rev": number})
        before = after
    return found
