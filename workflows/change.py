"""ChangeAgent: one change of one thing, from its acceptance until others know of it."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from ontology.base import OntologyModel
    from ontology.commands import Change
    from workflows import policies
    from workflows.telling import write_and_tell


class Changed(OntologyModel):
    """Result of the run; no revision when the thing was so already."""

    id: UUID
    revisions: int = 0


@workflow.defn
class ChangeWorkflow:
    """A change that the transaction decides on; a refusal ends the run and frees its id."""

    @workflow.run
    async def run(self, command: Change) -> Changed:
        """Write the graph, then send the record."""
        written = await write_and_tell(
            command,
            lambda: policies.short_step(GraphActivities.change_thing, command),
            lambda written: Publication(records=written.records),
        )
        return Changed(id=command.id, revisions=written.revisions)
