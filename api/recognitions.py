"""``/v1/recognitions``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.contract import create_responses, read_responses
from api.cursors import Cursors
from api.problems import ProblemError, responses
from api.schemas import (
    RecognitionCreateDTO,
    RecognitionDTO,
    RecognitionPageDTO,
    WriteReceiptDTO,
    provenance,
    shared_fields,
)
from api.security import Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, KnownRevision, PreferredWait, Route, accept, answer, read_or_receipt
from graph.errors import SelfRecognitionError
from graph.names import resolve_names
from graph.people_reads import find_person, person_behind
from graph.recognitions import get_recognition, list_recognitions
from ontology.base import Timestamp
from ontology.commands import RecordRecognition
from ontology.events import EventType, RecognitionContent
from ontology.references import PersonRef
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/recognitions", tags=["recognitions"])

ROUTE = Route("/v1/recognitions", "recognition", EventType.RECOGNITION_CREATED)

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_RECOGNITION))]
Reading = Annotated[Principal, Depends(requires(Scope.READ_RECOGNITION))]
Reach = Annotated[Services, Depends(services_of)]


@router.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(RecognitionDTO, 400, 401, 403, 413, 422, 503),
    summary="Recognise a contribution",
)
async def create(
    body: RecognitionCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    wait: PreferredWait,
) -> Response:
    """Accept a recognition durably; it stands in the graph a moment later."""
    content = await _attributed(body, principal, services)
    entity_id = ROUTE.entity_id(principal.caller, key)
    origin = ROUTE.origin(body, entity_id, principal.caller, services.settings.events.source, body.occurred_at)
    command = RecordRecognition(id=entity_id, origin=origin, recognition=content)
    started = await accept(services, command)

    async def read() -> RecognitionDTO | None:
        # The writer may see what they wrote, private or not, whoever the giver is.
        return await _read(services, entity_id, None, own=True)

    return await answer(request, services, command, started, f"/v1/recognitions/{entity_id}", wait, read)


@router.get(
    "/{recognition_id}",
    response_model=RecognitionDTO | WriteReceiptDTO,
    responses=read_responses(401, 403, 404, 422, 503),
    dependencies=[KnownRevision],
    summary="Read a recognition",
)
async def read_one(recognition_id: UUID, request: Request, principal: Reading, services: Reach) -> Response:
    """Read a recognition, or how far its accepted write is; right after a 202 this never says 404."""

    async def read() -> RecognitionDTO | None:
        viewer = await person_behind(services.graph, principal.caller)
        return await _read(services, recognition_id, viewer)

    workflow_id = f"recognition/{recognition_id}"
    return await read_or_receipt(request, services, principal.caller, recognition_id, workflow_id, read)


@router.get("", responses=responses(400, 401, 403, 422, 503), summary="List recognitions")
async def read_page(
    principal: Reading,
    services: Reach,
    giver_id: Annotated[UUID | None, Query(alias="giverId")] = None,
    receiver_id: Annotated[UUID | None, Query(alias="receiverId")] = None,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    since: Annotated[Timestamp | None, Query(description="occurred at or after")] = None,
    until: Annotated[Timestamp | None, Query(description="occurred before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> RecognitionPageDTO:
    """A page of what the caller may see, newest first."""
    filters = {
        "giver": giver_id,
        "receiver": receiver_id,
        "project": project_id,
        "since": since,
        "until": until,
    }
    said = {name: str(value) if value else None for name, value in filters.items()}
    cursors = Cursors(services.settings.api.cursor_secret.get_secret_value())
    after = cursors.read(cursor, said, moments=2)
    viewer = await person_behind(services.graph, principal.caller)
    rows = await list_recognitions(services.graph, viewer=viewer, limit=limit + 1, after=after, **filters)  # type: ignore[arg-type]
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.occurred_at, last.created_at], str(last.id), said) if last else None
    return RecognitionPageDTO(items=items, next_cursor=more)


async def _attributed(body: RecognitionCreateDTO, principal: Principal, services: Services) -> RecognitionContent:
    """The content with bare names resolved and a giver the caller may name."""
    people: list[tuple[str, PersonRef]] = [(f"/receivers/{n}", ref) for n, ref in enumerate(body.receivers)]
    if body.giver:
        people.append(("/giver", body.giver))
    resolved = await resolve_names(services.graph, people)
    receivers = resolved[: len(body.receivers)]
    giver = resolved[-1] if body.giver else None
    if giver and await _is_caller(giver, principal, services):
        giver = None
    if giver and not principal.may(Scope.RECOGNITION_ON_BEHALF):
        challenge = f'Bearer error="insufficient_scope", scope="{Scope.RECOGNITION_ON_BEHALF}"'
        detail = "You may only give recognitions of your own."
        raise ProblemError(403, "onBehalfForbidden", detail, pointer="/giver", headers={"WWW-Authenticate": challenge})
    own = PersonRef(email=principal.caller.email) if principal.caller.email else None
    for number, receiver in enumerate(receivers):
        known = giver or own
        if known and receiver.certainly(known):
            raise SelfRecognitionError("Nobody recognises themselves.", pointer=f"/receivers/{number}")
    return RecognitionContent(**{**dict(body), "giver": giver, "receivers": receivers})


async def _is_caller(ref: PersonRef, principal: Principal, services: Services) -> bool:
    """Whether a reference means the caller; the graph is asked only where the token cannot tell."""
    if ref.email:
        return ref.email == principal.caller.email
    if principal.may(Scope.RECOGNITION_ON_BEHALF):
        return False
    behind = await person_behind(services.graph, principal.caller)
    return behind is not None and behind == await find_person(services.graph, ref)


async def _read(
    services: Services, recognition_id: UUID, viewer: UUID | None, *, own: bool = False
) -> RecognitionDTO | None:
    row = await get_recognition(services.graph, recognition_id, viewer, everything=own)
    return _dto(row) if row else None


def _dto(row: dict[str, Any]) -> RecognitionDTO:
    return RecognitionDTO(
        **shared_fields(RecognitionDTO, row["recognition"]),
        giver=row["giver"],
        receivers=row["receivers"],
        project=row["projects"][0] if row["projects"] else None,
        task_id=row["tasks"][0] if row["tasks"] else None,
        tension_id=row["tensions"][0] if row["tensions"] else None,
        recorded_by=provenance(row["events"]),
    )
