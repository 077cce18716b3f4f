"""``/v1/tensions/{tensionId}/…Proposals``: what whoever sees a tension proposes to those who decide about it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.approvals import DecisionDTO
from api.contract import create_responses
from api.preferences import Preferred
from api.problem_codes import NAMES_PEOPLE, WRITES, Codes
from api.problems import ProblemError
from api.proposals import propose
from api.schemas import WriteReceiptDTO
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.things import Reach
from api.writes import IdempotencyKey, not_found
from graph.asking import ask_of_tension, in_words
from graph.database import Row
from graph.errors import NameRefusedError
from graph.names import look_up_names
from graph.people_reads import viewer_behind
from graph.tensions import get_tension
from ontology.base import Name, OntologyModel
from ontology.enums import DecisionKind
from ontology.kinds.decision import DecisionAsked
from ontology.kinds.tension import WORDS
from ontology.lifecycles import ARCHIVED
from ontology.questions import MentionCandidate, MentionProposal, SeverityProposal
from ontology.scopes import Scope
from runtime.settings import DecisionTerms
from runtime.text import stands_in

router = APIRouter(prefix="/v1/tensions/{tensionId}", tags=["tensions"], route_class=GuardedRoute)

TensionId = Annotated[UUID, Path(alias="tensionId")]
Writer = Annotated[Principal, Depends(requires(Scope.WRITE_DECISION))]

_CODES: Codes = (*WRITES, *NAMES_PEOPLE, "notFound", "archived", "nobodyToAsk")


class SeverityProposalDTO(SeverityProposal):
    """How severe a tension is in the eyes of who proposes it, and why."""


class MentionProposalDTO(OntologyModel):
    """A name that stands in the tension's words."""

    name: Name


@router.post(
    "/severityProposals",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(DecisionDTO, *_CODES),
    summary="Propose how severe a tension is",
)
async def propose_severity(
    tension_id: TensionId,
    body: SeverityProposalDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Whose tension it is and, where everyone sees it, who has an authority are asked: the answer leads there."""

    async def asked() -> DecisionAsked:
        row, viewer = await _tension(tension_id, principal, services)
        question = in_words("Is the severity {} right for “{}”?", int(body.severity), row["tension"]["title"])
        proposal = SeverityProposal(**dict(body))
        terms = services.settings.decisions.tension_severity
        return _ask(DecisionKind.TENSION_SEVERITY, question, proposal, terms, row, viewer)

    path = f"/v1/tensions/{tension_id}/severityProposals"
    return await propose(path, body, asked, request, principal, services, key, preferred)


@router.post(
    "/mentionProposals",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(DecisionDTO, *_CODES),
    summary="Ask who is meant by a name in a tension",
)
async def propose_mention(
    tension_id: TensionId,
    body: MentionProposalDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """The name stands in the tension's words; those whom it fits are the candidates, and the answer names one."""

    async def asked() -> DecisionAsked:
        row, viewer = await _tension(tension_id, principal, services)
        proposal = await _candidates(body.name, row["tension"], services)
        question = in_words("Who is {} in “{}”?", body.name, row["tension"]["title"])
        terms = services.settings.decisions.person_mention
        return _ask(DecisionKind.PERSON_MENTION, question, proposal, terms, row, viewer)

    path = f"/v1/tensions/{tension_id}/mentionProposals"
    return await propose(path, body, asked, request, principal, services, key, preferred)


async def _candidates(name: str, tension: dict[str, Any], services: Services) -> MentionProposal:
    """Whom a name in a tension's words fits.

    Raises
    ------
    ProblemError
        422: the name does not stand there.
    NameRefusedError
        It fits nobody.
    """
    if not any(stands_in(name, tension[words]) for words in WORDS if words in tension):
        raise ProblemError("nameRefused", "The name does not stand in the tension's words.", pointer="/name")
    found = (await look_up_names(services.graph, [name])).fitting(name)
    if not found:
        raise NameRefusedError(name, (), pointer="/name")
    candidates = [MentionCandidate(id=one["id"], full_name=one["fullName"]) for one in found]
    return MentionProposal(name=name, candidates=candidates)


async def _tension(tension_id: UUID, principal: Principal, services: Services) -> tuple[Row, list[UUID]]:
    """A tension as the caller may see it, and every id that the caller is known by.

    Raises
    ------
    ProblemError
        404: it is not there for the caller. 409: it was archived.
    """
    viewer = await viewer_behind(services.graph, principal.caller)
    row = await get_tension(services.graph, tension_id, viewer)
    if row is None:
        raise not_found()
    if row["tension"]["status"] == ARCHIVED:
        raise ProblemError("archived", "The tension was withdrawn, and is changed no more.")
    return row, viewer.people


def _ask(
    kind: DecisionKind, question: str, proposal: OntologyModel, terms: DecisionTerms, row: Row, proposer: list[UUID]
) -> DecisionAsked:
    """What is asked of a tension's people but who proposes it, and of authorities where everyone sees the tension.

    Raises
    ------
    ProblemError
        409: nobody is left to be asked.
    """
    asked = ask_of_tension(kind, question, proposal, terms, row, proposer)
    if asked is None:
        detail = "Nobody decides what they proposed, and nobody else may be asked about this tension."
        raise ProblemError("nobodyToAsk", detail)
    return asked
