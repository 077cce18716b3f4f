"""Every stored history replays; a workflow whose commands changed does not, and that is seen."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from ontology.commands import RecordRecognition
from tests.workflows.record_histories import COURSES, HISTORIES
from workers.agents import WORKFLOWS


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COURSES)
async def test_stored_history_replays(name: str) -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history_of(HISTORIES / f"{name}.json"))


@workflow.defn(name="RecognitionWorkflow", sandboxed=False)
class Edited:
    """A recognition workflow whose first command is another one."""

    @workflow.run
    async def run(self, command: RecordRecognition) -> None:
        await workflow.sleep(1)


async def test_a_breaking_edit_is_seen() -> None:
    replayer = Replayer(workflows=[Edited], data_converter=pydantic_data_converter)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history_of(HISTORIES / "recognition.written.json"))
