"""Every stored history replays; a workflow whose commands changed does not, and that is seen."""

import base64
import importlib
import json
import pkgutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

import workflows
from ontology.commands import RecordRecognition
from runtime.payloads import data_converter
from tests.workflows.record_histories import COURSES, HISTORIES
from workers.agents import WORKFLOWS
from workflows import policies
from workflows.recognition import RecognitionWorkflow
from workflows.recording import Recorded


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COURSES)
async def test_stored_history_replays(name: str) -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter)
    await replayer.replay_workflow(history_of(HISTORIES / f"{name}.json"))


def registered() -> set[str]:
    """Types of every workflow class that a worker registers."""
    definitions = [getattr(agent, "__temporal_workflow_definition", None) for agent in WORKFLOWS]
    return {one.name for one in definitions if one}


def type_of(path: Path) -> str:
    """Type of the run that a history tells."""
    begun = json.loads(path.read_text(encoding="utf-8"))["events"][0]["workflowExecutionStartedEventAttributes"]
    return str(begun["workflowType"]["name"])


def test_every_workflow_has_a_history() -> None:
    assert registered() - {type_of(path) for path in HISTORIES.glob("*.json")} == set()
    assert len(registered()) == len(WORKFLOWS)


def test_every_workflow_that_is_written_is_registered() -> None:
    for module in pkgutil.iter_modules(workflows.__path__, "workflows."):
        importlib.import_module(module.name)
    modules = [module for name, module in sys.modules.items() if name.startswith("workflows.")]
    written = {
        one.__name__
        for module in modules
        for one in vars(module).values()
        if "__temporal_workflow_definition" in getattr(one, "__dict__", {})
    }
    assert written == {agent.__name__ for agent in WORKFLOWS}


def test_every_stored_history_is_replayed() -> None:
    assert {path.stem for path in HISTORIES.glob("*.json")} == set(COURSES)
    for name, (course, _, _) in COURSES.items():
        assert type_of(HISTORIES / f"{name}.json") == course.__qualname__.partition(".")[0], name


@workflow.defn(name="RecognitionWorkflow", sandboxed=False)
class Edited:
    """A recognition workflow whose first command is another one."""

    @workflow.run
    async def run(self, command: RecordRecognition) -> None:
        await workflow.sleep(1)


async def test_a_breaking_edit_is_seen() -> None:
    replayer = Replayer(workflows=[Edited], data_converter=data_converter)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history_of(HISTORIES / "recognition.written.json"))


LOCAL_ACTIVITY = "core_local_activity"


def short_steps(path: Path) -> list[str]:
    """Which halves of a short step a run went through: those whose local try failed and that went on after it."""
    failed: set[str] = set()
    both: list[str] = []
    for event in json.loads(path.read_text(encoding="utf-8"))["events"]:
        marker = event.get("markerRecordedEventAttributes", {})
        if marker.get("markerName") == LOCAL_ACTIVITY and "failure" in marker:
            [said] = marker["details"]["data"]["payloads"]
            failed.add(json.loads(base64.b64decode(said["data"]))["activity_type"])
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled and scheduled["activityType"]["name"] in failed:
            both.append(scheduled["activityType"]["name"])
    return both


BOTH_HALVES = {
    "change.graph-away": ["change_thing"],
    "change.kafka-away": ["publish"],
    "decision.left-open": ["record"],
    "knowledge.graph-away": ["record_snippet"],
    "person.merged": ["merge_people"],
    "project.asked": ["record"],
    "recognition.graph-away": ["record_recognition"],
    "recognition.kafka-away": ["publish"],
    "recognition.local-timeout": ["record_recognition"],
    "tension.stores-away": ["record"],
    "win-score.asked": ["score"],
}
"""History → its short steps whose local try failed, and that went on as ordinary activities."""


def test_the_histories_in_which_a_short_step_needs_both_halves() -> None:
    found = {path.stem: short_steps(path) for path in HISTORIES.glob("*.json")}
    assert {name: steps for name, steps in found.items() if steps} == BOTH_HALVES


async def locally(activity: Callable[[Any, Any], Awaitable[Any]], argument: object) -> Any:
    """The first half of a short step as it is."""
    return await workflow.execute_local_activity_method(
        activity, argument, schedule_to_close_timeout=policies.LOCAL_TRY, retry_policy=policies.ONCE
    )


async def ordinarily(activity: Callable[[Any, Any], Awaitable[Any]], argument: object) -> Any:
    """The second half of a short step as it is, and nothing before it."""
    return await workflow.execute_activity_method(
        activity, argument, start_to_close_timeout=policies.SHORT_STEP, retry_policy=policies.UNTIL_DONE
    )


async def renamed(activity: Callable[[Any, Any], Awaitable[Any]], argument: object) -> Any:
    """The first half as it is, and a second one that goes on as another activity."""
    try:
        return await locally(activity, argument)
    except FailureError as error:
        cause = policies.cause_of(error)
        if isinstance(cause, ApplicationError) and cause.non_retryable:
            raise
    return await workflow.execute_activity(
        "another", argument, start_to_close_timeout=policies.SHORT_STEP, retry_policy=policies.UNTIL_DONE
    )


async def replay_with(
    monkeypatch: pytest.MonkeyPatch, name: str, edited: Callable[[Any, Any], Awaitable[object]]
) -> None:
    """Replay a history with another shape of a short step."""
    monkeypatch.setattr(policies, "short_step", edited)
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter, workflow_runner=UnsandboxedWorkflowRunner())
    await replayer.replay_workflow(history_of(HISTORIES / f"{name}.json"))


@pytest.mark.parametrize("name", BOTH_HALVES)
@pytest.mark.parametrize("edited", [locally, renamed, ordinarily])
async def test_an_edit_of_either_half_of_a_short_step_is_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, edited: Callable[[Any, Any], Awaitable[object]]
) -> None:
    with pytest.raises(NondeterminismError):
        await replay_with(monkeypatch, name, edited)


@pytest.mark.parametrize("edited", [locally, renamed])
async def test_an_edit_of_the_second_half_is_seen_by_no_history_that_lacks_it(
    monkeypatch: pytest.MonkeyPatch, edited: Callable[[Any, Any], Awaitable[object]]
) -> None:
    await replay_with(monkeypatch, "recognition.written", edited)
    with pytest.raises(NondeterminismError):
        await replay_with(monkeypatch, "recognition.written", ordinarily)


async def test_short_steps_as_they_are_replay_outside_of_the_sandbox_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BOTH_HALVES:
        await replay_with(monkeypatch, name, policies.short_step)


def with_novelties(history: dict[str, Any]) -> dict[str, Any]:
    """The history as a newer process would have written it: every JSON object of every payload has one field more."""

    def enrich(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: enrich(part) for name, part in value.items()}, "novelty": {"of": "a later version"}}
        return [enrich(part) for part in value] if isinstance(value, list) else value

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(part) for part in value]
        if not isinstance(value, dict):
            return value
        metadata = value.get("metadata")
        if isinstance(metadata, dict) and "data" in value and metadata.get("encoding") == JSON_PLAIN:
            said = json.loads(base64.b64decode(value["data"]))
            return {**value, "data": base64.b64encode(json.dumps(enrich(said)).encode()).decode()}
        return {name: walk(part) for name, part in value.items()}

    return {"events": walk(history["events"])}


JSON_PLAIN = base64.b64encode(b"json/plain").decode()


@pytest.mark.parametrize("name", ["recognition.written", "person.written", "knowledge.indexed", "import.written"])
async def test_fields_of_a_later_version_are_left_out(name: str) -> None:
    written = json.loads((HISTORIES / f"{name}.json").read_text(encoding="utf-8"))
    later = WorkflowHistory.from_json(name, json.dumps(with_novelties(written)))
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter)
    await replayer.replay_workflow(later)
    closed = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)
    with pytest.raises(Exception, match=r"novelty|Extra inputs"):
        await closed.replay_workflow(later)


class Later(RecordRecognition):
    """The command as a later version knows it."""

    novelty: str = "what it was before the field was there"


@workflow.defn(name="RecognitionWorkflow", sandboxed=False)
class LaterWorkflow:
    """The workflow of a later version, whose command has a field more."""

    @workflow.run
    async def run(self, command: Later) -> Recorded:
        assert command.novelty
        return await RecognitionWorkflow().run(command)


async def test_a_history_of_an_earlier_version_is_read_by_a_model_with_a_new_field() -> None:
    replayer = Replayer(workflows=[LaterWorkflow], data_converter=data_converter)
    await replayer.replay_workflow(history_of(HISTORIES / "recognition.written.json"))
