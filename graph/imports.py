"""Many rows in one transaction: each has its own Event, and one that is refused leaves nothing and stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import (
    ConstraintRefusedError,
    IdConflictError,
    NameRefusedError,
    ReferenceUnknownError,
    RuleBrokenError,
)
from graph.fence import require_open
from graph.ledger import Ledger, Run
from ontology.commands import Command
from ontology.imports import RowRefusal
from runtime.errors import RefusedError, TrmError

C = TypeVar("C", bound=Command)
C_contra = TypeVar("C_contra", bound=Command, contravariant=True)

_HELD = """
MATCH (e:Event) WHERE e.id IN $events
RETURN e.id AS id, e.requestHash AS requestHash, e.workflowId AS workflowId, e.runId AS runId
"""

_SHOWN_CANDIDATES = 5


class Recorder(Protocol[C_contra]):
    """Adds rows of one kind to a change set."""

    async def look(self, commands: Sequence[C_contra]) -> None:
        """Read at once whatever the rows name."""

    def record(self, command: C_contra) -> object:
        """Add one row, or raise before anything loaded is changed."""


RecorderMaker = Callable[[Transaction, Ledger], Recorder[C]]


@dataclass
class RowsWritten:
    """What became of rows.

    Parameters
    ----------
    written, same
        Rows this run wrote, now or in an earlier attempt; rows that stood there already.
    events
        Events of this workflow's rows: what they wrote is still to be told.
    refusals
        Rows that were refused; their places are those in the given sequence.
    """

    written: int = 0
    same: int = 0
    events: list[UUID] = field(default_factory=list)
    refusals: list[RowRefusal] = field(default_factory=list)

    def joined(self, later: "RowsWritten", places: int) -> "RowsWritten":
        """Both results as one; ``places`` rows stood before the later ones."""
        moved = [refusal.model_copy(update={"row": refusal.row + places}) for refusal in later.refusals]
        return RowsWritten(
            self.written + later.written,
            self.same + later.same,
            [*self.events, *later.events],
            [*self.refusals, *moved],
        )


async def write_rows(graph: GraphDatabase, make: RecorderMaker[C], commands: Sequence[C], run: Run) -> RowsWritten:
    """Write rows in one transaction; a repetition finds what it wrote.

    Where a constraint or a rule of the graph stands against one of them, they are written in smaller transactions,
    until it is alone.

    Raises
    ------
    GraphUnavailableError, ConcurrentWriteError
        Not everything was written; try again.
    """

    async def work(transaction: Transaction) -> RowsWritten:
        ledger = Ledger(transaction, None, run)
        result = await _record(transaction, ledger, make, commands, run)
        if not await ledger.flush():
            await require_open(transaction)
        return result

    try:
        return await graph.write(work)
    except (ConstraintRefusedError, RuleBrokenError) as error:  # of which row, only smaller transactions tell
        if len(commands) == 1:
            return RowsWritten(refusals=[refusal_of(0, error)])
    half = len(commands) // 2
    first = await write_rows(graph, make, commands[:half], run)
    return first.joined(await write_rows(graph, make, commands[half:], run), half)


async def rehearse_rows(graph: GraphDatabase, make: RecorderMaker[C], commands: Sequence[C]) -> RowsWritten:
    """Say what :func:`write_rows` would answer now, and write nothing."""
    run = Run("", "")

    async def work(transaction: Transaction) -> RowsWritten:
        await require_open(transaction)
        return await _record(transaction, Ledger(transaction, None, run), make, commands, run)

    return await graph.write(work)


async def _record(
    transaction: Transaction, ledger: Ledger, make: RecorderMaker[C], commands: Sequence[C], run: Run
) -> RowsWritten:
    rows = await transaction.rows(_HELD, events=[str(command.origin.event_id) for command in commands])
    held: dict[UUID, Row] = {UUID(row["id"]): row for row in rows}
    recorder = make(transaction, ledger)
    await recorder.look([command for command in commands if command.origin.event_id not in held])
    result = RowsWritten()
    for place, command in enumerate(commands):
        origin = command.origin
        known = held.get(origin.event_id)
        try:
            if known is None:
                with ledger.entry(origin):
                    recorder.record(command)
                if not ledger.holds(origin.event_id):
                    result.same += 1
                    continue
                mine = {"workflowId": run.workflow_id, "runId": run.run_id}
                held[origin.event_id] = {"requestHash": origin.request_hash, **mine}
                result.written += 1
                result.events.append(origin.event_id)
            else:
                _count(result, command, known, run)
        except (RefusedError, ReferenceUnknownError) as error:
            result.refusals.append(refusal_of(place, error))
    return result


def _count(result: RowsWritten, command: Command, known: Row, run: Run) -> None:
    if known["requestHash"] != command.origin.request_hash:
        raise IdConflictError("a row with this id was imported before, and said something else")
    if known["workflowId"] == run.workflow_id:
        result.events.append(command.origin.event_id)
    if known["runId"] == run.run_id:
        result.written += 1
    else:
        result.same += 1


def refusal_of(place: int, error: TrmError) -> RowRefusal:
    """An error as a row's refusal; a name that fits several brings whom it could mean."""
    message = str(error)
    if isinstance(error, NameRefusedError) and error.candidates:
        shown = [" ".join(filter(None, (one.name, one.email or one.handle))) for one in error.candidates]
        more = ", …" if len(shown) > _SHOWN_CANDIDATES else ""
        message = f"{message} ({', '.join(shown[:_SHOWN_CANDIDATES])}{more})"
    return RowRefusal(row=place, code=error.code, message=message, pointer=error.pointer)
