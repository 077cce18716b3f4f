"""``/v1/projects/{projectId}/participants``: who takes part in a project, and as what."""

from typing import Annotated
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
from ontology.commands import Change, Participating
from ontology.enums import ParticipantRole
from ontology.events import EventType
from ontology.kinds.project import PROJECT
from ontology.references import PersonRef
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/projects/{projectId}", tags=["projects"], route_class=GuardedRoute)

ProjectId = Annotated[UUID, Path(alias="projectId")]
PersonId = Annotated[UUID, Path(alias="personId")]
Writer = Annotated[Principal, Depends(requires(Scope.WRITE_PROJECT))]

_CODES = (*CHANGES_AT_ONCE, *NAMES_PEOPLE, "authorNeeded", "archived", "managerMissing")


class ParticipantCreateDTO(OntologyModel):
    """Who shall take part in a project, and as what; one has one role at a time."""

    person: PersonRef
    role: ParticipantRole
    reason: Text | None = None


class _Leaving(OntologyModel):
    person: UUID


@router.post(
    "/participants",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=change_responses(ProjectDTO, *_CODES),
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
    part = Participating(person=body.person, role=body.role)
    path = f"{RESOURCE.path}/{project_id}/participants"
    command = _command(project_id, path, body, part, EventType.PARTICIPANT_ADDED, principal, key, services)
    return await _changed(command, request, principal, services, preferred)


@router.delete(
    "/participants/{personId}",
    response_model=ProjectDTO | WriteReceiptDTO,
    responses=change_responses(ProjectDTO, *_CODES),
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
    part, body = Participating(person=PersonRef(id=person_id)), _Leaving(person=person_id)
    path = f"{RESOURCE.path}/{project_id}/participants/{person_id}"
    command = _command(project_id, path, body, part, EventType.PARTICIPANT_LEFT, principal, key, services)
    return await _changed(command, request, principal, services, preferred)


def _command(
    project: UUID,
    path: str,
    body: OntologyModel,
    part: Participating,
    event: EventType,
    principal: Principal,
    key: str,
    services: Services,
) -> Change:
    origin = event_of(event, path, body, principal, key, services.settings.events.source)
    held = sorted(principal.authorities)
    return Change(id=project, origin=origin, label=PROJECT.label, values={}, participating=part, authorities=held)


async def _changed(
    command: Change, request: Request, principal: Principal, services: Services, preferred: Preferences
) -> Response:
    read = RESOURCE.reader(services, principal, command.id)
    return await change(request, services, command, f"{RESOURCE.path}/{command.id}", preferred, read)
