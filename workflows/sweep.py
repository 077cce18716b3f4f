"""LedgerSweepAgent: by schedule, sees to it that every change record stands in Kafka."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.sweep import SweepActivities, SweepReport
    from workflows import policies


@workflow.defn
class LedgerSweepWorkflow:
    """One pass over what was written since the last one."""

    @workflow.run
    async def run(self) -> SweepReport:
        """Compare what was written with what was sent, and send what is missing."""
        return await workflow.execute_activity_method(
            SweepActivities.sweep,
            start_to_close_timeout=policies.BULK_STEP,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.UNTIL_DONE,
        )
