"""Batches of rows on their way: sent a few at a time, and waited for; a repetition finds the runs of the first time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from temporalio.client import Client, WorkflowFailureError

from importing.batches import batches, command_of
from importing.kinds import ImportKind
from importing.rows import GoodRow
from ontology.imports import ImportReport, RowRefusal
from ontology.references import Caller
from runtime.clock import now
from runtime.settings import Settings
from workflows.outcomes import CALL_ERRORS, TemporalAwayError, is_unknown_run, meaning_of
from workflows.starts import Started, start

T = TypeVar("T")

_PAUSE = 2.0


@dataclass
class Outcome:
    """What became of rows.

    Parameters
    ----------
    what
        They make, where that is not what the file is about.
    written, same, refused
        Rows that were written, that stood there, and that were refused.
    texts
        The runs that make them searchable, each with the number of its rows.
    """

    what: str = ""
    written: int = 0
    same: int = 0
    refused: list[tuple[GoodRow, RowRefusal]] = field(default_factory=list)
    texts: list[tuple[str, int]] = field(default_factory=list)


class Sender:
    """Sends batches and waits for their reports.

    Parameters
    ----------
    client
        Connected client.
    kind
        What is imported.
    tree
        Settings.
    caller
        Who imports.
    waiting
        Hears when Temporal has gone away, and when it is back.
    """

    def __init__(
        self, client: Client, kind: ImportKind, tree: Settings, caller: Caller, waiting: Callable[[bool], None]
    ) -> None:
        self._client = client
        self._kind = kind
        self._tree = tree
        self._caller = caller
        self._waiting = waiting

    async def send(self, rows: Iterable[GoodRow], done: Callable[[Outcome], None]) -> None:
        """Send every row; ``done`` hears of each batch that has ended.

        Where rows renew what stands, those that were refused are sent again after all others for as long as that helps:
        what one takes, such as an address, a later one may let go of.

        Raises
        ------
        TemporalAwayError
            Temporal stayed away longer than patience lasts; the same import goes on where this one was.
        """
        if not self._kind.renews:
            await self._send(rows, done)
            return
        refused: list[tuple[GoodRow, RowRefusal]] = []

        def kept_back(outcome: Outcome) -> None:
            refused.extend(outcome.refused)
            done(replace(outcome, refused=[]))

        await self._send(rows, kept_back)
        before = len(refused) + 1
        while 0 < len(refused) < before:
            before = len(refused)
            again = sorted((row for row, _ in refused), key=lambda row: row.line.number)
            refused.clear()
            await self._send(again, kept_back)
        done(Outcome(refused=refused))

    async def searchable(self, texts: Iterable[tuple[str, int]], done: Callable[[int], None]) -> None:
        """Wait until rows can be found; ``done`` hears how many more can, run by run.

        Raises
        ------
        TemporalAwayError
            Temporal stayed away longer than patience lasts; the runs go on.
        """
        for run_id, rows in texts:
            await self._patiently(partial(self._ended, run_id))
            done(rows)

    async def _ended(self, run_id: str) -> None:
        try:
            await self._client.get_workflow_handle(run_id).result()
        except WorkflowFailureError:
            return  # an operator ended it: the audit names what cannot be found
        except CALL_ERRORS as error:
            if not is_unknown_run(error):
                raise meaning_of(error) or error from error

    async def _send(self, rows: Iterable[GoodRow], done: Callable[[Outcome], None]) -> None:
        free = asyncio.Semaphore(self._tree.imports.in_flight)

        async def one(batch: list[GoodRow]) -> None:
            try:
                done(await self._carry_out(batch))
            finally:
                free.release()

        try:
            async with asyncio.TaskGroup() as running:
                for batch in batches(rows, self._tree.imports):
                    await free.acquire()
                    running.create_task(one(batch))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _carry_out(self, batch: list[GoodRow]) -> Outcome:
        started, report = await self._run(batch, again=self._kind.renews)
        before = started.outcome == "completed"
        refused = [(batch[one.row], one) for one in report.refusals]
        outcome = Outcome(
            written=0 if before else report.written,
            same=report.same + (report.written if before else 0),
            refused=refused,
            texts=[(report.texts, report.written)] if report.texts else [],
        )
        if before and refused:
            # An earlier import refused them; what they lacked may be there by now.
            chosen = [row for row, _ in refused]
            _, report = await self._run(chosen, again=True)
            outcome.written += report.written
            outcome.same += report.same
            outcome.texts += [(report.texts, report.written)] if report.texts else []
            outcome.refused = [(chosen[one.row], one) for one in report.refusals]
        return outcome

    async def _run(self, batch: Sequence[GoodRow], *, again: bool) -> tuple[Started, ImportReport]:
        command = command_of(self._kind, batch, self._tree.events.source, now(), self._caller)
        queue = self._tree.temporal.task_queue
        started = await self._patiently(lambda: start(self._client, command, queue, again=again))
        try:
            return started, await self._patiently(lambda: self._report(started))
        except WorkflowFailureError as error:  # an operator ended the run
            message = f"{started.workflow_id} was ended before it was done: {error.cause}"
            lost = [RowRefusal(row=n, code="batchEnded", message=message) for n in range(len(batch))]
            return started, ImportReport(written=0, same=0, refusals=lost)

    async def _report(self, started: Started) -> ImportReport:
        handle = self._client.get_workflow_handle(started.workflow_id, run_id=started.run_id, result_type=ImportReport)
        try:
            report: ImportReport = await handle.result()
        except CALL_ERRORS as error:
            raise meaning_of(error) or error from error
        return report

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        deadline = time.monotonic() + self._tree.imports.patience.total_seconds()
        while True:
            try:
                answer = await call()
            except TemporalAwayError:
                if time.monotonic() > deadline:
                    raise
                self._waiting(True)
                await asyncio.sleep(_PAUSE)
            else:
                self._waiting(False)
                return answer
