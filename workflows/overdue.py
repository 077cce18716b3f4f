"""SweepAgent: by schedule, sees to what nobody saw to, each of it once."""

import asyncio

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.decisions import DecisionActivities
    from activities.overdue import OverdueActivities
    from activities.wins import WinActivities
    from ontology.base import OntologyModel
    from workflows import policies
    from workflows.asking import begin
    from workflows.carrying_out import carried_out


class SweepReport(OntologyModel):
    """What a pass found and did; what changed meanwhile is left alone."""

    found: int = 0
    done: int = 0


@workflow.defn
class SweepWorkflow:
    """One pass: a stalled tension goes to the next in the list, what is due is told, a decision waits again."""

    @workflow.run
    async def run(self) -> SweepReport:
        """Find what is overdue, and change it, each in a run of its own.

        Tensions, decisions and scores do not wait for each other, and a pass gives up what it cannot do: the next one
        tries.
        """
        if workflow.patched("sweep-apart"):
            steps = [_escalate(policies.PASS), _ask_again()]
            if workflow.patched("scores-due"):
                steps.append(_wake_scores())
            escalated, *others = await asyncio.gather(*steps, return_exceptions=True)
            for failed in (escalated, *others):
                if isinstance(failed, BaseException):
                    raise failed
            assert isinstance(escalated, SweepReport)
            return escalated
        report = await _escalate(policies.UNTIL_DONE)
        if workflow.patched("lost-decisions"):
            lost = await workflow.execute_activity_method(
                DecisionActivities.find_lost_decisions,
                start_to_close_timeout=policies.SHORT_STEP,
                retry_policy=policies.UNTIL_DONE,
            )
            for command in lost.asked:
                await begin(command)
        return report


async def _escalate(retries: RetryPolicy) -> SweepReport:
    overdue = await workflow.execute_activity_method(
        OverdueActivities.find_overdue, start_to_close_timeout=policies.SHORT_STEP, retry_policy=retries
    )
    commands = [*overdue.changes, *overdue.reports]
    done = await asyncio.gather(*(carried_out(command) for command in commands))
    return SweepReport(found=len(commands), done=sum(done))


async def _wake_scores() -> None:
    """Wake the scores that time alone moves."""
    await workflow.execute_activity_method(
        WinActivities.wake_due_scores, start_to_close_timeout=policies.SHORT_STEP, retry_policy=policies.PASS
    )


async def _ask_again() -> None:
    """Start the runs of decisions that wait in the graph alone, each read by itself; they outlive this one."""
    lost = await workflow.execute_activity_method(
        DecisionActivities.find_lost, start_to_close_timeout=policies.SHORT_STEP, retry_policy=policies.PASS
    )
    for one in lost.ids:
        try:
            again = await workflow.execute_activity_method(
                DecisionActivities.asked_again,
                one,
                start_to_close_timeout=policies.SHORT_STEP,
                retry_policy=policies.PASS,
            )
        except ActivityError as error:
            workflow.logger.warning("a lost decision stays so", extra={"decision": str(one), "cause": str(error.cause)})
            continue
        if again.command:
            await begin(again.command)
