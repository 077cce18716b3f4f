"""Rebuilds a graph that is empty from merged change records, in batches, while nobody may write."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import LiteralString
from uuid import uuid4

from graph import fence
from graph.database import GraphDatabase, Row, Transaction
from graph.merge import Element, Merged, differing, digests, graph_hash, standing_elements
from runtime.batches import pieces
from runtime.errors import RefusedError

_NODES = "UNWIND $rows AS row MERGE (n:$(row.label) {id: row.id}) SET n = row.properties"

_RELATIONS = """
UNWIND $rows AS row
MATCH (a:$(row.label) {id: row.id})
MATCH (b:$(row.targetLabel) {id: row.target})
MERGE (a)-[r:$(row.type) {id: row.properties.id}]->(b)
SET r = row.properties
"""

_BATCH = 500


class RecordsMissingError(RefusedError):
    """Change records are missing, so the graph cannot be made again whole."""

    code = "recordsMissing"


class RebuiltOtherwiseError(RefusedError):
    """The graph is not what its change records say; nothing may be written into it."""

    code = "rebuiltOtherwise"


async def rebuild(
    graph: GraphDatabase,
    records: Callable[[], Awaitable[Merged]],
    patience: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> str:
    """Make an empty graph from the change records; one that was broken off goes on.

    Parameters
    ----------
    graph
        The graph: empty, or closed by a rebuild that was broken off.
    records
        Reads all change records and merges them.
    patience
        Seconds in which everything that was written before, or is being sent, ends.
    progress
        Is told how many nodes and relations stand, of how many.

    Returns
    -------
    str
        The hash of the graph, equal to that of the records.

    Raises
    ------
    GraphNotEmptyError
        The graph is in use.
    RebuildTakenOverError
        Another rebuild was begun meanwhile, and goes on.
    RecordsMissingError
        The records are not all there.
    RebuiltOtherwiseError
        The graph turned out otherwise; it stays closed.
    """
    token = str(uuid4())
    before = await fence.close(graph, token)
    await asyncio.sleep(patience)
    merged = await records()
    if merged.missing:
        raise RecordsMissingError(f"the change records make no whole, {len(merged.missing)} times: {merged.missing[0]}")
    done, total = 0, len(merged.nodes) + len(merged.relations)
    steps: tuple[tuple[LiteralString, Sequence[Element]], ...] = (
        (_NODES, merged.nodes),
        (_RELATIONS, merged.relations),
    )
    for query, elements in steps:
        for some in pieces(elements, _BATCH):
            await _write(graph, token, query, [element.row() for element in some])
            done += len(some)
            progress(done, total)
    told, standing = await digests(merged.elements()), await digests(standing_elements(graph))
    if otherwise := differing(told, standing):
        raise RebuiltOtherwiseError(f"{len(otherwise)} things differ from the records, for instance {otherwise[0]}")
    await fence.reopen(graph, token, fence.epoch_after(max(merged.epoch, before)))
    return graph_hash(standing.values())


async def _write(graph: GraphDatabase, token: str, query: LiteralString, rows: Sequence[Row]) -> None:
    async def work(transaction: Transaction) -> None:
        await fence.require_mine(transaction, token)
        await transaction.rows(query, rows=list(rows))

    await graph.write(work)
