"""The agent of what projects were worth: it gathers, scores once, asks, and looks again when something else came."""

import asyncio
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from ontology import ids
from ontology.commands import EvaluateWin
from runtime.settings import TemporalSettings
from tests.workflows.test_agents import run
from tests.workflows.worlds import Worlds, change, evaluation, merge, person, recognition, unmerge
from workers.agents import make_worker
from workflows.change import ChangeWorkflow
from workflows.person import PersonMergeWorkflow, PersonUnmergeWorkflow, PersonWorkflow
from workflows.recognition import RecognitionWorkflow
from workflows.waking import wake
from workflows.win_score import WinScored, WinScoreWorkflow


async def result(handle: WorkflowHandle[Any, Any]) -> WinScored:
    return WinScored.model_validate(await handle.result())


async def evaluations(temporal: WorkflowEnvironment, command: EvaluateWin) -> int:
    """How often the run that was woken scored anew."""
    known = await temporal.client.get_workflow_handle(f"winScore/{command.id}").describe()
    return (await result(temporal.client.get_workflow_handle(known.id, run_id=known.run_id))).evaluations


async def test_ten_wake_ups_at_one_moment_are_one_scoring(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), evaluation()
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    async with make_worker(temporal.client, settings, worlds.activities()):
        await asyncio.gather(*(wake(temporal.client, settings.task_queue, command) for _ in range(10)))
        assert await evaluations(temporal, command) == 1
    assert [one.id for one in worlds.scored] == [command.id]
    assert len(worlds.published) == 1


async def test_what_wakes_it_while_it_scores_is_scored_after(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(write_failures=1), evaluation()
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    async with make_worker(temporal.client, settings, worlds.activities()):
        worlds.while_scoring = [lambda: wake(temporal.client, settings.task_queue, command)]
        await wake(temporal.client, settings.task_queue, command)
        assert await evaluations(temporal, command) == 2
    assert len({one.origin.event_id for one in worlds.scored}) == 2, "each has an event of its own"


async def test_a_first_score_is_asked_about_and_under_review(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(unsure=True), evaluation()
    handle = await run(temporal, worlds, WinScoreWorkflow.run, command)
    assert await result(handle) == WinScored(id=ids.win(str(command.id)), evaluations=1)
    assert len(worlds.recorded) == 1
    assert [one.values for one in worlds.changed if one.label == "WIN"] == [{"status": "UnderReview"}]


async def test_what_bears_on_scores_wakes_them_and_nothing_else_does(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await run(temporal, worlds, ChangeWorkflow.run, change("Project", status="Completed"))
    await run(temporal, worlds, ChangeWorkflow.run, change("Tension", feeling="tired"))
    await run(temporal, worlds, ChangeWorkflow.run, change("Recognition", status="Archived"))
    await run(temporal, worlds, RecognitionWorkflow.run, recognition())
    await run(temporal, worlds, PersonWorkflow.run, person())
    assert [one.thing.label for one in worlds.woken] == ["Project", "Recognition"]


async def test_who_turns_out_to_be_one_or_two_wakes_what_they_thanked_for(temporal: WorkflowEnvironment) -> None:
    worlds, merged, freed = Worlds(), merge(), unmerge()
    await run(temporal, worlds, PersonMergeWorkflow.run, merged)
    await run(temporal, worlds, PersonUnmergeWorkflow.run, freed)
    assert [one.thing.id for one in worlds.woken] == [merged.duplicate, freed.id]
