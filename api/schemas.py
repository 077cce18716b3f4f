"""What the gateway takes and gives: the components of the OpenAPI document."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from knowledge.arms import ArmHit
from ontology.base import MAX_INTEGER, Email, Handle, Integer, Language, Name, OntologyModel, Tag, Text, Timestamp
from ontology.commands import PersonDetails
from ontology.enums import (
    PersonKind,
    RecognitionStatus,
    RecognitionType,
    SnippetKind,
    SnippetStatus,
    Visibility,
    WriteStatus,
)
from ontology.events import KnowledgeSnippetUpserted, RecognitionContent


class RecognitionCreateDTO(RecognitionContent):
    """A recognition to be recorded; the giver defaults to the caller."""


class PersonCreateDTO(PersonDetails):
    """A person to be recorded."""


class KnowledgeSnippetCreateDTO(KnowledgeSnippetUpserted):
    """A piece of knowledge to be recorded and made searchable; the author defaults to the caller."""

    revision: Integer = Field(
        1, ge=1, le=MAX_INTEGER, description="version of the text; a lower one never replaces a higher"
    )


def _always_there(schema: dict[str, Any], model: type[OntologyModel]) -> None:
    """An answer leaves out what is None, and nothing else: a client may rely on every other field."""
    fields = model.model_fields.values()
    schema["required"] = [field.alias for field in fields if field.is_required() or field.default is not None]


class AnswerDTO(OntologyModel):
    """What the gateway gives."""

    model_config = ConfigDict(json_schema_extra=_always_there)


class FailureDTO(AnswerDTO):
    """Why an accepted write did not take place."""

    code: str
    detail: str
    pointer: str | None = None


class WriteReceiptDTO(AnswerDTO):
    """An accepted write that does not stand in the graph yet, or could not be carried out."""

    id: UUID
    write_status: Literal[WriteStatus.PENDING, WriteStatus.FAILED]
    workflow_id: str
    run_id: str | None = None
    failure: FailureDTO | None = None


class PersonBriefDTO(AnswerDTO):
    """A person as others name them."""

    id: UUID
    full_name: str
    handle: str | None = None


class ProjectBriefDTO(AnswerDTO):
    """A project as others name it."""

    id: UUID
    name: str


class ProvenanceDTO(AnswerDTO):
    """The event that made a thing what it is, and the workflow run that wrote it."""

    event_id: UUID
    type: str
    source: str
    occurred_at: Timestamp
    recorded_at: Timestamp
    workflow_id: str | None = Field(None, description="absent where the run was about what you may not see")
    run_id: str | None = None


class RecognitionDTO(AnswerDTO):
    """A recognition as it stands in the graph."""

    id: UUID
    rev: int
    content: str
    type: RecognitionType | None = None
    values: list[str] = []
    language: str | None = None
    visibility: Visibility
    status: RecognitionStatus
    giver: PersonBriefDTO
    receivers: list[PersonBriefDTO]
    project: ProjectBriefDTO | None = None
    task_id: UUID | None = None
    tension_id: UUID | None = None
    occurred_at: Timestamp
    created_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class PersonDTO(AnswerDTO):
    """A person as they stand in the graph."""

    id: UUID
    rev: int
    full_name: str
    role: str
    email: str | None = None
    handle: str | None = None
    aliases: list[str] = []
    kind: PersonKind = PersonKind.HUMAN
    left_at: Timestamp | None = Field(None, description="when they left, or will; absent of who is there")
    provisional: bool = Field(description="true while only references to the person are known")
    created_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class KnowledgeSnippetDTO(AnswerDTO):
    """A knowledge snippet as it stands in the graph."""

    id: UUID
    rev: int
    content: str
    kind: SnippetKind
    language: str | None = None
    revision: int
    status: SnippetStatus = SnippetStatus.RECORDED
    tags: list[str] = []
    author: PersonBriefDTO | None = None
    cites_ids: list[UUID] = Field([], description="snippets that it builds on")
    occurred_at: Timestamp
    created_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class RecognitionPageDTO(AnswerDTO):
    """A page of recognitions, newest first."""

    items: list[RecognitionDTO]
    next_cursor: str | None = None


def left_out() -> Any:
    """What stands for a field that a patch may leave out and not null."""
    return None


class PersonPatchDTO(OntologyModel):
    """What is to become of a person (JSON Merge Patch, RFC 7396): null takes away, what is left out stays."""

    full_name: Name = Field(default_factory=left_out)
    role: Name = Field(default_factory=left_out)
    email: Email | None = None
    handle: Handle | None = None
    aliases: list[Name] = Field(default=[], max_length=20)
    kind: PersonKind | None = Field(None, description="null: a human")
    left_at: Timestamp | None = Field(None, description="null: they are there")


class RecognitionPatchDTO(OntologyModel):
    """What is to become of a recognition; whom it is from and to stays: withdraw it, and give another."""

    content: Text = Field(default_factory=left_out)
    type: RecognitionType | None = None
    values: list[Tag] = Field(default=[], max_length=20)
    language: Language | None = None


class KnowledgeSnippetPatchDTO(OntologyModel):
    """What is to become of a knowledge snippet."""

    content: Text = Field(default_factory=left_out)
    kind: SnippetKind = Field(default_factory=left_out)
    language: Language | None = None
    tags: list[Tag] = Field(default=[], max_length=20)
    cites_ids: list[UUID] | None = Field(None, max_length=50)


class PersonPageDTO(AnswerDTO):
    """A page of people, newest first."""

    items: list[PersonDTO]
    next_cursor: str | None = None


class ArmDTO(AnswerDTO):
    """How one arm of the search saw a hit."""

    rank: int
    score: float = Field(description="cosine similarity, or BM25")
    terms: list[str] = Field(default=[], description="the words that matched, rarest first")
    weight: float = Field(1.0, description="how much the rank counts: of words the share of the query that matched")

    @classmethod
    def of(cls, hit: ArmHit | None) -> "ArmDTO | None":
        """How an arm saw a hit; None where it did not find it."""
        if hit is None:
            return None
        return cls(rank=hit.rank, score=hit.score, terms=list(hit.terms), weight=hit.weight)


class PassageDTO(AnswerDTO):
    """A part of a text, and where it stands, in characters; the end is not part of it."""

    start: int
    end: int
    text: str


class SearchHitDTO(AnswerDTO):
    """A text that was found, and why."""

    source_id: UUID
    label: str | None = Field(
        None, description="of the thing itself: what was learnt from a tension is a KnowledgeSnippet"
    )
    kind: SnippetKind = Field(description="what the text is about")
    content: str
    language: str
    occurred_at: Timestamp
    score: float = Field(description="reciprocal rank fusion of both arms")
    meaning: ArmDTO | None = Field(None, description="absent when the vector arm did not find it")
    words: ArmDTO | None = Field(None, description="absent when no word matched")
    passage: PassageDTO | None = Field(None, description="of a long text the part with most words of the query")


class SearchResultDTO(AnswerDTO):
    """Hits, best first."""

    query: str
    model: str
    meaning_available: bool = Field(
        True, description="false when the query's vector could not be had in time: the hits are those by word alone"
    )
    hits: list[SearchHitDTO]


def provenance(events: list[dict[str, Any]]) -> list[ProvenanceDTO]:
    """Events of a node as provenance."""
    known = ("type", "source", "occurredAt", "recordedAt", "workflowId", "runId")
    return [ProvenanceDTO(event_id=event["id"], **{name: event.get(name) for name in known}) for event in events]


def shared_fields(model: type[OntologyModel], properties: dict[str, Any]) -> dict[str, Any]:
    """Properties of a node that a DTO has under the same name."""
    names = {field.alias for field in model.model_fields.values()}
    return {name: value for name, value in properties.items() if name in names}
