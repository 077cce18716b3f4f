"""What a recognition tells other systems: that it was given, and that its text is recorded as knowledge."""

from datetime import UTC, datetime
from uuid import uuid4

from activities.publishing import OutgoingEvent, domain_event
from activities.recognition_events import recognition_events
from ontology.enums import SnippetKind, Visibility
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionCreated
from ontology.references import PersonRef

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
GIVER = PersonRef(id=uuid4(), full_name="Vũ Hoài An")
ENTITY, EVENT = uuid4(), uuid4()


def told(*, foreign: bool = False, visibility: Visibility = Visibility.EVERYONE) -> list[OutgoingEvent]:
    said = RecognitionCreated(
        giver=GIVER,
        receivers=[PersonRef(id=uuid4())],
        content="Mai found the leak",
        values=["care"],
        language="en",
        visibility=visibility,
    )
    return recognition_events(ENTITY, EVENT, MOMENT, said, foreign=foreign)


def test_both_are_told_with_ids_that_a_repetition_repeats() -> None:
    created, snippet = told()
    assert (created.type, created.event_id, created.subject) == (EventType.RECOGNITION_CREATED, EVENT, ENTITY)
    assert (snippet.type, snippet.subject) == (EventType.KNOWLEDGE_SNIPPET_UPSERTED, ENTITY)
    assert snippet.event_id == told()[1].event_id != EVENT
    assert domain_event(snippet).payload == KnowledgeSnippetUpserted(
        content="Mai found the leak",
        kind=SnippetKind.RECOGNITION,
        language="en",
        tags=["care"],
        author=GIVER,
        occurred_at=MOMENT,
    )


def test_another_systems_own_event_is_not_published_again_but_its_text_is_told() -> None:
    assert [event.type for event in told(foreign=True)] == [EventType.KNOWLEDGE_SNIPPET_UPSERTED]


def test_a_private_text_is_not_told_as_knowledge() -> None:
    assert [event.type for event in told(visibility=Visibility.PARTIES)] == [EventType.RECOGNITION_CREATED]
    assert told(visibility=Visibility.PARTIES, foreign=True) == []
