"""``/v1/approvals``: what humans are asked to decide, and how they answer."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, JsonValue

from api.changes import code_of, event_of
from api.contract import change_responses, read_responses
from api.problem_codes import CHANGES_AT_ONCE, READS_ONE, READS_PAGE
from api.problems import ProblemError, responses
from api.representations import Conditional, represent
from api.schemas import AnswerDTO, PersonBriefDTO, ProvenanceDTO, WriteReceiptDTO, provenance, shared_fields
from api.security import GuardedRoute, Principal, requires
from api.standing import standing_of
from api.things import Reach, Resource
from api.writes import IdempotencyKey, conflict, not_found, read_or_receipt
from graph.answers import check_answer
from graph.decisions import DecisionFilters, asking, get_decision, list_decisions, proposers_of
from graph.errors import IdConflictError
from graph.people_reads import viewer_behind
from ontology.base import OntologyModel, Text, Timestamp
from ontology.decisions import taking
from ontology.enums import DecidedAs, DecisionFollowed, DecisionKind, DecisionPolicy, DecisionStatus, WriteStatus
from ontology.events import EventType
from ontology.kinds.decision import DECISION
from ontology.questions import AnswerUnfitError, answered
from ontology.scopes import Scope
from runtime.authorities import Authorities
from runtime.runs import RunRefusedError

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=GuardedRoute)

Reading = Annotated[Principal, Depends(requires(Scope.READ_DECISION))]
DecisionId = Annotated[UUID, Path(alias="decisionId")]

_ENDS = {"Approve": DecisionStatus.APPROVED, "Reject": DecisionStatus.REJECTED}


class SubjectDTO(AnswerDTO):
    """What is decided on."""

    label: str
    id: UUID
    name: str | None = None


class DecisionCreateDTO(OntologyModel):
    """An answer."""

    outcome: Literal["Approve", "Reject"]
    answer: dict[str, JsonValue] = Field({}, description="as the decision's form has it; of an approval")
    reason: Text | None = Field(None, description="kept with the decision")


class DecisionDTO(AnswerDTO):
    """A decision as it stands.

    Attributes
    ----------
    form
        JSON Schema of the answer.
    """

    id: UUID
    rev: int
    kind: DecisionKind
    question: str
    status: DecisionStatus
    subject: SubjectDTO
    form: dict[str, JsonValue]
    proposal: dict[str, JsonValue] | None = None
    asked: list[PersonBriefDTO]
    authorities: list[str]
    proposed_by: PersonBriefDTO | None = None
    managers: list[PersonBriefDTO] = Field([], description="of a score: who managed the project, and decides not")
    decided_by: PersonBriefDTO | None = None
    decided_for: PersonBriefDTO | None = Field(None, description="in whose place a delegate decided")
    decided_as: DecidedAs | None = None
    answer: dict[str, JsonValue] | None = None
    reason: str | None = None
    followed: DecisionFollowed | None = Field(None, description="what became of what was approved")
    follow_reason: str | None = Field(None, description="why it was refused for good")
    reminded: bool = False
    asked_at: Timestamp | None = Field(None, description="from when the times count")
    remind_at: Timestamp | None = None
    escalate_at: Timestamp | None = None
    deadline: Timestamp | None = None
    policy: DecisionPolicy | None = Field(None, description="what becomes of it at the deadline")
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class DecisionPageDTO(AnswerDTO):
    """A page of decisions, the newest first."""

    items: list[DecisionDTO]
    next_cursor: str | None = None


def _dto(row: dict[str, Any]) -> DecisionDTO:
    held, targets = row["decision"], row["targets"]

    def people(relation: str) -> list[dict[str, Any]]:
        found = [one for one in targets if one["relation"] == relation]
        return [{"id": one["id"], "full_name": one["name"], "handle": one["handle"]} for one in found]

    subject = next(one for one in targets if one["relation"] == "DECIDES")
    proposer, others = proposers_of(held, {str(one["id"]): one for one in people("PROPOSED_BY")})
    texts = {name: json.loads(held[name]) for name in ("form", "proposal", "answer") if held.get(name)}
    return DecisionDTO.model_validate(
        {
            **shared_fields(DecisionDTO, held),
            **texts,
            "subject": {"label": subject["label"], "id": subject["id"], "name": subject["name"]},
            "asked": people("ASKED_OF"),
            "proposed_by": proposer,
            "managers": others if held["kind"] == DecisionKind.WIN_APPROVAL else [],
            "decided_by": next(iter(people("DECIDED_BY")), None),
            "decided_for": next(iter(people("DECIDED_FOR")), None),
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(kind=DECISION, noun="decision", answer=DecisionDTO, get=get_decision, shown=_dto)


@router.get("", responses=responses(*READS_PAGE), summary="List decisions")
async def read_page(
    principal: Reading,
    services: Reach,
    mine: Annotated[bool, Query(description="only those that you may decide")] = False,
    status: Annotated[DecisionStatus | None, Query()] = None,
    kind: Annotated[DecisionKind | None, Query()] = None,
    until: Annotated[Timestamp | None, Query(description="asked for before")] = None,
    subject_id: Annotated[UUID | None, Query(alias="subjectId", description="what is decided on")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> DecisionPageDTO:
    """A page of what the caller is asked, proposed, or may read the subject of; newest first."""
    asked = {"mine": mine or None, "status": status, "kind": kind, "until": until, "subject": subject_id}
    said = {name: str(value) if value else None for name, value in asked.items()}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    standing = await standing_of(services, principal)
    filters = DecisionFilters(mine, status, kind, until, subject_id)
    rows = await list_decisions(services.graph, standing, filters, limit=limit + 1, after=after)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.created_at], str(last.id), said) if last else None
    return DecisionPageDTO(items=items, next_cursor=more)


@router.get(
    "/{decisionId}",
    response_model=DecisionDTO | WriteReceiptDTO,
    responses=read_responses(*READS_ONE),
    dependencies=[Conditional],
    summary="Read a decision",
)
async def read_one(decision_id: DecisionId, request: Request, principal: Reading, services: Reach) -> Response:
    """The decision with the form of its answer, or how far its accepted write is."""
    read = RESOURCE.reader(services, principal, decision_id)
    run = DECISION.run_id(decision_id, DECISION.record_event(decision_id))
    return await read_or_receipt(request, services, principal.caller, decision_id, run, read)


@router.post(
    "/{decisionId}/decision",
    response_model=DecisionDTO,
    responses=change_responses(DecisionDTO, *CHANGES_AT_ONCE, "notAsked", "alreadyDecided", at_once=True),
    summary="Decide",
)
async def decide(
    decision_id: DecisionId,
    body: DecisionCreateDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_DECISION))],
    services: Reach,
    key: IdempotencyKey,
) -> Response:
    """Whoever is asked decides, once and in time; nobody decides what they proposed."""
    viewer = await viewer_behind(services.graph, principal.caller)
    row = await get_decision(services.graph, decision_id, viewer)
    if row is None:
        raise not_found()
    path, source = f"/v1/approvals/{decision_id}/decision", services.settings.events.source
    values: dict[str, JsonValue] = {"status": _ENDS[body.outcome], "decidedAs": DecidedAs.ASKED}
    if body.outcome == "Approve":
        values["answer"] = _checked(row["decision"], body.answer)
    if body.reason:
        values["reason"] = body.reason
    origin = event_of(EventType.DECISION_TAKEN, path, body, principal, key, source)
    answer = taking(decision_id, origin, values, sorted(principal.authorities))
    try:
        await check_answer(services.graph, answer, Authorities(services.settings.identity.authorities))
        await services.runs.decide(asking(row, source), answer, timeout=services.settings.api.wait_limit)
    except IdConflictError as error:
        raise conflict() from error
    except RunRefusedError as error:
        raise ProblemError(code_of(error), str(error), pointer=error.pointer) from error
    taken = await RESOURCE.reader(services, principal, decision_id)()
    if taken is None:
        raise not_found()
    return represent(request, taken)


def _checked(decision: dict[str, JsonValue], answer: dict[str, JsonValue]) -> str:
    """The answer to a decision, whole, JSON as text.

    Raises
    ------
    ProblemError
        422: it is not what the decision asks for.
    """
    try:
        return answered(decision, json.dumps(answer)).model_dump_json()
    except AnswerUnfitError as error:
        raise ProblemError("invalidRequest", str(error), pointer=error.pointer) from error
