"""Brings the data of earlier versions to today's form, once; what is in it already is left alone.

Relations of the first version had no id and did not name the event that ended them. Their ids are derived as new ones
are. Who ended one was never kept: it is taken to be the event that recorded its source at that very time.
"""

from typing import Any, LiteralString

from graph.database import GraphDatabase, Row, Transaction
from ontology import ids
from runtime.clock import now

_OLD = """
MATCH (a)-[r]->(b) WHERE r.eventId IS NOT NULL AND r.id IS NULL
RETURN elementId(r) AS element, a.id AS source, type(r) AS type, b.id AS target, r.eventId AS event,
  COLLECT { MATCH (e:Event {id: r.eventId}) RETURN e.recordedAt } AS made,
  COLLECT {
    MATCH (a)-[:RECORDED_BY]->(e:Event) WHERE r.validTo IS NOT NULL AND e.occurredAt = r.validTo
    RETURN e {.id, .recordedAt} ORDER BY e.recordedAt DESC LIMIT 1
  } AS ended
"""

_SET = """
UNWIND $rows AS row
MATCH ()-[r]->() WHERE elementId(r) = row.element
SET r += row.properties
"""

_NAME = "relationIds"
_DONE = "MATCH (m:Migration {id: $id}) RETURN m.id AS id"
_RECORD = "MERGE (m:Migration {id: $id}) SET m.appliedAt = $at"
_BATCH = 1000


async def convert(graph: GraphDatabase) -> int:
    """Convert what is old, batch by batch, so that a broken-off conversion goes on; returns the relations converted.

    Raises
    ------
    GraphUnavailableError
        Neo4j is away.
    """
    if await graph.read(_DONE, id=_NAME):
        return 0
    converted, waiting = 0, list[Row]()
    async for row in graph.stream(_OLD):
        waiting.append({"element": row["element"], "properties": _properties(row)})
        if len(waiting) == _BATCH:
            converted, waiting = converted + await _write(graph, _SET, rows=waiting), []
    converted += await _write(graph, _SET, rows=waiting)
    await _write(graph, _RECORD, rows=[], id=_NAME, at=now())
    return converted


async def _write(graph: GraphDatabase, query: LiteralString, *, rows: list[Row], **parameters: Any) -> int:
    async def work(transaction: Transaction) -> None:
        await transaction.rows(query, rows=rows, **parameters)

    await graph.write(work)
    return len(rows)


def _properties(row: Row) -> Row:
    found: Row = {"id": str(ids.relation(row["source"], row["type"], row["target"], row["event"]))}
    if row["made"]:
        found["recordedAt"] = row["made"][0]
    if row["ended"]:
        found |= {"endedBy": row["ended"][0]["id"], "endRecordedAt": row["ended"][0]["recordedAt"]}
    return found
