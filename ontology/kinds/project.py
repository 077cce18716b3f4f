"""Projects: temporary efforts that resolve tensions, proposed by somebody and carried out by several."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator

from ontology.base import Language, Name, OntologyModel, Text, Timestamp
from ontology.changes import NodeChange
from ontology.commands import Resolving
from ontology.enums import ParticipantRole, ProjectStatus, TaskStatus, Visibility
from ontology.events import EventType, OutgoingEvent, ProjectCompleted
from ontology.kinds.kind import Consequence, Imported, Kind, Reference, is_private
from ontology.nodes import Project
from ontology.references import PersonRef, ProjectRef
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
    cites_ids: list[UUID] = Field(default=[], max_length=50, description="snippets that its plan builds on")
    visibility: Visibility = Visibility.EVERYONE
    visible_to: list[PersonRef] = Field(
        default=[],
        max_length=50,
        description="who may see what not everyone may, beside who proposed it and takes part; they approve it",
    )


_IMPORTED = (ProjectStatus.PROPOSAL, ProjectStatus.COMPLETED, ProjectStatus.CANCELLED, ProjectStatus.FAILED)
"""States that another tracker may give a project: what is at work is approved and moved on here."""


class ProjectImported(ProjectProposed):
    """A project as another tracker has it: one that waits for its approval, or that has ended."""

    status: ProjectStatus = ProjectStatus.PROPOSAL
    start_at: Timestamp | None = None
    end_at: Timestamp | None = None
    occurred_at: Timestamp | None = None

    @field_validator("status")
    @classmethod
    def _can_be_taken_over(cls, said: ProjectStatus) -> ProjectStatus:
        if said not in _IMPORTED:
            raise ValueError(f"a project that is {said} is imported as Proposal, approved, and moved on here")
        return said


def tension_follows(tension: UUID) -> Consequence:
    """A tension becomes what the projects that resolve it make of it."""
    return Consequence("Tension", tension, EventType.TENSION_FOLLOWED, {})


def task_follows(task: UUID) -> Consequence:
    """What is left to do of a project that has ended is done no more."""
    return Consequence("Task", task, EventType.TASK_FOLLOWED, {"status": TaskStatus.CANCELLED})


def _completed(said: ProjectCompleted) -> tuple[ProjectRef, dict[str, Any]]:
    """Another system completed a project: which, and what that changes."""
    resolving = [Resolving(tension=one) for one in said.resolved_tension_ids]
    return said.project, {"values": {"status": ProjectStatus.COMPLETED}, "resolving": resolving}


def _tells_change(project: NodeView, change: NodeChange, event_id: UUID) -> list[OutgoingEvent]:
    """PROJECT_COMPLETED says when it was, and which tensions it resolves."""
    if change.properties.get("status") != ProjectStatus.COMPLETED:
        return []
    said = ProjectCompleted(
        project=ProjectRef(id=project.id),
        completed_at=datetime.fromisoformat(str(project.properties["endAt"])),
        resolved_tension_ids=[one.id for one in project.at("RESOLVES") if one.id],
    )
    return [
        OutgoingEvent(
            event_id=event_id,
            type=EventType.PROJECT_COMPLETED,
            subject=project.id,
            occurred_at=said.completed_at,
            payload=said.model_dump(mode="json", exclude_none=True),
        )
    ]


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
    whole=ProjectImported,
    imported=Imported(content=ProjectImported),
    agent="ProjectWorkflow",
    recorded=EventType.PROJECT_PROPOSED,
    changed=EventType.PROJECT_CHANGED,
    withdrawn=EventType.PROJECT_ARCHIVED,
    reads=Scope.READ_PROJECT,
    writes=Scope.WRITE_PROJECT,
    references=(
        Reference("proposer", "PROPOSED_BY", "Person", own="You may only propose in your own name."),
        Reference("visible_to", "VISIBLE_TO", "Person"),
        Reference("cites_ids", "CITES", "KnowledgeSnippet"),
    ),
    editable=("name", "goal", "language", "planned_start_at", "planned_end_at", "visibility"),
    authors=("PROPOSED_BY",),
    parties=("PROPOSED_BY", "PARTICIPATES_IN", "VISIBLE_TO"),
    private=is_private,
    whose="its managers, or who proposed it while it has none",
    led=("PARTICIPATES_IN", ParticipantRole.MANAGER),
    told=(
        EventType.PROJECT_APPROVED,
        EventType.PROJECT_COMPLETED,
        EventType.PARTICIPANT_ADDED,
        EventType.PARTICIPANT_LEFT,
        EventType.RESOLUTION_PLANNED,
        EventType.RESOLUTION_DROPPED,
        EventType.PROJECT_REMINDED,
        EventType.PROJECT_OVERDUE,
    ),
    changed_by={EventType.PROJECT_COMPLETED: _completed},
    moves={ProjectStatus.COMPLETED: EventType.PROJECT_COMPLETED},
    tells_change=_tells_change,
    told_changes=(EventType.PROJECT_COMPLETED,),
    follows=_follows,
    kept=True,
)
