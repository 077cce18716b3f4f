"""ImportAgent: one batch of a file's rows, from its acceptance until every row stands in every store."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.imports import ImportActivities, ToTell
    from ontology.imports import ImportReport, ImportRows
    from ontology.kinds.agents import run_id_of
    from workflows import policies
    from workflows.analysis import analyse
    from workflows.telling import repeated_while_lost

P = TypeVar("P")
R = TypeVar("R")


_TEXTS_BEHIND = "texts-follow-behind"

_JUDGED_AT_ONCE = 2
"""Tensions of a batch that are judged side by side."""


@workflow.defn
class ImportTextsWorkflow:
    """The texts of a batch's rows, made searchable behind the rows: they take longer, and nothing waits for them."""

    @workflow.run
    async def run(self, told: ToTell) -> None:
        """Embed them; then begin to judge the tensions among them."""
        queue = texts_queue(workflow.info().task_queue)
        await _long_step(ImportActivities.index_rows, told, policies.PROVIDER, queue)
        if told.kind == "tensions" and workflow.patched("imported-judged"):
            await workflow.start_child_workflow(
                ImportJudgementWorkflow.run,
                told,
                id=f"judgement/{told.events[0]}",
                parent_close_policy=ParentClosePolicy.ABANDON,
            )


@workflow.defn
class ImportJudgementWorkflow:
    """What the machine thinks of a batch's tensions, and whom they name; humans are not asked."""

    @workflow.run
    async def run(self, told: ToTell) -> None:
        """Judge them, a few at a time: those that people report meanwhile come between."""
        few = asyncio.Semaphore(_JUDGED_AT_ONCE)
        unjudged = await _long_step(ImportActivities.unjudged_rows, told, policies.UNTIL_DONE)
        await asyncio.gather(*(_judge(one, few) for one in unjudged))


def texts_queue(task_queue: str) -> str:
    """The task queue where texts wait for their embedding: in the agents' own they would take every place of a step."""
    return f"{task_queue}-texts"


@workflow.defn
class ImportBatchWorkflow:
    """Many rows in one run: a run per row would cost the server more than the rows do."""

    @workflow.run
    async def run(self, batch: ImportRows) -> ImportReport:
        """Write the graph; then records and events, and, in a run of its own, the embeddings."""
        written = await _long_step(ImportActivities.write_rows, batch, policies.UNTIL_DONE)
        texts: str | None = None
        if written.events:
            told = ToTell(kind=batch.kind, events=written.events)
            steps: list[Awaitable[None]] = [
                repeated_while_lost(
                    lambda: _long_step(ImportActivities.publish_rows, told, policies.UNTIL_DONE),
                    lambda: _long_step(ImportActivities.write_rows, batch, policies.UNTIL_DONE),
                )
            ]
            if written.searchable and workflow.patched(_TEXTS_BEHIND):
                texts = f"{run_id_of(batch)}/texts/{workflow.info().run_id}"
                steps.append(_begin_texts(texts, told))
            elif written.searchable:
                steps.append(_long_step(ImportActivities.index_rows, told, policies.PROVIDER))
            await asyncio.gather(*steps)
        return written.report.model_copy(update={"texts": texts})


async def _judge(tension: UUID, few: asyncio.Semaphore) -> None:
    async with few:
        await analyse(tension, asks=False)


async def _begin_texts(run_id: str, told: ToTell) -> None:
    await workflow.start_child_workflow(
        ImportTextsWorkflow.run, told, id=run_id, parent_close_policy=ParentClosePolicy.ABANDON
    )


def _long_step(
    step: Callable[[Any, P], Awaitable[R]], argument: P, policy: RetryPolicy, queue: str | None = None
) -> Awaitable[R]:
    return workflow.execute_activity_method(
        step,
        argument,
        task_queue=queue,
        start_to_close_timeout=policies.BULK_STEP,
        heartbeat_timeout=policies.HEARTBEAT,
        retry_policy=policy,
    )
