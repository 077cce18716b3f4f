"""``/v1/knowledgeSnippets`` and ``/v1/search``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.problem_codes import AUTHENTICATES, READS_GRAPH, SEARCHES
from api.problems import responses
from api.queries import Since, Until
from api.schemas import (
    ArmDTO,
    KnowledgeSnippetCreateDTO,
    KnowledgeSnippetDTO,
    KnowledgeSnippetPatchDTO,
    PassageDTO,
    SearchHitDTO,
    SearchResultDTO,
    provenance,
    shared_fields,
)
from api.security import GuardedRoute, Principal, requires
from api.things import Reach, Resource, router_of
from graph.people_reads import ids_of_person, viewer_behind
from graph.runs import standing
from graph.snippets import get_snippet
from graph.things import labels_of
from knowledge.search import SearchFilters
from ontology.enums import SnippetKind
from ontology.kinds import KINDS
from ontology.kinds.knowledge_snippet import KNOWLEDGE_SNIPPET
from ontology.kinds.project import PROJECT
from ontology.scopes import Scope


def _dto(row: dict[str, Any]) -> KnowledgeSnippetDTO:
    return KnowledgeSnippetDTO(
        **shared_fields(KnowledgeSnippetDTO, row["snippet"]),
        author=row["authors"][0] if row["authors"] else None,
        cites_ids=row["cited"],
        recorded_by=provenance(row["events"]),
    )


RESOURCE = Resource(
    kind=KNOWLEDGE_SNIPPET,
    noun="piece of knowledge",
    create=KnowledgeSnippetCreateDTO,
    answer=KnowledgeSnippetDTO,
    patch=KnowledgeSnippetPatchDTO,
    get=get_snippet,
    shown=_dto,
    creating="Record a piece of knowledge",
    created="Accept a text durably; it can be found a moment after it stands in the graph.",
)

_SEARCHED = sorted(label for label, kind in KINDS.items() if kind.document)
"""Labels of things whose texts are searched."""

router = router_of(RESOURCE)
search_router = APIRouter(prefix="/v1", tags=["knowledge"], route_class=GuardedRoute)


@search_router.get(
    "/search", responses=responses(*AUTHENTICATES, *READS_GRAPH, *SEARCHES), summary="Search by meaning and by word"
)
async def search(
    principal: Annotated[Principal, Depends(requires(Scope.READ_KNOWLEDGE))],
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
    """Find texts the caller may see; each hit says why it was found.

    What was learnt from something is found by who sees that, whatever the search knows of it.
    """
    viewer = await viewer_behind(services.graph, principal.caller)
    people = await ids_of_person(services.graph, person_id) if person_id else None
    filters = SearchFilters([str(one) for one in kind] if kind else None, people, project_id, language, since, until)
    found = await services.search.search(q, viewers=viewer.people, filters=filters, limit=limit)
    labels = await labels_of(services.graph, [hit.source_id for hit in found.hits], _SEARCHED) if found.hits else {}
    learnt = {source: label for source, label in labels.items() if label == KNOWLEDGE_SNIPPET.label}
    asked = {project_id: PROJECT.label} if project_id and found.hits else {}
    seen = await standing(services.graph, {**learnt, **asked}, viewer)
    told = [] if project_id and not seen.get(project_id, True) else found.hits
    hits = [
        SearchHitDTO(
            source_id=hit.source_id,
            label=labels.get(hit.source_id),
            kind=SnippetKind(hit.kind),
            content=hit.content,
            language=hit.language,
            occurred_at=hit.occurred_at,
            score=hit.score,
            meaning=ArmDTO.of(hit.meaning),
            words=ArmDTO.of(hit.words),
            passage=PassageDTO(**vars(hit.passage)) if hit.passage else None,
        )
        for hit in told
        if seen.get(hit.source_id, True)
    ]
    return SearchResultDTO(
        query=q, model=await services.search.searched_model(), meaning_available=found.by_meaning, hits=hits
    )
