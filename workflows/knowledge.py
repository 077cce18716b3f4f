"""KnowledgeEmbeddingAgent: records a text, tells others, and makes it searchable."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.embedding import EmbeddingActivities
    from activities.graph import GraphActivities
    from activities.publishing import OutgoingEvent, Publication
    from graph.outcomes import SnippetWritten
    from knowledge.store import SnippetDocument
    from ontology.base import OntologyModel
    from ontology.commands import IndexKnowledge
    from ontology.enums import Visibility
    from ontology.events import EventType
    from workflows import policies
    from workflows.telling import write_and_tell


class KnowledgeIndexed(OntologyModel):
    """Result of the run."""

    id: UUID
    revisions: int = 0


@workflow.defn
class KnowledgeEmbeddingWorkflow:
    """One revision of a knowledge snippet, from its acceptance until it can be found."""

    @workflow.run
    async def run(self, command: IndexKnowledge) -> KnowledgeIndexed:
        """Write the graph; then the record and the events, and the embedding."""
        written = await write_and_tell(
            command,
            lambda: policies.short_step(GraphActivities.record_snippet, command),
            lambda written: _publication(command, written),
            lambda written: workflow.execute_activity_method(
                EmbeddingActivities.index,
                _document(command, written),
                start_to_close_timeout=policies.EMBEDDING,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PROVIDER,
            ),
        )
        return KnowledgeIndexed(id=command.id, revisions=written.revisions)


def _publication(command: IndexKnowledge, written: SnippetWritten) -> Publication:
    if command.origin.foreign or not written.records:
        return Publication(records=written.records)
    said = command.snippet.model_copy(update={"author": written.author, "occurred_at": command.origin.occurred_at})
    event = OutgoingEvent(
        event_id=command.origin.event_id,
        type=EventType.KNOWLEDGE_SNIPPET_UPSERTED,
        subject=command.id,
        occurred_at=command.origin.occurred_at,
        payload=said.model_dump(mode="json", exclude_none=True),
    )
    return Publication(records=written.records, events=[event])


def _document(command: IndexKnowledge, written: SnippetWritten) -> SnippetDocument:
    said = command.snippet
    return SnippetDocument(
        source_id=written.id or command.id,
        kind=said.kind,
        text=said.content,
        language=said.language,
        revision=said.revision,
        visibility=Visibility.EVERYONE,
        person_ids=[written.author.id] if written.author and written.author.id else [],
        project_ids=[],
        occurred_at=command.origin.occurred_at,
    )
