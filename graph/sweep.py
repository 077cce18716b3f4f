"""Which events a pass over the ledger has to look at: those since the last pass, and where it has got to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.database import GraphDatabase, Row, Transaction

_SET_MARK = """
MATCH (l:Ledger {id: 'ledger', open: true, epoch: $epoch})
SET l.sweptTo = $to
"""
_FORGET = "MATCH (l:Ledger {id: 'ledger'}) SET l.sweptTo = null"
_OPEN = "MATCH (l:Ledger {id: 'ledger', open: true}) RETURN l.epoch AS epoch, l.sweptTo AS sweptTo"
_WRITTEN = """
MATCH (e:Event) WHERE e.recordedAt <= $to AND ($since IS NULL OR e.recordedAt > $since)
RETURN e.id AS id, e.epoch AS epoch
"""
_EPOCHS = "MATCH (e:Event) WHERE e.id IN $ids RETURN e.id AS id, e.epoch AS epoch"


def lacking(written: Mapping[str, int], others: Mapping[str, int], sent: Mapping[str, int]) -> list[str]:
    """Events whose record is to be sent again.

    Parameters
    ----------
    written
        Event → epoch of what was recorded since the last pass.
    others
        Event → epoch of earlier ones of which something was sent since.
    sent
        Event → epoch of the record that was sent last: that which compaction leaves.
    """
    return [event for event, epoch in {**others, **written}.items() if sent.get(event) != epoch]


class Pass:
    """One pass, from where the last one got to.

    Parameters
    ----------
    graph
        The graph.
    epoch, since
        Of the open ledger: its epoch, and the moment up to which everything is known to be sent; None at first.
    """

    def __init__(self, graph: GraphDatabase, epoch: int, since: datetime | None) -> None:
        self._graph = graph
        self._epoch = epoch
        self.since = since

    async def written(self, to: datetime) -> dict[str, int]:
        """Event → epoch of what was recorded since, up to a moment."""
        return {row["id"]: row["epoch"] async for row in self._graph.stream(_WRITTEN, since=self.since, to=to)}

    async def epochs(self, event_ids: Sequence[str]) -> dict[str, int]:
        """Event → epoch of those of these events that stand in the graph."""
        return {row["id"]: row["epoch"] for row in await self._graph.read(_EPOCHS, ids=list(event_ids))}

    async def still_open(self) -> bool:
        """Whether what was read since the beginning was the graph of that epoch, and no half of another."""
        rows = await self._graph.read(_OPEN)
        return bool(rows) and rows[0]["epoch"] == self._epoch

    async def done(self, to: datetime) -> None:
        """Remember that everything up to a moment is sent; a ledger that was reopened meanwhile begins anew."""

        async def work(transaction: Transaction) -> list[Row]:
            return await transaction.rows(_SET_MARK, epoch=self._epoch, to=to)

        await self._graph.write(work)


async def begin_anew(graph: GraphDatabase) -> None:
    """Have the next pass look at everything, since the topic is a new one."""

    async def work(transaction: Transaction) -> list[Row]:
        return await transaction.rows(_FORGET)

    await graph.write(work)


async def begin(graph: GraphDatabase) -> Pass | None:
    """Begin a pass; None while the ledger is closed."""
    rows = await graph.read(_OPEN)
    return Pass(graph, rows[0]["epoch"], rows[0]["sweptTo"]) if rows else None
