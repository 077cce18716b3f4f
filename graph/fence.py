"""The fence: nothing is written unless the ledger is open, and its epoch tells a graph from one that was made again.

A wiped graph has no ledger, and a rebuild closes it, so that neither is written into. The epoch grows with every
rebuild; each event bears that in which it was written, so that of two records of one event the later one counts.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import ReferenceUnknownError
from runtime.errors import RefusedError, UnavailableError

T = TypeVar("T")

_STATE = "MATCH (l:Ledger {id: 'ledger'}) RETURN l.epoch AS epoch, l.open AS open"
_FIRST = "MERGE (l:Ledger {id: 'ledger'}) ON CREATE SET l.epoch = 1, l.open = true"
_CLOSE = "MERGE (l:Ledger {id: 'ledger'}) ON CREATE SET l.epoch = 0 SET l.open = false"
_OPEN = "MATCH (l:Ledger {id: 'ledger'}) SET l.epoch = $epoch, l.open = true, l.sweptTo = null"
_PRESENT = """
MATCH (:Ledger {id: 'ledger', open: true})
RETURN COLLECT { MATCH (e:Event) WHERE e.id IN $ids RETURN e.id } AS ids
"""
_EMPTY = "RETURN NOT EXISTS { MATCH (n) WHERE NOT n:Migration AND NOT n:Ledger } AS empty"

CLOSED = "nothing is written until the graph is whole: `trm rebuild` makes it again from the change records"
"""What helps when the ledger is closed or missing."""


class LedgerClosedError(UnavailableError):
    """The graph is wiped, or is being rebuilt; it may be written again afterwards."""

    code: ClassVar[str] = "ledgerClosed"


class WriteLostError(RefusedError):
    """What was written is in the graph no more, and was never told: it has to be written again."""

    code: ClassVar[str] = "writeLost"


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
    await _write(graph, _FIRST)


async def close(graph: GraphDatabase) -> None:
    """Close the ledger: what has looked at it already ends within a transaction's time-out."""
    await _write(graph, _CLOSE)


async def reopen(graph: GraphDatabase, epoch: int) -> None:
    """Open the ledger of a graph that was made again, in a new epoch."""
    await _write(graph, _OPEN, epoch=epoch)


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
    """A write whose refusals count only while the ledger is open: a wiped graph knows nobody, and would refuse much.

    What is written is fenced by the ledger's own statement.
    """

    async def run(transaction: Transaction) -> T:
        try:
            return await work(transaction)
        except (RefusedError, ReferenceUnknownError):
            await require_open(transaction)
            raise

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
