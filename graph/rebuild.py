"""Rebuilds a graph that is empty from merged change records, in batches, while nobody may write."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import LiteralString
from uuid import uuid4

from graph import fence
from graph.database import GraphDatabase, Row, Transaction
from graph.elements import Element, differing, standing_elements, sums_of
from graph.merge import MergedRecords
from runtime.batches import batches
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
    records: Callable[[], Awaitable[MergedRecords]],
    patience: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> str:
    """Make an empty graph from the change records; one that was broken off goes on.

    Parameters
    ----------
    graph
        The graph: empty, or closed by a rebuild that was broken off.
    records
        Reads all change records; they are closed afterwards.
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
    with await records() as merged:
        if first := next(merged.missing(), None):
            raise RecordsMissingError(f"the change records make no whole: {first}")
        done, total = 0, merged.total
        steps: tuple[tuple[LiteralString, Iterable[Element]], ...] = (
            (_NODES, merged.nodes()),
            (_RELATIONS, merged.relations()),
        )
        for query, elements in steps:
            for some in batches(elements, _BATCH):
                await _write(graph, token, query, [element.row() for element in some])
                done += len(some)
                progress(done, total)
        told, standing = await sums_of(merged.elements()), await sums_of(standing_elements(graph))
        if places := told.differing(standing):
            otherwise = await differing(merged.elements, lambda: standing_elements(graph), places)
            raise RebuiltOtherwiseError(f"{len(otherwise)} things differ from the records, for instance {otherwise[0]}")
        await fence.reopen(graph, token, fence.epoch_after(max(merged.epoch, before)))
        return standing.hash


async def _write(graph: GraphDatabase, token: str, query: LiteralString, rows: Sequence[Row]) -> None:
    async def work(transaction: Transaction) -> None:
        await fence.require_mine(transaction, token)
        await transaction.rows(query, rows=list(rows))

    await graph.write(work)
