"""What Temporal tells of runs, as their operators see them: from its list, its descriptions and its histories."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowExecution, WorkflowHistoryEventFilterType

from ontology.kinds.decision import DECISION
from runtime.run_views import (
    PlaceUnknownError,
    RunDetail,
    RunError,
    RunFilters,
    RunPage,
    RunStatus,
    RunView,
    Step,
    Wait,
)
from workflows.outcomes import CALL_ERRORS, TemporalRefusedError, is_unknown_run, meaning_of
from workflows.search_attributes import ENTITY_ID, ENTITY_KIND

_MOST_EVENTS = 2_000
"""Events of a history that are read: a run of ours has some dozens, a decision that many try to take some hundreds."""

_LOCAL = "core_local_activity"
"""Name of the marker by which the SDK remembers a local activity."""

_TRACE = "_tracer-data"
"""Header in which the SDK's tracing hands the trace on."""


async def page(client: Client, filters: RunFilters, *, place: bytes, limit: int, timeout: float) -> RunPage:
    """Runs: those that run first, then the last to end; of those that run, what they wait for.

    Parameters
    ----------
    client, filters
        Which runs.
    place
        Where the page begins, as the page before it says; empty for the first.
    limit, timeout
        Runs of a page; seconds of one call.

    Raises
    ------
    PlaceUnknownError
        The page begins nowhere.
    TemporalAwayError
        The server did not answer.
    """
    found = client.list_workflows(
        query_of(filters), page_size=limit, next_page_token=place or None, rpc_timeout=timedelta(seconds=timeout)
    )
    try:
        async with asyncio.timeout(2 * timeout):
            await found.fetch_next_page()
            runs = await asyncio.gather(*(_view(client, one, timeout) for one in found.current_page or ()))
    except CALL_ERRORS as error:
        meaning = meaning_of(error)
        if place and isinstance(meaning, TemporalRefusedError):
            raise PlaceUnknownError("the cursor is not valid", pointer="#query/cursor") from error
        raise meaning or error from error
    return RunPage(tuple(runs), found.next_page_token or b"")


def query_of(filters: RunFilters) -> str:
    """The filters in the language of Temporal's list."""
    told = [
        f"ExecutionStatus = '{filters.status}'" if filters.status else "",
        f"WorkflowType = '{filters.agent}'" if filters.agent else "",
        f"{ENTITY_ID.name} = '{filters.entity}'" if filters.entity else "",
        f"StartTime >= '{filters.since.isoformat()}'" if filters.since else "",
        f"StartTime < '{filters.until.isoformat()}'" if filters.until else "",
    ]
    return " AND ".join(one for one in told if one)


async def detail(client: Client, workflow_id: str, run_id: str | None, *, timeout: float) -> RunDetail | None:
    """A run with its steps; the newest under its id where none is named, None where there is none.

    Raises
    ------
    TemporalAwayError
        The server did not answer.
    """
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    try:
        async with asyncio.timeout(4 * timeout):
            described = await handle.describe(rpc_timeout=timedelta(seconds=timeout))
            run = await _of(described)
            exact = client.get_workflow_handle(workflow_id, run_id=described.run_id)
            events = await _first(exact.fetch_history_events(), _MOST_EVENTS + 1)
            last = exact.fetch_history_events(event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT)
            closing = await _first(last, 1) if run.ended_at and len(events) > _MOST_EVENTS else []
    except CALL_ERRORS as error:
        if is_unknown_run(error) or isinstance(meaning_of(error), TemporalRefusedError):
            return None  # no run has such an id
        raise meaning_of(error) or error from error
    more = len(events) > _MOST_EVENTS
    steps = Steps()
    for event in (*events[:_MOST_EVENTS], *closing):
        steps.take(event)
    pending = {one.activity_id: one for one in described.raw_description.pending_activities}
    seen = steps.with_pending(pending)
    waits = (*waits_of(described.raw_description, run), *(_until(step) for step in seen if _is_timer(step)))
    return RunDetail(
        run=replace(run, waits_for=waits),
        steps=seen,
        failure=steps.failure,
        trace_id=_trace_of(events[0]) if events else None,
        cancel_asked=described.raw_description.workflow_extended_info.cancel_requested,
        more=more,
    )


def waits_of(described: DescribeWorkflowExecutionResponse, run: RunView) -> tuple[Wait, ...]:
    """What a run waits for, of what its description tells; nothing once it ended."""
    if run.status is not RunStatus.RUNNING:
        return ()
    waits = [_wait(one) for one in described.pending_activities]
    waits += [Wait("run", child.workflow_id) for child in described.pending_children]
    if not waits and described.HasField("pending_workflow_task"):
        task = described.pending_workflow_task
        waits.append(Wait("worker", attempt=task.attempt, since=_moment(task.original_scheduled_time)))
    if not waits and run.agent == DECISION.agent:
        waits.append(Wait("answer"))
    return tuple(waits)


async def _view(client: Client, one: WorkflowExecution, timeout: float) -> RunView:
    run = await _of(one)
    if run.status is not RunStatus.RUNNING:
        return run
    handle = client.get_workflow_handle(run.workflow_id, run_id=run.run_id)
    try:
        described = await handle.describe(rpc_timeout=timedelta(seconds=timeout))
    except CALL_ERRORS as error:
        if is_unknown_run(error):
            return run  # it is listed a moment longer than it is kept
        raise
    return replace(run, waits_for=waits_of(described.raw_description, run))


async def _of(one: WorkflowExecution) -> RunView:
    found, memo = one.typed_search_attributes, await one.memo()
    entity = found.get(ENTITY_ID)
    return RunView(
        workflow_id=one.id,
        run_id=one.run_id,
        agent=one.workflow_type,
        status=RunStatus[one.status.name] if one.status else RunStatus.RUNNING,
        started_at=one.start_time,
        ended_at=one.close_time,
        label=found.get(ENTITY_KIND),
        entity=_id(entity),
        private=memo["private"] if isinstance(memo.get("private"), bool) else None,
        caller=_id(memo.get("caller")),
    )


def _id(said: object) -> UUID | None:
    """The id that a run bears; None where it bears none, or somebody began it by hand with something else."""
    with contextlib.suppress(ValueError):
        return UUID(said) if isinstance(said, str) and said else None
    return None


async def _first(history: AsyncIterator[HistoryEvent], most: int) -> list[HistoryEvent]:
    found = []
    async for event in history:
        found.append(event)
        if len(found) == most:
            break
    return found


class Steps:
    """Reads a history, event by event; a step stands under the number of the event that began it."""

    def __init__(self) -> None:
        self.failure: RunError | None = None
        self._steps: dict[int, Step] = {}
        self._activities: dict[int, str] = {}
        self._updates: dict[str, int] = {}

    def take(self, event: HistoryEvent) -> None:
        """The next event; what says nothing of a step is left out."""
        name = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
        if reader := getattr(self, f"_{name}", None):
            told = getattr(event, event.WhichOneof("attributes") or "")
            reader(event.event_id, told, _moment(event.event_time))

    def with_pending(self, pending: dict[str, PendingActivityInfo]) -> tuple[Step, ...]:
        """Every step; of those under way, what the server knows of the attempt, which no history has yet."""
        known = {number: pending[name] for number, name in self._activities.items() if name in pending}
        return tuple(
            replace(step, **_under_way(known[number])) if number in known else step
            for number, step in sorted(self._steps.items())
        )

    def _end(self, number: int, moment: datetime | None, status: Any, failure: Failure | None = None) -> None:
        if step := self._steps.get(number):
            error = error_of(failure) if failure is not None else None
            self._steps[number] = replace(step, status=status, ended_at=moment, error=error or step.error)

    def _activity_task_scheduled(self, number: int, told: Any, moment: datetime | None) -> None:
        self._activities[number] = told.activity_id
        self._steps[number] = Step(told.activity_type.name, "activity", "Waiting", started_at=moment)

    def _activity_task_started(self, _: int, told: Any, __: datetime | None) -> None:
        if step := self._steps.get(told.scheduled_event_id):
            last = error_of(told.last_failure) if told.HasField("last_failure") else None
            self._steps[told.scheduled_event_id] = replace(step, status="Running", attempts=told.attempt, error=last)

    def _activity_task_completed(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.scheduled_event_id, moment, "Done")

    def _activity_task_failed(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.scheduled_event_id, moment, "Failed", told.failure)

    _activity_task_timed_out = _activity_task_failed

    def _activity_task_canceled(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.scheduled_event_id, moment, "Canceled")

    def _marker_recorded(self, number: int, told: Any, moment: datetime | None) -> None:
        if told.marker_name != _LOCAL:
            return
        said = _json(told.details["data"].payloads) if "data" in told.details else {}
        failed = told.HasField("failure")
        self._steps[number] = Step(
            str(said.get("activity_type", "")),
            "local",
            "Failed" if failed else "Done",
            attempts=int(said.get("attempt", 1)),
            started_at=_from_json(said.get("original_schedule_time")) or moment,
            ended_at=_from_json(said.get("complete_time")) or moment,
            error=error_of(told.failure) if failed else None,
        )

    def _timer_started(self, number: int, told: Any, moment: datetime | None) -> None:
        until = moment + _seconds(told.start_to_fire_timeout) if moment else None
        self._steps[number] = Step("timer", "timer", "Waiting", started_at=moment, ended_at=until)

    def _timer_fired(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.started_event_id, moment, "Done")

    def _timer_canceled(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.started_event_id, moment, "Canceled")

    def _start_child_workflow_execution_initiated(self, number: int, told: Any, moment: datetime | None) -> None:
        self._steps[number] = Step(told.workflow_id, "run", "Waiting", started_at=moment)

    def _child_workflow_execution_started(self, _: int, told: Any, __: datetime | None) -> None:
        if step := self._steps.get(told.initiated_event_id):
            self._steps[told.initiated_event_id] = replace(step, status="Running", attempts=1)

    def _start_child_workflow_execution_failed(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.initiated_event_id, moment, "Failed")

    def _child_workflow_execution_completed(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.initiated_event_id, moment, "Done")

    def _child_workflow_execution_failed(self, _: int, told: Any, moment: datetime | None) -> None:
        failure = told.failure if hasattr(told, "failure") else None
        self._end(told.initiated_event_id, moment, "Failed", failure)

    _child_workflow_execution_timed_out = _child_workflow_execution_failed
    _child_workflow_execution_terminated = _child_workflow_execution_failed

    def _child_workflow_execution_canceled(self, _: int, told: Any, moment: datetime | None) -> None:
        self._end(told.initiated_event_id, moment, "Canceled")

    def _workflow_execution_update_accepted(self, number: int, told: Any, moment: datetime | None) -> None:
        self._updates[told.protocol_instance_id] = number
        name = told.accepted_request.input.name
        self._steps[number] = Step(name, "update", "Running", attempts=1, started_at=moment)

    def _workflow_execution_update_completed(self, _: int, told: Any, moment: datetime | None) -> None:
        number = told.accepted_event_id or self._updates.get(told.meta.update_id, 0)
        failed = told.outcome.HasField("failure")
        self._end(number, moment, "Failed" if failed else "Done", told.outcome.failure if failed else None)

    def _workflow_execution_signaled(self, number: int, told: Any, moment: datetime | None) -> None:
        self._steps[number] = Step(told.signal_name, "signal", "Done", started_at=moment, ended_at=moment)

    def _workflow_execution_failed(self, _: int, told: Any, __: datetime | None) -> None:
        self.failure = error_of(told.failure)

    def _workflow_execution_terminated(self, _: int, told: Any, __: datetime | None) -> None:
        self.failure = RunError("terminated", told.reason)

    def _workflow_execution_timed_out(self, _: int, __: Any, ___: datetime | None) -> None:
        self.failure = RunError("timedOut", "")

    def _workflow_execution_canceled(self, _: int, __: Any, ___: datetime | None) -> None:
        self.failure = RunError("cancelled", "")


def error_of(failure: Failure) -> RunError:
    """The code and text of what went wrong at the bottom of it."""
    while failure.HasField("cause") and not failure.application_failure_info.type:
        failure = failure.cause
    info = failure.WhichOneof("failure_info") or ""
    code = failure.application_failure_info.type or {
        "timeout_failure_info": "timedOut",
        "canceled_failure_info": "cancelled",
        "terminated_failure_info": "terminated",
    }.get(info, "failed")
    return RunError(code, failure.message)


def _wait(one: PendingActivityInfo) -> Wait:
    return Wait(
        "step",
        one.activity_type.name,
        attempt=one.attempt,
        since=_moment(one.last_started_time) or _moment(one.scheduled_time),
        until=_moment(one.next_attempt_schedule_time) if one.state == _WAITING else None,
        error=error_of(one.last_failure) if one.HasField("last_failure") else None,
    )


def _under_way(one: PendingActivityInfo) -> dict[str, Any]:
    said = _wait(one)
    started = one.state != _WAITING
    return {"attempts": one.attempt - (not started), "status": "Running" if started else "Waiting", "error": said.error}


_WAITING = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


def _is_timer(step: Step) -> bool:
    return step.how == "timer" and step.status == "Waiting"


def _until(timer: Step) -> Wait:
    return Wait("time", since=timer.started_at, until=timer.ended_at)


def _trace_of(first: HistoryEvent) -> str | None:
    """Trace of whatever started the run."""
    fields = first.workflow_execution_started_event_attributes.header.fields
    if _TRACE not in fields:
        return None
    parts = str(_json([fields[_TRACE]]).get("traceparent", "")).split("-")
    return parts[1] if len(parts) == 4 else None


def _json(payloads: Iterable[Payload]) -> dict[str, Any]:
    for payload in payloads:
        with contextlib.suppress(ValueError):
            said = json.loads(payload.data)
            return said if isinstance(said, dict) else {}
    return {}


def _from_json(said: Any) -> datetime | None:
    """A moment as the SDK's marker writes it: RFC 3339, or seconds and nanoseconds."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        if isinstance(said, dict):
            return datetime.fromtimestamp(said["seconds"] + said.get("nanos", 0) / 1e9, UTC)
        return datetime.fromisoformat(said)
    return None


def _moment(stamp: Timestamp) -> datetime | None:
    return stamp.ToDatetime(UTC) if stamp.seconds else None


def _seconds(duration: Duration) -> timedelta:
    return duration.ToTimedelta()
