"""RecognitionAgent: writes a recognition to the graph, then tells others and makes it searchable, side by side."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.embedding import EmbeddingActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from activities.recognition_events import recognition_events
    from graph.outcomes import RecognitionWritten
    from knowledge.store import SnippetDocument
    from ontology.base import OntologyModel
    from ontology.commands import RecordRecognition
    from ontology.enums import SnippetKind
    from ontology.events import RecognitionCreated
    from workflows import policies
    from workflows.telling import write_and_tell


class RecognitionRecorded(OntologyModel):
    """Result of the run."""

    id: UUID
    revisions: int = 0


@workflow.defn
class RecognitionWorkflow:
    """One recognition, from its acceptance until it stands in every store."""

    @workflow.run
    async def run(self, command: RecordRecognition) -> RecognitionRecorded:
        """Write the graph; then the record and the events, and the embedding."""
        written = await write_and_tell(
            command,
            lambda: policies.short_step(GraphActivities.record_recognition, command),
            lambda written: _publication(command, written),
            lambda written: workflow.execute_activity_method(
                EmbeddingActivities.index,
                _document(command, written),
                start_to_close_timeout=policies.EMBEDDING,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PROVIDER,
            ),
        )
        return RecognitionRecorded(id=command.id, revisions=written.revisions)


def _publication(command: RecordRecognition, written: RecognitionWritten) -> Publication:
    origin = command.origin
    said = command.recognition.model_copy(
        update={"giver": written.giver, "receivers": written.receivers, "occurred_at": origin.occurred_at}
    )
    created = RecognitionCreated(**dict(said))
    told = recognition_events(
        written.id or command.id, origin.event_id, origin.occurred_at, created, foreign=origin.foreign
    )
    return Publication(records=written.records, events=told)


def _document(command: RecordRecognition, written: RecognitionWritten) -> SnippetDocument:
    said = command.recognition
    people = [person.id for person in (written.giver, *written.receivers) if person and person.id]
    return SnippetDocument(
        source_id=written.id or command.id,
        kind=SnippetKind.RECOGNITION,
        text=said.content,
        language=said.language,
        revision=1,
        visibility=said.visibility,
        person_ids=people,
        project_ids=[written.project_id] if written.project_id else [],
        occurred_at=command.origin.occurred_at,
    )
