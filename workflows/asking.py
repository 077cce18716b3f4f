"""How an agent asks humans: by a decision whose run outlives its own."""

import contextlib

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from ontology.commands import Record
    from ontology.kinds.agents import agent_for
    from workflows.search_attributes import search_attributes


async def begin(asked: Record) -> None:
    """Begin a decision, if it does not wait already."""
    agent = agent_for(asked)
    with contextlib.suppress(WorkflowAlreadyStartedError):
        await workflow.start_child_workflow(
            agent.workflow,
            asked,
            id=agent.run_id,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=search_attributes(asked, agent.label),
        )
