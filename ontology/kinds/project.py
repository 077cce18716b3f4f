"""Projects: temporary efforts that resolve tensions, proposed by somebody and carried out by several."""

from ontology.base import Language, Name, OntologyModel, Text, Timestamp
from ontology.enums import ParticipantRole
from ontology.events import EventType
from ontology.kinds.kind import Kind, Reference
from ontology.nodes import Project
from ontology.references import PersonRef
from ontology.scopes import Scope


class ProjectProposed(OntologyModel):
    """What is proposed; the proposer defaults to the caller."""

    name: Name
    goal: Text | None = None
    language: Language | None = None
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    proposer: PersonRef | None = None


PROJECT = Kind(
    name="project",
    plural="projects",
    entity=Project,
    content=ProjectProposed,
    agent="ProjectWorkflow",
    recorded=EventType.PROJECT_PROPOSED,
    changed=EventType.PROJECT_CHANGED,
    withdrawn=EventType.PROJECT_ARCHIVED,
    reads=Scope.READ_PROJECT,
    writes=Scope.WRITE_PROJECT,
    references=(Reference("proposer", "PROPOSED_BY", "Person", own="You may only propose in your own name."),),
    editable=("name", "goal", "language", "planned_start_at", "planned_end_at"),
    authors=("PROPOSED_BY",),
    whose="its managers, or who proposed it while it has none",
    led=("PARTICIPATES_IN", ParticipantRole.MANAGER),
    told=(EventType.PROJECT_APPROVED, EventType.PARTICIPANT_ADDED, EventType.PARTICIPANT_LEFT),
    kept=True,
)
