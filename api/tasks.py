"""``/v1/tasks``: what is to be done in projects."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from api.contract import create_responses
from api.preferences import Preferred
from api.problem_codes import NAMES_PEOPLE, READS_PAGE, WRITES
from api.problems import ProblemError, responses
from api.queries import Moment
from api.schemas import (
    AnswerDTO,
    PersonBriefDTO,
    ProjectBriefDTO,
    ProvenanceDTO,
    WriteReceiptDTO,
    left_out,
    provenance,
    shared_fields,
)
from api.security import Principal, requires
from api.services import Services
from api.standing import standing_of
from api.things import Reach, Resource, record, router_of
from api.writes import IdempotencyKey
from graph.changes import MODERATOR
from graph.participants import may_work
from graph.people_reads import ids_of_person, viewer_behind
from graph.project_reads import get_project
from graph.tasks import TaskFilters, get_task, list_tasks
from ontology.base import Name, OntologyModel, Text, Timestamp
from ontology.enums import TaskStatus, WriteStatus
from ontology.kinds.task import TASK, TaskPlanned
from ontology.lifecycles import PROJECT_ENDED
from ontology.references import PersonRef
from ontology.scopes import Scope
from runtime.clock import rfc3339


class TaskCreateDTO(TaskPlanned):
    """What is to be done in a project."""


class TaskPatchDTO(OntologyModel):
    """What is to become of a task (RFC 7396)."""

    title: Name = Field(default_factory=left_out)
    description: Text | None = None
    owner: PersonRef | None = Field(None, description="who takes part in its project")
    due_at: Timestamp | None = None
    critical: bool = Field(default_factory=left_out)
    progress: float = Field(default_factory=left_out, ge=0, le=1)


class TaskDTO(AnswerDTO):
    """A task as it stands in the graph."""

    id: UUID
    rev: int
    project: ProjectBriefDTO
    parent_id: UUID | None = Field(None, description="the task that it is a part of")
    title: str
    description: str | None = None
    status: TaskStatus
    critical: bool
    progress: float = Field(description="share done")
    due_at: Timestamp | None = None
    owner: PersonBriefDTO | None = None
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class TaskPageDTO(AnswerDTO):
    """A page of tasks."""

    items: list[TaskDTO]
    next_cursor: str | None = None


def _dto(row: dict[str, Any]) -> TaskDTO:
    owner = row["owner"]
    return TaskDTO.model_validate(
        {
            **shared_fields(TaskDTO, row["task"]),
            "project": row["project"],
            "parent_id": row["parent"],
            "owner": owner and {"id": owner["id"], "full_name": owner["fullName"], "handle": owner.get("handle")},
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(
    kind=TASK,
    noun="task",
    answer=TaskDTO,
    patch=TaskPatchDTO,
    get=get_task,
    shown=_dto,
    refusals=("projectEnded", "ownerNotParticipant"),
    transits=("projectEnded", "projectOnHold", "ownerNotParticipant"),
)

router = router_of(RESOURCE)


@router.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(
        TaskDTO, *WRITES, *NAMES_PEOPLE, "authorNeeded", "projectEnded", "ownerNotParticipant", "subtaskElsewhere"
    ),
    summary="Plan a task",
)
async def plan(
    body: TaskCreateDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_PROJECT))],
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Managers and members of its project do, while that has no manager who proposed it, and always a moderator."""

    async def check() -> None:
        await _check(body, principal, services)

    said = TaskPlanned(**dict(body))
    return await record(RESOURCE, RESOURCE.path, body, said, request, principal, services, key, preferred, check)


async def _check(body: TaskCreateDTO, principal: Principal, services: Services) -> None:
    """Pass when the caller may plan a task there, as far as that can be told before it is written."""
    viewer = await viewer_behind(services.graph, principal.caller)
    row = await get_project(services.graph, body.project_id, viewer)
    if row is None:
        raise ProblemError("referenceUnknown", f"There is no project {body.project_id}.", pointer="/projectId")
    assert TASK.within is not None
    works = await may_work(services.graph, body.project_id, viewer, TASK.within[1])
    if not works and MODERATOR not in (await standing_of(services, principal)).authorities:
        raise ProblemError("authorNeeded", f"Only {TASK.whose}, or a moderator, may do this.")
    if row["project"]["status"] in PROJECT_ENDED:
        detail = f"The project is {row['project']['status']}: nothing of it is done any more."
        raise ProblemError("projectEnded", detail, pointer="/projectId")
    if body.parent_id and await get_task(services.graph, body.parent_id, viewer) is None:
        raise ProblemError("referenceUnknown", f"There is no task {body.parent_id}.", pointer="/parentId")


@router.get("", responses=responses(*READS_PAGE), summary="List tasks")
async def read_page(
    principal: Annotated[Principal, Depends(requires(Scope.READ_PROJECT))],
    services: Reach,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    owner_id: Annotated[UUID | None, Query(alias="ownerId")] = None,
    status: Annotated[TaskStatus | None, Query()] = None,
    critical: Annotated[bool | None, Query()] = None,
    due_before: Annotated[
        Moment, Query(alias="dueBefore", description="due before then; a plus is written %2B")
    ] = None,
    order: Annotated[Literal["newest", "due"], Query(description="due: those due soonest first, others not at all")] = (
        "newest"
    ),
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> TaskPageDTO:
    """A page, the newest or the soonest due first."""
    due = rfc3339(due_before) if due_before else None
    asked = {"project": project_id, "owner": owner_id, "status": status, "critical": critical, "due": due}
    said = {name: str(value) if value is not None else None for name, value in {**asked, "order": order}.items()}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    viewer = await viewer_behind(services.graph, principal.caller)
    owners = await ids_of_person(services.graph, owner_id) if owner_id else None
    filters = TaskFilters(project_id, owners, status, critical, due_before)
    by_due = order == "due"
    rows = await list_tasks(services.graph, viewer, filters, limit=limit + 1, after=after, by_due=by_due)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    place = last and (last.due_at if by_due else last.created_at)
    more = cursors.after([place], str(last.id), said) if last and place else None
    return TaskPageDTO(items=items, next_cursor=more)
