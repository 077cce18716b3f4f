"""``/v1/knowledgeSnippets`` and ``/v1/search``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.contract import create_responses, read_responses
from api.problems import responses
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
from api.security import Principal, requires
from api.services import Services, services_of
from api.writes import IdempotencyKey, KnownRevision, PreferredWait, Route, accept, answer, read_or_receipt
from graph.names import resolve_names
from graph.people_reads import person_behind
from graph.snippets import get_snippet
from knowledge.search import ArmHit, SearchFilters
from ontology.base import Timestamp
from ontology.commands import IndexKnowledge
from ontology.enums import SnippetKind
from ontology.events import EventType, KnowledgeSnippetUpserted
from ontology.scopes import Scope

router = APIRouter(prefix="/v1", tags=["knowledge"])

ROUTE = Route("/v1/knowledgeSnippets", "knowledgeSnippet", EventType.KNOWLEDGE_SNIPPET_UPSERTED)

Writer = Annotated[Principal, Depends(requires(Scope.WRITE_KNOWLEDGE))]
Reading = Annotated[Principal, Depends(requires(Scope.READ_KNOWLEDGE))]
Reach = Annotated[Services, Depends(services_of)]


@router.post(
    "/knowledgeSnippets",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(KnowledgeSnippetDTO, 400, 401, 403, 413, 422, 503),
    summary="Record a piece of knowledge",
)
async def create(
    body: KnowledgeSnippetCreateDTO,
    request: Request,
    principal: Writer,
    services: Reach,
    key: IdempotencyKey,
    wait: PreferredWait,
) -> Response:
    """Accept a text durably; it can be found a moment after it stands in the graph."""
    author = body.author
    if author:
        [author] = await resolve_names(services.graph, [("/author", author)])
    entity_id = ROUTE.entity_id(principal.caller, key)
    origin = ROUTE.origin(body, entity_id, principal.caller, services.settings.events.source, body.occurred_at)
    snippet = KnowledgeSnippetUpserted(**{**dict(body), "author": author})
    command = IndexKnowledge(id=entity_id, origin=origin, snippet=snippet)
    started = await accept(services, command)

    async def read() -> KnowledgeSnippetDTO | None:
        return await _read(services, entity_id)

    return await answer(request, services, command, started, f"/v1/knowledgeSnippets/{entity_id}", wait, read)


@router.get(
    "/knowledgeSnippets/{snippet_id}",
    response_model=KnowledgeSnippetDTO | WriteReceiptDTO,
    responses=read_responses(401, 403, 404, 422, 503),
    dependencies=[KnownRevision],
    summary="Read a piece of knowledge",
)
async def read_one(snippet_id: UUID, request: Request, principal: Reading, services: Reach) -> Response:
    """Read a snippet, or how far its accepted write is."""

    async def read() -> KnowledgeSnippetDTO | None:
        return await _read(services, snippet_id)

    workflow_id = f"knowledgeSnippet/{snippet_id}/{ROUTE.event_id(snippet_id)}"
    return await read_or_receipt(request, services, principal.caller, snippet_id, workflow_id, read)


@router.get("/search", responses=responses(401, 403, 422, 503), summary="Search by meaning and by word")
async def search(
    principal: Reading,
    services: Reach,
    q: Annotated[str, Query(min_length=1, max_length=1000, description="what to look for")],
    kind: Annotated[list[SnippetKind] | None, Query()] = None,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    language: Annotated[str | None, Query(pattern="^[a-z]{2,3}$")] = None,
    since: Annotated[Timestamp | None, Query(description="occurred at or after")] = None,
    until: Annotated[Timestamp | None, Query(description="occurred before")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchResultDTO:
    """Find texts the caller may see; each hit says why it was found."""
    viewer = await person_behind(services.graph, principal.caller)
    filters = SearchFilters([str(one) for one in kind] if kind else None, person_id, project_id, language, since, until)
    hits = await services.search.search(q, viewer=viewer, filters=filters, limit=limit)
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


async def _read(services: Services, snippet_id: UUID) -> KnowledgeSnippetDTO | None:
    row = await get_snippet(services.graph, snippet_id)
    if row is None:
        return None
    return KnowledgeSnippetDTO(
        **shared_fields(KnowledgeSnippetDTO, row["snippet"]),
        author=row["authors"][0] if row["authors"] else None,
        recorded_by=provenance(row["events"]),
    )
