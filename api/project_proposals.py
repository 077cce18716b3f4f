"""``/v1/projects/{projectId}/approvalProposals``: the approval of a project, asked for again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.approvals import DecisionDTO
from api.contract import create_responses
from api.preferences import Preferred
from api.problem_codes import WRITES
from api.problems import ProblemError
from api.proposals import propose
from api.schemas import WriteReceiptDTO
from api.security import GuardedRoute, Principal, requires
from api.things import Reach
from api.writes import IdempotencyKey, not_found
from graph.asking import ask_for_project
from graph.people_reads import viewer_behind
from graph.project_reads import get_project, project_to_approve
from ontology.base import OntologyModel, Text, Timestamp
from ontology.kinds.decision import DecisionAsked
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/projects/{projectId}", tags=["projects"], route_class=GuardedRoute)


class ApprovalProposalDTO(OntologyModel):
    """Why the project should be approved now; and what it is to become, where only its name is known."""

    goal: Text | None = None
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None
    reason: Text | None = None


@router.post(
    "/approvalProposals",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(DecisionDTO, *WRITES, "notFound", "approvalRefused"),
    summary="Ask for the approval of a project again",
)
async def propose_approval(
    project_id: Annotated[UUID, Path(alias="projectId")],
    body: ApprovalProposalDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_PROJECT))],
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """A proposal asks for it by itself once; after a rejection, or once nobody answered in time, whoever wants it does.

    Whoever proposed the project does not decide, whoever asks. One of which only the name is known is claimed by who
    asks: once it is approved, it is theirs.
    """
    details = body.model_dump(exclude={"reason"}, exclude_none=True)

    async def asked() -> DecisionAsked:
        viewer = await viewer_behind(services.graph, principal.caller)
        if await get_project(services.graph, project_id, viewer) is None:
            raise not_found()
        row = await project_to_approve(services.graph, project_id)
        if row is None or row["asked"]:
            said = "Its approval waits for an answer already." if row else "Only a proposal is approved."
            raise ProblemError("approvalRefused", said)
        terms = services.settings.decisions.project_approval
        if row["project"]["provisional"]:
            if viewer.person is None:
                raise ProblemError("approvalRefused", "Nobody here knows you yet; write something else first.")
            question = ask_for_project(row, viewer.person, terms, details)
        elif details:
            raise ProblemError("approvalRefused", "Its details are known; change them where it stands.")
        else:
            question = ask_for_project(row, UUID(row["proposer"]) if row["proposer"] else viewer.person, terms)
        if question is None:
            raise ProblemError(
                "approvalRefused", "It is private, and nobody else may see it: name somebody in visibleTo."
            )
        return question

    path = f"/v1/projects/{project_id}/approvalProposals"
    return await propose(path, body, asked, request, principal, services, key, preferred)
