"""``/v1/people``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.changes import Changing, IfMatch, change
from api.contract import change_responses, create_responses, read_responses
from api.cursors import Cursors
from api.history import READS_HISTORY, Before, HistoryDTO, Limit, history
from api.preferences import Preferred
from api.problem_codes import CHANGES, READS_ONE, READS_PAGE, WRITES
from api.problems import responses
from api.reading import Reader, reader
from api.representations import Conditional
from api.schemas import (
    PersonCreateDTO,
    PersonDTO,
    PersonPageDTO,
    PersonPatchDTO,
    WriteReceiptDTO,
    provenance,
    shared_fields,
)
from api.security import GuardedRoute, Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, Route, accept, answer, read_or_receipt
from graph.people_reads import get_person, list_people, viewer_behind
from ontology.commands import PersonDetails, RecordPerson
from ontology.events import EventType
from ontology.scopes import Scope
from runtime.text import fold

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=GuardedRoute)

ROUTE = Route("/v1/people", "person", EventType.PERSON_RECORDED)
CHANGE = Changing("/v1/people", "Person", EventType.PERSON_CHANGED)

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_PERSON))]
Reading = Annotated[Principal, Depends(requires(Scope.READ_PERSON))]
Reach = Annotated[Services, Depends(services_of)]


@router.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(PersonDTO, *WRITES, "personExists"),
    summary="Record a person",
)
async def create(
    body: PersonCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Accept a person durably; somebody of whom only an e-mail or handle was known keeps their id."""
    entity_id = ROUTE.entity_id(principal.caller, key)
    origin = ROUTE.origin(body, entity_id, principal.caller, services.settings.events.source)
    command = RecordPerson(id=entity_id, origin=origin, person=PersonDetails(**dict(body)))
    started = await accept(services, command)

    read = _reader(services, principal, entity_id)
    return await answer(request, services, command, started, f"/v1/people/{entity_id}", preferred, read)


@router.get(
    "/{personId}",
    response_model=PersonDTO | WriteReceiptDTO,
    responses=read_responses(*READS_ONE),
    dependencies=[Conditional],
    summary="Read a person",
)
async def read_one(
    person_id: Annotated[UUID, Path(alias="personId")], request: Request, principal: Reading, services: Reach
) -> Response:
    """Read a person; the id of one who was merged leads to the person they turned out to be."""
    read = _reader(services, principal, person_id)
    return await read_or_receipt(request, services, principal.caller, person_id, f"person/{person_id}", read)


@router.patch(
    "/{personId}",
    response_model=PersonDTO | WriteReceiptDTO,
    responses=change_responses(PersonDTO, *CHANGES, "personExists"),
    summary="Change a person",
)
async def change_one(
    person_id: Annotated[UUID, Path(alias="personId")],
    body: PersonPatchDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    revisions: IfMatch,
    preferred: Preferred,
) -> Response:
    """Change what is known of a person; the id of one who was merged changes the person they turned out to be."""
    command = CHANGE.command(body, person_id, principal, key, revisions, services.settings.events.source)
    read = _reader(services, principal, person_id)
    return await change(request, services, command, f"/v1/people/{person_id}", preferred, read)


@router.get("", responses=responses(*READS_PAGE), summary="List people")
async def read_page(
    principal: Reading,
    services: Reach,
    name: Annotated[
        str | None, Query(max_length=200, description="part of the name, accents ignored; or of the handle or an alias")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> PersonPageDTO:
    """A page of people, newest first."""
    folded = fold(name) if name else None
    cursors = Cursors(services.settings.api.cursor_secret.get_secret_value())
    after = cursors.read(cursor, {"name": folded})
    viewer = await viewer_behind(services.graph, principal.caller)
    rows = await list_people(services.graph, viewer=viewer, limit=limit + 1, after=after, name=name)
    items = [_dto(row) for row in rows[:limit]]
    more = cursors.after([items[-1].created_at], str(items[-1].id), {"name": folded}) if len(rows) > limit else None
    return PersonPageDTO(items=items, next_cursor=more)


@router.get("/{personId}/history", responses=responses(*READS_HISTORY), summary="Read the history of a person")
async def read_history(
    person_id: Annotated[UUID, Path(alias="personId")],
    principal: Reading,
    services: Reach,
    before: Before = None,
    limit: Limit = 20,
) -> HistoryDTO:
    """What became of it, the newest revision first: what each event set, removed, made and ended."""
    return await history(services, principal, "Person", person_id, before, limit)


def _reader(services: Services, principal: Principal, person_id: UUID) -> Reader[PersonDTO]:
    return reader(services, principal, lambda viewer: get_person(services.graph, person_id, viewer), _dto)


def _dto(row: dict[str, Any]) -> PersonDTO:
    return PersonDTO(**shared_fields(PersonDTO, row["person"]), recorded_by=provenance(row["events"]))
