"""FileImportAgent: a file's rows from its start to the last text; and the sweep that forgets old files."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.file_imports import FailedFile, FileImportActivities
    from ontology.file_imports import FileImportFailure, ImportFile
    from workflows import policies

_WHOLE_FILE = timedelta(days=1)
"""How long one attempt may take; its heartbeat tells much sooner that it died."""

_TEXTS = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=1.5, maximum_interval=timedelta(seconds=20)
)
"""How often is looked whether texts can be found: an attempt is no event of the run's history."""


def files_queue(task_queue: str) -> str:
    """The task queue of whole files: each waits for its batches, whose steps need the agents' places themselves."""
    return f"{task_queue}-files"


@workflow.defn
class FileImportWorkflow:
    """One file; killed in the middle it goes on, since the same rows make the same batches."""

    @workflow.run
    async def run(self, command: ImportFile) -> None:
        """Write its rows, then follow their texts."""
        queue = files_queue(workflow.info().task_queue)
        try:
            behind = await workflow.execute_activity_method(
                FileImportActivities.write_file,
                command,
                task_queue=queue,
                start_to_close_timeout=_WHOLE_FILE,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.UNTIL_DONE,
            )
        except ActivityError as error:
            failure = _failure(error)
            await policies.short_step(FileImportActivities.fail_file, FailedFile(id=command.id, failure=failure))
            raise ApplicationError(failure.detail, type=failure.code, non_retryable=True) from error
        if behind.texts:
            await workflow.execute_activity_method(
                FileImportActivities.follow_texts,
                behind,
                start_to_close_timeout=policies.BULK_STEP,
                retry_policy=_TEXTS,
            )


@workflow.defn
class FileSweepWorkflow:
    """One pass over the files that nobody touched for too long."""

    @workflow.run
    async def run(self) -> int:
        """Forget them; answers how many."""
        return await workflow.execute_activity_method(
            FileImportActivities.forget_old_files,
            start_to_close_timeout=policies.SHORT_STEP,
            retry_policy=policies.PASS,
        )


def _failure(error: ActivityError) -> FileImportFailure:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return FileImportFailure(code=cause.type or "failed", detail=cause.message)
    return FileImportFailure(code="cancelled", detail=str(cause or error))
