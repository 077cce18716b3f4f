"""``/v1/projects/{projectId}/approvalProposals``: the approval of a project, asked for again."""

from collections.abc import Mapping
from typing import Annotated, Any
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
from graph.errors import RuleBrokenError
from graph.people_reads import viewer_behind
from graph.project_reads import get_project, project_to_approve
from graph.values import json_properties
from ontology.base import OntologyModel, Text, Timestamp
from ontology.kinds.decision import DecisionAsked
from ontology.kinds.project import PROJECT
from ontology.rules import violations
from ontology.scopes import Scope
from ontology.views import NodeView

router = APIRouter(prefix="/v1/projects/{projectId}", tags=["projects"], route_class=GuardedRoute)


_DAYS = ("plannedStartAt", "plannedEndAt")


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
    responses=create_responses(DecisionDTO, *WRITES, "notFound", "approvalRefused", "endBeforeStart"),
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

    Neither who asks nor who proposed the project decides. One of which only the name is known is claimed by who asks:
    once it is approved, it is theirs. It is asked once at a time, whoever asks.
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
            _check_days(row["project"], body)
            question = ask_for_project(row, viewer.person, terms, details)
        elif details:
            raise ProblemError("approvalRefused", "Its details are known; change them where it stands.")
        else:
            first = UUID(row["proposer"]) if row["proposer"] else None
            question = ask_for_project(row, first if first in viewer.people else viewer.person, terms)
        if question is None:
            raise ProblemError(
                "approvalRefused", "It is private, and nobody else may see it: name somebody in visibleTo."
            )
        return question

    path = f"/v1/projects/{project_id}/approvalProposals"
    return await propose(path, body, asked, request, principal, services, key, preferred)


def _check_days(project: Mapping[str, Any], claim: ApprovalProposalDTO) -> None:
    """Pass when a project may be planned for the days that a claim says.

    Raises
    ------
    RuleBrokenError
        422: it would end before it starts.
    """
    held = json_properties({name: project[name] for name in _DAYS if name in project})
    said = claim.model_dump(mode="json", exclude_none=True, include={"planned_start_at", "planned_end_at"})
    for violation in violations(NodeView(label=PROJECT.label, id=project["id"], properties={**held, **said})):
        raise RuleBrokenError(violation)
