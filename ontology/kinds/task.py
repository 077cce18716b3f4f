"""Tasks: pieces of work of a project, done by who takes part in it."""

from typing import Any
from uuid import UUID

from pydantic import Field, model_validator

from ontology.base import Name, OntologyModel, Text, Timestamp
from ontology.enums import ParticipantRole, TaskStatus
from ontology.events import EventType
from ontology.kinds.kind import Imported, Kind, Reference
from ontology.nodes import Task
from ontology.references import PersonRef, ProjectRef
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


class TaskImported(OntologyModel):
    """A task as another tracker has it."""

    project: ProjectRef
    title: Name
    description: Text | None = None
    owner: PersonRef | None = None
    status: TaskStatus = TaskStatus.OPEN
    progress: float = Field(0.0, ge=0, le=1)
    due_at: Timestamp | None = None
    critical: bool = False
    occurred_at: Timestamp | None = None

    @model_validator(mode="before")
    @classmethod
    def _done_wholly(cls, said: Any) -> Any:
        """What is done is done wholly."""
        done = isinstance(said, dict) and said.get("status") == TaskStatus.DONE
        return {**said, "progress": 1.0} if done else said


class TaskRecorded(TaskImported):
    """All that may be said of a task: its project is named here in either way."""

    project: ProjectRef | None = None  # type: ignore[assignment]
    project_id: UUID | None = None
    parent_id: UUID | None = None


TASK = Kind(
    name="task",
    plural="tasks",
    entity=Task,
    content=TaskPlanned,
    whole=TaskRecorded,
    imported=Imported(content=TaskImported),
    recorded=EventType.TASK_PLANNED,
    changed=EventType.TASK_CHANGED,
    told=(EventType.TASK_FOLLOWED, EventType.TASK_REMINDED, EventType.TASK_OVERDUE),
    reads=Scope.READ_PROJECT,
    writes=Scope.WRITE_PROJECT,
    references=(
        Reference("project_id", "PART_OF", "Project", alive=True),
        Reference("project", "PART_OF", "Project"),
        Reference("parent_id", "SUBTASK_OF", "Task"),
        Reference("owner", "OWNED_BY", "Person"),
    ),
    editable=("title", "description", "due_at", "critical", "progress"),
    whose="managers and members of its project, or who proposed that while it has no manager",
    within=("PART_OF", (ParticipantRole.MANAGER, ParticipantRole.MEMBER)),
    kept=True,
)
