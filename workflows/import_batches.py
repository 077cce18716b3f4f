"""Batches of rows on their way: sent a few at a time, and waited for; a repetition finds the runs of the first time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from temporalio.client import Client, WorkflowFailureError

from importing.batches import batches, command_of
from importing.kinds import ImportKind
from importing.outcomes import BatchMemory, Outcome
from importing.rows import GoodRow
from ontology.file_imports import BatchOutcome
from ontology.imports import ImportReport, ImportRows, RowRefusal
from ontology.kinds.agents import run_id_of
from ontology.references import Caller
from runtime.clock import now
from runtime.settings import Settings
from workflows.outcomes import CALL_ERRORS, TemporalAwayError, is_unknown_run, meaning_of
from workflows.starts import Accepted, Started, look_up, start

T = TypeVar("T")

_PAUSE = 2.0
_LOOK = 5.0
"""Seconds to ask Temporal for a run."""


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
    memory
        What is known of the batches from an earlier try.
    """

    def __init__(
        self,
        client: Client,
        kind: ImportKind,
        tree: Settings,
        caller: Caller,
        waiting: Callable[[bool], None],
        memory: BatchMemory,
    ) -> None:
        self._client = client
        self._kind = kind
        self._tree = tree
        self._caller = caller
        self._waiting = waiting
        self._memory = memory
        self._sent = 0

    async def send(self, rows: Iterable[GoodRow], done: Callable[[Outcome], None]) -> None:
        """Send every row, which is read in another thread; ``done`` hears of each batch that has ended.

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
        again, self._sent = self._sent, self._sent + 1

        async def one(batch: list[GoodRow]) -> None:
            try:
                done(await self._counted(batch, again))
            finally:
                free.release()

        try:
            async with asyncio.TaskGroup() as running:
                made = batches(rows, self._tree.imports)
                # Rows are read beside the loop: until a batch is full, thousands may be passed over.
                while (batch := await asyncio.to_thread(next, made, None)) is not None:
                    await free.acquire()
                    running.create_task(one(batch))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _counted(self, batch: list[GoodRow], again: int) -> Outcome:
        """What became of a batch, now or in an earlier try."""
        command = self._command(batch)
        outcome = self._memory.known(self._kind.name, again, command.id)
        if outcome is None:
            outcome = await self._carry_out(batch)
            await self._memory.keep(self._kind.name, again, command.id, outcome)
        refused = [(batch[one.row], one) for one in outcome.refusals]
        return Outcome(written=outcome.written, same=outcome.same, refused=refused, texts=list(outcome.texts))

    async def _carry_out(self, batch: list[GoodRow]) -> BatchOutcome:
        started, report = await self._run(batch, again=self._kind.renews)
        before = started.outcome == "completed" and not await self._own(started.workflow_id, started.run_id)
        first = _outcome_of(started, report)
        if not before:
            return first
        first = first.model_copy(update={"written": 0, "same": report.same + report.written})
        if not report.refusals:
            return first
        # An earlier import refused them; what they lacked may be there by now.
        places = [one.row for one in report.refusals]
        second = _outcome_of(*await self._run([batch[place] for place in places], again=True))
        return BatchOutcome(
            written=second.written,
            same=first.same + second.same,
            refusals=[one.model_copy(update={"row": places[one.row]}) for one in second.refusals],
            texts=[*first.texts, *second.texts],
            runs=[*first.runs, *second.runs],
        )

    async def _run(self, batch: Sequence[GoodRow], *, again: bool) -> tuple[Started, ImportReport]:
        command, queue = self._command(batch), self._tree.temporal.task_queue
        started = await self._left(command) if again else None
        if started is None:
            started = await self._patiently(lambda: start(self._client, command, queue, again=again))
        begun = started
        try:
            return begun, await self._patiently(lambda: self._report(begun))
        except WorkflowFailureError as error:  # an operator ended the run
            message = f"{begun.workflow_id} was ended before it was done: {error.cause}"
            lost = [RowRefusal(row=n, code="batchEnded", message=message) for n in range(len(batch))]
            return begun, ImportReport(written=0, same=0, refusals=lost)

    async def _left(self, command: ImportRows) -> Started | None:
        """The run of a batch that an earlier try of this import began and did not count."""
        workflow_id = run_id_of(command)
        if self._memory.since is None:
            return None
        found = await self._patiently(lambda: look_up(self._client, workflow_id, timeout=_LOOK))
        if found is None or found.failed or not self._is_own(found):
            return None
        return Started("running", workflow_id, found.run_id)

    async def _own(self, workflow_id: str, run_id: str | None) -> bool:
        """Whether an earlier try of this import began the run that had ended, and did not count it."""
        if self._memory.since is None:
            return False
        found = await self._patiently(lambda: look_up(self._client, workflow_id, timeout=_LOOK))
        return found is not None and found.run_id == run_id and self._is_own(found)

    def _is_own(self, found: Accepted) -> bool:
        since = self._memory.since
        return since is not None and found.accepted_at >= since and not self._memory.counted(found.run_id)

    def _command(self, batch: Sequence[GoodRow]) -> ImportRows:
        return command_of(self._kind, batch, self._tree.events.source, now(), self._caller)

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


def _outcome_of(started: Started, report: ImportReport) -> BatchOutcome:
    return BatchOutcome(
        written=report.written,
        same=report.same,
        refusals=report.refusals,
        texts=[(report.texts, report.written)] if report.texts else [],
        runs=[started.run_id] if started.run_id else [],
    )
