"""Records the histories the replay test holds workflows to: ``python -m tests.workflows.record_histories``.

Run it only when a workflow is new; a changed workflow must replay the histories that are there.
"""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from activities.reindexing import ReindexPlace
from tests.workflows.servers import time_skipping
from tests.workflows.test_agents import run
from tests.workflows.worlds import (
    Worlds,
    binding,
    change,
    decision,
    evaluation,
    file,
    merge,
    people,
    person,
    project,
    recognition,
    rows,
    rows_nobody_knows,
    snippet,
    tension,
    texts,
    unmerge,
)
from workflows.change import ChangeWorkflow
from workflows.decision import DecisionWorkflow
from workflows.file_imports import FileImportWorkflow, FileSweepWorkflow
from workflows.imports import ImportBatchWorkflow, ImportJudgementWorkflow, ImportTextsWorkflow
from workflows.knowledge import KnowledgeEmbeddingWorkflow
from workflows.model import ModelWorkflow
from workflows.overdue import SweepWorkflow
from workflows.person import IdentityLinkWorkflow, PersonMergeWorkflow, PersonUnmergeWorkflow, PersonWorkflow
from workflows.project import ProjectWorkflow
from workflows.recognition import RecognitionWorkflow
from workflows.recording import RecordWorkflow
from workflows.reindex import KnowledgeReindexWorkflow
from workflows.sweep import LedgerSweepWorkflow
from workflows.system_watch import GraphAuditWorkflow, SystemWatchWorkflow
from workflows.tension import TensionWorkflow
from workflows.win_score import WinScoreWorkflow

HISTORIES = Path(__file__).parents[2] / "temporal" / "histories"

COURSES: dict[str, tuple[Any, Callable[[], Any] | None, dict[str, Any]]] = {
    "recognition.written": (RecognitionWorkflow.run, recognition, {}),
    "recognition.graph-away": (RecognitionWorkflow.run, recognition, {"write_failures": 3}),
    "recognition.local-timeout": (RecognitionWorkflow.run, recognition, {"slow_first_write": True}),
    "recognition.provider-away": (RecognitionWorkflow.run, recognition, {"index_failures": 3}),
    "recognition.kafka-away": (RecognitionWorkflow.run, recognition, {"publish_failures": 3}),
    "recognition.refused": (RecognitionWorkflow.run, recognition, {"refusal": "selfRecognition"}),
    "recognition.conflict": (RecognitionWorkflow.run, recognition, {"outcome": "conflict"}),
    "knowledge.indexed": (KnowledgeEmbeddingWorkflow.run, snippet, {}),
    "knowledge.graph-away": (KnowledgeEmbeddingWorkflow.run, snippet, {"write_failures": 3}),
    "import.written": (ImportBatchWorkflow.run, rows, {}),
    "import.stores-away": (ImportBatchWorkflow.run, rows, {"write_failures": 3, "index_failures": 3}),
    "import.kafka-away": (ImportBatchWorkflow.run, rows, {"publish_failures": 3}),
    "import.texts-behind": (ImportBatchWorkflow.run, rows, {"write_failures": 3}),
    "decision.policy": (DecisionWorkflow.run, partial(decision, policy="Approve"), {}),
    "decision.left-open": (DecisionWorkflow.run, decision, {"write_failures": 3}),
    "import-texts.embedded": (ImportTextsWorkflow.run, texts, {"index_failures": 2}),
    "import-texts.judged": (ImportTextsWorkflow.run, partial(texts, "tensions"), {}),
    "import-judgement.judged": (ImportJudgementWorkflow.run, partial(texts, "tensions"), {"stale": 1}),
    "file-import.written": (FileImportWorkflow.run, file, {"write_failures": 2, "index_failures": 2}),
    "file-import.refused": (FileImportWorkflow.run, file, {"refusal": "fileRefused"}),
    "file-sweep.forgotten": (FileSweepWorkflow.run, None, {}),
    "import.all-refused": (ImportBatchWorkflow.run, rows_nobody_knows, {}),
    "import.not-searchable": (ImportBatchWorkflow.run, people, {}),
    "person.written": (PersonWorkflow.run, person, {}),
    "change.made": (ChangeWorkflow.run, change, {}),
    "change.corrected": (ChangeWorkflow.run, partial(change, "Recognition", content="Said better"), {}),
    "change.withdrawn": (ChangeWorkflow.run, partial(change, "Recognition", status="Archived"), {}),
    "change.graph-away": (ChangeWorkflow.run, change, {"write_failures": 3}),
    "change.kafka-away": (ChangeWorkflow.run, change, {"publish_failures": 3}),
    "change.resolved": (ChangeWorkflow.run, partial(change, "Tension", status="Resolved"), {}),
    "tension.reported": (RecordWorkflow.run, tension, {}),
    "tension.stores-away": (RecordWorkflow.run, tension, {"write_failures": 3, "index_failures": 3}),
    "tension.judged": (TensionWorkflow.run, tension, {"stale": 1, "index_failures": 2}),
    "tension.asked": (TensionWorkflow.run, tension, {"unsure": True}),
    "project.asked": (ProjectWorkflow.run, project, {"unsure": True, "write_failures": 3}),
    "change.judged": (ChangeWorkflow.run, partial(change, "Tension", title="The pump is very loud"), {}),
    "sweep.escalated": (SweepWorkflow.run, None, {"overdue": 2}),
    "reindex.passes": (KnowledgeReindexWorkflow.run, partial(ReindexPlace, model="new"), {"index_failures": 2}),
    "sweep.nothing": (SweepWorkflow.run, None, {}),
    "sweep.lost-decisions": (SweepWorkflow.run, None, {"overdue": 1, "forgotten": 1}),
    "decision.followed": (DecisionWorkflow.run, partial(decision, policy="Approve"), {}),
    "person.bound": (IdentityLinkWorkflow.run, binding, {}),
    "person.merged": (PersonMergeWorkflow.run, merge, {"write_failures": 3}),
    "person.unmerged": (PersonUnmergeWorkflow.run, unmerge, {}),
    "ledger-sweep.sent": (LedgerSweepWorkflow.run, None, {}),
    "model.asked": (ModelWorkflow.run, None, {"index_failures": 2}),
    "model.refused": (ModelWorkflow.run, None, {"loses": True}),
    "model.nothing-new": (ModelWorkflow.run, None, {"nothing_new": True}),
    "system-watch.reported": (SystemWatchWorkflow.run, None, {"troubles": 2, "gone": 1}),
    "graph-audit.reported": (GraphAuditWorkflow.run, None, {"troubles": 1, "gone": 1}),
    "win-score.asked": (WinScoreWorkflow.run, evaluation, {"unsure": True, "write_failures": 3}),
    "change.scores-woken": (ChangeWorkflow.run, partial(change, "Project", status="Completed"), {}),
    "person.merge-wakes-scores": (PersonMergeWorkflow.run, merge, {}),
    "person.unmerge-wakes-scores": (PersonUnmergeWorkflow.run, unmerge, {}),
    "person.refused": (PersonWorkflow.run, person, {"refusal": "personExists"}),
}


async def record() -> None:
    HISTORIES.mkdir(parents=True, exist_ok=True)
    async with time_skipping() as environment:
        for name, (workflow, make, course) in COURSES.items():
            path = HISTORIES / f"{name}.json"
            if not path.exists():
                handle = await run(environment, Worlds(**course), workflow, make() if make else None)
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
