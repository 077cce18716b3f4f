"""How an agent carries out a command of another: in a run of its own, once, whatever becomes of it."""

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from ontology.commands import Command
    from ontology.kinds.agents import agent_for
    from workflows.search_attributes import search_attributes


async def carried_out(
    command: Command, parent_close_policy: workflow.ParentClosePolicy = workflow.ParentClosePolicy.TERMINATE
) -> bool:
    """Whether a command was carried out now; one that somebody was faster than, or that was before, was not."""
    agent = agent_for(command)
    try:
        await workflow.execute_child_workflow(
            agent.workflow,
            command,
            id=agent.run_id,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            parent_close_policy=parent_close_policy,
            search_attributes=search_attributes(command, agent.label),
        )
    except (ChildWorkflowError, WorkflowAlreadyStartedError) as error:
        workflow.logger.info("not carried out", extra={"thing": str(command.id), "cause": str(error)})
        return False
    return True
