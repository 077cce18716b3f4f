"""How a command becomes a run: the same workflow id and the same answer for a request, an event and a repetition."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from ontology import ids
from ontology.commands import Command, IndexKnowledge, LinkIdentity, MergePeople, RecordPerson, RecordRecognition
from ontology.enums import Visibility
from ontology.imports import ImportRows
from runtime.errors import UnavailableError
from workflows.imports import ImportBatchWorkflow
from workflows.knowledge import KnowledgeEmbeddingWorkflow
from workflows.person import IdentityLinkWorkflow, PersonMergeWorkflow, PersonWorkflow
from workflows.recognition import RecognitionWorkflow

log = logging.getLogger(__name__)

ENTITY_ID = SearchAttributeKey.for_keyword("TrmEntityId")
ENTITY_KIND = SearchAttributeKey.for_keyword("TrmEntityKind")
EVENT_ID = SearchAttributeKey.for_keyword("TrmEventId")
SOURCE = SearchAttributeKey.for_keyword("TrmSource")

_AWAY = (RPCError, RuntimeError, TimeoutError)
"""What a client raises while the server is away; ``RuntimeError`` when it was never there since this process began."""

StartOutcome = Literal["started", "running", "completed", "conflict"]
"""Accepted now; already running or done with the same content; or the id holds other content."""


class TemporalAwayError(UnavailableError):
    """The start was not accepted, or its outcome could not be learnt; the same start may be tried again."""

    code: ClassVar[str] = "temporalUnavailable"


@dataclass(frozen=True)
class Started:
    """Answer to a start."""

    outcome: StartOutcome
    workflow_id: str
    run_id: str | None


@dataclass(frozen=True)
class Accepted:
    """What Temporal knows of an accepted write that the graph does not have yet.

    Parameters
    ----------
    workflow_id, run_id
        The run.
    caller
        Identity that sent it, if a request did.
    private
        Whether only its parties may see it.
    running
        Whether it is still under way.
    failed
        Whether it ended without a write.
    reason_code, reason
        Why, when it failed.
    """

    workflow_id: str
    run_id: str | None
    accepted_at: datetime
    caller: UUID | None
    private: bool
    running: bool
    failed: bool
    reason_code: str | None = None
    reason: str | None = None
    pointer: str | None = None


@dataclass(frozen=True)
class _Agent:
    kind: str
    run: Callable[..., Any]
    workflow_id: Callable[[Any], str]


_AGENTS: dict[type[Command], _Agent] = {
    RecordRecognition: _Agent("Recognition", RecognitionWorkflow.run, lambda c: f"recognition/{c.id}"),
    RecordPerson: _Agent("Person", PersonWorkflow.run, lambda c: f"person/{c.id}"),
    LinkIdentity: _Agent("Identity", IdentityLinkWorkflow.run, lambda c: f"identity/{c.id}/{c.origin.event_id}"),
    MergePeople: _Agent("Person", PersonMergeWorkflow.run, lambda c: f"personMerge/{c.id}/{c.origin.event_id}"),
    IndexKnowledge: _Agent(
        "KnowledgeSnippet",
        KnowledgeEmbeddingWorkflow.run,
        lambda c: f"knowledgeSnippet/{c.id}/{c.origin.event_id}",
    ),
    ImportRows: _Agent("Import", ImportBatchWorkflow.run, lambda c: f"import/{c.kind}/{c.id}"),
}


def workflow_id_of(command: Command) -> str:
    """Workflow id under which a command runs."""
    return _AGENTS[type(command)].workflow_id(command)


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
    """
    agent = _AGENTS[type(command)]
    workflow_id = agent.workflow_id(command)
    try:
        async with asyncio.timeout(timeout):  # the client's own limit does not bound its first connection
            handle = await client.start_workflow(
                agent.run,
                command,
                id=workflow_id,
                task_queue=task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=(
                    WorkflowIDReusePolicy.ALLOW_DUPLICATE
                    if again
                    else WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
                ),
                memo=_memo(command),
                search_attributes=_search_attributes(command, agent.kind),
                rpc_timeout=timedelta(seconds=timeout),
            )
    except WorkflowAlreadyStartedError:
        return await _compare(client, command, workflow_id, describe_timeout)
    except _AWAY as error:
        log.warning("start has no known outcome", extra={"workflowId": workflow_id, "cause": str(error)})
        return await _compare(client, command, workflow_id, describe_timeout)
    return Started("started", workflow_id, handle.result_run_id)


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
            ended_badly = described.status in _ENDED_BADLY
            failure = await _failure(handle, limit) if ended_badly else None
    except _AWAY as error:
        if isinstance(error, RPCError) and error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise TemporalAwayError(str(error)) from error
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
    except _AWAY as error:
        raise TemporalAwayError(str(error)) from error
    accepted = await look_up(client, started.workflow_id, timeout=5.0)
    if accepted is None:
        raise TemporalAwayError(f"{started.workflow_id} is not known any more")
    return accepted


_ENDED_BADLY = frozenset(
    {
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)


async def _failure(handle: WorkflowHandle[Any, Any], limit: timedelta) -> tuple[str, str, str | None]:
    try:
        await handle.result(follow_runs=False, rpc_timeout=limit)
    except WorkflowFailureError as error:
        cause: BaseException | None = error.cause
        while isinstance(cause, ActivityError) and isinstance(cause.cause, FailureError):
            cause = cause.cause
        if isinstance(cause, ApplicationError):
            details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
            return cause.type or "failed", cause.message, details.get("pointer")
        return "cancelled", str(cause), None
    return "failed", "the run ended without a write", None


async def _compare(client: Client, command: Command, workflow_id: str, timeout: float) -> Started:
    try:
        async with asyncio.timeout(timeout):
            described = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=timedelta(seconds=timeout))
            memo = await described.memo()
    except _AWAY as error:
        raise TemporalAwayError(f"Temporal did not accept {workflow_id}") from error
    if memo.get("requestHash") != command.origin.request_hash:
        return Started("conflict", workflow_id, described.run_id)
    running = described.status == WorkflowExecutionStatus.RUNNING
    return Started("running" if running else "completed", workflow_id, described.run_id)


def _memo(command: Command) -> dict[str, Any]:
    caller = command.origin.caller
    private = isinstance(command, RecordRecognition) and command.recognition.visibility == Visibility.PARTIES
    return {
        "requestHash": command.origin.request_hash,
        "caller": str(ids.identity(caller.issuer, caller.subject)) if caller else "",
        "private": private,
    }


def _search_attributes(command: Command, kind: str) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(ENTITY_ID, str(command.id)),
            SearchAttributePair(ENTITY_KIND, kind),
            SearchAttributePair(EVENT_ID, str(command.origin.event_id)),
            SearchAttributePair(SOURCE, command.origin.source),
        ]
    )
