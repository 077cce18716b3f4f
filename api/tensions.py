"""``/v1/tensions``."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.changes import change, change_of
from api.contract import change_responses
from api.preferences import Preferred
from api.problem_codes import CHANGES_AT_ONCE, READS_PAGE
from api.problems import responses
from api.queries import Since, Until
from api.schemas import WriteReceiptDTO, provenance, shared_fields
from api.security import Principal, requires
from api.tension_schemas import (
    SeverityDTO,
    SupportDTO,
    TensionCreateDTO,
    TensionDTO,
    TensionPageDTO,
    TensionPatchDTO,
    hints_of,
)
from api.things import Reach, Resource, router_of
from api.writes import IdempotencyKey, not_found
from graph.people_reads import ids_of_person, viewer_behind
from graph.tensions import TensionFilters, get_tension, list_tensions
from ontology.enums import Severity, TensionKind, TensionStatus
from ontology.kinds.tension import TENSION
from ontology.scopes import Scope


def _dto(row: dict[str, Any]) -> TensionDTO:
    def named(relation: str, label: str = "Person") -> list[dict[str, Any]]:
        return [
            {"id": one["id"], "full_name": one["name"], "handle": one["handle"]}
            if label == "Person"
            else {"id": one["id"], "name": one["name"]}
            for one in row["targets"]
            if (one["relation"], one["label"]) == (relation, label)
        ]

    said = shared_fields(TensionDTO, row["tension"])
    if not row["escalated"]:
        said.pop("escalatedTo", None)  # somebody saw to it since
    if "severityJudgement" in said:
        said["severityJudgement"] = orjson.loads(said["severityJudgement"])
    said["mentions"] = orjson.loads(said.get("mentions", "[]"))
    return TensionDTO.model_validate(
        {
            **said,
            "detector": named("DETECTED_BY")[0],
            "owner": next(iter(named("OWNED_BY")), None),
            "affected_people": named("AFFECTS"),
            "affected_projects": named("AFFECTS", "Project"),
            "visible_to": named("VISIBLE_TO"),
            "supported_by": named("SUPPORTED_BY"),
            "mentioned_people": named("MENTIONS"),
            "mentioned_projects": named("MENTIONS", "Project"),
            "comments": row["comments"],
            "hints": hints_of(row["tension"], row["targets"]),
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(
    kind=TENSION,
    noun="tension",
    create=TensionCreateDTO,
    answer=TensionDTO,
    patch=TensionPatchDTO,
    get=get_tension,
    shown=_dto,
    creating="Report a tension",
    transits=("closedWithoutWin", "reasonNeeded"),
    created="Accept it durably; only the title is required, and the answer hints at what would make it clearer.",
)

router = router_of(RESOURCE)

Reading = Annotated[Principal, Depends(requires(Scope.READ_TENSION))]
Writer = Annotated[Principal, Depends(requires(Scope.WRITE_TENSION))]
TensionId = Annotated[UUID, Path(alias="tensionId")]


@router.get("", responses=responses(*READS_PAGE), summary="List tensions")
async def read_page(
    principal: Reading,
    services: Reach,
    status: Annotated[TensionStatus | None, Query(description="one state; default: all but the archived")] = None,
    severity: Annotated[Severity | None, Query()] = None,
    kind: Annotated[TensionKind | None, Query()] = None,
    detector_id: Annotated[UUID | None, Query(alias="detectorId")] = None,
    owner_id: Annotated[UUID | None, Query(alias="ownerId")] = None,
    affected_id: Annotated[UUID | None, Query(alias="affectedId", description="a person or project")] = None,
    mentioned_id: Annotated[UUID | None, Query(alias="mentionedId", description="a person or project")] = None,
    supported_by_me: Annotated[bool, Query(alias="supportedByMe")] = False,
    escalated_to: Annotated[str | None, Query(alias="escalatedTo", description="an authority")] = None,
    text: Annotated[
        str | None, Query(max_length=200, description="part of the title or the facts, case and accents aside")
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> TensionPageDTO:
    """A page of what the caller may see, newest first by when it happened; a board asks once per state."""
    asked = {
        "status": status,
        "severity": severity,
        "kind": kind,
        "detector": detector_id,
        "owner": owner_id,
        "affected": affected_id,
        "mentioned": mentioned_id,
        "mine": supported_by_me or None,
        "escalatedTo": escalated_to,
        "text": text,
        "since": since,
        "until": until,
    }
    said = {name: str(value) if value else None for name, value in asked.items()}
    cursors = services.cursors
    after = cursors.read(cursor, said, moments=2)
    viewer = await viewer_behind(services.graph, principal.caller)
    related = [
        (relation, await ids_of_person(services.graph, one))
        for relation, one in (
            ("OWNED_BY", owner_id),
            ("DETECTED_BY", detector_id),
            ("AFFECTS", affected_id),
            ("MENTIONS", mentioned_id),
        )
        if one
    ]
    if supported_by_me:
        related.append(("SUPPORTED_BY", viewer.people))
    filters = TensionFilters(status, severity, kind, related, since, until, text, escalated_to)
    rows = await list_tensions(services.graph, viewer, filters, limit=limit + 1, after=after)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.occurred_at, last.created_at], str(last.id), said) if last else None
    return TensionPageDTO(items=items, next_cursor=more)


@router.post(
    "/{tensionId}/severity",
    response_model=TensionDTO | WriteReceiptDTO,
    responses=change_responses(TensionDTO, *CHANGES_AT_ONCE, "authorNeeded", "archived"),
    summary="Say how severe a tension is",
)
async def set_severity(
    tension_id: TensionId,
    body: SeverityDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """A human's word, with its reason: no machine changes it afterwards."""
    values: dict[str, Any] = {"severity": int(body.severity), "severityBy": "human"}
    source = services.settings.events.source
    command = change_of(TENSION, tension_id, body, values, principal, key, [], source, "severity")
    read = RESOURCE.reader(services, principal, tension_id)
    return await change(request, services, command, f"{RESOURCE.path}/{tension_id}", preferred, read)


@router.put(
    "/{tensionId}/support",
    response_model=TensionDTO | WriteReceiptDTO,
    responses=change_responses(TensionDTO, *CHANGES_AT_ONCE, "archived"),
    summary="Say that you feel a tension too, or no more",
)
async def support(
    tension_id: TensionId,
    body: SupportDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Anybody who sees it may; it counts once, however often it is said."""
    read = RESOURCE.reader(services, principal, tension_id)
    if await read() is None:
        raise not_found()
    source = services.settings.events.source
    command = change_of(TENSION, tension_id, body, {}, principal, key, [], source, "support")
    field = "joins" if body.felt else "leaves"
    command = command.model_copy(update={field: ["supported_by"]})
    return await change(request, services, command, f"{RESOURCE.path}/{tension_id}", preferred, read)
