"""Steps of a file's import: its rows sent in batches, their texts followed until they are found, old files forgotten.

What became of each batch is kept as soon as it is known, so that a step that is tried again counts every row once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from importing.error_file import errors_of
from importing.job import ImportJob
from importing.outcomes import BatchMemory, FileSender, Outcome, Summary
from importing.table import HeldFile
from importing.uploads import job_of
from knowledge.file_imports import BatchKey, FileImports
from ontology import ids
from ontology.base import OntologyModel
from ontology.file_imports import (
    BatchOutcome,
    FileImportFailure,
    FileImportPart,
    FileImportProgress,
    ImportFile,
)
from runtime.errors import RefusedError, UnavailableError
from runtime.runs import Runs


class FileGoneError(RefusedError):
    """The file was deleted."""

    code = "fileGone"


class TextsBehind(OntologyModel):
    """Texts that cannot be found yet.

    Attributes
    ----------
    id
        Of the import.
    texts
        The runs that make them searchable, each with the number of its rows.
    """

    id: UUID
    texts: list[tuple[str, int]]


class FailedFile(OntologyModel):
    """An import that ended before it was done."""

    id: UUID
    failure: FileImportFailure


class FileImportActivities:
    """Imports of files.

    Parameters
    ----------
    files
        Where they are kept.
    send
        Carries an import out.
    runs
        Knows whether texts can be found.
    """

    def __init__(self, files: FileImports, send: FileSender, runs: Runs) -> None:
        self._files = files
        self._send = send
        self._runs = runs

    @activity.defn
    @failing_typed
    async def write_file(self, command: ImportFile) -> TextsBehind:
        """Send every row that was not sent before; what it answers are the texts that follow behind."""
        caller = command.origin.caller
        if caller is None:
            raise FileGoneError("nobody sent this file")
        async with heartbeating():
            file = await self._files.begin(command.id, ids.identity(caller.issuer, caller.subject))
            if file is None:
                raise FileGoneError("the file was deleted before it was imported")
            job = await asyncio.to_thread(job_of, HeldFile(file.name, file.content), file.options)
            memory = _Memory(self._files, command.id, await self._files.batches(command.id))
            async with _reporting(self._files, command.id, _Watch(job)) as watch:
                summary = await self._send(job, caller=caller, watcher=watch, memory=memory, wait=False)
            progress = watch.progress(to_be_found=sum(rows for _, rows in summary.texts))
            errors = await asyncio.to_thread(errors_of, job.table, summary.bad)
            await self._files.done(command.id, progress, errors)
        return TextsBehind(id=command.id, texts=summary.texts)

    @activity.defn
    @failing_typed
    async def follow_texts(self, behind: TextsBehind) -> None:
        """Say how many rows can be found; fails as long as some cannot, so as to be tried again."""
        found = 0
        for run_id, rows in behind.texts:
            run = await self._runs.look_up(run_id)
            if run is not None and run.running:
                break
            found += rows
        await self._files.searchable(behind.id, found)
        if found < sum(rows for _, rows in behind.texts):
            waiting = ApplicationErrorCategory.BENIGN  # nothing to be logged
            raise ApplicationError("some texts cannot be found yet", type="textsBehind", category=waiting)

    @activity.defn
    @failing_typed
    async def fail_file(self, failed: FailedFile) -> None:
        """Say that an import ended too early."""
        await self._files.failed(failed.id, failed.failure)

    @activity.defn
    @failing_typed
    async def forget_old_files(self) -> int:
        """Delete the files that nobody touched for too long; answers how many."""
        return await self._files.tidy()


class _Memory(BatchMemory):
    """The batches that earlier tries of this import counted."""

    def __init__(self, files: FileImports, import_id: UUID, known: dict[BatchKey, BatchOutcome]) -> None:
        self._files = files
        self._id = import_id
        self._known = known
        self._runs = {run for outcome in known.values() for run in outcome.runs}
        info = activity.info() if activity.in_activity() else None
        self.since = info.scheduled_time if info and info.attempt > 1 else None

    def known(self, kind: str, again: int, batch: UUID) -> BatchOutcome | None:
        """What became of a batch that was sent after so many times."""
        return self._known.get((kind, again, batch))

    def counted(self, run: str | None) -> bool:
        """Whether what a run wrote is counted already."""
        return run in self._runs

    async def keep(self, kind: str, again: int, batch: UUID, outcome: BatchOutcome) -> None:
        """Keep what became of a batch."""
        self._runs.update(outcome.runs)
        await self._files.keep_batch(self._id, (kind, again, batch), outcome)


@dataclass
class _Watch:
    """How far an import is, as it is kept; ``changed`` is set whenever there is news."""

    job: ImportJob
    summary: Summary = field(default_factory=Summary)
    other: tuple[Outcome, int] | None = None
    away: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def rows(self, summary: Summary, seconds: float) -> None:
        """So much of the file is done."""
        self.summary = summary
        self.changed.set()

    def besides(self, outcome: Outcome, total: int) -> None:
        """So much is done of what the rows say of another kind."""
        self.other = (outcome, total)
        self.changed.set()

    def searchable(self, rows: int, total: int) -> None:
        """Nothing: what follows behind is a step of its own."""

    def waiting(self, what: str, away: bool) -> None:
        """Temporal has gone away, or is back."""
        if away != self.away:
            self.away = away
            self.changed.set()

    def progress(self, to_be_found: int = 0) -> FileImportProgress:
        """How far it is now."""
        summary = self.summary
        besides = None
        if self.other:
            outcome, total = self.other
            besides = _part(outcome.what, total, outcome.written, outcome.same, len(outcome.refused))
        rows = _part(self.job.chosen.kind.name, self.job.total, summary.written, summary.same, len(summary.bad))
        return FileImportProgress(rows=rows, besides=besides, to_be_found=to_be_found, waiting=self.away)


def _part(kind: str, total: int, written: int, same: int, refused: int) -> FileImportPart:
    return FileImportPart(kind=kind, total=total, written=written, same=same, refused=refused)


@contextlib.asynccontextmanager
async def _reporting(files: FileImports, import_id: UUID, watch: _Watch) -> AsyncIterator[_Watch]:
    """Keep how far an import is, whenever there is news and the last was kept; what is missed, the next makes good."""

    async def report() -> None:
        while True:
            await watch.changed.wait()
            watch.changed.clear()
            with contextlib.suppress(UnavailableError):
                await files.progress(import_id, watch.progress())

    watch.changed.set()
    reporter = asyncio.create_task(report())
    try:
        yield watch
    finally:
        reporter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reporter  # a late report would stand over the last word
