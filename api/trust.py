"""``/v1/people/{personId}/trust``: how far somebody's reports of tensions may be relied on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from api.problem_codes import READS_ONE
from api.problems import ProblemError, responses
from api.schemas import AnswerDTO
from api.security import GuardedRoute, Principal, requires
from api.standing import standing_of
from api.things import Reach
from api.writes import not_found
from graph.changes import MODERATOR
from graph.people_reads import get_person, ids_of_person
from graph.trust import trust_in
from ontology.enums import PersonKind
from ontology.references import WATCHER
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/people/{personId}", tags=["people"], route_class=GuardedRoute)


class TrustDTO(AnswerDTO):
    """What became of the tensions that somebody detected."""

    confirmed: int = Field(description="accepted, and never rejected")
    false_alarms: int = Field(description="rejected")
    trust: float = Field(description="mean of the Beta posterior, 0 to 1; 0.5 where nothing is decided yet")


@router.get(
    "/trust",
    responses=responses(*READS_ONE, "authorityNeeded"),
    summary="Read how far somebody's reports may be relied on",
)
async def read_trust(
    person_id: Annotated[UUID, Path(alias="personId")],
    principal: Annotated[Principal, Depends(requires(Scope.READ_TENSION))],
    services: Reach,
) -> TrustDTO:
    """Of an agent anybody may know; of a human only they themselves, and moderators."""
    standing = await standing_of(services, principal)
    row = await get_person(services.graph, person_id, standing.viewer)
    if row is None:
        raise not_found()
    person = row["person"]
    agent = person.get("kind") == PersonKind.AGENT or person.get("handle") == WATCHER.handle
    if not agent and person["id"] not in standing.viewer.keys and MODERATOR not in standing.authorities:
        detail = "Only they themselves and moderators know how far a human's reports may be relied on."
        raise ProblemError("authorityNeeded", detail)
    found = await trust_in(services.graph, await ids_of_person(services.graph, UUID(person["id"])))
    return TrustDTO(confirmed=found.confirmed, false_alarms=found.refuted, trust=round(found.mean, 4))
