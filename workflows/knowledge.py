"""KnowledgeEmbeddingAgent: records a text, tells others, and makes it searchable."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from graph.outcomes import SnippetWritten
    from ontology.commands import IndexKnowledge
    from ontology.views import NodeView, Target
    from workflows.recording import Recorded, record
    from workflows.wakes import wake_scores


@workflow.defn
class KnowledgeEmbeddingWorkflow:
    """One revision of a knowledge snippet, from its acceptance until it can be found."""

    @workflow.run
    async def run(self, command: IndexKnowledge) -> Recorded:
        """Write the graph; then the record and the events, and the embedding."""
        return await record(
            command, GraphActivities.record_snippet, lambda written: _seen(command, written), wake_scores
        )


def _seen(command: IndexKnowledge, written: SnippetWritten) -> SnippetWritten:
    """The revision as its command says it, whatever the graph holds by the time it is told."""
    said = command.snippet.model_copy(update={"occurred_at": command.origin.occurred_at})
    author = written.author
    targets = [Target(relation="AUTHORED_BY", label="Person", id=author.id, name=author.full_name)] if author else []
    view = NodeView(
        label="KnowledgeSnippet",
        id=written.id or command.id,
        properties={**said.model_dump(mode="json", exclude={"author"}), "rev": _rev(command, written)},
        targets=targets,
    )
    return written.model_copy(update={"view": view})


def _rev(command: IndexKnowledge, written: SnippetWritten) -> int:
    """Which revision of its node the write made; 1 where it made none, since a later one stands."""
    made = [node.rev for record in written.records for node in record.nodes if node.id == (written.id or command.id)]
    return next(iter(made), 1)
