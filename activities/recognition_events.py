"""What a written recognition tells other systems, defined once for single writes and imports.

RECOGNITION_CREATED says who recognised whom for what; KNOWLEDGE_SNIPPET_UPSERTED says that its text is recorded as
knowledge, not yet searchable. A snippet's contract knows no visibility, so a private text is told in the former only.
"""

from datetime import datetime
from uuid import UUID

from activities.publishing import OutgoingEvent
from ontology import ids
from ontology.enums import SnippetKind, Visibility
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionCreated


def recognition_events(
    entity_id: UUID, event_id: UUID, occurred_at: datetime, said: RecognitionCreated, *, foreign: bool = False
) -> list[OutgoingEvent]:
    """The domain events of a recognition.

    Parameters
    ----------
    entity_id, event_id
        The recognition, and the event that recorded it.
    occurred_at
        When it happened.
    said
        What it says, with people as the graph knows them.
    foreign
        Whether another system told of it: its own event is not published again.
    """
    created = _outgoing(event_id, EventType.RECOGNITION_CREATED, entity_id, occurred_at, said)
    events = [] if foreign else [created]
    if said.visibility == Visibility.EVERYONE:
        snippet = KnowledgeSnippetUpserted(
            content=said.content,
            kind=SnippetKind.RECOGNITION,
            language=said.language,
            tags=said.values,
            author=said.giver,
            occurred_at=occurred_at,
        )
        told = ids.step_event(f"recognition/{entity_id}", "knowledge")
        events.append(_outgoing(told, EventType.KNOWLEDGE_SNIPPET_UPSERTED, entity_id, occurred_at, snippet))
    return events


def _outgoing(
    event_id: UUID,
    event_type: EventType,
    subject: UUID,
    occurred_at: datetime,
    payload: RecognitionCreated | KnowledgeSnippetUpserted,
) -> OutgoingEvent:
    return OutgoingEvent(
        event_id=event_id,
        type=event_type,
        subject=subject,
        occurred_at=occurred_at,
        payload=payload.model_dump(mode="json", exclude_none=True),
    )
