"""``/v1/why``: what made a node or relation so, and how its text is found."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.contract import read_responses
from api.problem_codes import AUTHENTICATES, READS_GRAPH, READS_ONE, SEARCHES
from api.representations import Conditional, represent
from api.security import GuardedRoute, Principal, ReadsSomething, missing_scope
from api.services import Services, services_of
from api.why.page import node_page, receipt_page, relation_page
from api.why.schemas import WhyDTO, WhyReceiptDTO, WhyRelationDTO
from api.writes import hidden, not_found, not_there, written
from graph.people_reads import viewer_behind
from graph.why import NAMED, Sight
from ontology.kinds.agents import label_written_by
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/why", tags=["why"], route_class=GuardedRoute)

Reach = Annotated[Services, Depends(services_of)]


@router.get(
    "/{id}",
    response_model=WhyDTO | WhyReceiptDTO,
    responses=read_responses(*READS_ONE, *SEARCHES),
    dependencies=[Conditional],
    summary="Why is a thing so?",
)
async def why_node(
    node_id: Annotated[UUID, Path(alias="id", description="of a node of any kind, an event or a state too")],
    principal: ReadsSomething,
    services: Reach,
    request: Request,
    q: Annotated[
        str | None, Query(min_length=1, max_length=1000, description="also tell how a search for this finds its text")
    ] = None,
) -> Response:
    """Tell which events, runs, attempts and people made a node so; right after a 202 this never says 404.

    Any scope that reads will do; what is not covered by yours is left out.
    """
    if q and not principal.may(Scope.READ_KNOWLEDGE):
        raise missing_scope(Scope.READ_KNOWLEDGE)
    for _ in range(2):  # a run may end between the two looks
        sight = await sight_of(services, principal)
        page = await node_page(services, node_id, sight, principal.reads, q)
        if page is not None:
            return represent(request, page)
        receipt, pending = await _accepted(services, principal, node_id)
        if receipt is not None:
            return represent(request, receipt)
        if not pending:
            break
    raise await not_there(services)


@router.get(
    "/{id}/{type}/{targetId}",
    response_model=WhyRelationDTO,
    responses=read_responses(*AUTHENTICATES, *READS_GRAPH, "notFound"),
    dependencies=[Conditional],
    summary="Why is a relation so?",
)
async def why_relation(
    node_id: Annotated[UUID, Path(alias="id", description="of the node it leaves")],
    relation: Annotated[str, Path(alias="type", pattern="^[A-Z][A-Z_]{0,63}$", description="for instance RECEIVED_BY")],
    target_id: Annotated[UUID, Path(alias="targetId", description="of the node it reaches")],
    principal: ReadsSomething,
    services: Reach,
    request: Request,
) -> Response:
    """Tell which events made and ended a relation, each time it held."""
    sight = await sight_of(services, principal)
    page = await relation_page(services, node_id, relation, target_id, sight)
    if page is None:
        raise not_found()
    return represent(request, page)


async def _accepted(services: Services, principal: Principal, entity_id: UUID) -> tuple[WhyReceiptDTO | None, bool]:
    """The newest run whose thing does not stand yet; and whether one has done its work, so that another look is due."""
    runs = [
        run
        for run in await services.runs.accepted_writes(entity_id)
        if not hidden(run, principal.caller) and label_written_by(run.workflow_id) in principal.reads
    ]
    open_runs = [run for run in runs if run.running or run.failed]
    if open_runs and await written(services, entity_id, open_runs[0]):
        return None, True
    return (receipt_page(services, entity_id, open_runs[0]) if open_runs else None), bool(runs)


async def sight_of(services: Services, principal: Principal) -> Sight:
    """What a caller may see and name."""
    viewer = await viewer_behind(services.graph, principal.caller)
    return Sight(viewer, principal.reads | NAMED)
