"""``/v1/suggestions``: names as one types them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.problem_codes import AUTHENTICATES, READS_GRAPH
from api.problems import responses
from api.schemas import AnswerDTO
from api.security import GuardedRoute, ReadsSomething, missing_scope
from api.things import Reach
from graph.people_reads import viewer_behind
from graph.suggestions import suggestions
from ontology.kinds import read_scopes

router = APIRouter(prefix="/v1/suggestions", tags=["suggestions"], route_class=GuardedRoute)


class SuggestionDTO(AnswerDTO):
    """Somebody or something that may be meant."""

    id: UUID
    label: str
    name: str
    detail: str | None = Field(None, description="what tells it apart: a handle or address, or a status")


class SuggestionsDTO(AnswerDTO):
    """What may be meant, the likeliest first."""

    items: list[SuggestionDTO]


@router.get(
    "",
    responses=responses(*AUTHENTICATES, *READS_GRAPH),
    response_model_exclude_none=True,
    summary="Who or what is meant?",
)
async def read_suggestions(
    principal: ReadsSomething,
    services: Reach,
    kind: Annotated[Literal["Person", "Project", "Tension"], Query(description="what is looked for")],
    text: Annotated[
        str, Query(min_length=1, max_length=200, description="what was typed; accents and case are ignored")
    ],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> SuggestionsDTO:
    """People who are there, projects, or tensions that are not archived, by what was typed of their name.

    Whole names come first, then those that begin with it, then those of which a word does; with accents as they were
    typed before others. Tensions are found by all their words, the newest first. It needs the scope that reads the
    kind.
    """
    needed = read_scopes()[kind]
    if kind not in principal.reads:
        raise missing_scope(needed)
    viewer = await viewer_behind(services.graph, principal.caller)
    rows = await suggestions(services.graph, kind, text, viewer, limit)
    return SuggestionsDTO(items=[SuggestionDTO(**row) for row in rows])
