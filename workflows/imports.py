"""ImportAgent: one batch of a file's rows, from its acceptance until every row stands in every store."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.imports import ImportActivities, ToTell
    from ontology.imports import ImportReport, ImportRows
    from workflows import policies
    from workflows.telling import repeated_while_lost

P = TypeVar("P")
R = TypeVar("R")


@workflow.defn
class ImportBatchWorkflow:
    """Many rows in one run: a run per row would cost the server more than the rows do."""

    @workflow.run
    async def run(self, batch: ImportRows) -> ImportReport:
        """Write the graph; then records and events, and the embeddings."""
        written = await _long_step(ImportActivities.write_rows, batch, policies.UNTIL_DONE)
        if written.events:
            told = ToTell(kind=batch.kind, events=written.events)
            steps: list[Awaitable[None]] = [
                repeated_while_lost(
                    lambda: _long_step(ImportActivities.publish_rows, told, policies.UNTIL_DONE),
                    lambda: _long_step(ImportActivities.write_rows, batch, policies.UNTIL_DONE),
                )
            ]
            if written.searchable:
                steps.append(_long_step(ImportActivities.index_rows, told, policies.PROVIDER))
            await asyncio.gather(*steps)
        return written.report


def _long_step(step: Callable[[Any, P], Awaitable[R]], argument: P, policy: RetryPolicy) -> Awaitable[R]:
    return workflow.execute_activity_method(
        step,
        argument,
        start_to_close_timeout=policies.BULK_STEP,
        heartbeat_timeout=policies.HEARTBEAT,
        retry_policy=policy,
    )
