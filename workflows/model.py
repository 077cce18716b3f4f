"""ModelAgent: makes a model of severity of what humans said since, and asks them whether it may judge."""

from typing import Any
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.learning import LabelsFound, LearningActivities, LearningOutcome, Learnt
    from ontology.base import OntologyModel
    from ontology.commands import Record
    from ontology.judgement import ModelComparison
    from ontology.kinds.agents import agent_for
    from workflows import policies
    from workflows.analysis import judgement_queue
    from workflows.asking import begin
    from workflows.search_attributes import search_attributes


class ModelReport(OntologyModel):
    """What came of a run, or how far it is while there is no outcome yet.

    Attributes
    ----------
    labels
        How many corrections of humans there are.
    current, candidate
        The model that judges, and the one that was learnt.
    comparison
        How they stand beside each other.
    decision
        The decision on it, or on an earlier one that waits still.
    """

    outcome: LearningOutcome | None = None
    labels: int = 0
    current: str = ""
    candidate: str = ""
    comparison: ModelComparison | None = None
    decision: UUID | None = None


@workflow.defn
class ModelWorkflow:
    """One look for labels, and what is learnt from them. Nothing judges otherwise before a human has said so."""

    def __init__(self) -> None:
        self._report = ModelReport()

    @workflow.query
    def progress(self) -> ModelReport:
        """How far it is."""
        return self._report

    @workflow.run
    async def run(self) -> ModelReport:
        """Look for labels; learn where there are new ones; ask where the model shows no loss."""
        found: LabelsFound = await _computed(LearningActivities.find_labels)
        self._say(outcome=found.outcome, labels=found.labels, current=found.current, decision=found.decision)
        if found.outcome is not None:
            return self._report
        learnt: Learnt = await _computed(LearningActivities.learn)
        self._say(candidate=learnt.candidate, comparison=learnt.comparison)
        if learnt.model is None or learnt.asks is None:
            self._say(outcome=LearningOutcome.REFUSED)
            return self._report
        await _recorded(learnt.model)
        await begin(learnt.asks)
        self._say(outcome=LearningOutcome.ASKED, decision=learnt.asks.id)
        return self._report

    def _say(self, **known: Any) -> None:
        """Show operators what is known."""
        self._report = self._report.model_copy(update=known)
        workflow.set_current_details(_in_words(self._report))


async def _computed(step: Any) -> Any:
    """A step of the judgement's process; the next run tries again what does not go."""
    return await workflow.execute_activity_method(
        step,
        task_queue=judgement_queue(workflow.info().task_queue),
        start_to_close_timeout=policies.LEARNING,
        heartbeat_timeout=policies.HEARTBEAT,
        retry_policy=policies.PASS,
    )


async def _recorded(model: Record) -> None:
    """Record a model, in a run of its own like any other thing."""
    agent = agent_for(model)
    await workflow.execute_child_workflow(
        agent.workflow, model, id=agent.run_id, search_attributes=search_attributes(model, agent.label)
    )


def _in_words(report: ModelReport) -> str:
    found = report.comparison
    figures = f"; kappa {found.kappa}, F1 {found.macro_f1}, calibration {found.calibration_after:.3f}" if found else ""
    why = f" ({', '.join(found.objections)})" if found and found.objections else ""
    asked = f"; decision {report.decision}" if report.decision else ""
    beside = f"{report.candidate} beside {report.current}" if report.candidate else report.current
    return f"{report.outcome or 'learning'}{why}: {report.labels} labels; {beside}{figures}{asked}"
