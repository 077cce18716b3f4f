"""``/v1/runs``: what runs, how far it is and what it waits for; another try, and a stop before anything is written."""

import contextlib
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.convertors import StringConvertor, register_url_convertor

from api.problem_codes import ASKS_TEMPORAL, AUTHENTICATES, Codes
from api.problems import ProblemError, responses
from api.queries import Moment
from api.runs.schemas import (
    RunCancelDTO,
    RunDetailDTO,
    RunPageDTO,
    detail_dto,
    is_told_of,
    label_of,
    run_dto,
    tells_texts,
)
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.things import Reach
from api.writes import IdempotencyKey
from graph.errors import GraphUnavailableError
from graph.people_reads import viewer_behind
from graph.runs import has_written, standing
from graph.visibility import Viewer
from ontology import ids
from ontology.scopes import Scope
from runtime.run_views import RunFilters, RunStatus, RunView, RunWrittenError


class _RunConvertor(StringConvertor):
    """A run's id, whose slashes are its own; what is asked of a run is none."""

    regex = ".+(?<!/retry)(?<!/cancel)"


register_url_convertor("run", _RunConvertor())

router = APIRouter(prefix="/v1/runs", tags=["runs"], route_class=GuardedRoute)

Reading = Annotated[Principal, Depends(requires(Scope.READ_RUN))]
Operator = Annotated[Principal, Depends(requires(Scope.WRITE_RUN))]
WorkflowId = Annotated[
    str,
    Path(
        alias="workflowId",
        min_length=1,
        max_length=400,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="of the run; its slashes may stand as %2F",
    ),
]

_READS: Codes = (*AUTHENTICATES, *ASKS_TEMPORAL, "invalidRequest")
_ORDERS: Codes = (*_READS, "idempotencyKeyMissing", "idempotencyKeyInvalid", "notFound", "runOfTheSystem")


@router.get(
    "",
    responses=responses(*_READS, "cursorInvalid", "temporalRefused"),
    response_model_exclude_none=True,
    summary="List runs",
)
async def read_page(
    principal: Reading,
    services: Reach,
    status: Annotated[RunStatus | None, Query()] = None,
    agent: Annotated[
        str | None, Query(pattern="^[A-Za-z]{1,100}$", description="type of workflow, such as TensionWorkflow")
    ] = None,
    entity: Annotated[UUID | None, Query(alias="id", description="only runs about this thing")] = None,
    since: Annotated[Moment, Query(description="begun at or after; a plus is written %2B")] = None,
    until: Annotated[Moment, Query(description="begun before; a plus is written %2B")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> RunPageDTO:
    """Those that run first, then the last to end, as long as Temporal keeps them; of those that run what they wait for.

    The list follows what happens by a second or so; a run itself is read as it is. A run about what the caller may not
    see is told to nobody but operators, and to who sent its request: a page may be the shorter for it.
    """
    filters = RunFilters(status, agent, entity, since, until)
    cursors = services.cursors
    place = cursors.place(cursor, filters.named())
    page = await services.runs.page(filters, place=place, limit=limit)
    told = await _told(services, principal, page.runs)
    both = zip(page.runs, told, strict=True)
    items = [run_dto(run, services.settings, texts=tells) for run, tells in both if tells is not None]
    following = cursors.at(page.following, filters.named()) if page.following else None
    return RunPageDTO(items=items, next_cursor=following)


@router.get(
    "/{workflowId:run}",
    responses=responses(*_READS, "notFound"),
    response_model_exclude_none=True,
    summary="Read a run",
)
async def read_one(
    workflow_id: WorkflowId,
    principal: Reading,
    services: Reach,
    run_id: Annotated[UUID | None, Query(alias="runId", description="an older run under this id")] = None,
) -> RunDetailDTO:
    """A run with its steps, their attempts and last errors: the newest under its id, or the one that is named."""
    return await _shown(services, principal, workflow_id, str(run_id) if run_id else None)


@router.post(
    "/{workflowId:path}/retry",
    status_code=202,
    responses=responses(*_ORDERS, "runNotFailed"),
    response_model_exclude_none=True,
    summary="Try a failed run again",
)
async def retry(workflow_id: WorkflowId, principal: Operator, services: Reach, key: IdempotencyKey) -> RunDetailDTO:
    """Begin it again with the same input, under the same id, once its cause is mended; what it wrote is not doubled."""
    caller = principal.caller
    identity = ids.identity(caller.issuer, caller.subject)
    asked = str(ids.request_entity(caller.issuer, caller.subject, f"/v1/runs/{workflow_id}/retry", key))
    if not await services.runs.retry(workflow_id, identity, asked):
        raise _unknown()
    return await _shown(services, principal, workflow_id, None)


@router.post(
    "/{workflowId:path}/cancel",
    status_code=202,
    responses=responses(*_ORDERS, "runEnded", "runWritten", "graphUnavailable", "temporalRefused"),
    response_model_exclude_none=True,
    summary="Cancel a run that has written nothing",
)
async def cancel(
    workflow_id: WorkflowId,
    principal: Operator,
    services: Reach,
    _key: IdempotencyKey,
    body: RunCancelDTO | None = None,
) -> RunDetailDTO:
    """Stop it before it writes; what it has written is told to the end, and can be changed instead.

    It decides itself: while its step is under way it goes on, until it knows whether it wrote. One that was cancelled
    already is answered as it is.
    """
    if await has_written(services.graph, workflow_id):
        raise RunWrittenError("it has written; change what it wrote instead")
    caller = principal.caller
    reason = (body.reason if body else None) or "no reason was given"
    asked = f"{ids.identity(caller.issuer, caller.subject)}: {reason}"
    if not await services.runs.cancel(workflow_id, asked):
        raise _unknown()
    return await _shown(services, principal, workflow_id, None)


async def _shown(services: Services, principal: Principal, workflow_id: str, run_id: str | None) -> RunDetailDTO:
    detail = await services.runs.detail(workflow_id, run_id)
    if detail is None:
        raise _unknown()
    [texts] = await _told(services, principal, [detail.run])
    if texts is None:
        raise _unknown()
    return detail_dto(detail, services.settings, texts=texts)


async def _told(services: Services, principal: Principal, runs: Sequence[RunView]) -> list[bool | None]:
    """Run by run, whether the caller may read the texts of its errors; None where they may not know of it at all.

    While the graph is away, only their own texts are read.
    """
    caller = principal.caller
    viewer, known = Viewer(None, ids.identity(caller.issuer, caller.subject)), None
    with contextlib.suppress(GraphUnavailableError):
        viewer = await viewer_behind(services.graph, caller)
        things = {run.entity: label for run in runs if run.entity and (label := label_of(run))}
        known = await standing(services.graph, things, viewer)
    operates = principal.may(Scope.WRITE_RUN)
    return [tells_texts(run, viewer, known) if operates or is_told_of(run, viewer, known) else None for run in runs]


def _unknown() -> ProblemError:
    return ProblemError("notFound", "There is no such run, or Temporal keeps it no longer.")
