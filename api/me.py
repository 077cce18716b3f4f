"""``/v1/me``: who stands behind the token, and what they may do."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from api.people import RESOURCE
from api.problem_codes import READS_GRAPH
from api.problems import responses
from api.schemas import AnswerDTO, PersonDTO
from api.security import GuardedRoute, Principal, requires
from api.standing import standing_of
from api.things import Reach
from graph.decisions import count_asked
from graph.due import count_due
from graph.people_reads import get_person
from graph.tensions import count_escalated, count_owned
from ontology import ids
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/me", tags=["people"], route_class=GuardedRoute)


class MeDTO(AnswerDTO):
    """Whoever sent the token.

    Attributes
    ----------
    person
        Absent as long as nobody with this address is known, and the token never wrote.
    """

    identity_id: UUID
    email: str | None = None
    full_name: str | None = None
    person: PersonDTO | None = None
    also: list[UUID] = []
    scopes: list[str]
    authorities: list[str]
    tensions_owned: int = Field(description="tensions that wait for the person: owned, and not yet come to an end")
    tensions_escalated: int = Field(description="tensions that wait for the person's authorities, for want of progress")
    tasks_due: int = Field(description="tasks due soon or overdue: the person's own, and overdue ones they manage")
    projects_due: int = Field(description="projects that the person manages and that are due soon or overdue")
    decisions_asked: int = Field(description="decisions that wait for the person, by name or authority")


@router.get(
    "",
    responses=responses("tokenMissing", "tokenInvalid", "issuerUnavailable", "internal", *READS_GRAPH),
    response_model_exclude_none=True,
    summary="Who am I?",
)
async def me(principal: Annotated[Principal, Depends(requires())], services: Reach) -> MeDTO:
    """The person behind the token with their other ids, the token's scopes, and the authorities they have."""
    standing = await standing_of(services, principal)
    viewer = standing.viewer
    row = await get_person(services.graph, viewer.person, viewer) if viewer.person else None
    owned = await count_owned(services.graph, viewer)
    escalated = await count_escalated(services.graph, viewer, standing.authorities)
    tasks, projects = await count_due(services.graph, viewer)
    caller = principal.caller
    return MeDTO(
        identity_id=ids.identity(caller.issuer, caller.subject),
        email=caller.email,
        full_name=caller.full_name,
        person=RESOURCE.shown(row) if row else None,
        also=list(viewer.merged),
        scopes=sorted(str(scope) for scope in Scope if principal.may(scope)),
        authorities=standing.authorities,
        tensions_owned=owned,
        tensions_escalated=escalated,
        tasks_due=tasks,
        projects_due=projects,
        decisions_asked=await count_asked(services.graph, standing),
    )
