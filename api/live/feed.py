"""``/v1/feed``: what happened, page by page, the newest first."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.live.asked import Asked, told_of
from api.live.schemas import FeedPageDTO, told
from api.problem_codes import READS_PAGE
from api.problems import responses
from api.queries import Moment
from api.security import GuardedRoute, ReadsSomething
from api.things import Reach
from graph.feed import happenings, newest_events
from graph.people_reads import viewer_behind
from graph.why import NAMED, Sight
from runtime.clock import now, rfc3339

router = APIRouter(prefix="/v1/feed", tags=["feed"], route_class=GuardedRoute)

_LAST = UUID(int=2**128 - 1)


@router.get("", responses=responses(*READS_PAGE), response_model_exclude_none=True, summary="List what happened")
async def read_page(
    principal: ReadsSomething,
    services: Reach,
    filters: Asked,
    since: Annotated[
        Moment, Query(description="recorded at or after: since you were here; a plus is written %2B")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> FeedPageDTO:
    """A page of events that the caller may see, by when they were recorded; any scope that reads will do."""
    said = {
        "type": ",".join(sorted(filters.types or ())) or None,
        "kind": ",".join(sorted(filters.kinds or ())) or None,
        "id": str(filters.about) if filters.about else None,
        "mine": "true" if filters.mine else None,
        "since": rfc3339(since) if since else None,
    }
    cursors = services.cursors
    place = cursors.read(cursor, said)
    viewer = await viewer_behind(services.graph, principal.caller)
    labels = told_of(principal)
    found = await newest_events(
        services.graph,
        Sight(viewer, labels | NAMED),
        labels,
        filters,
        before=(place[0][0], place[1]) if place else (now() + timedelta(days=1), _LAST),
        since=since,
        limit=limit + 1,
    )
    shown = await happenings(services.graph, [one for one, _ in found[:limit]])
    items = [told(one, labels, run=one.run_seen_by(viewer)) for one in shown if one.asked_for(filters, viewer, labels)]
    more = cursors.after([found[limit - 1][1]], str(found[limit - 1][0]), said) if len(found) > limit else None
    return FeedPageDTO(items=items, next_cursor=more)
