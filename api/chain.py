"""``/v1/chain``: where a thing stands between the tension that was felt and what was learnt."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.live.asked import told_of
from api.problem_codes import AUTHENTICATES, READS_GRAPH
from api.problems import responses
from api.schemas import AnswerDTO
from api.security import GuardedRoute, ReadsSomething
from api.things import Reach
from api.writes import not_found
from graph.chain import COUNTED, Station, chain_of
from graph.people_reads import viewer_behind
from ontology.enums import Severity

router = APIRouter(prefix="/v1/chain", tags=["chain"], route_class=GuardedRoute)


class ChainItemDTO(AnswerDTO):
    """Something that stands in a chain."""

    id: UUID
    label: str
    name: str | None = Field(None, description="its title or name, or how its text begins")
    status: str | None = None
    severity: Severity | None = None


class StationDTO(AnswerDTO):
    """A station of a chain."""

    label: str
    count: int = Field(description=f"how many stand there, up to {COUNTED}")
    more: bool = Field(False, description="whether there are more than are counted")
    here: bool = Field(False, description="whether the thing itself stands there")
    items: list[ChainItemDTO] = Field(description="the thing itself first, then the newest")


class ChainDTO(AnswerDTO):
    """A thing, and the chain that it stands in."""

    here: ChainItemDTO
    stations: list[StationDTO] = Field(description="in the chain's order; none for what stands in no chain")


@router.get(
    "/{id}",
    responses=responses(*AUTHENTICATES, *READS_GRAPH, "notFound"),
    response_model_exclude_none=True,
    summary="Where does a thing stand?",
)
async def read_chain(
    thing: Annotated[UUID, Path(alias="id", description="of a tension, project, WIN, recognition, text, comment, …")],
    principal: ReadsSomething,
    services: Reach,
    limit: Annotated[int, Query(ge=1, le=COUNTED, description="items of a station")] = 10,
) -> ChainDTO:
    """The tensions, projects, WINs, recognitions and texts that hang together with it, as far as you may see them.

    A comment, task or decision stands where what it is about does, a text where what it was learnt from does. What is
    withdrawn is left out. Any scope that reads will do; what is not covered by yours is left out.
    """
    viewer = await viewer_behind(services.graph, principal.caller)
    chain = await chain_of(services.graph, thing, viewer, told_of(principal))
    if chain is None:
        raise not_found()
    return ChainDTO(
        here=_item(chain.here),
        stations=[_station(station, chain.here["id"], limit) for station in chain.stations],
    )


def _station(station: Station, here: str, limit: int) -> StationDTO:
    return StationDTO(
        label=station.label,
        count=len(station.items),
        more=station.more,
        here=any(item["id"] == here for item in station.items),
        items=[_item(item) for item in station.items[:limit]],
    )


def _item(row: dict[str, Any]) -> ChainItemDTO:
    return ChainItemDTO.model_validate(row)
