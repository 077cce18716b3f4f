"""``/v1/projects/{projectId}/participants`` and ``…/tensions``: who takes part in a project, and what it resolves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.changes import change, event_of
from api.contract import change_responses
from api.preferences import Preferences, Preferred
from api.problem_codes import CHANGES_AT_ONCE, NAMES_PEOPLE
from api.projects import RESOURCE, ProjectDTO
from api.schemas import WriteReceiptDTO
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.things import Reach
from api.writes import IdempotencyKey
from ontology.base import OntologyModel, Text
from ontology.commands import Change, Participating, Resolving
from ontology.enums import ParticipantRole
from ontology.events import EventType
from ontology.kinds.project import PROJECT
from ontology.references import PersonRef
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/projects/{projectId}", tags=["projects"], route_class=GuardedRoute)

ProjectId = Annotated[UUID, Path(alias="projectId")]
PersonId = Annotated[UUID, Path(alias="personId")]
TensionId = Annotated[UUID, Path(alias="tensionId")]
Writer = Annotated[Principal, Depends(requires(Scope.WRITE_PROJECT))]

_REFUSALS = (*CHANGES_AT_ONCE, "authorNeeded", "archived")
_TAKES_PART = change_responses(ProjectDTO, *_REFUSALS, *NAMES_PEOPLE, "managerMissing", "projectEnded")
_RESOLVES = change_responses(ProjectDTO, *_REFUSALS, "referenceUnknown", "resolutionRefused", "projectEnded")


class ParticipantCreateDTO(OntologyModel):
    """Who shall take part in a project, and as what; one has one role at a time."""

    person: PersonRef
    role: ParticipantRole
    reason: Text | None = None


class ResolutionCreateDTO(OntologyModel):
    """The tension that a project shall resolve."""

    tension_id: UUID
    reason: Text | None = None


class _Gone(OntologyModel):
    """Who or what is taken out, as the address says."""

    id: UUID


@router.post(
    "/participants",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=_TAKES_PART,
    summary="Let somebody take part in a project",
)
async def add_participant(
    project_id: ProjectId,
    body: ParticipantCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Its managers do; while it has none, who proposed it, and always a moderator.

    Another role ends the one that somebody has.
    """
    part = {"participating": Participating(person=body.person, role=body.role)}
    return await _changed(
        project_id,
        "participants",
        body,
        EventType.PARTICIPANT_ADDED,
        part,
        request,
        principal,
        services,
        key,
        preferred,
    )


@router.delete(
    "/participants/{personId}",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=_TAKES_PART,
    summary="Let somebody take part in a project no more",
)
async def remove_participant(
    project_id: ProjectId,
    person_id: PersonId,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Whoever takes part may leave; its managers and a moderator let others go. An active project keeps a manager."""
    part = {"participating": Participating(person=PersonRef(id=person_id))}
    gone, path = _Gone(id=person_id), f"participants/{person_id}"
    return await _changed(
        project_id, path, gone, EventType.PARTICIPANT_LEFT, part, request, principal, services, key, preferred
    )


@router.post(
    "/tensions",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=_RESOLVES,
    summary="Let a project resolve a tension",
)
async def add_tension(
    project_id: ProjectId,
    body: ResolutionCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """The tension is Accepted, or others resolve it already; from now on it follows its projects."""
    said = {"resolving": [Resolving(tension=body.tension_id)]}
    return await _changed(
        project_id, "tensions", body, EventType.RESOLUTION_PLANNED, said, request, principal, services, key, preferred
    )


@router.delete(
    "/tensions/{tensionId}",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=_RESOLVES,
    summary="Let a project resolve a tension no more",
)
async def remove_tension(
    project_id: ProjectId,
    tension_id: TensionId,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """A tension that is in progress is Accepted again when no project is left that resolves it."""
    said = {"resolving": [Resolving(tension=tension_id, ends=True)]}
    gone, path = _Gone(id=tension_id), f"tensions/{tension_id}"
    return await _changed(
        project_id, path, gone, EventType.RESOLUTION_DROPPED, said, request, principal, services, key, preferred
    )


async def _changed(
    project: UUID,
    path: str,
    body: OntologyModel,
    event: EventType,
    said: dict[str, Any],
    request: Request,
    principal: Principal,
    services: Services,
    key: str,
    preferred: Preferences,
) -> Response:
    """Change who takes part in a project, or what it resolves; ``path`` is under the project's own."""
    location = f"{RESOURCE.path}/{project}"
    origin = event_of(event, f"{location}/{path}", body, principal, key, services.settings.events.source)
    held = sorted(principal.authorities)
    command = Change(id=project, origin=origin, label=PROJECT.label, values={}, authorities=held, **said)
    return await change(request, services, command, location, preferred, RESOURCE.reader(services, principal, project))
