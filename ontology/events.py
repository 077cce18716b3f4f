"""The domain events other systems read and send: the plan's four, each with its payload and topic."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import Field, JsonValue

from ontology.base import Integer, Language, OntologyModel, Tag, Text, Timestamp, Title
from ontology.enums import RecognitionType, SnippetKind, TensionKind, Visibility
from ontology.references import PersonRef, ProjectRef


class EventType(StrEnum):
    """What an Event node or a message is about. The first four are published; the others stay in the graph."""

    RECOGNITION_CREATED = "RECOGNITION_CREATED"
    KNOWLEDGE_SNIPPET_UPSERTED = "KNOWLEDGE_SNIPPET_UPSERTED"
    TENSION_REPORTED = "TENSION_REPORTED"
    PROJECT_COMPLETED = "PROJECT_COMPLETED"
    PERSON_RECORDED = "PERSON_RECORDED"
    PERSON_LINKED = "PERSON_LINKED"
    PERSON_MERGED = "PERSON_MERGED"
    PERSON_UNMERGED = "PERSON_UNMERGED"
    PERSON_CHANGED = "PERSON_CHANGED"
    RECOGNITION_CORRECTED = "RECOGNITION_CORRECTED"
    RECOGNITION_WITHDRAWN = "RECOGNITION_WITHDRAWN"
    KNOWLEDGE_SNIPPET_CORRECTED = "KNOWLEDGE_SNIPPET_CORRECTED"
    KNOWLEDGE_SNIPPET_WITHDRAWN = "KNOWLEDGE_SNIPPET_WITHDRAWN"
    TENSION_CHANGED = "TENSION_CHANGED"
    TENSION_ARCHIVED = "TENSION_ARCHIVED"
    TENSION_ESCALATED = "TENSION_ESCALATED"
    TENSION_ANALYSED = "TENSION_ANALYSED"
    TENSION_FOLLOWED = "TENSION_FOLLOWED"
    PROJECT_PROPOSED = "PROJECT_PROPOSED"
    PROJECT_CHANGED = "PROJECT_CHANGED"
    PROJECT_APPROVED = "PROJECT_APPROVED"
    PROJECT_ARCHIVED = "PROJECT_ARCHIVED"
    PARTICIPANT_ADDED = "PARTICIPANT_ADDED"
    PARTICIPANT_LEFT = "PARTICIPANT_LEFT"
    TASK_PLANNED = "TASK_PLANNED"
    TASK_CHANGED = "TASK_CHANGED"
    TASK_FOLLOWED = "TASK_FOLLOWED"
    TASK_REMINDED = "TASK_REMINDED"
    TASK_OVERDUE = "TASK_OVERDUE"
    PROJECT_REMINDED = "PROJECT_REMINDED"
    PROJECT_OVERDUE = "PROJECT_OVERDUE"
    RESOLUTION_PLANNED = "RESOLUTION_PLANNED"
    RESOLUTION_DROPPED = "RESOLUTION_DROPPED"
    COMMENT_RECORDED = "COMMENT_RECORDED"
    COMMENT_CORRECTED = "COMMENT_CORRECTED"
    COMMENT_WITHDRAWN = "COMMENT_WITHDRAWN"
    DECISION_ASKED = "DECISION_ASKED"
    DECISION_REMINDED = "DECISION_REMINDED"
    DECISION_ESCALATED = "DECISION_ESCALATED"
    DECISION_TAKEN = "DECISION_TAKEN"
    DECISION_FOLLOWED = "DECISION_FOLLOWED"
    DELEGATION_GIVEN = "DELEGATION_GIVEN"
    DELEGATION_WITHDRAWN = "DELEGATION_WITHDRAWN"
    SEVERITY_MODEL_TRAINED = "SEVERITY_MODEL_TRAINED"
    SEVERITY_MODEL_PROMOTED = "SEVERITY_MODEL_PROMOTED"
    WIN_SCORED = "WIN_SCORED"
    WIN_SUBMITTED = "WIN_SUBMITTED"
    WIN_PUBLISHED = "WIN_PUBLISHED"
    WIN_REJECTED = "WIN_REJECTED"


class RecognitionContent(OntologyModel):
    """What a recognition says; its giver defaults to the caller."""

    giver: PersonRef | None = None
    receivers: list[PersonRef] = Field(min_length=1, max_length=50)
    content: Text
    type: RecognitionType | None = None
    values: list[Tag] = Field(default=[], max_length=20)
    language: Language | None = None
    visibility: Visibility = Visibility.EVERYONE
    project: ProjectRef | None = None
    task_id: UUID | None = None
    tension_id: UUID | None = None
    occurred_at: Timestamp | None = Field(None, description="when it happened; default: when it was sent")


class RecognitionCreated(RecognitionContent):
    """RECOGNITION_CREATED: somebody recognised a contribution."""

    giver: PersonRef


class KnowledgeSnippetUpserted(OntologyModel):
    """KNOWLEDGE_SNIPPET_UPSERTED: a text was recorded; it is not yet searchable."""

    content: Text
    kind: SnippetKind = SnippetKind.NOTE
    language: Language | None = None
    revision: Integer = Field(1, ge=1, description="version of the text; a lower one never replaces a higher")
    tags: list[Tag] = Field(default=[], max_length=20)
    author: PersonRef | None = None
    cites_ids: list[UUID] = Field(default=[], max_length=50, description="snippets that it builds on")
    occurred_at: Timestamp | None = None


class TensionReported(OntologyModel):
    """TENSION_REPORTED: somebody feels a gap between what is and what should be."""

    title: Title
    facts: Text | None = None
    current_state: Text | None = None
    desired_state: Text | None = None
    feeling: Text | None = None
    need: Text | None = None
    kind: TensionKind | None = None
    language: Language | None = None
    detector: PersonRef | None = None
    affected_people: list[PersonRef] = Field(default=[], max_length=50)
    affected_projects: list[ProjectRef] = Field(default=[], max_length=50)
    visibility: Visibility = Visibility.EVERYONE
    visible_to: list[PersonRef] = Field(
        default=[],
        max_length=50,
        description="who may see what not everyone may, beside those it is about",
    )
    occurred_at: Timestamp | None = None


class ProjectCompleted(OntologyModel):
    """PROJECT_COMPLETED: a project reached its end and can be evaluated."""

    project: ProjectRef
    completed_at: Timestamp
    resolved_tension_ids: list[UUID] = Field(default=[], max_length=500)


class OutgoingEvent(OntologyModel):
    """A domain event as a run hands it over; the payload is validated again before it is sent."""

    event_id: UUID
    type: str
    subject: UUID
    occurred_at: Timestamp
    payload: dict[str, JsonValue]


def telling(
    subject: UUID,
    event_id: UUID,
    event_type: EventType,
    said: RecognitionCreated | KnowledgeSnippetUpserted | TensionReported,
) -> OutgoingEvent:
    """The event that tells others what was said of a subject, whose moment is known."""
    return OutgoingEvent(
        event_id=event_id,
        type=event_type,
        subject=subject,
        occurred_at=said.occurred_at,
        payload=said.model_dump(mode="json", exclude_none=True),
    )


TopicName = Literal["recognitions", "knowledge", "tensions", "projects"]


PayloadModel: TypeAlias = type[OntologyModel]


@dataclass(frozen=True)
class PublishedEvent:
    """An event type other systems see.

    Parameters
    ----------
    type
        CloudEvents ``type``.
    payload
        Model of the message value; its JSON Schema is closed.
    topic
        Which topic carries it; the deployed name is a setting.
    version
        Version of the payload, part of the schema's file name.
    """

    type: str
    payload: PayloadModel
    topic: TopicName
    version: int = 1


PUBLISHED_EVENTS: dict[str, PublishedEvent] = {
    event.type: event
    for event in (
        PublishedEvent(EventType.RECOGNITION_CREATED, RecognitionCreated, "recognitions"),
        PublishedEvent(EventType.KNOWLEDGE_SNIPPET_UPSERTED, KnowledgeSnippetUpserted, "knowledge"),
        PublishedEvent(EventType.TENSION_REPORTED, TensionReported, "tensions"),
        PublishedEvent(EventType.PROJECT_COMPLETED, ProjectCompleted, "projects"),
    )
}
"""Event type → its declaration."""
