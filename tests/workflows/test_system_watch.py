"""The agents that watch the system: a trouble is reported once and marked, and one that is gone comes to its end."""

from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.test_agents import run
from tests.workflows.worlds import Worlds
from workflows.system_watch import GraphAuditWorkflow, SystemWatchWorkflow, WatchReport


@pytest.mark.parametrize("agent", [SystemWatchWorkflow.run, GraphAuditWorkflow.run], ids=["watch", "audit"])
async def test_each_trouble_is_reported_in_a_run_and_marked_with_its_cause(
    temporal: WorkflowEnvironment, agent: Any
) -> None:
    worlds = Worlds(troubles=2)
    handle = await run(temporal, worlds, agent, None)
    assert WatchReport.model_validate(await handle.result()) == WatchReport(troubles=2, reported=2)
    reported = {one.id for one in worlds.troubles.values()}
    marked = {one.id: one.values for one in worlds.changed if "systemCause" in one.values}
    assert marked.keys() == reported
    assert {values["systemCause"] for values in marked.values()} == worlds.troubles.keys()
    assert {one.id for one in worlds.judged} == reported


async def test_a_tension_whose_trouble_is_gone_goes_step_by_step_to_its_end(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(gone=2)
    gone = set(worlds.gone)
    handle = await run(temporal, worlds, SystemWatchWorkflow.run, None)
    assert WatchReport.model_validate(await handle.result()) == WatchReport(settled=2)
    for tension in gone:
        steps = [one.values["status"] for one in worlds.changed if one.id == tension]
        assert steps == ["UnderReview", "Accepted", "Resolved"]


async def test_what_cannot_be_changed_now_is_left_to_the_next_pass(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(troubles=1, gone=1)
    worlds.never |= {*worlds.gone}
    handle = await run(temporal, worlds, SystemWatchWorkflow.run, None)
    assert WatchReport.model_validate(await handle.result()) == WatchReport(troubles=1, reported=1, settled=0)
