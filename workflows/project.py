"""ProjectAgent: a project from its proposal until somebody is asked whether it is carried out."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from activities.graph import GraphActivities
    from activities.projects import ProjectActivities
    from graph.outcomes import ThingWritten
    from ontology.commands import Record
    from workflows import policies
    from workflows.asking import begin
    from workflows.recording import Recorded, record
    from workflows.wakes import wake_scores


@workflow.defn
class ProjectWorkflow:
    """One project; what becomes of it later are changes, each in a run of its own."""

    @workflow.run
    async def run(self, command: Record) -> Recorded:
        """Write the graph; then, side by side, tell of it, and ask for its approval."""
        return await record(command, GraphActivities.record, beside=lambda written: _beside(written, command.id))


async def _beside(written: ThingWritten, project: UUID) -> None:
    await _ask(written.id or project)
    if any(record.sources("CITES") for record in written.records):
        await wake_scores(written)


async def _ask(project: UUID) -> None:
    asked = await policies.short_step(ProjectActivities.ask_approval, project)
    if asked.asks:
        await begin(asked.asks)
