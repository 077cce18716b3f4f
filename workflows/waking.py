"""How what looks after a thing is woken: by a signal that begins its run where there is none."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from ontology.commands import Command
from ontology.kinds.agents import agent_for
from workflows.search_attributes import search_attributes

WAKE = "wake"
"""The signal."""


async def wake(client: Client, task_queue: str, command: Command, *, timeout: float = 5.0) -> str:
    """Wake what looks after a thing, a project's score for instance; answers the run's id."""
    agent = agent_for(command)
    await client.start_workflow(
        agent.workflow,
        command,
        id=agent.run_id,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=search_attributes(command, agent.label),
        start_signal=WAKE,
        start_signal_args=[command],
        rpc_timeout=timedelta(seconds=timeout),
    )
    return agent.run_id
