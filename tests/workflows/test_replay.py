"""Every stored history replays; a workflow whose commands changed does not, and that is seen."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from ontology.commands import RecordRecognition
from runtime.payloads import data_converter
from tests.workflows.record_histories import COURSES, HISTORIES
from workers.agents import WORKFLOWS
from workflows.recognition import RecognitionWorkflow
from workflows.recording import Recorded


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COURSES)
async def test_stored_history_replays(name: str) -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter)
    await replayer.replay_workflow(history_of(HISTORIES / f"{name}.json"))


def test_every_workflow_has_a_history() -> None:
    names = {run.__qualname__.partition(".")[0] for run, _, _ in COURSES.values()}
    assert {agent.__name__ for agent in WORKFLOWS} == names


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
