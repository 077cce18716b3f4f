"""Decisions: what humans are asked, of whom, until when, and what becomes of it where nobody answers."""

from uuid import UUID

from pydantic import Field

from ontology.base import OntologyModel, Timestamp, Title
from ontology.enums import DecisionKind, DecisionPolicy
from ontology.events import EventType
from ontology.kinds.kind import Kind, Reference
from ontology.nodes import Decision
from ontology.references import PersonRef
from ontology.scopes import Scope


class DecisionAsked(OntologyModel):
    """What is to be decided; the proposer is the caller, or nobody where an agent asks of its own accord.

    Attributes
    ----------
    person, tension_id, recognition_id, project_id, worth_of_id, severity_model_id
        The subject: one of them; ``worth_of_id`` is a project that is over, and may rest by now.
    asked
        Who may decide, beside those who have one of the authorities.
    managers
        Who managed what was scored, and so decides as little as who proposes something.
    asked_at
        From when its times count; it may be written later.
    form, proposal
        JSON Schema of the answer, and what is proposed, both as text.
    """

    kind: DecisionKind
    question: Title
    person: PersonRef | None = None
    tension_id: UUID | None = None
    recognition_id: UUID | None = None
    project_id: UUID | None = None
    worth_of_id: UUID | None = None
    severity_model_id: UUID | None = None
    asked: list[PersonRef] = Field(default=[], max_length=50)
    proposer: PersonRef | None = None
    managers: list[PersonRef] = []
    authorities: list[str] = []
    escalation: list[str] = []
    form: str
    proposal: str | None = None
    asked_at: Timestamp | None = None
    remind_at: Timestamp | None = None
    escalate_at: Timestamp | None = None
    deadline: Timestamp | None = None
    policy: DecisionPolicy | None = None


DECISION = Kind(
    name="decision",
    plural="approvals",
    entity=Decision,
    content=DecisionAsked,
    agent="DecisionWorkflow",
    recorded=EventType.DECISION_ASKED,
    changed=EventType.DECISION_TAKEN,
    reads=Scope.READ_DECISION,
    writes=Scope.WRITE_DECISION,
    references=(
        Reference("person", "DECIDES", "Person"),
        Reference("tension_id", "DECIDES", "Tension", alive=True),
        Reference("recognition_id", "DECIDES", "Recognition"),
        Reference("project_id", "DECIDES", "Project", alive=True),
        Reference("worth_of_id", "DECIDES", "Project"),
        Reference("severity_model_id", "DECIDES", "SeverityModel"),
        Reference("asked", "ASKED_OF", "Person"),
        Reference("proposer", "PROPOSED_BY", "Person", own="You may only propose in your own name."),
        Reference("managers", "PROPOSED_BY", "Person"),
        Reference("decided_by", "DECIDED_BY", "Person"),
        Reference("decided_for", "DECIDED_FOR", "Person"),
    ),
)
