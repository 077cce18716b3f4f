"""``/v1/projects``."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.problem_codes import READS_PAGE
from api.problems import responses
from api.schemas import AnswerDTO, PersonBriefDTO, ProvenanceDTO, left_out, provenance, shared_fields
from api.security import Principal, requires
from api.things import Reach, Resource, router_of
from graph.people_reads import ids_of_person, viewer_behind
from graph.project_reads import ProjectFilters, get_project, list_projects
from ontology.base import Language, Name, OntologyModel, Text, Timestamp
from ontology.enums import ParticipantRole, ProjectStatus, TensionStatus, Visibility, WriteStatus
from ontology.kinds.project import PROJECT, ProjectProposed
from ontology.references import PersonRef
from ontology.scopes import Scope


class ProjectCreateDTO(ProjectProposed):
    """A project to be proposed; who proposes it defaults to the caller."""


class ProjectPatchDTO(OntologyModel):
    """What is to become of a project (RFC 7396)."""

    name: Name = Field(default_factory=left_out)
    goal: Text | None = None
    language: Language | None = None
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    visibility: Visibility = Field(default_factory=left_out)
    visible_to: list[PersonRef] | None = Field(None, max_length=50)
    cites_ids: list[UUID] | None = Field(None, max_length=50)


class ParticipantDTO(AnswerDTO):
    """Somebody who takes part in a project, or did."""

    person: PersonBriefDTO
    role: ParticipantRole
    start_at: Timestamp
    end_at: Timestamp | None = Field(None, description="absent of who takes part now")


class ResolvedTensionDTO(AnswerDTO):
    """A tension that a project is there for."""

    id: UUID
    title: str
    status: TensionStatus


class ProjectDTO(AnswerDTO):
    """A project as it stands in the graph."""

    id: UUID
    rev: int
    name: str
    goal: str | None = None
    language: str | None = None
    status: ProjectStatus
    provisional: bool = Field(description="only its name is known: something else named it first")
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    start_at: Timestamp | None = Field(None, description="when its work began")
    end_at: Timestamp | None = Field(None, description="when its work ended")
    proposer: PersonBriefDTO | None = Field(None, description="absent of a provisional one")
    visibility: Visibility
    cites_ids: list[UUID] = Field([], description="snippets that its plan builds on")
    visible_to: list[PersonBriefDTO] = Field(description="who may see it, beside who proposed it and takes part")
    participants: list[ParticipantDTO] = Field(description="who takes part now, then who did")
    tensions: list[ResolvedTensionDTO] = Field(description="those it resolves, as far as the caller may see them")
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class ProjectPageDTO(AnswerDTO):
    """A page of projects, the newest first."""

    items: list[ProjectDTO]
    next_cursor: str | None = None


def _dto(row: dict[str, Any]) -> ProjectDTO:
    proposers = [_brief(one) for one in row["proposers"]]
    participants = [
        {"person": _brief(one), "role": one["role"], "start_at": one["start"], "end_at": one["end"]}
        for one in row["participants"]
    ]
    return ProjectDTO.model_validate(
        {
            "visibility": Visibility.EVERYONE,
            **shared_fields(ProjectDTO, row["project"]),
            "visible_to": [_brief(one) for one in row["visibleTo"]],
            "cites_ids": row["cited"],
            "proposer": next(iter(proposers), None),
            "participants": participants,
            "tensions": row["tensions"],
            "recorded_by": provenance(row["events"]),
        }
    )


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "full_name": row["name"], "handle": row["handle"]}


RESOURCE = Resource(
    kind=PROJECT,
    noun="project",
    create=ProjectCreateDTO,
    answer=ProjectDTO,
    patch=ProjectPatchDTO,
    get=get_project,
    shown=_dto,
    creating="Propose a project",
    created="Its name is its own: others name it by that. Its managers change it, and while it has none its proposer.",
    refusals=("endBeforeStart", "projectExists", "projectEnded"),
    transits=("notApproved", "managerMissing", "tasksRunning"),
)

router = router_of(RESOURCE)


@router.get("", responses=responses(*READS_PAGE), summary="List projects")
async def read_page(
    principal: Annotated[Principal, Depends(requires(Scope.READ_PROJECT))],
    services: Reach,
    status: Annotated[ProjectStatus | None, Query()] = None,
    proposer_id: Annotated[UUID | None, Query(alias="proposerId")] = None,
    participant_id: Annotated[UUID | None, Query(alias="participantId", description="who takes part now")] = None,
    provisional: Annotated[bool | None, Query(description="whether only the name is known")] = None,
    text: Annotated[str | None, Query(max_length=200, description="part of the name, case and accents aside")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> ProjectPageDTO:
    """A page, the newest first; what is archived is listed where its state is asked for."""
    asked = {
        "status": status,
        "proposer": proposer_id,
        "participant": participant_id,
        "provisional": provisional,
        "text": text,
    }
    said = {name: str(value) if value is not None else None for name, value in asked.items()}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    viewer = await viewer_behind(services.graph, principal.caller)
    proposers = await ids_of_person(services.graph, proposer_id) if proposer_id else None
    participants = await ids_of_person(services.graph, participant_id) if participant_id else None
    filters = ProjectFilters(status, proposers, participants, provisional, text)
    rows = await list_projects(services.graph, viewer, filters, limit=limit + 1, after=after)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.created_at], str(last.id), said) if last else None
    return ProjectPageDTO(items=items, next_cursor=more)
