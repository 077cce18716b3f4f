"""``…/history`` of any thing: what changed, when it happened, when it was recorded, by whom, event and run."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.problem_codes import AUTHENTICATES, READS_GRAPH, Codes
from api.schemas import AnswerDTO
from api.security import Principal
from api.services import Services
from api.why.causes import causes
from api.why.page import state_fields
from api.why.routes import sight_of
from api.why.schemas import CauseDTO, NodeBriefDTO, StateDTO
from api.writes import not_there
from graph.database import Row
from graph.history import revisions_of
from graph.why import events_by_id

READS_HISTORY: Codes = (*AUTHENTICATES, *READS_GRAPH, "ledgerClosed", "notFound")

Before = Annotated[int | None, Query(ge=2, le=2**53 - 1, description="only revisions earlier than this one")]
Limit = Annotated[int, Query(ge=1, le=100)]


class LinkDTO(AnswerDTO):
    """A relation that a revision made or ended."""

    type: str
    target: NodeBriefDTO


class RevisionDTO(StateDTO):
    """A revision, and the relations that it made and ended."""

    made: list[LinkDTO] = Field(description="relations that hold since")
    ended: list[LinkDTO] = Field(description="relations that held until then")


class HistoryDTO(AnswerDTO):
    """Revisions of a thing, the newest first."""

    items: list[RevisionDTO]
    next_before: int | None = Field(None, description="send it as `before` for the earlier ones; absent at the first")


async def history(
    services: Services, principal: Principal, label: str, thing: UUID, before: int | None, limit: int
) -> HistoryDTO:
    """A page of a thing's history.

    Raises
    ------
    ProblemError
        404: there is no such thing, or the caller may not see it.
    """
    sight = await sight_of(services, principal)
    rows = await revisions_of(services.graph, label, thing, sight, before=before, limit=limit)
    if not rows and before is None:
        raise await not_there(services)
    events = await events_by_id(services.graph, {row["madeBy"] for row in rows}, sight)
    known = causes(events, services.settings)
    items = [_revision(row, known) for row in rows]
    earlier = items[-1].rev if items and items[-1].rev > 1 else None
    return HistoryDTO(items=items, next_before=earlier)


def _revision(row: Row, known: dict[str, CauseDTO]) -> RevisionDTO:
    return RevisionDTO(
        **state_fields(row, row["until"][0] if row["until"] else None, known),
        made=[_link(one) for one in row["relations"] if one["made"]],
        ended=[_link(one) for one in row["relations"] if one["ended"]],
    )


def _link(row: Row) -> LinkDTO:
    return LinkDTO(type=row["type"], target=NodeBriefDTO(**row["target"]))
