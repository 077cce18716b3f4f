"""Steps as histories tell them, errors as failures tell them, and filters as Temporal's list takes them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from google.protobuf.json_format import Parse
from temporalio.api.enums.v1 import PendingActivityState, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import History
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from runtime.run_views import RunError, RunFilters, RunStatus, RunView, Step
from workflows.run_views import Steps, error_of, query_of, waits_of

HISTORIES = Path(__file__).parents[3] / "temporal" / "histories"
MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def steps_of(name: str) -> Steps:
    steps = Steps()
    for event in Parse((HISTORIES / f"{name}.json").read_text(encoding="utf-8"), History()).events:
        steps.take(event)
    return steps


def told(name: str) -> list[tuple[str, str, str, int]]:
    return [(step.name, step.how, step.status, step.attempts) for step in steps_of(name).with_pending({})]


def test_a_run_without_trouble_tells_its_steps_in_their_order() -> None:
    assert told("recognition.written") == [
        ("record_recognition", "local", "Done", 1),
        ("index", "activity", "Done", 1),
        ("publish", "local", "Done", 1),
    ]


def test_a_local_try_in_vain_and_the_attempts_after_it_are_told() -> None:
    [tried, again, *_] = steps_of("recognition.graph-away").with_pending({})
    assert (tried.how, tried.status, tried.error) == (
        "local",
        "Failed",
        RunError("graphUnavailable", "the graph is away"),
    )
    assert (again.how, again.status, again.attempts) == ("activity", "Done", 3)


def test_what_ended_a_run_is_told_by_its_code() -> None:
    failure = steps_of("recognition.refused").failure
    assert failure is not None
    assert failure.code == "selfRecognition"


@pytest.mark.parametrize("path", sorted(HISTORIES.glob("*.json")), ids=lambda path: path.stem)
def test_every_history_can_be_told(path: Path) -> None:
    steps = steps_of(path.stem).with_pending({})
    assert all(isinstance(step, Step) and step.name and step.started_at for step in steps)


def test_of_a_step_under_way_the_server_tells_the_attempt() -> None:
    history = Parse((HISTORIES / "recognition.graph-away.json").read_text(encoding="utf-8"), History())
    scheduled = next(one for one in history.events if one.HasField("activity_task_scheduled_event_attributes"))
    steps = Steps()
    steps.take(scheduled)
    name = scheduled.activity_task_scheduled_event_attributes.activity_id
    waiting = PendingActivityInfo(attempt=4, state=PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED)
    waiting.last_failure.message = "away"
    [step] = steps.with_pending({name: waiting})
    assert (step.status, step.attempts, step.error) == ("Waiting", 3, RunError("failed", "away"))
    started = PendingActivityInfo(attempt=4, state=PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)
    [step] = steps.with_pending({name: started})
    assert (step.status, step.attempts, step.error) == ("Running", 4, None)


def test_the_error_at_the_bottom_is_told() -> None:
    failure = Failure(message="Activity task failed")
    failure.activity_failure_info.activity_id = "1"
    failure.cause.message, failure.cause.application_failure_info.type = "no such person", "referenceUnknown"
    assert error_of(failure) == RunError("referenceUnknown", "no such person")
    late = Failure(message="activity StartToClose timeout")
    late.timeout_failure_info.timeout_type = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
    assert error_of(late).code == "timedOut"


@pytest.mark.parametrize(
    ("agent", "waits"), [("DecisionWorkflow", ["answer"]), ("TensionWorkflow", [])], ids=["decision", "tension"]
)
def test_a_decision_that_does_nothing_waits_for_an_answer(agent: str, waits: list[str]) -> None:
    run = RunView("a/1", "r", agent, RunStatus.RUNNING, MOMENT)
    assert [wait.on for wait in waits_of(DescribeWorkflowExecutionResponse(), run)] == waits


def test_a_run_waits_for_what_the_server_names() -> None:
    described = DescribeWorkflowExecutionResponse()
    step = described.pending_activities.add(attempt=2, state=PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED)
    step.activity_type.name = "record"
    step.next_attempt_schedule_time.FromDatetime(MOMENT + timedelta(seconds=8))
    described.pending_children.add(workflow_id="change/1")
    run = RunView("a/1", "r", "TensionWorkflow", RunStatus.RUNNING, MOMENT)
    waits = waits_of(described, run)
    assert [(wait.on, wait.name, wait.attempt) for wait in waits] == [("step", "record", 2), ("run", "change/1", 0)]
    assert waits[0].until == MOMENT + timedelta(seconds=8)
    ended = RunView("a/1", "r", "TensionWorkflow", RunStatus.COMPLETED, MOMENT)
    assert waits_of(described, ended) == ()


def test_a_run_that_no_worker_takes_up_waits_for_one() -> None:
    described = DescribeWorkflowExecutionResponse()
    described.pending_workflow_task.attempt = 3
    run = RunView("a/1", "r", "TensionWorkflow", RunStatus.RUNNING, MOMENT)
    assert [(wait.on, wait.attempt) for wait in waits_of(described, run)] == [("worker", 3)]


def test_filters_are_said_in_the_language_of_the_list() -> None:
    assert query_of(RunFilters()) == ""
    thing = UUID(int=7)
    assert query_of(RunFilters(RunStatus.TIMED_OUT, "TensionWorkflow", thing, MOMENT, MOMENT)) == (
        "ExecutionStatus = 'TimedOut' AND WorkflowType = 'TensionWorkflow' AND "
        f"TrmEntityId = '{thing}' AND StartTime >= '2026-03-01T09:00:00+00:00' AND "
        "StartTime < '2026-03-01T09:00:00+00:00'"
    )
