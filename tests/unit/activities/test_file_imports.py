"""The steps of a file's import: what is kept of it as it goes, and what is counted when a step is tried again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.file_imports import FileImportActivities, TextsBehind
from importing.error_file import errors_of
from importing.job import ImportJob
from importing.outcomes import BatchMemory, Outcome, Summary, Watcher
from importing.rows import BadRow, GoodRow
from knowledge.errors import KnowledgeUnavailableError
from knowledge.file_imports import BatchKey, FileImports, FileToImport
from ontology.file_imports import BatchOutcome, FileImportOptions, FileImportProgress, ImportFile
from ontology.references import Caller
from runtime.clock import now
from runtime.runs import Accepted
from tests.workflows.worlds import file

CSV = b"From,To,Message\nan@x.test,bo@x.test,Hi\nan@x.test,,Nobody\n"


class Files(FileImports):
    """Keeps what is said of one import; what it is told of progress may be lost."""

    def __init__(self, content: bytes = CSV, *, lossy: bool = False, gone: bool = False) -> None:
        self.file_ = (
            None if gone else FileToImport("a.csv", content, FileImportOptions(kind="recognitions", time_zone="UTC"))
        )
        self.lossy = lossy
        self.told: list[FileImportProgress] = []
        self.ended: list[tuple[FileImportProgress, bytes]] = []
        self.found: list[int] = []
        self.kept: dict[BatchKey, BatchOutcome] = {}

    async def begin(self, import_id: UUID, owner: UUID) -> FileToImport | None:
        return self.file_

    async def batches(self, import_id: UUID) -> dict[BatchKey, BatchOutcome]:
        return dict(self.kept)

    async def keep_batch(self, import_id: UUID, key: BatchKey, outcome: BatchOutcome) -> None:
        self.kept[key] = outcome

    async def progress(self, import_id: UUID, progress: FileImportProgress) -> None:
        if self.lossy:
            raise KnowledgeUnavailableError("away")
        self.told.append(progress)

    async def done(self, import_id: UUID, progress: FileImportProgress, errors: bytes) -> None:
        self.ended.append((progress, errors))

    async def searchable(self, import_id: UUID, rows: int) -> None:
        self.found.append(rows)


class Sending:
    """Sends all rows as one batch, and remembers what it knew of it."""

    def __init__(self) -> None:
        self.knew: list[BatchOutcome | None] = []
        self.since: list[object] = []
        self.job: ImportJob | None = None

    async def __call__(
        self, job: ImportJob, *, caller: Caller, watcher: Watcher, memory: BatchMemory, wait: bool
    ) -> Summary:
        self.job = job
        rows = list(job.read())
        self.since.append(memory.since)
        self.knew.append(memory.known("recognitions", 0, UUID(int=1)))
        good = [row for row in rows if isinstance(row, GoodRow)]
        summary = Summary(written=len(good), bad=[row for row in rows if isinstance(row, BadRow)], texts=[("t", 1)])
        watcher.waiting("", True)
        watcher.waiting("", False)
        watcher.rows(summary, 0.1)
        watcher.besides(Outcome(what="comments", same=2), 3)
        await memory.keep("recognitions", 0, UUID(int=1), BatchOutcome(written=1, runs=["r"]))
        return summary


class Texts:
    """Runs of texts that are still under way, by id."""

    def __init__(self, *running: str) -> None:
        self.running = set(running)

    async def look_up(self, workflow_id: str) -> Accepted | None:
        if workflow_id == "forgotten":
            return None
        return Accepted(workflow_id, "r", now(), None, False, workflow_id in self.running, failed=False)


def steps(files: Files, send: Sending, runs: Any = None) -> FileImportActivities:
    return FileImportActivities(files, send, runs)


async def carried_out(activities: FileImportActivities, command: ImportFile, attempt: int = 1) -> TextsBehind:
    environment = ActivityEnvironment()
    environment.info = ActivityEnvironment.default_info()
    environment.info = type(environment.info)(
        **{**environment.info.__dict__, "attempt": attempt, "heartbeat_timeout": timedelta(seconds=15)}
    )
    return await environment.run(activities.write_file, command)


async def test_what_became_of_a_file_is_kept_with_its_error_file() -> None:
    files, send, command = Files(), Sending(), file()
    behind = await carried_out(steps(files, send), command)
    assert behind == TextsBehind(id=command.id, texts=[("t", 1)])
    [(progress, errors)] = files.ended
    assert (progress.rows.total, progress.rows.written, progress.rows.refused) == (2, 1, 1)
    assert (progress.besides and progress.besides.same, progress.to_be_found, progress.waiting) == (2, 1, False)
    assert send.job
    assert errors == errors_of(send.job.table, [row for row in _again(send.job) if isinstance(row, BadRow)])


def _again(job: ImportJob) -> list[Any]:
    return list(ImportJob(job.chosen).read())


async def test_a_step_that_is_tried_again_knows_what_the_first_counted_and_since_when_it_goes() -> None:
    files, send, command = Files(), Sending(), file()
    for attempt in (1, 2):
        await carried_out(steps(files, send), command, attempt)
    assert send.knew == [None, BatchOutcome(written=1, runs=["r"])]
    assert [since is None for since in send.since] == [True, False]


async def test_progress_that_cannot_be_kept_stops_nothing() -> None:
    files = Files(lossy=True)
    await carried_out(steps(files, Sending()), file())
    assert len(files.ended) == 1


@pytest.mark.parametrize(("files", "code"), [(Files(gone=True), "fileGone"), (Files(b""), "fileRefused")])
async def test_a_file_that_is_gone_or_not_understood_any_more_is_not_tried_again(files: Files, code: str) -> None:
    with pytest.raises(ApplicationError) as refused:
        await carried_out(steps(files, Sending()), file())
    assert (refused.value.type, refused.value.non_retryable) == (code, True)


async def test_rows_can_be_found_once_their_runs_have_ended_and_until_then_it_is_tried_again() -> None:
    files, behind = Files(), TextsBehind(id=uuid4(), texts=[("a", 3), ("b", 2)])
    with pytest.raises(ApplicationError) as later:
        await ActivityEnvironment().run(steps(files, Sending(), Texts("b")).follow_texts, behind)
    assert (later.value.type, later.value.non_retryable) == ("textsBehind", False)
    await ActivityEnvironment().run(steps(files, Sending(), Texts()).follow_texts, behind)
    forgotten = TextsBehind(id=uuid4(), texts=[("forgotten", 1)])
    await ActivityEnvironment().run(steps(files, Sending(), Texts()).follow_texts, forgotten)
    assert files.found == [3, 5, 1]
