"""Records the histories the replay test holds workflows to: ``python -m tests.workflows.record_histories``.

Run it only when a workflow is new; a changed workflow must replay the histories that are there.
"""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from temporalio.testing import WorkflowEnvironment

from runtime.payloads import data_converter
from tests.workflows.test_agents import run
from tests.workflows.worlds import Worlds, change, people, person, recognition, rows, rows_nobody_knows, snippet
from workflows.change import ChangeWorkflow
from workflows.imports import ImportBatchWorkflow
from workflows.knowledge import KnowledgeEmbeddingWorkflow
from workflows.person import PersonWorkflow
from workflows.recognition import RecognitionWorkflow

HISTORIES = Path(__file__).parents[2] / "temporal" / "histories"

COURSES = {
    "recognition.written": (RecognitionWorkflow.run, recognition, {}),
    "recognition.graph-away": (RecognitionWorkflow.run, recognition, {"write_failures": 3}),
    "recognition.local-timeout": (RecognitionWorkflow.run, recognition, {"slow_first_write": True}),
    "recognition.provider-away": (RecognitionWorkflow.run, recognition, {"index_failures": 3}),
    "recognition.refused": (RecognitionWorkflow.run, recognition, {"refusal": "selfRecognition"}),
    "recognition.conflict": (RecognitionWorkflow.run, recognition, {"outcome": "conflict"}),
    "knowledge.indexed": (KnowledgeEmbeddingWorkflow.run, snippet, {}),
    "knowledge.graph-away": (KnowledgeEmbeddingWorkflow.run, snippet, {"write_failures": 3}),
    "import.written": (ImportBatchWorkflow.run, rows, {}),
    "import.stores-away": (ImportBatchWorkflow.run, rows, {"write_failures": 3, "index_failures": 3}),
    "import.all-refused": (ImportBatchWorkflow.run, rows_nobody_knows, {}),
    "import.not-searchable": (ImportBatchWorkflow.run, people, {}),
    "person.written": (PersonWorkflow.run, person, {}),
    "change.made": (ChangeWorkflow.run, change, {}),
    "change.corrected": (ChangeWorkflow.run, partial(change, "Recognition", content="Said better"), {}),
    "change.withdrawn": (ChangeWorkflow.run, partial(change, "Recognition", status="Archived"), {}),
    "change.graph-away": (ChangeWorkflow.run, change, {"write_failures": 3}),
    "person.refused": (PersonWorkflow.run, person, {"refusal": "personExists"}),
}


async def record() -> None:
    server = Path(sys.executable).parent / "temporal-test-server"
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter, test_server_existing_path=str(server)
    )
    HISTORIES.mkdir(parents=True, exist_ok=True)
    async with environment:
        for name, (workflow, make, course) in COURSES.items():
            path = HISTORIES / f"{name}.json"
            if not path.exists():
                handle = await run(environment, Worlds(**course), workflow, make())
                path.write_text(
                    json.dumps(_without_machine((await handle.fetch_history()).to_json_dict()), indent=1) + "\n",
                    encoding="utf-8",
                )


def _without_machine(value: Any) -> Any:
    """The history without what tells of the machine it was recorded on."""
    if isinstance(value, dict):
        return {key: _without_machine(item) for key, item in value.items() if key not in {"stackTrace", "identity"}}
    return [_without_machine(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    asyncio.run(record())
