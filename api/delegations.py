"""``/v1/delegations``: who decides in somebody's place, on what, and how long."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field, JsonValue, model_validator

from api.contract import create_responses
from api.preferences import Preferred
from api.problem_codes import NAMES_PEOPLE, READS_PAGE, WRITES
from api.problems import ProblemError, responses
from api.schemas import AnswerDTO, PersonBriefDTO, ProvenanceDTO, WriteReceiptDTO, provenance, shared_fields
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.standing import lasting_authorities, standing_of
from api.things import Reach, Resource, record, router_of
from api.writes import IdempotencyKey
from graph.delegations import get_delegation, list_delegations
from ontology.base import OntologyModel, Text, Timestamp
from ontology.enums import DecisionKind, DelegationStatus, WriteStatus
from ontology.kinds.delegation import DELEGATION, DelegationGiven
from ontology.references import PersonRef
from ontology.scopes import Scope
from runtime.clock import now


def _either(one: str, schema: dict[str, JsonValue], other: str) -> JsonValue:
    """Schema of a body that names one and not the other."""
    return {"required": [one], "properties": {one: schema, other: {"type": "null"}}}


_ONE_OF_TWO = [
    _either("delegate", {"$ref": "#/components/schemas/PersonRef"}, "authority"),
    _either("authority", {"type": "string"}, "delegate"),
]


class DelegationCreateDTO(OntologyModel):
    """To whom, of what and until when the caller hands on what they are asked to decide."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _ONE_OF_TWO})

    delegate: PersonRef | None = None
    authority: str | None = Field(None, min_length=1, max_length=64, description="instead of a delegate: who has it")
    authorities: list[str] = Field([], max_length=20, description="of yours: what is asked of them is handed on too")
    kinds: list[DecisionKind] = Field([], max_length=20, description="of decisions; empty: all")
    start_at: Timestamp | None = Field(None, description="default: now")
    end_at: Timestamp
    note: Text | None = None

    @model_validator(mode="after")
    def _to_one(self) -> "DelegationCreateDTO":
        if (self.delegate is None) == (self.authority is None):
            raise ValueError("name either a delegate or an authority")
        return self


class DelegationDTO(AnswerDTO):
    """A delegation as it stands."""

    id: UUID
    rev: int
    status: DelegationStatus
    delegator: PersonBriefDTO
    delegate: PersonBriefDTO | None = None
    authority: str | None = None
    authorities: list[str]
    kinds: list[DecisionKind]
    start_at: Timestamp
    end_at: Timestamp
    note: str | None = None
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class DelegationPageDTO(AnswerDTO):
    """A page of delegations, the newest first."""

    items: list[DelegationDTO]
    next_cursor: str | None = None


def _dto(row: dict[str, Any]) -> DelegationDTO:
    def person(relation: str) -> dict[str, Any] | None:
        found = (one for one in row["people"] if one["relation"] == relation)
        return next(({"id": one["id"], "full_name": one["name"], "handle": one["handle"]} for one in found), None)

    return DelegationDTO.model_validate(
        {
            **shared_fields(DelegationDTO, row["delegation"]),
            "delegator": person("DELEGATED_BY"),
            "delegate": person("DELEGATED_TO"),
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(kind=DELEGATION, noun="delegation", answer=DelegationDTO, get=get_delegation, shown=_dto)

router = APIRouter(prefix=RESOURCE.path, tags=["approvals"], route_class=GuardedRoute)
things = router_of(RESOURCE)


@router.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(
        DelegationDTO, *WRITES, *NAMES_PEOPLE, "authorityNeeded", "selfDelegation", "endBeforeStart", "periodRefused"
    ),
    summary="Let another decide for some time",
)
async def delegate(
    body: DelegationCreateDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_DECISION))],
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """What is asked of the caller is asked of another meanwhile, of both at once; nobody hands it on further."""
    tree = services.settings
    known = {*tree.identity.authorities, *principal.authorities}
    if body.authority is not None and body.authority not in known:
        detail = f"There is no authority {body.authority}; there are {', '.join(sorted(known))}."
        raise ProblemError("referenceUnknown", detail, pointer="/authority")
    if body.authorities:
        await _check_handed_on(body.authorities, principal, services)
    begins = body.start_at or now()
    if body.end_at - begins > tree.decisions.longest_delegation:
        days = tree.decisions.longest_delegation.total_seconds() / 86_400
        raise ProblemError("periodRefused", f"A delegation is for {days:g} days at most.", pointer="/endAt")
    if body.end_at <= now():
        raise ProblemError("periodRefused", "It would be over already.", pointer="/endAt")
    said = DelegationGiven(**{**dict(body), "start_at": begins})
    return await record(RESOURCE, RESOURCE.path, body, said, request, principal, services, key, preferred)


async def _check_handed_on(handed_on: list[str], principal: Principal, services: Services) -> None:
    """The caller has each authority, and in a way that can be looked up when a delegate makes use of it.

    Raises
    ------
    ProblemError
        403: they do not have it, or only their token says so.
    """
    standing = await standing_of(services, principal)
    lasting = await lasting_authorities(services, principal, standing.viewer)
    for number, one in enumerate(handed_on):
        pointer = f"/authorities/{number}"
        if one not in standing.authorities:
            raise ProblemError("authorityNeeded", f"You do not have it: {one}.", pointer=pointer)
        if one not in lasting:
            detail = (
                f"You have the authority of {one} by a claim of your token alone. It cannot be handed on, since nobody "
                "could tell later whether you still have it; by your address or handle it could be."
            )
            raise ProblemError("authorityNeeded", detail, pointer=pointer)


@router.get("", responses=responses(*READS_PAGE), summary="List delegations")
async def read_page(
    principal: Annotated[Principal, Depends(requires(Scope.READ_DECISION))],
    services: Reach,
    mine: Annotated[bool, Query(description="only those that you gave, or by which you decide")] = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> DelegationPageDTO:
    """A page of who decides in whose place, also from some day on or until one that is past; the newest first."""
    said: dict[str, str | None] = {"mine": str(mine)}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    standing = await standing_of(services, principal)
    rows = await list_delegations(
        services.graph, standing.viewer, standing.authorities, mine=mine, limit=limit + 1, after=after
    )
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.created_at], str(last.id), said) if last else None
    return DelegationPageDTO(items=items, next_cursor=more)
