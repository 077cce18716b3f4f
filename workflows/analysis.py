"""What the machine says of a tension, written beside what people say; humans are asked where it does not know."""

from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from activities.judging import JudgementActivities, ToJudge
    from activities.publishing import Publication
    from graph.errors import RevisionStaleError
    from ontology.commands import Change
    from workflows import policies
    from workflows.asking import begin
    from workflows.telling import write_and_tell

_TRIES = 5
"""Revisions that may come faster than the machine reads; each change of the words begins an analysis of its own."""


def judgement_queue(task_queue: str) -> str:
    """Where tensions are judged, for the agents of a task queue."""
    return f"{task_queue}-judgement"


async def analyse(tension: UUID, *, asks: bool = True) -> None:
    """Judge a tension as it stands, and write it down; where somebody changed it meanwhile, once more."""
    for _ in range(_TRIES):
        judged = await workflow.execute_activity_method(
            JudgementActivities.judge_tension,
            ToJudge(id=tension, asks=asks),
            task_queue=judgement_queue(workflow.info().task_queue),
            start_to_close_timeout=policies.JUDGEMENT,
            heartbeat_timeout=policies.JUDGEMENT_HEARTBEAT,
            retry_policy=policies.UNTIL_DONE,
        )
        if judged.change is None or await _written(judged.change):
            for asked in judged.asks:
                await begin(asked)
            return


async def _written(change: Change) -> bool:
    """Whether a judgement is done with; not where it is of an older revision.

    What a rule stands against, as where the tension was archived meanwhile, is not written, and fails nothing.
    """
    try:
        await write_and_tell(
            change,
            lambda: policies.short_step(GraphActivities.change_thing, change),
            lambda written: Publication(records=written.records),
        )
    except FailureError as error:
        cause = policies.cause_of(error)
        if not isinstance(cause, ApplicationError) or not cause.non_retryable:
            raise
        workflow.logger.info("a judgement is not written", extra={"tension": str(change.id), "cause": str(cause)})
        return cause.type != RevisionStaleError.code
    return True
