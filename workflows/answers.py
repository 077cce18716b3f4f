"""How an answer reaches the run that asks for it: as an update that starts the run again if it is lost."""

from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy

from ontology.commands import Command
from ontology.kinds.agents import agent_for
from runtime.runs import RunRefusedError
from workflows.outcomes import CALL_ERRORS, TemporalAwayError, is_unknown_run, meaning_of
from workflows.search_attributes import search_attributes
from workflows.starts import memo_of, reason_of

_DECIDE = "decide"


async def decide(client: Client, asked: Command, answer: Command, task_queue: str, *, timeout: float) -> None:
    """Take a decision; the same answer counts once, however often it is sent.

    Parameters
    ----------
    client, task_queue
        Where the run is, or is started.
    asked, answer
        The commands by which the decision was asked for and is taken.
    timeout
        Seconds.

    Raises
    ------
    RunRefusedError
        It does not count.
    TemporalAwayError
        Nobody said in time whether it counts: the same answer may be sent again.
    """
    agent = agent_for(asked)
    run: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        agent.workflow,
        asked,
        id=agent.run_id,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        memo=memo_of(asked),
        search_attributes=search_attributes(asked, agent.label),
    )
    try:
        await client.execute_update_with_start_workflow(
            _DECIDE,
            answer,
            start_workflow_operation=run,
            id=f"{answer.origin.event_id}/{answer.origin.request_hash}",  # another body under the same key is another
            rpc_timeout=timedelta(seconds=timeout),
        )
    except WorkflowUpdateFailedError as error:
        raise RunRefusedError(*reason_of(error)) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise TemporalAwayError("nobody said in time whether the decision counts; send it again") from error
    except CALL_ERRORS as error:
        if is_unknown_run(error):  # it ended while the answer was under way
            raise TemporalAwayError("the decision's run ended meanwhile; send it again") from error
        raise meaning_of(error) or error from error
