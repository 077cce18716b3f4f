"""Derives what nodes hold for look-ups, where an earlier version did not, or otherwise; once."""

from graph.database import GraphDatabase, Row, Transaction
from graph.derived import SOURCES, derived
from runtime.clock import now

FORM = 1
"""Grows when what is derived changes: the next migration derives everything anew."""

_NAME = "derived"
_STANDS = "MATCH (m:Migration {id: $id}) WHERE m.form = $form RETURN m.id AS id"
_RECORD = "MERGE (m:Migration {id: $id}) SET m.form = $form, m.appliedAt = $at"
_EVERY = "MATCH (n:$($label)) RETURN properties(n) AS properties"
# What was changed since it was read has been derived by who changed it; the lock is held before that is looked at.
_SET = """
UNWIND $rows AS row
MATCH (n:$($label) {id: row.id})
SET n.locked = true
REMOVE n.locked
WITH n, row WHERE n.rev = row.rev
SET n += row.properties
RETURN count(n) AS set
"""
_BATCH = 500


async def derive_all(graph: GraphDatabase) -> int | None:
    """Derive what an earlier version did not, or otherwise; a broken-off run goes on.

    Returns
    -------
    int | None
        How many nodes were given something; None where this version has been through.

    Raises
    ------
    GraphUnavailableError
        Neo4j is away.
    """
    if await graph.read(_STANDS, id=_NAME, form=FORM):
        return None
    count = 0
    for label in SOURCES:
        waiting = list[Row]()
        async for row in graph.stream(_EVERY, label=label):
            held = row["properties"]
            wanted = derived(label, held)
            if any(held.get(name) != value for name, value in wanted.items()):
                waiting.append({"id": held["id"], "rev": held["rev"], "properties": wanted})
            if len(waiting) == _BATCH:
                count, waiting = count + await _set(graph, label, waiting), []
        count += await _set(graph, label, waiting)

    async def record(transaction: Transaction) -> None:
        await transaction.rows(_RECORD, id=_NAME, form=FORM, at=now())

    await graph.write(record)
    return count


async def _set(graph: GraphDatabase, label: str, rows: list[Row]) -> int:
    async def work(transaction: Transaction) -> int:
        [done] = await transaction.rows(_SET, label=label, rows=rows)
        return int(done["set"])

    return await graph.write(work) if rows else 0
