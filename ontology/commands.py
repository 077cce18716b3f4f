"""What starts a workflow: the same for a request and for another system's event."""

from datetime import timedelta
from uuid import UUID

from pydantic import Field, JsonValue

from ontology.base import Digest, Email, Handle, Name, OntologyModel, Text, Timestamp
from ontology.enums import ParticipantRole, PersonKind
from ontology.events import KnowledgeSnippetUpserted, RecognitionContent
from ontology.references import Caller, PersonRef


class Position(OntologyModel):
    """Where another system's message stands in Kafka."""

    topic: str
    partition: int
    offset: int


class Former(OntologyModel):
    """Ids that an earlier version gave a thing and an event: whatever stands under them is meant."""

    id: UUID
    event_id: UUID


class Origin(OntologyModel):
    """Where a write comes from; becomes its Event node."""

    event_id: UUID
    event_type: str = Field(pattern="^[A-Z][A-Z_]{0,63}$")
    source: str
    occurred_at: Timestamp = Field(description="when it happened")
    sent_at: Timestamp = Field(description="when it reached us; the same on every retry")
    request_hash: Digest = Field(description="SHA-256 of the canonical request")
    caller: Caller | None = Field(None, description="absent for other systems' events")
    foreign: bool = Field(False, description="true when another system published the event; it is not sent again")
    former: Former | None = Field(None, description="ids by an earlier formula, which are looked for first")
    reason: Text | None = Field(None, description="why, in the words of who changed something")
    cause: UUID | None = Field(None, description="the event that this one follows from")
    position: Position | None = Field(None, description="where that event stands, for the dead letters")


class Command(OntologyModel):
    """A write to be carried out once: what it makes and where it comes from."""

    id: UUID
    origin: Origin


class Record(Command):
    """Input of ``RecordWorkflow``: a thing of a kind that has no command of its own."""

    label: str
    content: dict[str, JsonValue] = Field(description="what is said of it, as its kind's model writes it")


class RecordRecognition(Command):
    """Input of ``RecognitionWorkflow``."""

    recognition: RecognitionContent


class PersonDetails(OntologyModel):
    """What is known of a person."""

    full_name: Name
    email: Email | None = None
    handle: Handle | None = None
    role: Name | None = Field(None, description="Member of who is new, where nothing is said")
    aliases: list[Name] = Field(default=[], max_length=20)
    kind: PersonKind | None = Field(None, description="a human where nothing is said")
    left_at: Timestamp | None = Field(None, description="when they left, or will: their last moment here")


class RecordPerson(Command):
    """Input of ``PersonWorkflow``."""

    person: PersonDetails


class IndexKnowledge(Command):
    """Input of ``KnowledgeEmbeddingWorkflow``."""

    snippet: KnowledgeSnippetUpserted


class LinkIdentity(Command):
    """Input of ``PersonWorkflow``: a token's subject stands for a person. ``id`` is the Identity's."""

    issuer: str
    subject: str
    person_id: UUID


class Participating(OntologyModel):
    """What somebody shall be in a project."""

    person: PersonRef
    role: ParticipantRole | None = Field(None, description="absent: they take part no more")


class Resolving(OntologyModel):
    """A tension that a project shall resolve, or no more."""

    tension: UUID
    ends: bool = False


class Change(Command):
    """Input of ``ChangeWorkflow``: what is to become of a thing that stands. ``id`` is the thing's."""

    label: str
    revisions: list[int] = Field([], description="the thing must be at one of them; empty: at any")
    values: dict[str, JsonValue] = Field(description="property → its new value; null takes it away")
    links: dict[str, list[dict[str, JsonValue]]] = Field(
        {}, description="field that names somebody or something → the references that shall be"
    )
    adds: dict[str, list[dict[str, JsonValue]]] = Field(
        {}, description="field that names somebody or something → the references that shall be beside those there are"
    )
    joins: list[str] = Field([], description="fields in which the caller shall be")
    leaves: list[str] = Field([], description="fields in which the caller shall be no more")
    participating: Participating | None = Field(None, description="who shall take part in it, or no more")
    resolving: list[Resolving] = Field([], description="tensions that it shall resolve, or no more")
    authorities: list[str] = Field([], description="what the caller has the authority of")


class MergePeople(Command):
    """Input of ``PersonWorkflow``: two people turned out to be one. ``id`` is the survivor's."""

    duplicate: UUID
    survivor: UUID


class EvaluateWin(Command):
    """Input of ``WinScoreWorkflow``, and what wakes it: a project's worth is to be looked at. ``id`` is the project's.

    Attributes
    ----------
    gather
        For how long what else bears on it is awaited.
    """

    gather: timedelta = timedelta()


class UnmergePeople(Command):
    """Input of ``PersonUnmergeWorkflow``: a merge is undone. ``id`` is of the person who led to another."""

    survivor: UUID | None = Field(None, description="to whom they must lead; absent: to whomever they do")
