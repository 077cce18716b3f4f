"""The import's orchestration, sandboxed, on a time-skipping server."""

from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from ontology.imports import ImportReport, ImportRows
from tests.workflows.test_agents import event_names, failure, run
from tests.workflows.worlds import Worlds, file, people, rows, rows_nobody_knows, texts
from workflows.file_imports import FileImportWorkflow
from workflows.imports import ImportBatchWorkflow, ImportTextsWorkflow, texts_queue


async def report(temporal: WorkflowEnvironment, worlds: Worlds, batch: ImportRows) -> ImportReport:
    """The report of a batch, once its texts are searchable too."""
    return ImportReport.model_validate(await (await run(temporal, worlds, ImportBatchWorkflow.run, batch)).result())


async def test_every_step_is_tried_until_its_store_is_back(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(write_failures=20)
    answer = await report(temporal, worlds, people())
    assert (worlds.writes, worlds.local_writes, answer.written, len(worlds.told)) == (21, 0, 1, 1)
    worlds = Worlds(publish_failures=20)
    await report(temporal, worlds, people())
    assert (worlds.writes, worlds.publishings, worlds.local_publishings, len(worlds.told)) == (1, 21, 0, 1)
    worlds = Worlds(index_failures=2)
    await run(temporal, worlds, ImportTextsWorkflow.run, texts())
    assert len(worlds.searchable) == 1


async def test_a_file_is_tried_until_it_is_written_and_followed_until_its_texts_are_found(
    temporal: WorkflowEnvironment,
) -> None:
    worlds, command = Worlds(write_failures=20, index_failures=20), file()
    handle = await run(temporal, worlds, FileImportWorkflow.run, command)
    await handle.result()
    assert (worlds.writes, [one.id for one in worlds.followed], worlds.failed) == (21, [command.id], [])
    scheduled = [name for name in await event_names(handle) if name == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]
    assert len(scheduled) == 2, "a try is no event of the history"


async def test_a_file_that_cannot_be_read_any_more_ends_with_the_reason_where_its_sender_sees_it(
    temporal: WorkflowEnvironment,
) -> None:
    worlds, command = Worlds(refusal="fileRefused"), file()
    error = await failure(await run(temporal, worlds, FileImportWorkflow.run, command))
    [failed] = worlds.failed
    assert (error.type, failed.id, failed.failure.code) == ("fileRefused", command.id, "fileRefused")
    assert worlds.followed == []


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


async def test_a_batch_costs_three_steps_however_many_rows_it_has(temporal: WorkflowEnvironment) -> None:
    for count in (1, 50):
        handle = await run(temporal, Worlds(), ImportBatchWorkflow.run, rows(*["An"] * count))
        assert len([name for name in await event_names(handle) if name == 10]) == 2  # activity task scheduled
        assert len([name for name in await event_names(handle) if name == 29]) == 1  # child workflow initiated


async def test_texts_wait_in_a_queue_of_their_own(temporal: WorkflowEnvironment) -> None:
    handle = await run(temporal, Worlds(), ImportTextsWorkflow.run, texts())
    steps = [event.activity_task_scheduled_event_attributes for event in (await handle.fetch_history()).events]
    queues = {step.task_queue.name for step in steps if step.activity_id}
    assert queues == {texts_queue((await handle.describe()).task_queue)}
