"""``/v1/knowledgeSnippets`` and ``/v1/search``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.attribution import attributed
from api.contract import create_responses, read_responses
from api.history import READS_HISTORY, Before, HistoryDTO, Limit, history
from api.preferences import Preferred
from api.problem_codes import AUTHENTICATES, NAMES_PEOPLE, READS_GRAPH, READS_ONE, SEARCHES, WRITES
from api.problems import responses
from api.queries import Since, Until
from api.reading import Reader, reader
from api.representations import Conditional
from api.schemas import (
    ArmDTO,
    KnowledgeSnippetCreateDTO,
    KnowledgeSnippetDTO,
    SearchHitDTO,
    SearchResultDTO,
    WriteReceiptDTO,
    provenance,
    shared_fields,
)
from api.security import GuardedRoute, Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, Route, accept, answer, read_or_receipt
from graph.names import resolve_names
from graph.people_reads import ids_of_person, viewer_behind
from graph.snippets import get_snippet
from knowledge.search import ArmHit, SearchFilters
from ontology.commands import IndexKnowledge
from ontology.enums import SnippetKind
from ontology.events import EventType, KnowledgeSnippetUpserted
from ontology.scopes import Scope

router = APIRouter(prefix="/v1", tags=["knowledge"], route_class=GuardedRoute)

ROUTE = Route("/v1/knowledgeSnippets", "knowledgeSnippet", EventType.KNOWLEDGE_SNIPPET_UPSERTED)

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_KNOWLEDGE))]
Reading = Annotated[Principal, Depends(requires(Scope.READ_KNOWLEDGE))]
Reach = Annotated[Services, Depends(services_of)]


@router.post(
    "/knowledgeSnippets",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(KnowledgeSnippetDTO, *WRITES, *NAMES_PEOPLE),
    summary="Record a piece of knowledge",
)
async def create(
    body: KnowledgeSnippetCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Accept a text durably; it can be found a moment after it stands in the graph."""
    author = body.author
    if author:
        [author] = await resolve_names(services.graph, [("/author", author)])
    refusal = "You may only record knowledge of your own."
    author = await attributed(author, principal, services, pointer="/author", refusal=refusal)
    entity_id = ROUTE.entity_id(principal.caller, key)
    origin = ROUTE.origin(body, entity_id, principal.caller, services.settings.events.source, body.occurred_at)
    snippet = KnowledgeSnippetUpserted(**{**dict(body), "author": author})
    command = IndexKnowledge(id=entity_id, origin=origin, snippet=snippet)
    started = await accept(services, command)

    read = _reader(services, principal, entity_id)
    return await answer(request, services, command, started, f"/v1/knowledgeSnippets/{entity_id}", preferred, read)


@router.get(
    "/knowledgeSnippets/{snippetId}",
    response_model=KnowledgeSnippetDTO | WriteReceiptDTO,
    responses=read_responses(*READS_ONE),
    dependencies=[Conditional],
    summary="Read a piece of knowledge",
)
async def read_one(
    snippet_id: Annotated[UUID, Path(alias="snippetId")], request: Request, principal: Reading, services: Reach
) -> Response:
    """Read a snippet, or how far its accepted write is."""
    read = _reader(services, principal, snippet_id)
    workflow_id = f"knowledgeSnippet/{snippet_id}/{ROUTE.event_id(snippet_id)}"
    return await read_or_receipt(request, services, principal.caller, snippet_id, workflow_id, read)


@router.get(
    "/search", responses=responses(*AUTHENTICATES, *READS_GRAPH, *SEARCHES), summary="Search by meaning and by word"
)
async def search(
    principal: Reading,
    services: Reach,
    q: Annotated[str, Query(min_length=1, max_length=1000, description="what to look for")],
    kind: Annotated[list[SnippetKind] | None, Query()] = None,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    language: Annotated[str | None, Query(pattern="^[a-z]{2,3}$")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchResultDTO:
    """Find texts the caller may see; each hit says why it was found."""
    viewer = await viewer_behind(services.graph, principal.caller)
    people = await ids_of_person(services.graph, person_id) if person_id else None
    filters = SearchFilters([str(one) for one in kind] if kind else None, people, project_id, language, since, until)
    hits = await services.search.search(q, viewers=viewer.people, filters=filters, limit=limit)
    found = [
        SearchHitDTO(
            source_id=hit.source_id,
            kind=SnippetKind(hit.kind),
            content=hit.content,
            language=hit.language,
            occurred_at=hit.occurred_at,
            score=hit.score,
            meaning=_arm(hit.meaning),
            words=_arm(hit.words),
        )
        for hit in hits
    ]
    return SearchResultDTO(query=q, model=services.store.model, hits=found)


def _arm(hit: ArmHit | None) -> ArmDTO | None:
    return ArmDTO(rank=hit.rank, score=hit.score, terms=list(hit.terms)) if hit else None


@router.get(
    "/knowledgeSnippets/{snippetId}/history",
    responses=responses(*READS_HISTORY),
    summary="Read the history of a snippet",
)
async def read_history(
    snippet_id: Annotated[UUID, Path(alias="snippetId")],
    principal: Reading,
    services: Reach,
    before: Before = None,
    limit: Limit = 20,
) -> HistoryDTO:
    """What became of it, the newest revision first: what each event set, removed, made and ended."""
    return await history(services, principal, "KnowledgeSnippet", snippet_id, before, limit)


def _reader(services: Services, principal: Principal, snippet_id: UUID) -> Reader[KnowledgeSnippetDTO]:
    return reader(services, principal, lambda viewer: get_snippet(services.graph, snippet_id, viewer), _dto)


def _dto(row: dict[str, Any]) -> KnowledgeSnippetDTO:
    return KnowledgeSnippetDTO(
        **shared_fields(KnowledgeSnippetDTO, row["snippet"]),
        author=row["authors"][0] if row["authors"] else None,
        recorded_by=provenance(row["events"]),
    )
