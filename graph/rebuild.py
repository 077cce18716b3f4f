"""Rebuilds an empty graph from merged change records, in batches."""

from collections.abc import Callable, Sequence
from typing import ClassVar, LiteralString

from graph.database import GraphDatabase, Row, Transaction
from graph.merge import Merged
from runtime.errors import RefusedError

_EMPTY = "MATCH (n) WHERE NOT n:Migration RETURN count(n) AS nodes"

_NODES = "UNWIND $rows AS row MERGE (n:$(row.label) {id: row.id}) SET n = row.properties"

_RELATIONS = """
UNWIND $rows AS row
MATCH (a:$(row.label) {id: row.id})
MATCH (b:$(row.targetLabel) {id: row.target})
MERGE (a)-[r:$(row.type) {id: row.properties.id}]->(b)
SET r = row.properties
"""

_BATCH = 500


class GraphNotEmptyError(RefusedError):
    """A rebuild would mix two states; empty the graph first."""

    code: ClassVar[str] = "graphNotEmpty"


class RecordsMissingError(RefusedError):
    """Change records are missing, so the graph cannot be made again whole."""

    code: ClassVar[str] = "recordsMissing"


async def rebuild(graph: GraphDatabase, merged: Merged, progress: Callable[[int], None]) -> None:
    """Write every node, then every relation.

    Raises
    ------
    GraphNotEmptyError
        The graph holds something.
    RecordsMissingError
        The records are not all there.
    """
    if merged.missing:
        shown = ", ".join(merged.missing[:3])
        raise RecordsMissingError(f"{len(merged.missing)} records are missing, for instance that of {shown}")
    [row] = await graph.read(_EMPTY)
    if row["nodes"]:
        raise GraphNotEmptyError(f"the graph holds {row['nodes']} nodes")
    for query, elements in ((_NODES, merged.nodes), (_RELATIONS, merged.relations)):
        for first in range(0, len(elements), _BATCH):
            batch = [element.row() for element in elements[first : first + _BATCH]]
            await _write(graph, query, batch)
            progress(len(batch))


async def _write(graph: GraphDatabase, query: LiteralString, rows: Sequence[Row]) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.rows(query, rows=list(rows))

    await graph.write(work)
