"""The nodes of the graph. A node's fields are its properties; each revision is also kept as a State."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from ontology.base import Digest, Email, Handle, Language, Name, OntologyModel, Tag, Text, Timestamp, Title, TraceId
from ontology.enums import (
    CommentStatus,
    DecidedAs,
    DecisionFollowed,
    DecisionKind,
    DecisionPolicy,
    DecisionStatus,
    DelegationStatus,
    PersonKind,
    ProjectStatus,
    RecognitionStatus,
    RecognitionType,
    Severity,
    SnippetKind,
    SnippetStatus,
    TaskStatus,
    TensionKind,
    TensionStatus,
    Visibility,
    WinStatus,
)


class Node(OntologyModel):
    """What every node has.

    Attributes
    ----------
    unique
        Properties with a uniqueness constraint of their own, besides ``id``.
    indexed
        Properties, or tuples of properties, with a range index.
    searched
        Properties with a text index, in which parts are looked for; the graph derives them, so they are no fields.
    """

    label: ClassVar[str] = ""
    unique: ClassVar[tuple[str, ...]] = ()
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = ()
    searched: ClassVar[tuple[str, ...]] = ()

    id: UUID


class Entity(Node):
    """A node that changes under revision; its changes are sent as change records."""

    rev: int = Field(ge=1, description="grows by one with every change")
    created_at: Timestamp
    updated_at: Timestamp


FIRST_ROLE = "Member"
"""The role of a person of whom nobody has said one."""


class Person(Entity):
    """Someone who reports, works, recognises and is recognised; human or agent."""

    label: ClassVar[str] = "Person"
    unique: ClassVar[tuple[str, ...]] = ("email", "handle")
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("foldedName",),
        ("mergedInto",),
        ("formerEmail",),
        ("formerHandle",),
        ("createdAt", "id"),
        ("updatedAt", "id"),
    )

    full_name: Name
    folded_name: str = Field(description="the name without accents, in lower case, for look-ups")
    role: Name
    email: Email | None = None
    handle: Handle | None = None
    aliases: list[Name] = []
    kind: PersonKind | None = Field(None, description="absent of a human")
    left_at: Timestamp | None = Field(None, description="when they left, or will: their last moment here")
    provisional: bool = Field(description="true while only a reference to the person is known")
    merged_into: UUID | None = Field(None, description="the person this one turned out to be")
    former_email: Email | None = Field(None, description="the e-mail before this one, or until a merge: it leads on")
    former_handle: Handle | None = Field(None, description="the handle before this one, or until a merge: it leads on")
    request_hash: Digest | None = None


class Identity(Entity):
    """A token's issuer and subject, bound to a person."""

    label: ClassVar[str] = "Identity"

    issuer: str
    subject: str


class Recognition(Entity):
    """A truthful seeing of a contribution: who saw it, whose it was, and what it was."""

    label: ClassVar[str] = "Recognition"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("createdAt", "id"), ("occurredAt",))

    content: Text
    type: RecognitionType | None = None
    values: list[Tag] = []
    language: Language | None = None
    visibility: Visibility
    status: RecognitionStatus
    occurred_at: Timestamp
    request_hash: Digest


class Tension(Entity):
    """A gap between what is and what should be."""

    label: ClassVar[str] = "Tension"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("status", "occurredAt"),
        ("occurredAt",),
        ("status", "updatedAt"),
        ("escalatedTo",),
        ("systemCause",),
    )
    searched: ClassVar[tuple[str, ...]] = ("foldedText",)

    title: Title
    facts: Text | None = None
    current_state: Text | None = None
    desired_state: Text | None = None
    feeling: Text | None = None
    need: Text | None = None
    kind: TensionKind | None = None
    language: Language | None = None
    severity: Severity | None = None
    severity_by: str | None = Field(
        None, description="`human` where somebody said it: no machine changes it then; else which model did"
    )
    severity_judgement: str | None = Field(None, description="what a model says of its severity, and why; JSON as text")
    mentions: str | None = Field(None, description="whom and what its words name, and where; JSON as text")
    analysed_rev: int | None = Field(None, description="the revision that holds what the machine last said of it")
    visibility: Visibility = Visibility.EVERYONE
    status: TensionStatus
    escalated_to: str | None = Field(None, description="the authority it was escalated to, for want of progress")
    escalated_rev: int | None = Field(None, description="the revision that escalated it; a later one is progress")
    system_cause: str | None = Field(None, description="what is wrong with the system itself, of a tension about that")
    occurred_at: Timestamp
    request_hash: Digest


class Comment(Entity):
    """What somebody said about a tension."""

    label: ClassVar[str] = "Comment"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("createdAt", "id"),)

    text: Text
    language: Language | None = None
    status: CommentStatus
    occurred_at: Timestamp
    request_hash: Digest


class Project(Entity):
    """A temporary effort that resolves tensions."""

    label: ClassVar[str] = "Project"
    unique: ClassVar[tuple[str, ...]] = ("nameKey",)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("foldedName",),
        ("status",),
        ("visibility",),
        ("plannedEndAt",),
        ("createdAt", "id"),
        ("updatedAt", "id"),
    )

    name: Name
    folded_name: str
    name_key: str | None = Field(
        None, description="the name but for case and spaces, which no other has; absent where a version before it wrote"
    )
    goal: Text | None = None
    language: Language | None = None
    visibility: Visibility | None = Field(None, description="everyone where it is absent")
    status: ProjectStatus
    start_at: Timestamp | None = Field(None, description="when its work began")
    end_at: Timestamp | None = Field(None, description="when its work ended")
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    reminded_for: Timestamp | None = Field(None, description="the due date of which people were reminded")
    overdue_for: Timestamp | None = Field(None, description="the due date after which people were told")
    provisional: bool = Field(description="true while only a reference to the project is known")
    request_hash: Digest | None = None


class Task(Entity):
    """A piece of work of a project."""

    label: ClassVar[str] = "Task"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("status",), ("dueAt", "id"), ("createdAt", "id"))

    title: Name
    description: Text | None = None
    status: TaskStatus
    critical: bool = False
    progress: float = Field(0.0, ge=0, le=1, description="share done")
    due_at: Timestamp | None = None
    reminded_for: Timestamp | None = Field(None, description="the due date of which people were reminded")
    overdue_for: Timestamp | None = Field(None, description="the due date after which people were told")
    request_hash: Digest | None = None


class Win(Entity):
    """What a project was worth: Wisdom, Intelligence, Networking, 0 to 100, with its interval."""

    label: ClassVar[str] = "WIN"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("status",), ("createdAt", "id"))

    score: float = Field(ge=0, le=100)
    score_low: float = Field(ge=0, le=100)
    score_high: float = Field(ge=0, le=100)
    wisdom: float = Field(ge=0, le=100)
    intelligence: float = Field(ge=0, le=100)
    networking: float = Field(ge=0, le=100)
    rubric_version: str
    inputs_hash: Digest
    inputs: str = Field(description="the six inputs with their intervals and what is unknown, JSON as text")
    evidence: str = Field(description="all that the score rests on, JSON as text")
    evaluated_at: Timestamp = Field(description="of which moment the evidence is")
    published_score: float | None = Field(None, ge=0, le=100, description="the score that was approved last")
    narrative: Text | None = None
    status: WinStatus


class KnowledgeSnippet(Entity):
    """A small piece of knowledge, searchable by meaning and by word."""

    label: ClassVar[str] = "KnowledgeSnippet"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("createdAt", "id"),)

    content: Text
    kind: SnippetKind
    language: Language | None = None
    revision: int = Field(ge=1, description="the source's own version; a lower one never replaces a higher")
    status: SnippetStatus | None = Field(None, description="absent where an earlier version recorded it")
    tags: list[Tag] = []
    occurred_at: Timestamp
    request_hash: Digest


class Decision(Entity):
    """Something a human is asked to decide, and what they decided."""

    label: ClassVar[str] = "Decision"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("status", "createdAt"),
        ("followed", "createdAt"),
        ("createdAt", "id"),
    )

    kind: DecisionKind
    question: Title
    status: DecisionStatus
    form: str = Field(description="JSON Schema of the answer, as text")
    proposal: str | None = Field(None, description="what is proposed, JSON as text")
    authorities: list[str] = Field([], description="who has one of them is asked, beside the people")
    escalation: list[str] = Field([], description="authorities that are asked too, one after another")
    asked_at: Timestamp | None = Field(None, description="from when its times count")
    remind_at: Timestamp | None = None
    escalate_at: Timestamp | None = Field(
        None, description="when the first of the list is asked; the next as much later"
    )
    deadline: Timestamp | None = None
    policy: DecisionPolicy | None = Field(None, description="what becomes of it at the deadline")
    reminded: bool | None = Field(None, description="whether those who are asked were reminded")
    answer: str | None = Field(None, description="the answer, JSON as text")
    reason: Text | None = None
    decided_as: DecidedAs | None = None
    followed: DecisionFollowed | None = Field(
        None, description="what became of what an approval has as its consequence"
    )
    follow_reason: Text | None = Field(None, description="why it was refused for good")
    request_hash: Digest


class Delegation(Entity):
    """Somebody else decides for some time what one person is asked."""

    label: ClassVar[str] = "Delegation"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("status", "endAt"), ("createdAt", "id"))

    status: DelegationStatus
    authority: str | None = Field(None, description="everyone who has it is a delegate; absent where a person is")
    authorities: list[str] = Field([], description="what is asked of them is delegated too")
    kinds: list[DecisionKind] = Field([], description="of which decisions; empty: of all")
    start_at: Timestamp
    end_at: Timestamp
    note: Text | None = None
    request_hash: Digest


class SeverityModel(Entity):
    """A model of severity that was learnt here and stood beside the one that judged then; its file is kept elsewhere.

    The one that was promoted last judges; while none was, it is the one that comes with the product.
    """

    label: ClassVar[str] = "SeverityModel"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("promotedAt",), ("learnt",), ("createdAt", "id"))

    name: Name = Field(description="what it is called wherever it judged")
    digest: Digest = Field(description="SHA-256 of its file")
    learnt: Digest = Field(description="which texts and labels it was made of")
    labels: int = Field(ge=0, description="how many corrections of humans are among them")
    against: Name = Field(description="the model that it was compared with")
    texts: int = Field(ge=1, description="on how many frozen texts")
    kappa: float = Field(description="its quadratic kappa on them")
    macro_f1: float
    calibration_error: float = Field(ge=0)
    trained_at: Timestamp
    promoted_at: Timestamp | None = Field(None, description="when it was last decided that it judges")
    request_hash: Digest


class State(Node):
    """What one event set of a node, its ``rev`` among it, and took away; hangs on its node by HAS_STATE."""

    label: ClassVar[str] = "State"

    rev: int = Field(ge=1, description="the revision it is; what the event set stands beside it")
    removed: list[str] | None = Field(None, description="names of properties the event took away")


class Event(Node):
    """What made a change: an immutable fact with the workflow run that wrote it."""

    label: ClassVar[str] = "Event"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("recordedAt",), ("workflowId",))

    type: str
    source: str
    occurred_at: Timestamp
    recorded_at: Timestamp
    workflow_id: str
    run_id: str
    request_hash: Digest
    epoch: int | None = Field(
        None, ge=1, description="in which making of the graph: the moment at which that began, in milliseconds"
    )
    actor: UUID | None = Field(None, description="Identity of the caller")
    reason: Text | None = Field(None, description="why, in the words of who changed something")
    cause: UUID | None = Field(None, description="the event that this one follows from")
    attempt: int | None = Field(None, ge=1, description="which attempt of the step wrote it, counted as Temporal does")
    local: bool | None = Field(None, description="whether it was the step's local try, not the regular activity")
    trace_id: TraceId | None = Field(None, description="trace of the write; absent when nothing was traced")


NODES: tuple[type[Node], ...] = (
    Person,
    Identity,
    Recognition,
    Tension,
    Comment,
    Project,
    Task,
    Win,
    KnowledgeSnippet,
    Decision,
    Delegation,
    SeverityModel,
    State,
    Event,
)
"""Every node class."""

ENTITIES: dict[str, type[Entity]] = {node.label: node for node in NODES if issubclass(node, Entity)}
"""Label → entity class."""
