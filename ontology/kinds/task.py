"""Tasks: pieces of work of a project, done by who takes part in it."""

from uuid import UUID

from ontology.base import Name, OntologyModel, Text, Timestamp
from ontology.enums import ParticipantRole
from ontology.events import EventType
from ontology.kinds.kind import Kind, Reference
from ontology.nodes import Task
from ontology.references import PersonRef
from ontology.scopes import Scope


class TaskPlanned(OntologyModel):
    """What is to be done in a project."""

    project_id: UUID
    parent_id: UUID | None = None
    title: Name
    description: Text | None = None
    owner: PersonRef | None = None
    due_at: Timestamp | None = None
    critical: bool = False


TASK = Kind(
    name="task",
    plural="tasks",
    entity=Task,
    content=TaskPlanned,
    recorded=EventType.TASK_PLANNED,
    changed=EventType.TASK_CHANGED,
    told=(EventType.TASK_FOLLOWED, EventType.TASK_REMINDED, EventType.TASK_OVERDUE),
    reads=Scope.READ_PROJECT,
    writes=Scope.WRITE_PROJECT,
    references=(
        Reference("project_id", "PART_OF", "Project", alive=True),
        Reference("parent_id", "SUBTASK_OF", "Task"),
        Reference("owner", "OWNED_BY", "Person"),
    ),
    editable=("title", "description", "due_at", "critical", "progress"),
    whose="managers and members of its project, or who proposed that while it has no manager",
    within=("PART_OF", (ParticipantRole.MANAGER, ParticipantRole.MEMBER)),
    kept=True,
)
