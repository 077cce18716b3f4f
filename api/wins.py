"""``/v1/wins``: what projects were worth, each point with its evidence."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import Field

from api.changes import event_of
from api.problem_codes import READS_ONE, READS_PAGE, WRITES
from api.problems import responses
from api.schemas import AnswerDTO, ProjectBriefDTO, ProvenanceDTO, WriteReceiptDTO, provenance, shared_fields
from api.security import Principal, requires
from api.things import Reach, Resource, router_of
from api.writes import IdempotencyKey, not_found
from graph.people_reads import viewer_behind
from graph.win_reads import WinFilters, evaluations_of, get_win, list_wins
from ontology.base import Timestamp
from ontology.changes import NodeKey
from ontology.commands import EvaluateWin
from ontology.enums import WinPart, WinStatus, WriteStatus
from ontology.events import EventType
from ontology.kinds.win import WIN
from ontology.scopes import Scope

Reading = Annotated[Principal, Depends(requires(Scope.READ_WIN))]


class GroundDTO(AnswerDTO):
    """A thing that an input rests on."""

    label: str
    id: UUID
    name: str | None = None
    weight: float = Field(description="its share of the input")


Settling = Literal["time", "severity", "resolution"]
"""What would settle what is unknown: thirty days, a severity, or that something is resolved at all."""


class EvaluationInputDTO(AnswerDTO):
    """One of the six inputs of a score.

    Attributes
    ----------
    value, low, high
        0 to 1: what counts, and between what it may turn out to be.
    weight, contribution
        Its share in the score, and the points that come from it.
    """

    part: WinPart
    value: float
    low: float
    high: float
    weight: float
    contribution: float


class InputDTO(EvaluationInputDTO):
    """One of the six inputs, with what it rests on.

    Attributes
    ----------
    evidence
        What it rests on, as far as the caller may see that.
    unknown
        Ids of what is not known yet, among what the caller may see.
    settled_by
        What would settle it; absent where nothing is unknown, or nothing can settle it any more: which tensions a
        project was there for, and its plan, are fixed with its end.
    """

    evidence: list[GroundDTO]
    unknown: list[UUID]
    settled_by: Settling | None = None


class ScoreDTO(AnswerDTO):
    """A score of 0 to 100 points, with the interval in which it may turn out to be."""

    rev: int
    score: float
    score_low: float
    score_high: float
    wisdom: float
    intelligence: float
    networking: float
    rubric_version: str
    inputs_hash: str
    evaluated_at: Timestamp


class WinDTO(ScoreDTO):
    """What a project was worth: 0 to 100 points, with the interval in which the score may turn out to be."""

    id: UUID
    project: ProjectBriefDTO
    status: WinStatus
    inputs: list[InputDTO]
    published_score: float | None = Field(None, description="the score that was approved last")
    approval: UUID | None = Field(None, description="the decision on it that waits")
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class WinPageDTO(AnswerDTO):
    """A page of WINs, the newest first."""

    items: list[WinDTO]
    next_cursor: str | None = None


class EvaluationDTO(ScoreDTO):
    """A score as it was kept."""

    inputs: list[EvaluationInputDTO]
    event_id: UUID


class EvaluationsDTO(AnswerDTO):
    """Every score that was kept of a project, the latest first."""

    items: list[EvaluationDTO]


def _input(said: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """An input with what the caller may see of what it rests on."""
    shown = ("label", "id", "name", "weight")
    grounds = [{name: one[name] for name in shown} for one in row["grounds"] if one["part"] == said["part"]]
    seen = {one["id"] for one in row["grounds"]}
    unknown = [one for one in said["unknown"] if one in seen]
    return {**said, "evidence": grounds, "unknown": unknown, "settled_by": _settled_by(said, row, grounds)}


def _settled_by(said: dict[str, Any], row: dict[str, Any], grounds: list[dict[str, Any]]) -> Settling | None:
    if said["low"] == said["high"]:
        return None
    if said["part"] == WinPart.SOLUTION_QUALITY and grounds:
        return "severity"
    if said["part"] == WinPart.ROOT_CAUSE and any(one["label"] == "Tension" for one in row["grounds"]):
        return "time" if grounds else "resolution"
    return None


def _dto(row: dict[str, Any]) -> WinDTO:
    held = row["win"]
    return WinDTO.model_validate(
        {
            **shared_fields(WinDTO, held),
            "project": row["projects"][0],
            "inputs": [_input(one, row) for one in json.loads(held["inputs"])],
            "approval": next(iter(row["asked"]), None),
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(kind=WIN, noun="WIN", answer=WinDTO, get=get_win, shown=_dto)

router = router_of(RESOURCE)


@router.get("", responses=responses(*READS_PAGE), summary="List what projects were worth")
async def read_page(
    principal: Reading,
    services: Reach,
    status: Annotated[WinStatus | None, Query()] = None,
    project_id: Annotated[
        list[UUID] | None, Query(alias="projectId", max_length=20, description="of these projects: compare several")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> WinPageDTO:
    """A page of scores, the newest first, each with its inputs; those of several projects side by side."""
    said = {"status": status, "projectId": ",".join(sorted(map(str, project_id))) if project_id else None}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    viewer = await viewer_behind(services.graph, principal.caller)
    filters = WinFilters(status=status, projects=project_id)
    rows = await list_wins(services.graph, viewer, filters, limit=limit + 1, after=after)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.created_at], str(last.id), said) if last else None
    return WinPageDTO(items=items, next_cursor=more)


@router.get("/{winId}/evaluations", responses=responses(*READS_ONE), summary="Read every score of a WIN")
async def read_evaluations(
    principal: Reading, services: Reach, win_id: Annotated[UUID, Path(alias="winId")]
) -> EvaluationsDTO:
    """Every score that was kept, with its inputs as they were then; the latest first."""
    viewer = await viewer_behind(services.graph, principal.caller)
    kept = await evaluations_of(services.graph, win_id, viewer)
    if not kept:
        raise not_found()
    return EvaluationsDTO(items=[_evaluation(one) for one in kept])


@router.post(
    "/{winId}/evaluate", status_code=202, responses=responses(*WRITES, "notFound"), summary="Score a project anew"
)
async def evaluate(
    win_id: Annotated[UUID, Path(alias="winId")],
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_WIN))],
    services: Reach,
    key: IdempotencyKey,
) -> WriteReceiptDTO:
    """Have what a project was worth looked at again: where nothing that it rests on is new, the score stays.

    It is scored some seconds later, once for whatever comes meanwhile.
    """
    viewer = await viewer_behind(services.graph, principal.caller)
    row = await get_win(services.graph, win_id, viewer)
    if row is None:
        raise not_found()
    project, tree = UUID(row["projects"][0]["id"]), services.settings
    path, about = f"{RESOURCE.path}/{win_id}/evaluate", NodeKey(label=WIN.label, id=win_id)
    origin = event_of(EventType.WIN_SCORED, path, about, principal, key, tree.events.source)
    command = EvaluateWin(id=project, origin=origin, gather=tree.wins.gather)
    run = await services.runs.wake(command)
    return WriteReceiptDTO(id=win_id, write_status=WriteStatus.PENDING, workflow_id=run)


def _evaluation(kept: dict[str, Any]) -> EvaluationDTO:
    inputs = [{name: one[name] for name in one if name != "unknown"} for one in json.loads(kept["inputs"])]
    return EvaluationDTO.model_validate(
        {**shared_fields(EvaluationDTO, kept), "inputs": inputs, "event_id": kept["event"]}
    )
