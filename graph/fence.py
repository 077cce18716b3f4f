"""The fence: nothing is written unless the ledger is open, and its epoch tells a graph from one that was made again.

A wiped graph has no ledger, and a rebuild closes it, so that neither is written into. Each event bears the epoch in
which it was written, so that of two records of one event the later one counts. An epoch is the moment at which it
began, in milliseconds: a number that grows by one could be given twice, since of an epoch nothing may have been told.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import LedgerClosedError, ReferenceUnknownError
from graph.outcomes import WriteOutcome
from runtime.clock import now
from runtime.errors import RefusedError

T = TypeVar("T", bound=WriteOutcome)

_STATE = "MATCH (l:Ledger {id: 'ledger'}) RETURN l.epoch AS epoch, l.open AS open"
_FIRST = "MERGE (l:Ledger {id: 'ledger'}) ON CREATE SET l.epoch = $epoch, l.open = true"
_LOOK = """
MERGE (l:Ledger {id: 'ledger'})
ON CREATE SET l.epoch = 0, l.open = true
SET l.locked = true
REMOVE l.locked
WITH l
RETURN l.open AS open, l.epoch AS epoch, NOT EXISTS { MATCH (n) WHERE NOT n:Migration AND NOT n:Ledger } AS empty
"""
_CLOSE = "MATCH (l:Ledger {id: 'ledger'}) SET l.open = false, l.rebuild = $token"
_MINE = "MATCH (l:Ledger {id: 'ledger', open: false, rebuild: $token}) RETURN l.epoch AS epoch"
_OPEN = """
MATCH (l:Ledger {id: 'ledger', open: false, rebuild: $token})
SET l.epoch = $epoch, l.open = true, l.sweptTo = null, l.rebuild = null
RETURN l.epoch AS epoch
"""
_PRESENT = """
MATCH (:Ledger {id: 'ledger', open: true})
RETURN COLLECT { MATCH (e:Event) WHERE e.id IN $ids RETURN e.id } AS ids
"""
_EMPTY = "RETURN NOT EXISTS { MATCH (n) WHERE NOT n:Migration AND NOT n:Ledger } AS empty"

CLOSED = "nothing is written until the graph is whole: `trm rebuild` makes it again from the change records"
"""What helps when the ledger is closed or missing."""


class GraphNotEmptyError(RefusedError):
    """A rebuild would mix two states; empty the graph first."""

    code = "graphNotEmpty"


class RebuildTakenOverError(RefusedError):
    """Two rebuilds at once: the later one goes on."""

    code = "rebuildTakenOver"


class WriteLostError(RefusedError):
    """What was written is in the graph no more, and was never told: it has to be written again."""

    code = "writeLost"


@dataclass(frozen=True)
class LedgerState:
    """Whether the graph may be written, and how often it was made again."""

    epoch: int
    open: bool


async def ledger_state(graph: GraphDatabase) -> LedgerState | None:
    """The ledger as it stands; None of a graph that has none."""
    rows = await graph.read(_STATE)
    return LedgerState(rows[0]["epoch"], rows[0]["open"]) if rows else None


async def is_empty(graph: GraphDatabase) -> bool:
    """Whether nothing was ever written, or all of it is gone."""
    [row] = await graph.read(_EMPTY)
    return bool(row["empty"])


async def open_first(graph: GraphDatabase) -> None:
    """Open the ledger of a graph that has none; whoever calls it has seen that there is nothing to rebuild."""
    await _write(graph, _FIRST, epoch=epoch_after(0))


def epoch_after(known: int) -> int:
    """An epoch that begins now, after the latest that is known, whatever the clock says."""
    return max(int(now().timestamp() * 1000), known + 1)


async def close(graph: GraphDatabase, token: str) -> int:
    """Close the ledger for the rebuild that bears a token; returns the epoch that ends.

    What has looked at it already ends within a transaction's time-out. Another rebuild that runs, or was broken off,
    loses it.

    Raises
    ------
    GraphNotEmptyError
        The graph is in use: open, and not empty.
    """

    async def work(transaction: Transaction) -> int:
        row = await transaction.row(_LOOK)
        assert row is not None
        if row["open"] and not row["empty"]:
            raise GraphNotEmptyError("the graph is not empty: a rebuild would mix two states")
        await transaction.rows(_CLOSE, token=token)
        return int(row["epoch"])

    return await graph.write(work)


async def require_mine(transaction: Transaction, token: str) -> None:
    """Pass while the ledger is closed for the rebuild that bears a token.

    Raises
    ------
    RebuildTakenOverError
        Another one has it now.
    """
    if not await transaction.rows(_MINE, token=token):
        raise RebuildTakenOverError("another rebuild has taken over; this one has ended")


async def reopen(graph: GraphDatabase, token: str, epoch: int) -> None:
    """Open the ledger of a graph that was made again, in a new epoch.

    Raises
    ------
    RebuildTakenOverError
        Another rebuild has it now.
    """

    async def work(transaction: Transaction) -> None:
        await require_mine(transaction, token)
        await transaction.rows(_OPEN, token=token, epoch=epoch)

    await graph.write(work)


async def check_written(graph: GraphDatabase, event_ids: Sequence[str]) -> None:
    """Pass when the graph holds these events.

    Raises
    ------
    LedgerClosedError
        It holds nothing reliable now.
    WriteLostError
        It was made again without one of them.
    """
    rows = await graph.read(_PRESENT, ids=list(event_ids))
    if not rows:
        raise LedgerClosedError(CLOSED)
    if lost := set(event_ids) - set(rows[0]["ids"]):
        raise WriteLostError(f"the graph was made again without event {min(lost)}")


def fenced(work: Callable[[Transaction], Awaitable[T]]) -> Callable[[Transaction], Awaitable[T]]:
    """A write whose answers count only while the ledger is open.

    A wiped graph knows nobody, and would refuse much; one that is half rebuilt holds an event and not what it did, and
    would answer a repeated write with less than was written. What is written now is fenced by the ledger's statement.
    """

    async def run(transaction: Transaction) -> T:
        try:
            written = await work(transaction)
        except (RefusedError, ReferenceUnknownError, LookupError):
            await require_open(transaction)
            raise
        if written.outcome != "created":
            await require_open(transaction)
        return written

    return run


async def require_open(transaction: Transaction) -> None:
    """Pass when the graph may be written.

    Raises
    ------
    LedgerClosedError
        It may not.
    """
    row = await transaction.row(_STATE)
    if not row or not row["open"]:
        raise LedgerClosedError(CLOSED)


async def _write(graph: GraphDatabase, query: str, **parameters: object) -> None:
    async def work(transaction: Transaction) -> list[Row]:
        return await transaction.rows(query, **parameters)

    await graph.write(work)
