"""``/v1/recognitions``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.attribution import attributed
from api.contract import create_responses, read_responses
from api.cursors import Cursors
from api.history import READS_HISTORY, Before, HistoryDTO, Limit, history
from api.preferences import Preferred
from api.problem_codes import NAMES_PEOPLE, READS_ONE, READS_PAGE, WRITES
from api.problems import responses
from api.queries import Since, Until
from api.reading import Reader, reader
from api.representations import Conditional
from api.schemas import (
    RecognitionCreateDTO,
    RecognitionDTO,
    RecognitionPageDTO,
    WriteReceiptDTO,
    provenance,
    shared_fields,
)
from api.security import GuardedRoute, Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, Route, accept, accepted_before, answer, read_or_receipt
from graph.errors import NameRefusedError, SelfRecognitionError
from graph.names import resolve_names
from graph.people_reads import ids_of_person, viewer_behind
from graph.recognitions import get_recognition, list_recognitions
from ontology.commands import RecordRecognition
from ontology.events import EventType, RecognitionContent
from ontology.references import PersonRef
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/recognitions", tags=["recognitions"], route_class=GuardedRoute)

ROUTE = Route("/v1/recognitions", "recognition", EventType.RECOGNITION_CREATED)

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_RECOGNITION))]
Reading = Annotated[Principal, Depends(requires(Scope.READ_RECOGNITION))]
Reach = Annotated[Services, Depends(services_of)]


@router.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(RecognitionDTO, *WRITES, *NAMES_PEOPLE, "selfRecognition"),
    summary="Recognise a contribution",
)
async def create(
    body: RecognitionCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Accept a recognition durably; it stands in the graph a moment later."""
    entity_id = ROUTE.entity_id(principal.caller, key)
    origin = ROUTE.origin(body, entity_id, principal.caller, services.settings.events.source, body.occurred_at)
    command = RecordRecognition(id=entity_id, origin=origin, recognition=RecognitionContent(**dict(body)))
    try:
        content = await _attributed(body, principal, services)
    except NameRefusedError:
        started = await accepted_before(services, command)
        if started is None:
            raise
    else:
        command = command.model_copy(update={"recognition": content})
        started = await accept(services, command)

    read = _reader(services, principal, entity_id)
    return await answer(request, services, command, started, f"/v1/recognitions/{entity_id}", preferred, read)


@router.get(
    "/{recognitionId}",
    response_model=RecognitionDTO | WriteReceiptDTO,
    responses=read_responses(*READS_ONE),
    dependencies=[Conditional],
    summary="Read a recognition",
)
async def read_one(
    recognition_id: Annotated[UUID, Path(alias="recognitionId")],
    request: Request,
    principal: Reading,
    services: Reach,
) -> Response:
    """Read a recognition, or how far its accepted write is; to whom it was accepted from this never says 404."""
    read = _reader(services, principal, recognition_id)
    workflow_id = f"recognition/{recognition_id}"
    return await read_or_receipt(request, services, principal.caller, recognition_id, workflow_id, read)


@router.get("", responses=responses(*READS_PAGE), summary="List recognitions")
async def read_page(
    principal: Reading,
    services: Reach,
    giver_id: Annotated[UUID | None, Query(alias="giverId")] = None,
    receiver_id: Annotated[UUID | None, Query(alias="receiverId")] = None,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    since: Since = None,
    until: Until = None,
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
    viewer = await viewer_behind(services.graph, principal.caller)
    people = {
        name: await ids_of_person(services.graph, one)
        for name, one in (("giver", giver_id), ("receiver", receiver_id))
        if one
    }
    rows = await list_recognitions(
        services.graph,
        viewer=viewer,
        limit=limit + 1,
        after=after,
        project=project_id,
        since=since,
        until=until,
        **people,
    )
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
    refusal = "You may only give recognitions of your own."
    giver = await attributed(giver, principal, services, pointer="/giver", refusal=refusal)
    own = PersonRef(email=principal.caller.email) if principal.caller.email else None
    for number, receiver in enumerate(receivers):
        known = giver or own
        if known and receiver.certainly(known):
            raise SelfRecognitionError("Nobody recognises themselves.", pointer=f"/receivers/{number}")
    return RecognitionContent(**{**dict(body), "giver": giver, "receivers": receivers})


@router.get(
    "/{recognitionId}/history", responses=responses(*READS_HISTORY), summary="Read the history of a recognition"
)
async def read_history(
    recognition_id: Annotated[UUID, Path(alias="recognitionId")],
    principal: Reading,
    services: Reach,
    before: Before = None,
    limit: Limit = 20,
) -> HistoryDTO:
    """What became of it, the newest revision first: what each event set, removed, made and ended."""
    return await history(services, principal, "Recognition", recognition_id, before, limit)


def _reader(services: Services, principal: Principal, recognition_id: UUID) -> Reader[RecognitionDTO]:
    return reader(services, principal, lambda viewer: get_recognition(services.graph, recognition_id, viewer), _dto)


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
