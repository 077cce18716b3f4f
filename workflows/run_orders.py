"""What operators order of runs: another try of what failed, and a stop before anything is written."""

import asyncio
import uuid
from datetime import timedelta
from uuid import UUID

from temporalio.api.common.v1 import Memo, WorkflowType
from temporalio.api.enums.v1 import WorkflowIdConflictPolicy, WorkflowIdReusePolicy
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import StartWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowContinuedAsNewError,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
)
from temporalio.service import RPCError, RPCStatusCode

from runtime.run_views import RunEndedError, RunNotFailedError, RunOfTheSystemError, RunWrittenError
from workflows.outcomes import CALL_ERRORS, is_unknown_run, meaning_of, passing
from workflows.search_attributes import ENTITY_KIND
from workflows.starts import ENDED_BADLY

_ASKED_BY = "requestHash"
"""Memo of every run that a request or an event began."""

_TRY = "retry"
"""Memo that tells which request a run is the further try of."""


async def retry(client: Client, workflow_id: str, by: UUID, key: str, *, timeout: float) -> bool:
    """Begin a failed run again, with the same input under the same id; the same key begins it once.

    Parameters
    ----------
    client, workflow_id
        Which run: the newest under its id.
    by, key
        Identity of who asks, and what tells their requests apart.
    timeout
        Seconds of one call.

    Returns
    -------
        False where there is no such run.

    Raises
    ------
    RunNotFailedError
        It is under way, or is done.
    RunOfTheSystemError
        No request and no event began it.
    TemporalAwayError
        The server did not answer; the same request may be sent again.
    """
    limit = timedelta(seconds=timeout)
    try:
        async with asyncio.timeout(4 * timeout):
            described = await _described(client, workflow_id, limit)
            if described is None:
                return False
            memo = await described.memo()
            if memo.get(_TRY) == key:
                return True
            if described.status not in ENDED_BADLY:
                raise RunNotFailedError("only what failed is tried again; what is under way tries by itself")
            _check_asked(memo, described)
            await _begin_again(client, described, {_TRY: key, "retriedBy": str(by)}, limit)
    except CALL_ERRORS as error:
        if not isinstance(error, RPCError) or error.status != RPCStatusCode.ALREADY_EXISTS:
            raise meaning_of(error) or error from error
        if await _is_try(client, workflow_id, key, limit):
            return True
        raise RunNotFailedError("somebody else had it tried again just now") from error
    return True


async def cancel(client: Client, workflow_id: str, reason: str, *, timeout: float, patience: float) -> bool:
    """Stop a run that has written nothing yet; it decides itself, and is given some time to.

    One that was cancelled already is what was asked for.

    Parameters
    ----------
    client, workflow_id
        Which run: the newest under its id.
    reason
        Why, and who asks: it stands in the run's history.
    timeout, patience
        Seconds of one call, and of the wait until the run ends.

    Returns
    -------
        False where there is no such run.

    Raises
    ------
    RunEndedError
        It has ended.
    RunWrittenError
        It wrote before it could be stopped, and was carried out to its end.
    RunOfTheSystemError
        It is no run that a request or an event began, or writes many things.
    TemporalAwayError
        The server did not answer; the same request may be sent again.
    """
    limit = timedelta(seconds=timeout)
    try:
        async with asyncio.timeout(2 * timeout):
            described = await _described(client, workflow_id, limit)
            if described is None:
                return False
            if described.status == WorkflowExecutionStatus.CANCELED:
                return True
            if described.status != WorkflowExecutionStatus.RUNNING:
                raise RunEndedError("it has ended; what it wrote can be changed")
            _check_asked(await described.memo(), described)
            handle = client.get_workflow_handle(workflow_id, run_id=described.run_id)
            await handle.cancel(reason=reason, rpc_timeout=limit)
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error
    try:
        async with asyncio.timeout(patience):
            await handle.result(follow_runs=False)
    except WorkflowFailureError:
        return True
    except WorkflowContinuedAsNewError as error:
        raise RunWrittenError("it wrote before, and went on in a run of its own") from error
    except CALL_ERRORS as error:
        if passing(error):
            return True  # it stops as soon as it knows what it wrote
        raise meaning_of(error) or error from error
    raise RunWrittenError("it wrote before it could be stopped, and was carried out to its end")


def _check_asked(memo: object, described: WorkflowExecutionDescription) -> None:
    if not isinstance(memo, dict) or _ASKED_BY not in memo:
        raise RunOfTheSystemError(f"{described.workflow_type} is begun again by what began it, not by hand")
    if described.typed_search_attributes.get(ENTITY_KIND) == "Import":
        raise RunOfTheSystemError("a file's rows go together, and are carried out as they are; import the file again")


async def _is_try(client: Client, workflow_id: str, key: str, limit: timedelta) -> bool:
    """Whether the newest run of an id is the further try that a request asked for."""
    try:
        described = await _described(client, workflow_id, limit)
        return described is not None and (await described.memo()).get(_TRY) == key
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error


async def _described(client: Client, workflow_id: str, limit: timedelta) -> WorkflowExecutionDescription | None:
    try:
        return await client.get_workflow_handle(workflow_id).describe(rpc_timeout=limit)
    except RPCError as error:
        if is_unknown_run(error) or error.status == RPCStatusCode.INVALID_ARGUMENT:
            return None
        raise


async def _begin_again(
    client: Client, described: WorkflowExecutionDescription, told: dict[str, str], limit: timedelta
) -> None:
    """Begin a run anew by what the history says of its beginning; payloads stay as they are."""
    handle = client.get_workflow_handle(described.id, run_id=described.run_id)
    first = await anext(handle.fetch_history_events(page_size=1, rpc_timeout=limit))
    began = first.workflow_execution_started_event_attributes
    values = await client.data_converter.encode(list(told.values()))
    request = StartWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_id=described.id,
        workflow_type=WorkflowType(name=began.workflow_type.name),
        task_queue=TaskQueue(name=began.task_queue.name),
        input=began.input,
        identity=client.identity,
        request_id=str(uuid.uuid4()),
        workflow_id_reuse_policy=WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
        workflow_id_conflict_policy=WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
        memo=Memo(fields={**began.memo.fields, **dict(zip(told, values, strict=True))}),
        search_attributes=began.search_attributes,
        header=began.header,
    )
    await client.workflow_service.start_workflow_execution(request, timeout=limit)
