"""TensionAgent: a tension from its report until it is known, searchable and judged."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from ontology.commands import Record
    from workflows.analysis import analyse
    from workflows.recording import Recorded, record


@workflow.defn
class TensionWorkflow:
    """One tension; what becomes of it later are changes, each in a run of its own."""

    @workflow.run
    async def run(self, command: Record) -> Recorded:
        """Write the graph; then, side by side, tell of it, make it searchable, and say how severe it looks."""
        return await record(command, GraphActivities.record, beside=lambda written: analyse(command.id))
