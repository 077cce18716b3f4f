"""The agent that learns: asks humans where it has something better, and changes nothing by itself."""

from temporalio.testing import WorkflowEnvironment

from activities.learning import LearningOutcome
from ontology.judgement import Objection
from tests.workflows.test_agents import failure, run
from tests.workflows.worlds import Worlds
from workflows.model import ModelReport, ModelWorkflow


async def test_a_model_without_loss_is_recorded_and_then_asked_about(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(index_failures=2)
    handle = await run(temporal, worlds, ModelWorkflow.run, None)
    report: ModelReport = await handle.result()
    assert (report.outcome, report.candidate, report.labels) == (LearningOutcome.ASKED, "severity-new", 7)
    assert [one.label for one in worlds.recorded] == ["SeverityModel", "Decision"]
    assert report.decision == worlds.recorded[1].id
    told = [record.nodes[0].label for publication in worlds.published for record in publication.records]
    assert told[:2] == ["SeverityModel", "Decision"], "a change record each"
    assert not [one for one in worlds.changed if one.label == "SeverityModel"], "only an answer promotes"


async def test_a_model_that_loses_is_shown_and_nobody_is_asked(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(loses=True)
    handle = await run(temporal, worlds, ModelWorkflow.run, None)
    report: ModelReport = await handle.result()
    assert report.outcome == LearningOutcome.REFUSED
    assert report.comparison
    assert report.comparison.objections == [Objection.UNCALIBRATED]
    assert worlds.recorded == []


async def test_without_new_labels_nothing_is_learnt(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds(nothing_new=True)
    handle = await run(temporal, worlds, ModelWorkflow.run, None)
    report: ModelReport = await handle.result()
    assert (report.outcome, report.candidate) == (LearningOutcome.NOTHING_NEW, "")


async def test_a_step_that_does_not_go_ends_the_run_and_no_other(temporal: WorkflowEnvironment) -> None:
    worlds = Worlds()
    worlds.broken = {"find_labels"}
    handle = await run(temporal, worlds, ModelWorkflow.run, None)
    assert (await failure(handle)).type == "broken"
    assert worlds.recorded == []
