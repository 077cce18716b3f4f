"""SweepAgent: by schedule, sees to what nobody saw to, each of it once."""

import asyncio
import contextlib

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.decisions import DecisionActivities
    from activities.overdue import OverdueActivities
    from ontology.base import OntologyModel
    from ontology.commands import Change
    from ontology.kinds.agents import agent_for
    from workflows import policies
    from workflows.change import ChangeWorkflow
    from workflows.decision import DecisionWorkflow
    from workflows.search_attributes import search_attributes


class SweepReport(OntologyModel):
    """What a pass found and did; what changed meanwhile is left alone."""

    found: int = 0
    done: int = 0


@workflow.defn
class SweepWorkflow:
    """One pass over what is overdue: a stalled tension goes to the next in the list, a decision waits again."""

    @workflow.run
    async def run(self) -> SweepReport:
        """Find what is overdue, and change it, each in a run of its own."""
        overdue = await workflow.execute_activity_method(
            OverdueActivities.find_overdue,
            start_to_close_timeout=policies.SHORT_STEP,
            retry_policy=policies.UNTIL_DONE,
        )
        done = await asyncio.gather(*(_carry_out(change) for change in overdue.changes))
        if workflow.patched("lost-decisions"):
            await _ask_again()
        return SweepReport(found=len(overdue.changes), done=sum(done))


async def _ask_again() -> None:
    """Start the runs of decisions that wait in the graph alone; they outlive this one."""
    lost = await workflow.execute_activity_method(
        DecisionActivities.find_lost_decisions,
        start_to_close_timeout=policies.SHORT_STEP,
        retry_policy=policies.UNTIL_DONE,
    )
    for asked in lost.asked:
        agent = agent_for(asked)
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await workflow.start_child_workflow(
                DecisionWorkflow.run,
                asked,
                id=agent.run_id,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                search_attributes=search_attributes(asked, agent.label),
            )


async def _carry_out(change: Change) -> bool:
    """Whether the change was made; one that somebody was faster than, or that was made before, was not."""
    agent = agent_for(change)
    try:
        await workflow.execute_child_workflow(
            ChangeWorkflow.run,
            change,
            id=agent.run_id,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            search_attributes=search_attributes(change, agent.label),
        )
    except (ChildWorkflowError, WorkflowAlreadyStartedError) as error:
        workflow.logger.info("not escalated", extra={"thing": str(change.id), "cause": str(error)})
        return False
    return True
