"""What a recognition tells other systems: that it was given, and that its text is recorded as knowledge."""

from uuid import uuid4

from events.publisher import domain_event
from ontology.enums import SnippetKind, Visibility
from ontology.events import EventType, KnowledgeSnippetUpserted, OutgoingEvent
from ontology.kinds.recognition import RECOGNITION
from ontology.references import PersonRef
from ontology.views import NodeView, Target

MOMENT = "2026-03-01T00:00:00.000000Z"
GIVER, RECEIVER, ENTITY, EVENT = uuid4(), uuid4(), uuid4(), uuid4()


def seen(visibility: Visibility = Visibility.EVERYONE) -> NodeView:
    return NodeView(
        label="Recognition",
        id=ENTITY,
        properties={
            "content": "Mai found the leak",
            "values": ["care"],
            "language": "en",
            "visibility": visibility,
            "occurredAt": MOMENT,
            "rev": 1,
        },
        targets=[
            Target(relation="RECOGNIZED_BY", label="Person", id=GIVER, name="Vũ Hoài An"),
            Target(relation="RECEIVED_BY", label="Person", id=RECEIVER, name="Mai Đỗ"),
            Target(relation="RECOGNIZES_CONTRIBUTION_TO", label="Project", id=uuid4(), name="Calm releases"),
        ],
    )


def told(*, foreign: bool = False, visibility: Visibility = Visibility.EVERYONE) -> list[OutgoingEvent]:
    assert RECOGNITION.tells is not None
    return RECOGNITION.tells(seen(visibility), EVENT, foreign)


def test_both_are_told_with_ids_that_a_repetition_repeats() -> None:
    created, snippet = told()
    assert (created.type, created.event_id, created.subject) == (EventType.RECOGNITION_CREATED, EVENT, ENTITY)
    assert created.payload["project"] == {"name": "Calm releases"}
    assert created.payload["receivers"] == [{"id": str(RECEIVER), "fullName": "Mai Đỗ"}]
    assert (snippet.type, snippet.subject) == (EventType.KNOWLEDGE_SNIPPET_UPSERTED, ENTITY)
    assert snippet.event_id == told()[1].event_id != EVENT
    assert domain_event(snippet).payload == KnowledgeSnippetUpserted(
        content="Mai found the leak",
        kind=SnippetKind.RECOGNITION,
        language="en",
        tags=["care"],
        author=PersonRef(id=GIVER, full_name="Vũ Hoài An"),
        occurred_at=MOMENT,
    )


def test_another_systems_own_event_is_not_published_again_but_its_text_is_told() -> None:
    assert [event.type for event in told(foreign=True)] == [EventType.KNOWLEDGE_SNIPPET_UPSERTED]


def test_a_private_text_is_not_told_as_knowledge() -> None:
    assert [event.type for event in told(visibility=Visibility.PARTIES)] == [EventType.RECOGNITION_CREATED]
    assert told(visibility=Visibility.PARTIES, foreign=True) == []


def test_what_is_searchable_names_everybody_whom_it_is_about() -> None:
    assert RECOGNITION.document is not None
    document = RECOGNITION.document(seen())
    assert (document.source_id, document.revision, document.text) == (ENTITY, 1, "Mai found the leak")
    assert (document.person_ids, len(document.project_ids)) == ([GIVER, RECEIVER], 1)
