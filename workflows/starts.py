"""How a command becomes a run: the same workflow id and the same answer for a request, an event and a repetition."""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, WorkflowAlreadyStartedError

from ontology import ids
from ontology.commands import Change, Command
from ontology.kinds import KINDS, Kind, kind_recorded_by
from ontology.kinds.agents import agent_for, run_id_of
from runtime.errors import TrmError
from runtime.runs import Accepted, RunRefusedError, Started
from workflows.outcomes import (
    CALL_ERRORS,
    TemporalAwayError,
    TemporalMisconfiguredError,
    TemporalRefusedError,
    is_unknown_run,
    meaning_of,
    passing,
)
from workflows.search_attributes import search_attributes, unregistered

log = logging.getLogger(__name__)

__all__ = [
    "ENDED_BADLY",
    "Accepted",
    "RunRefusedError",
    "Started",
    "ended",
    "finish",
    "look_up",
    "memo_of",
    "reason_of",
    "start",
    "started_before",
]


async def start(
    client: Client,
    command: Command,
    task_queue: str,
    *,
    timeout: float = 5.0,
    describe_timeout: float = 2.0,
    again: bool = False,
) -> Started:
    """Start a command's run once; a repetition finds it.

    Parameters
    ----------
    client
        Connected client.
    command
        What is to be done.
    task_queue
        Queue of the agents' workers.
    timeout, describe_timeout
        Seconds for the start, and for looking after one whose outcome is unknown.
    again
        Start anew what has ended, however it ended.

    Raises
    ------
    TemporalAwayError
        The server did not accept it, or did not say.
    TemporalRefusedError
        It takes no run with this input.
    MisconfiguredError
        It takes none of our runs.
    """
    agent = agent_for(command)
    workflow_id = agent.run_id
    try:
        async with asyncio.timeout(timeout):  # the client's own limit does not bound its first connection
            handle = await client.start_workflow(
                agent.workflow,
                command,
                id=workflow_id,
                task_queue=task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=(
                    WorkflowIDReusePolicy.ALLOW_DUPLICATE
                    if again
                    else WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
                ),
                memo=memo_of(command),
                search_attributes=search_attributes(command, agent.label),
                rpc_timeout=timedelta(seconds=timeout),
            )
    except WorkflowAlreadyStartedError:
        return await _compare(client, command, workflow_id, describe_timeout)
    except CALL_ERRORS as error:
        meaning = await _meaning_of_start(client, error)
        if not isinstance(meaning, TemporalAwayError):
            raise meaning or error from error
        log.warning("start has no known outcome", extra={"workflowId": workflow_id, "cause": str(error)})
        return await _look_after(client, command, workflow_id, describe_timeout, again=again)
    return Started("started", workflow_id, handle.result_run_id)


async def started_before(client: Client, command: Command, *, timeout: float) -> Started | None:
    """The run that this very command had before, if Temporal knows one; None as well when it does not answer.

    What a bare name in a request means is decided once: who repeats it gets the first answer, whoever is known since.
    """
    workflow_id = run_id_of(command)
    try:
        described, same = await _described(client, command, workflow_id, timeout)
    except TrmError:
        return None
    if not same or described.status in ENDED_BADLY:
        return None
    running = described.status == WorkflowExecutionStatus.RUNNING
    return Started("running" if running else "completed", workflow_id, described.run_id)


async def look_up(client: Client, workflow_id: str, *, timeout: float) -> Accepted | None:
    """What Temporal knows of a write, from its description and memo; None when it knows nothing.

    Raises
    ------
    TemporalAwayError
        The server did not answer.
    """
    limit = timedelta(seconds=timeout)
    handle = client.get_workflow_handle(workflow_id)
    try:
        async with asyncio.timeout(2 * timeout):
            described = await handle.describe(rpc_timeout=limit)
            memo = await described.memo()
            ended_badly = described.status in ENDED_BADLY
            failure = await _failure(handle, limit) if ended_badly else None
    except CALL_ERRORS as error:
        if is_unknown_run(error):
            return None
        raise meaning_of(error) or error from error
    code, reason, pointer = failure or (None, None, None)
    return Accepted(
        workflow_id,
        described.run_id,
        described.start_time,
        UUID(memo["caller"]) if memo.get("caller") else None,
        memo.get("private", False),
        described.status == WorkflowExecutionStatus.RUNNING,
        ended_badly,
        code,
        reason,
        pointer,
    )


async def finish(client: Client, started: Started) -> Accepted:
    """Wait until a started run has ended; says how.

    Raises
    ------
    TemporalAwayError
        The server went away meanwhile.
    """
    handle = client.get_workflow_handle(started.workflow_id, run_id=started.run_id)
    try:
        with contextlib.suppress(WorkflowFailureError):
            await handle.result()
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error
    accepted = await look_up(client, started.workflow_id, timeout=5.0)
    if accepted is None:
        raise TemporalAwayError(f"{started.workflow_id} is not known any more")
    return accepted


async def ended(client: Client, started: Started, *, timeout: float) -> bool:
    """Wait until a started run has written what it was started for; False when it takes longer.

    Raises
    ------
    RunRefusedError
        It ended without a write; the error's code, text and pointer are the reason's.
    """
    handle = client.get_workflow_handle(started.workflow_id, run_id=started.run_id)
    try:
        async with asyncio.timeout(timeout):
            await handle.result()
    except WorkflowFailureError as error:
        raise RunRefusedError(*reason_of(error)) from error
    except CALL_ERRORS as error:
        if passing(error):
            return False
        raise meaning_of(error) or error from error
    return True


ENDED_BADLY = frozenset(
    {
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)
"""States of a run whose id is free again."""


async def _failure(handle: WorkflowHandle[Any, Any], limit: timedelta) -> tuple[str, str, str | None]:
    try:
        await handle.result(follow_runs=False, rpc_timeout=limit)
    except WorkflowFailureError as error:
        return reason_of(error)
    return "failed", "the run ended without a write", None


def reason_of(error: WorkflowFailureError | WorkflowUpdateFailedError) -> tuple[str, str, str | None]:
    """Code, text and pointer of what ended a run or an update."""
    cause: BaseException | None = error.cause
    while isinstance(cause, ActivityError) and isinstance(cause.cause, FailureError):
        cause = cause.cause
    if isinstance(cause, ApplicationError):
        details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
        return cause.type or "failed", cause.message, details.get("pointer")
    return "cancelled", str(cause), None


async def _compare(client: Client, command: Command, workflow_id: str, timeout: float) -> Started:
    """Whether the run that holds an id has the same content; of one that failed meanwhile, its address tells."""
    described, same = await _described(client, command, workflow_id, timeout)
    if not same:
        return Started("conflict", workflow_id, described.run_id)
    running = described.status == WorkflowExecutionStatus.RUNNING
    return Started("running" if running else "completed", workflow_id, described.run_id)


async def _look_after(client: Client, command: Command, workflow_id: str, timeout: float, *, again: bool) -> Started:
    """After a start of unknown outcome: only a run that holds the id shows that it was accepted.

    One that ended without a write (``again``: one that ended at all) may be an older one, which the start replaces.
    """
    described, same = await _described(client, command, workflow_id, timeout)
    running = described.status == WorkflowExecutionStatus.RUNNING
    if not running and (again or described.status in ENDED_BADLY):
        raise TemporalAwayError(f"Temporal did not say whether it accepted {workflow_id}")
    if not same:
        return Started("conflict", workflow_id, described.run_id)
    return Started("running" if running else "completed", workflow_id, described.run_id)


async def _described(
    client: Client, command: Command, workflow_id: str, timeout: float
) -> tuple[WorkflowExecutionDescription, bool]:
    """The newest run under an id, and whether its content is the command's."""
    try:
        async with asyncio.timeout(timeout):
            described = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=timedelta(seconds=timeout))
            memo = await described.memo()
    except CALL_ERRORS as error:
        if is_unknown_run(error):
            raise TemporalAwayError(f"Temporal did not accept {workflow_id}") from error
        raise meaning_of(error) or error from error
    return described, memo.get("requestHash") == command.origin.request_hash


async def _meaning_of_start(client: Client, error: Exception) -> TrmError | None:
    """A start is also refused where our search attributes are not registered, which is not that command's fault."""
    meaning = meaning_of(error)
    if isinstance(meaning, TemporalRefusedError):
        with contextlib.suppress(*CALL_ERRORS):  # where nobody may ask, the command is blamed: it can be sent again
            missing = await unregistered(client)
            if missing:
                return TemporalMisconfiguredError(f"search attributes are not registered: {', '.join(missing)}")
    return meaning


def memo_of(command: Command) -> dict[str, Any]:
    """What the gateway is told of a run: who sent its command, what it holds, and whether it is private."""
    caller = command.origin.caller
    kind = kind_recorded_by(command)
    return {
        "requestHash": command.origin.request_hash,
        "caller": str(ids.identity(caller.issuer, caller.subject)) if caller else "",
        "private": _may_be_private(command, kind),
    }


def _may_be_private(command: Command, recorded: Kind | None) -> bool:
    """Whether others may have to know nothing of it: what stands decides, which a start does not look at."""
    if recorded:
        return recorded.private(recorded.said_by(command)) or (recorded.guarded and not recorded.parties)
    return isinstance(command, Change) and KINDS[command.label].guarded
