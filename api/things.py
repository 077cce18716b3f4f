"""The routes that things of every kind have: recorded, read, changed, and their history told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field, JsonValue, create_model

from api.attribution import attributed
from api.changes import IfMatch, change, change_of
from api.contract import change_responses, create_responses, read_responses
from api.history import READS_HISTORY, Before, HistoryDTO, Limit, history
from api.preferences import Preferences, Preferred
from api.problem_codes import CHANGES, NAMES_PEOPLE, READS_ONE, WRITES, Codes
from api.problems import ProblemError, responses
from api.reading import Reader, T, reader
from api.representations import Conditional
from api.schemas import WriteReceiptDTO
from api.security import GuardedRoute, Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, accept, accepted_before, answer, entity_id_of, origin_of, read_or_receipt
from graph.database import GraphDatabase, Row
from graph.errors import NameRefusedError, RuleBrokenError
from graph.names import resolve_names
from graph.visibility import Viewer
from ontology.base import OntologyModel, Text
from ontology.kinds import Kind
from ontology.lifecycles import LIFECYCLES
from ontology.references import PersonRef
from ontology.rules import violations

Reach = Annotated[Services, Depends(services_of)]


@dataclass(frozen=True, kw_only=True)
class Resource(Generic[T]):
    """A kind as the gateway offers it.

    Parameters
    ----------
    kind
        What the things are.
    noun
        What one is called in sentences.
    create, answer, patch
        Models of what is sent to record one, of what is given, and of what is sent to change one; None where there is
        no such route, or one of its own.
    get
        Gets one's row as far as a viewer may see it.
    shown
        Makes of the row what is sent.
    creating, created
        Summary and description of recording one.
    refusals, transits
        Codes of problems that are its kind's own: of records and changes, and of moves to another state, which what
        can be withdrawn has in any case.
    """

    kind: Kind
    noun: str
    create: type[OntologyModel] | None = None
    answer: type[T]
    get: Callable[[GraphDatabase, UUID, Viewer], Awaitable[Row | None]]
    shown: Callable[[Row], T]
    creating: str = ""
    created: str = ""
    patch: type[OntologyModel] | None = None
    refusals: Codes = ()
    transits: Codes = ()

    @property
    def path(self) -> str:
        """Where the things are."""
        return f"/v1/{self.kind.plural}"

    def reader(self, services: Services, principal: Principal, thing: UUID) -> Reader[T]:
        """Reads one for a caller, as often as is needed."""
        return reader(services, principal, lambda viewer: self.get(services.graph, thing, viewer), self.shown)


def router_of(resource: Resource[T]) -> APIRouter:
    """A router with the routes of a kind; those that it has alone are added to it."""
    router = APIRouter(prefix=resource.path, tags=[resource.kind.plural], route_class=GuardedRoute)
    if resource.create:
        _add_create(router, resource, resource.create)
    _add_read(router, resource)
    if resource.patch:
        _add_change(router, resource, resource.patch)
    if resource.kind.withdrawn or resource.transits:
        _add_transitions(router, resource)
    _add_history(router, resource)
    return router


async def record(
    resource: Resource[T],
    path: str,
    body: OntologyModel,
    said: OntologyModel,
    request: Request,
    principal: Principal,
    services: Services,
    key: str,
    preferred: Preferences,
    check: Callable[[], Awaitable[None]] | None = None,
) -> Response:
    """Record a thing that a request to a path says; the same key records the same one.

    ``body`` is what was sent, ``said`` what it says of the thing, as its kind's model has it; ``check`` may refuse it
    with a problem, unless it was accepted before.
    """
    kind = resource.kind
    entity_id = entity_id_of(principal.caller, path, key)
    origin = origin_of(kind, body, entity_id, principal.caller, services.settings.events.source)
    command = kind.command_of(entity_id, origin, said)
    try:
        if check:
            await check()
        resolved = await _said(kind, said, principal, services, entity_id)
    except (NameRefusedError, ProblemError):
        started = await accepted_before(services, command)
        if started is None:
            raise
    else:
        command = kind.command_of(entity_id, origin, resolved)
        started = await accept(services, command)
    location, read = f"{resource.path}/{entity_id}", resource.reader(services, principal, entity_id)
    return await answer(request, services, command, started, location, preferred, read)


def _add_create(router: APIRouter, resource: Resource[T], sent: type[OntologyModel]) -> None:
    kind = resource.kind
    writer = Depends(requires(kind.writes))

    async def create(
        body: Any,
        request: Request,
        principal: Annotated[Principal, writer],
        services: Reach,
        key: IdempotencyKey,
        preferred: Preferred,
    ) -> Response:
        said = kind.content(**dict(body))
        return await record(resource, resource.path, body, said, request, principal, services, key, preferred)

    create.__annotations__["body"] = sent
    names = NAMES_PEOPLE if any(reference.label == "Person" for reference in kind.references) else ()
    router.post(
        "",
        status_code=202,
        response_model=WriteReceiptDTO,
        responses=create_responses(resource.answer, *WRITES, *names, *resource.refusals),
        summary=resource.creating,
        description=resource.created,
    )(create)


def _add_read(router: APIRouter, resource: Resource[T]) -> None:
    kind = resource.kind
    alias = id_name(kind)

    async def read_one(
        thing: Annotated[UUID, Path(alias=alias)],
        request: Request,
        principal: Annotated[Principal, Depends(requires(kind.reads))],
        services: Reach,
    ) -> Response:
        run = kind.run_id(thing, kind.record_event(thing))
        read = resource.reader(services, principal, thing)
        return await read_or_receipt(request, services, principal.caller, thing, run, read)

    router.get(
        f"/{{{alias}}}",
        response_model=resource.answer | WriteReceiptDTO,
        responses=read_responses(*READS_ONE),
        dependencies=[Conditional],
        summary=f"Read a {resource.noun}",
        description=f"The {resource.noun}, or how far its accepted write is; its writer never reads 404 after a 202.",
    )(read_one)


def _add_change(router: APIRouter, resource: Resource[T], patch: type[OntologyModel]) -> None:
    kind = resource.kind
    alias = id_name(kind)

    async def change_one(
        thing: Annotated[UUID, Path(alias=alias)],
        body: Any,
        request: Request,
        principal: Annotated[Principal, Depends(requires(kind.writes))],
        services: Reach,
        key: IdempotencyKey,
        revisions: IfMatch,
        preferred: Preferred,
    ) -> Response:
        command = change_of(kind, thing, body, {}, principal, key, revisions, services.settings.events.source)
        try:
            values, links = await _changes(kind, body, services)
        except NameRefusedError:  # what a name meant was decided when this very request was first accepted
            if await services.runs.started_before(command) is None:
                raise
        else:
            command = command.model_copy(update={"values": values, "links": links})
        read = resource.reader(services, principal, thing)
        return await change(request, services, command, f"{resource.path}/{thing}", preferred, read)

    names = NAMES_PEOPLE if set(patch.model_fields) & {one.field for one in kind.references} else ()
    change_one.__annotations__["body"] = patch
    router.patch(
        f"/{{{alias}}}",
        response_model=resource.answer | WriteReceiptDTO,
        responses=change_responses(
            resource.answer,
            *CHANGES,
            *names,
            *(("authorNeeded",) if kind.authors or kind.within else ()),
            *(("archived",) if kind.authors else ()),
            *resource.refusals,
        ),
        summary=f"Change a {resource.noun}",
        description="What is left out stays; null takes away. If-Match says which revision you saw.",
    )(change_one)


def _add_transitions(router: APIRouter, resource: Resource[T]) -> None:
    kind = resource.kind
    alias = id_name(kind)
    withdrawn = "To Archived: withdrawn, out of lists and search for good. " if kind.withdrawn else ""
    states: Any = type(LIFECYCLES[kind.label].initial)
    transition = create_model(
        f"{kind.label}TransitionDTO",
        __base__=OntologyModel,
        __doc__="Where a thing is to go, and why.",
        to=(states, Field(description="the state that is to be")),
        reason=(Text | None, Field(None, description="kept with the change, for its history")),
    )

    async def transit(
        thing: Annotated[UUID, Path(alias=alias)],
        body: Any,
        request: Request,
        principal: Annotated[Principal, Depends(requires(kind.writes))],
        services: Reach,
        key: IdempotencyKey,
        revisions: IfMatch,
        preferred: Preferred,
    ) -> Response:
        values: dict[str, JsonValue] = {"status": body.to}
        command = change_of(kind, thing, body, values, principal, key, revisions, services.settings.events.source)
        read = resource.reader(services, principal, thing)
        try:
            return await change(request, services, command, f"{resource.path}/{thing}", preferred, read)
        except ProblemError as problem:  # what the rule calls the status is called otherwise in this request
            if problem.pointer != "/status":
                raise
            raise ProblemError(problem.problem_code, str(problem), pointer="/to") from problem

    transit.__annotations__["body"] = transition
    router.post(
        f"/{{{alias}}}/transitions",
        response_model=resource.answer | WriteReceiptDTO,
        responses=change_responses(
            resource.answer,
            *CHANGES,
            "authorNeeded",
            "illegalTransition",
            *(("archived",) if kind.withdrawn else ()),
            *resource.transits,
        ),
        summary=f"Move a {resource.noun} to another state",
        description=f"{withdrawn}If-Match says which revision you saw.",
    )(transit)


def _add_history(router: APIRouter, resource: Resource[T]) -> None:
    kind = resource.kind
    alias = id_name(kind)

    async def read_history(
        thing: Annotated[UUID, Path(alias=alias)],
        principal: Annotated[Principal, Depends(requires(kind.reads))],
        services: Reach,
        before: Before = None,
        limit: Limit = 20,
    ) -> HistoryDTO:
        return await history(services, principal, kind.label, thing, before, limit)

    router.get(
        f"/{{{alias}}}/history",
        responses=responses(*READS_HISTORY),
        summary=f"Read the history of a {resource.noun}",
        description="The newest revision first: what each event set, removed, made and ended.",
    )(read_history)


def id_name(kind: Kind) -> str:
    """What a thing's id is called in paths."""
    return f"{kind.name}Id"


async def _changes(
    kind: Kind, body: OntologyModel, services: Services
) -> tuple[dict[str, JsonValue], dict[str, list[dict[str, JsonValue]]]]:
    """What a patch makes of a thing's properties, and of whom and what it names; bare names are resolved."""
    links: dict[str, list[dict[str, JsonValue]]] = {}
    for reference in kind.references:
        if reference.field in body.model_fields_set:
            held = reference.values(body)
            if reference.label == "Person" and held:
                found = await resolve_names(services.graph, held)
                held = [(pointer, ref) for (pointer, _), ref in zip(held, found, strict=True)]
            links[reference.field] = [_reference(ref) for _, ref in held]
    return body.model_dump(mode="json", exclude_unset=True, exclude=set(links)), links


def _reference(named: OntologyModel | UUID) -> dict[str, JsonValue]:
    """Somebody or something that is named, as a change has it."""
    return {"id": str(named)} if isinstance(named, UUID) else named.model_dump(mode="json", exclude_none=True)


async def _said(kind: Kind, said: Any, principal: Principal, services: Services, entity_id: UUID) -> Any:
    """What a request says, with bare names resolved and nobody named in whose name the caller may not write.

    Raises
    ------
    NameRefusedError
        A bare name fits nobody, or more than one.
    ProblemError
        403: it is said in another's name, and the token lacks the scope.
    RuleBrokenError
        A rule is broken whatever else may be known.
    """
    named = kind.named(said)
    if named:
        said = kind.renamed(said, await resolve_names(services.graph, named))
    for reference in kind.references:
        if reference.own and (ref := getattr(said, reference.field)):
            own = await attributed(ref, principal, services, pointer=reference.pointer, refusal=reference.own)
            said = said.model_copy(update={reference.field: own})
    own_address = PersonRef(email=principal.caller.email) if principal.caller.email else None
    for violation in violations(kind.view(entity_id, said, own_address), whole=False):
        raise RuleBrokenError(violation)
    return said
