"""The agents' orchestration, sandboxed, on a time-skipping server."""

import contextlib
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType as HistoryEvents
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.reindexing import ReindexPlace
from ontology.commands import Change
from ontology.events import EventType
from runtime.settings import TemporalSettings
from tests.workflows.worlds import GIVER, RECEIVER, Worlds, change, person, recognition, snippet, tension, texts
from workers.agents import make_worker
from workflows.analysis import judgement_queue
from workflows.change import ChangeWorkflow
from workflows.imports import ImportTextsWorkflow
from workflows.knowledge import KnowledgeEmbeddingWorkflow
from workflows.overdue import SweepReport, SweepWorkflow
from workflows.person import PersonWorkflow
from workflows.recognition import RecognitionWorkflow
from workflows.recording import RecordWorkflow
from workflows.reindex import KnowledgeReindexWorkflow
from workflows.tension import TensionWorkflow


async def run(temporal: WorkflowEnvironment, worlds: Worlds, workflow: Any, command: Any) -> WorkflowHandle[Any, Any]:
    """Run a workflow and whatever it begins to their ends in the sandbox."""
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    judging = Worker(
        temporal.client,
        task_queue=judgement_queue(settings.task_queue),
        activities=[worlds.judge_tension, worlds.find_labels, worlds.learn],
    )
    async with make_worker(temporal.client, settings, worlds.activities()), judging:
        given = [] if command is None else [command]
        handle: WorkflowHandle[Any, Any] = await temporal.client.start_workflow(
            workflow, args=given, id=str(uuid4()), task_queue=settings.task_queue
        )
        with contextlib.suppress(WorkflowFailureError):
            await handle.result()
            for event in (await handle.fetch_history()).events:
                if event.HasField("child_workflow_execution_started_event_attributes"):
                    begun = event.child_workflow_execution_started_event_attributes.workflow_execution
                    await temporal.client.get_workflow_handle(begun.workflow_id).result()
        return handle


async def event_names(handle: WorkflowHandle[Any, Any]) -> list[HistoryEvents.ValueType]:
    return [event.event_type for event in (await handle.fetch_history()).events]


async def failure(handle: WorkflowHandle[Any, Any]) -> ApplicationError:
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()
    cause: BaseException | None = failed.value.cause
    while not isinstance(cause, ApplicationError):
        assert cause is not None
        cause = cause.__cause__
    return cause


async def test_recognition_reaches_every_world_once(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), recognition()
    await run(temporal, worlds, RecognitionWorkflow.run, command)
    assert (worlds.writes, worlds.local_writes) == (1, 1)
    [publication] = worlds.published
    event, snippet = publication.events
    assert event.type == EventType.RECOGNITION_CREATED
    assert snippet.type == EventType.KNOWLEDGE_SNIPPET_UPSERTED
    assert event.event_id == command.origin.event_id
    assert event.payload["giver"] == {"id": str(GIVER)}
    assert [change.id for record in publication.records for change in record.nodes] == [command.id]
    [document] = worlds.indexed
    assert document.source_id == command.id
    assert document.person_ids == [GIVER, RECEIVER]


async def test_foreign_event_is_not_published_again(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await run(temporal, worlds, RecognitionWorkflow.run, recognition(foreign=True))
    [publication] = worlds.published
    assert [event.type for event in publication.events] == [EventType.KNOWLEDGE_SNIPPET_UPSERTED]
    assert len(publication.records) == 1


async def test_failed_local_try_goes_on_as_a_regular_activity_without_limit(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(write_failures=25)
    await run(temporal, worlds, RecognitionWorkflow.run, recognition())
    assert (worlds.writes, worlds.local_writes) == (26, 1)
    assert len(worlds.indexed) == len(worlds.published) == 1


async def test_local_try_that_takes_too_long_goes_on_as_a_regular_activity(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(slow_first_write=True)
    await run(temporal, worlds, RecognitionWorkflow.run, recognition())
    assert (worlds.writes, worlds.local_writes) == (2, 1)
    assert len(worlds.published) == 1


each_of_one_write = pytest.mark.parametrize(
    ("workflow", "make"),
    [
        (RecognitionWorkflow.run, recognition),
        (KnowledgeEmbeddingWorkflow.run, snippet),
        (PersonWorkflow.run, person),
        (ChangeWorkflow.run, change),
    ],
)
"""The agents whose run is one write, and what it tells."""


@each_of_one_write
async def test_while_kafka_is_away_what_is_written_once_is_told_until_it_is_back(
    temporal: WorkflowEnvironment, workflow: Any, make: Any
) -> None:
    worlds = Worlds(publish_failures=25)
    await (await run(temporal, worlds, workflow, make())).result()
    assert worlds.writes == len(worlds.published) == 1
    assert (worlds.publishings, worlds.local_publishings) == (26, 1)


async def test_a_write_that_a_rebuild_lost_is_written_again_before_it_is_told(temporal: WorkflowEnvironment) -> None:
    for flow, command in (
        (RecognitionWorkflow.run, recognition()),
        (PersonWorkflow.run, person()),
        (ChangeWorkflow.run, change()),
    ):
        worlds = Worlds(lost=2)
        await run(temporal, worlds, flow, command)
        assert (worlds.writes, len(worlds.published)) == (3, 1)


async def test_an_event_that_is_refused_goes_to_the_dead_letters_and_a_request_does_not(
    temporal: WorkflowEnvironment,
) -> None:
    for foreign, outcome, code in ((True, "created", "selfRecognition"), (True, "conflict", "idempotencyConflict")):
        worlds = Worlds(refusal="selfRecognition" if outcome == "created" else "", outcome=outcome)
        handle = await run(temporal, worlds, RecognitionWorkflow.run, recognition(foreign=foreign))
        assert (await failure(handle)).type == code
        [buried] = worlds.buried
        assert (buried.code, buried.position.offset) == (code, 7)
    worlds = Worlds(refusal="selfRecognition")
    await failure(await run(temporal, worlds, RecognitionWorkflow.run, recognition()))
    assert worlds.buried == []


async def test_a_tension_is_judged_though_its_text_cannot_be_embedded_yet(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(index_failures=4)
    await run(temporal, worlds, TensionWorkflow.run, tension())
    assert len(worlds.judged) == 1
    assert len(worlds.indexed) == 1


@pytest.mark.parametrize(("stale", "judged", "stands"), [(2, 3, 1), (9, 5, 0)])
async def test_what_was_changed_meanwhile_is_judged_again(
    temporal: WorkflowEnvironment, stale: int, judged: int, stands: int
) -> None:
    worlds = Worlds(stale=stale)
    await run(temporal, worlds, TensionWorkflow.run, tension())
    assert len(worlds.judged) == judged
    assert sum(bool(publication.records) for publication in worlds.published) == 1 + stands


async def test_a_change_of_its_words_is_judged_and_no_other(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await run(temporal, worlds, ChangeWorkflow.run, change("Tension", title="The pump is very loud"))
    assert len(worlds.judged) == 1
    await run(temporal, worlds, ChangeWorkflow.run, change("Tension", status="Rejected"))
    assert len(worlds.judged) == 1


async def test_embedding_is_tried_until_the_provider_is_back(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(index_failures=30)
    await run(temporal, worlds, RecognitionWorkflow.run, recognition())
    assert len(worlds.indexed) == 1
    assert worlds.writes == 1


@each_of_one_write
async def test_refusal_ends_the_run_before_any_side_effect(
    temporal: WorkflowEnvironment, workflow: Any, make: Any
) -> None:
    worlds = Worlds(refusal="selfRecognition")
    handle = await run(temporal, worlds, workflow, make())
    cause = await failure(handle)
    assert cause.type == "selfRecognition"
    assert worlds.writes == 1
    assert (worlds.published, worlds.indexed) == ([], [])


@each_of_one_write
async def test_conflict_ends_the_run_before_any_side_effect(
    temporal: WorkflowEnvironment, workflow: Any, make: Any
) -> None:
    worlds = Worlds(outcome="conflict")
    handle = await run(temporal, worlds, workflow, make())
    assert (await failure(handle)).type == "idempotencyConflict"
    assert (worlds.published, worlds.indexed) == ([], [])


async def test_snippet_is_published_and_indexed(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await run(temporal, worlds, KnowledgeEmbeddingWorkflow.run, snippet())
    assert [event.type for event in worlds.published[0].events] == [EventType.KNOWLEDGE_SNIPPET_UPSERTED]
    assert len(worlds.indexed) == 1


async def test_person_is_published(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    await run(temporal, worlds, PersonWorkflow.run, person())
    assert len(worlds.published[0].records) == 1


async def test_a_corrected_text_is_told_and_searchable_in_its_new_version(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), change("Recognition", content="Cảm ơn bạn nhiều")
    await run(temporal, worlds, ChangeWorkflow.run, command)
    [publication] = worlds.published
    [told] = publication.events
    assert (told.type, told.event_id) == (EventType.KNOWLEDGE_SNIPPET_UPSERTED, command.origin.event_id)
    assert (told.payload["content"], told.payload["revision"]) == ("Cảm ơn bạn nhiều", 2)
    [document] = worlds.indexed
    assert (document.text, document.revision, worlds.withdrawn) == ("Cảm ơn bạn nhiều", 2, [])


async def test_what_is_withdrawn_leaves_the_search_and_nobody_is_told_its_text(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), change("Recognition", status="Archived")
    await run(temporal, worlds, ChangeWorkflow.run, command)
    assert (worlds.withdrawn, worlds.indexed) == ([command.id], [])
    assert [publication.events for publication in worlds.published] == [[]]


async def test_a_private_text_is_corrected_without_telling_others(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), change("Recognition", content="Between us", visibility="parties")
    await run(temporal, worlds, ChangeWorkflow.run, command)
    assert [publication.events for publication in worlds.published] == [[]]
    assert [document.visibility for document in worlds.indexed] == ["parties"]


async def test_what_follows_from_a_change_is_carried_out_and_told_even_after_one_that_may_not(
    temporal: WorkflowEnvironment,
) -> None:
    worlds, command = Worlds(), change()
    closed, open_ = (_following(command) for _ in range(2))
    worlds.follows, worlds.never = [closed, open_], {closed.id}
    handle = await run(temporal, worlds, ChangeWorkflow.run, command)
    result = await handle.result()
    assert result.followed == 1
    assert [one.id for one in worlds.changed] == [command.id, closed.id, open_.id]
    told = [node.id for one in worlds.published for record in one.records for node in record.nodes]
    assert told == [command.id, open_.id]


def _following(command: Change) -> Change:
    further = change("Tension", status="Resolved")
    return further.model_copy(update={"origin": further.origin.model_copy(update={"cause": command.origin.event_id})})


async def test_a_tension_is_told_and_searchable(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(write_failures=1, index_failures=1), tension()
    await run(temporal, worlds, RecordWorkflow.run, command)
    [publication] = worlds.published
    [event] = publication.events
    assert (event.type, event.event_id) == (EventType.TENSION_REPORTED, command.origin.event_id)
    assert event.payload["detector"] == {"id": str(GIVER), "fullName": "An"}
    [document] = worlds.indexed
    assert (document.source_id, document.text) == (command.id, "The pump is loud")


async def test_what_was_done_about_a_tension_is_told_and_searchable(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(), change("Tension", status="Resolved")
    await run(temporal, worlds, ChangeWorkflow.run, command)
    [publication] = worlds.published
    assert [event.type for event in publication.events] == [EventType.KNOWLEDGE_SNIPPET_UPSERTED]
    assert [document.text for document in worlds.indexed] == ["Changed the bearing"]


async def test_every_text_is_indexed_anew_and_what_came_meanwhile_by_another_pass(
    temporal: WorkflowEnvironment,
) -> None:
    worlds = Worlds(index_failures=2)
    handle = await run(temporal, worlds, KnowledgeReindexWorkflow.run, ReindexPlace(model="new"))
    done = ReindexPlace.model_validate(await handle.result())
    assert (done.seen, done.stored, done.total, worlds.passes) == (3, 6, 3, 2)


async def test_a_pass_escalates_each_stalled_tension_and_leaves_alone_what_was_seen_to(
    temporal: WorkflowEnvironment,
) -> None:
    worlds = Worlds(overdue=3)
    worlds.never.add(worlds.overdue[1].id)
    handle = await run(temporal, worlds, SweepWorkflow.run, None)
    assert SweepReport.model_validate(await handle.result()) == SweepReport(found=3, done=2)
    assert {one.id for one in worlds.changed} == {one.id for one in worlds.overdue}
    assert len(worlds.published) == 2
    again = await run(temporal, worlds, SweepWorkflow.run, None)
    assert SweepReport.model_validate(await again.result()).done == 0, "each once"


async def test_a_tension_is_judged_beside_its_text(temporal: WorkflowEnvironment) -> None:
    worlds, command = Worlds(unsure=True), tension()
    handle = await run(temporal, worlds, TensionWorkflow.run, command)
    assert [one.id for one in worlds.judged] == [command.id]
    assert [one.values for one in worlds.changed if one.label == "Tension"] == [{"severity": 3}]
    assert [document.source_id for document in worlds.indexed] == [command.id]
    asked = HistoryEvents.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
    assert asked in await event_names(handle), "humans are asked what the machine does not know"


async def test_imported_tensions_are_judged_and_nobody_is_asked(temporal: WorkflowEnvironment) -> None:
    worlds, told = Worlds(unsure=True), texts("tensions")
    await run(temporal, worlds, ImportTextsWorkflow.run, told)
    assert {one.id for one in worlds.judged} == {*told.events}
    assert not any(one.asks for one in worlds.judged)
    others = Worlds()
    await run(temporal, others, ImportTextsWorkflow.run, texts())
    assert others.judged == []
