"""Projects: temporary efforts that resolve tensions, proposed by somebody and carried out by several."""

from uuid import UUID

from ontology.base import Language, Name, OntologyModel, Text, Timestamp
from ontology.changes import NodeChange
from ontology.enums import ParticipantRole, TaskStatus
from ontology.events import EventType
from ontology.kinds.kind import Consequence, Kind, Reference
from ontology.nodes import Project
from ontology.references import PersonRef
from ontology.scopes import Scope
from ontology.views import NodeView


class ProjectProposed(OntologyModel):
    """What is proposed; the proposer defaults to the caller."""

    name: Name
    goal: Text | None = None
    language: Language | None = None
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    proposer: PersonRef | None = None


def tension_follows(tension: UUID) -> Consequence:
    """A tension becomes what the projects that resolve it make of it."""
    return Consequence("Tension", tension, EventType.TENSION_FOLLOWED, {})


def task_follows(task: UUID) -> Consequence:
    """What is left to do of a project that has ended is done no more."""
    return Consequence("Task", task, EventType.TASK_FOLLOWED, {"status": TaskStatus.CANCELLED})


def _follows(project: NodeView, change: NodeChange) -> list[Consequence]:
    """The tensions that a project resolves follow it from state to state."""
    if "status" not in change.properties:
        return []
    return [tension_follows(one.id) for one in project.at("RESOLVES") if one.id]


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
    told=(
        EventType.PROJECT_APPROVED,
        EventType.PARTICIPANT_ADDED,
        EventType.PARTICIPANT_LEFT,
        EventType.RESOLUTION_PLANNED,
        EventType.RESOLUTION_DROPPED,
        EventType.PROJECT_REMINDED,
        EventType.PROJECT_OVERDUE,
    ),
    follows=_follows,
    kept=True,
)
