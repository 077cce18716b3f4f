"""The import's orchestration, sandboxed, on a time-skipping server."""

from temporalio.testing import WorkflowEnvironment

from ontology.imports import ImportReport
from tests.workflows.test_agents import event_names, run
from tests.workflows.worlds import Worlds, people, rows, rows_nobody_knows
from workflows.imports import ImportBatchWorkflow


async def report(temporal: WorkflowEnvironment, worlds: Worlds, batch) -> ImportReport:
    handle = await run(temporal, worlds, ImportBatchWorkflow.run, batch)
    return ImportReport.model_validate(await handle.result())


async def test_good_rows_reach_every_world_and_refused_ones_the_report(temporal: WorkflowEnvironment) -> None:
    worlds, batch = Worlds(), rows("An", "Nobody", "Mai")
    answer = await report(temporal, worlds, batch)
    assert (answer.written, [one.row for one in answer.refusals]) == (2, [1])
    written = [batch.rows[0].id, batch.rows[2].id]
    assert [told.events for told in worlds.told] == [told.events for told in worlds.searchable] == [written]


async def test_what_makes_nothing_searchable_is_not_sent_to_the_knowledge_store(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await report(temporal, worlds, people())
    assert (len(worlds.told), worlds.searchable) == (1, [])


async def test_a_batch_without_a_good_row_tells_nothing_and_does_not_fail(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    answer = await report(temporal, worlds, rows_nobody_knows())
    assert (answer.written, len(answer.refusals)) == (0, 1)
    assert worlds.told == worlds.searchable == []


async def test_every_step_is_tried_until_its_store_is_back(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(write_failures=20, index_failures=20)
    answer = await report(temporal, worlds, rows("An"))
    assert (worlds.writes, worlds.local_writes, answer.written) == (21, 0, 1)
    assert (len(worlds.told), len(worlds.searchable)) == (1, 1)


async def test_a_batch_costs_three_activities_however_many_rows_it_has(temporal: WorkflowEnvironment) -> None:
    for count in (1, 50):
        handle = await run(temporal, Worlds(), ImportBatchWorkflow.run, rows(*["An"] * count))
        assert len([name for name in await event_names(handle) if name == 10]) == 3  # activity task scheduled
