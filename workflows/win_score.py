"""WinAgent: looks at what a completed project was worth whenever something bears on it, and has it published."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.publishing import Publication
    from activities.wins import WinActivities
    from ontology import ids
    from ontology.base import OntologyModel
    from ontology.commands import EvaluateWin
    from workflows import policies
    from workflows.asking import begin
    from workflows.carrying_out import carried_out
    from workflows.telling import write_and_tell
    from workflows.waking import WAKE


class WinScored(OntologyModel):
    """Result of the run.

    Attributes
    ----------
    evaluations
        How often it was scored anew.
    """

    id: UUID
    evaluations: int = 0


@workflow.defn
class WinScoreWorkflow:
    """A project's score, for as long as something moves it; it starts from the graph whenever it is woken."""

    def __init__(self) -> None:
        self._woken: list[EvaluateWin] = []

    @workflow.signal(name=WAKE)
    def wake(self, command: EvaluateWin) -> None:
        """Something bears on the project's worth."""
        self._woken.append(command)

    @workflow.run
    async def run(self, command: EvaluateWin) -> WinScored:
        """Gather for some seconds, score once, ask; again if something else came meanwhile."""
        evaluations, scorings = 0, 0
        if not self._woken:  # it began without the signal
            self._woken.append(command)
        while self._woken:
            await workflow.sleep(command.gather)
            woken, self._woken = self._woken, []
            scorings += 1
            evaluations += await _score(woken[-1], scorings)
            if workflow.info().is_continue_as_new_suggested() and self._woken:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._woken[-1])
        return WinScored(id=ids.win(str(command.id)), evaluations=evaluations)


async def _score(woken: EvaluateWin, number: int) -> bool:
    """Score once, for all that woke it; whether the score is another now."""
    event = ids.step_event(f"winScore/{woken.id}/{workflow.info().run_id}", str(number))
    moment = workflow.now()
    origin = woken.origin.model_copy(update={"event_id": event, "occurred_at": moment, "sent_at": moment})
    command = woken.model_copy(update={"origin": origin})
    written = await write_and_tell(
        command,
        lambda: policies.short_step(WinActivities.score, command),
        lambda written: Publication(records=written.records, events=[]),
    )
    asked = await policies.short_step(WinActivities.ask_publication, command.id)
    if asked.asks:
        await begin(asked.asks)
    if asked.change:
        await carried_out(asked.change, workflow.ParentClosePolicy.ABANDON)
    return bool(written.records)
