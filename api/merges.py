"""``/v1/people/{personId}/merges``: two people who turn out to be one, looked at before, said, and undone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.approvals import DecisionDTO
from api.changes import change, event_of
from api.contract import change_responses, create_responses
from api.people import RESOURCE
from api.preferences import Preferred
from api.problem_codes import AUTHENTICATES, CHANGES_AT_ONCE, NAMES_PEOPLE, READS_GRAPH, WRITES, Codes
from api.problems import ProblemError, responses
from api.proposals import propose
from api.schemas import AnswerDTO, FailureDTO, PersonDTO, WriteReceiptDTO
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.standing import standing_of
from api.things import Reach
from api.writes import IdempotencyKey
from graph.asking import ask, in_words
from graph.people_preview import MergePreview, Standing, merge_preview
from ontology.base import OntologyModel
from ontology.commands import MergePeople, UnmergePeople
from ontology.enums import DecisionKind
from ontology.events import EventType
from ontology.kinds.decision import DecisionAsked
from ontology.questions import MergeProposal
from ontology.references import PersonRef
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/people/{personId}/merges", tags=["people"], route_class=GuardedRoute)

proposals = APIRouter(prefix="/v1/people/{personId}/mergeProposals", tags=["people"], route_class=GuardedRoute)

OPERATOR = "operator"
"""The authority under which people are merged."""

_CODES: Codes = (*CHANGES_AT_ONCE, "mergeRefused", "authorityNeeded")

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_PERSON))]
Survivor = Annotated[UUID, Path(alias="personId", description="the person who stays")]
Duplicate = Annotated[UUID, Path(alias="duplicateId", description="the person who leads there")]


class MergeCreateDTO(OntologyModel):
    """Who turned out to be the person."""

    duplicate_id: UUID


class IdentityDTO(AnswerDTO):
    """A token that stands for somebody."""

    issuer: str
    subject: str


class StandingDTO(AnswerDTO):
    """A person as a merge would find them; what is counted includes what was said of who leads to them."""

    id: UUID
    full_name: str
    role: str
    email: str | None = None
    handle: str | None = None
    provisional: bool
    given: int
    received: int
    authored: int
    detected: int
    owned: int
    commented: int
    identities: list[IdentityDTO]
    led: int


class MergePreviewDTO(AnswerDTO):
    """Both people of a merge, and why it would be refused as things stand."""

    duplicate: StandingDTO | None = None
    survivor: StandingDTO | None = None
    refusal: FailureDTO | None = None


@router.get(
    "/{duplicateId}",
    responses=responses(*AUTHENTICATES, *READS_GRAPH, "authorityNeeded"),
    response_model_exclude_none=True,
    summary="Look at a merge before",
)
async def preview(survivor: Survivor, duplicate: Duplicate, principal: Writer, services: Reach) -> MergePreviewDTO:
    """Who both are, what was said of them, and what stands against the merge; nothing is written."""
    await _check_authority(services, principal)
    return _dto(await merge_preview(services.graph, duplicate, survivor))


@router.post(
    "",
    response_model=PersonDTO | WriteReceiptDTO,
    responses=change_responses(PersonDTO, *_CODES),
    summary="Say that two people are one",
)
async def merge(
    survivor: Survivor,
    body: MergeCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """The duplicate leads to the person from now on; what was written about either stays written."""
    await _check_authority(services, principal)
    path, source = f"{RESOURCE.path}/{survivor}/merges", services.settings.events.source
    origin = event_of(EventType.PERSON_MERGED, path, body, principal, key, source)
    command = MergePeople(id=survivor, origin=origin, duplicate=body.duplicate_id, survivor=survivor)
    read = RESOURCE.reader(services, principal, survivor)
    return await change(request, services, command, f"{RESOURCE.path}/{survivor}", preferred, read)


@proposals.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(DecisionDTO, *WRITES, *NAMES_PEOPLE, "mergeRefused"),
    summary="Propose that two people are one",
)
async def propose_merge(
    survivor: Survivor,
    body: MergeCreateDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_DECISION))],
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Whoever may merge people is asked: the answer leads to the decision."""

    async def asked() -> DecisionAsked:
        found = await merge_preview(services.graph, body.duplicate_id, survivor)
        if found.refusal or not found.survivor or not found.duplicate:
            detail = str(found.refusal) if found.refusal else "one of the two is not there"
            raise ProblemError("mergeRefused", detail, pointer="/duplicateId")
        question = in_words("Is {} the same person as {}?", found.duplicate.full_name, found.survivor.full_name)
        proposal = MergeProposal(duplicate_id=body.duplicate_id)
        terms = services.settings.decisions.person_merge
        return ask(DecisionKind.PERSON_MERGE, question, proposal, terms, person=PersonRef(id=survivor))

    path = f"{RESOURCE.path}/{survivor}/mergeProposals"
    return await propose(path, body, asked, request, principal, services, key, preferred)


@router.delete(
    "/{duplicateId}",
    response_model=PersonDTO | WriteReceiptDTO,
    responses=change_responses(PersonDTO, *_CODES),
    summary="Undo a merge",
)
async def unmerge(
    survivor: Survivor,
    duplicate: Duplicate,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """The duplicate stands alone again; what was written meanwhile stays with whom it named."""
    await _check_authority(services, principal)
    path, source = f"{RESOURCE.path}/{survivor}/merges/{duplicate}", services.settings.events.source
    origin = event_of(EventType.PERSON_UNMERGED, path, MergeCreateDTO(duplicate_id=duplicate), principal, key, source)
    read = RESOURCE.reader(services, principal, duplicate)
    command = UnmergePeople(id=duplicate, origin=origin, survivor=survivor)
    return await change(request, services, command, f"{RESOURCE.path}/{duplicate}", preferred, read)


async def _check_authority(services: Services, principal: Principal) -> None:
    if OPERATOR not in (await standing_of(services, principal)).authorities:
        detail = f"This takes the authority of {OPERATOR}; whose it is, is a setting of the deployment."
        raise ProblemError("authorityNeeded", detail)


def _dto(found: MergePreview) -> MergePreviewDTO:
    refusal = found.refusal
    return MergePreviewDTO(
        duplicate=_standing(found.duplicate),
        survivor=_standing(found.survivor),
        refusal=FailureDTO(code=refusal.code, detail=str(refusal), pointer=refusal.pointer) if refusal else None,
    )


def _standing(one: Standing | None) -> StandingDTO | None:
    if one is None:
        return None
    identities = [IdentityDTO(issuer=token.issuer, subject=token.subject) for token in one.identities]
    return StandingDTO(**{**vars(one), "identities": identities})
