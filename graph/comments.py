"""Comments read back: those on one tension, as a conversation goes."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.visibility import Viewer, events_of, sees_node

_SHOWN: LiteralString = (
    """
RETURN properties(n) AS comment,
  [(n)-[r:COMMENTS_ON]->(t) WHERE r.validTo IS NULL | t.id][0] AS tension,
  [(n)-[r:AUTHORED_BY]->(p) WHERE r.validTo IS NULL | p {.id, .fullName, .handle}][0] AS author, """
    + events_of("n")
    + " AS events"
)

_GET = "MATCH (n:Comment {id: $id}) WHERE " + sees_node("n") + _SHOWN

_PAGE = (
    """
MATCH (:Tension {id: $tension})<-[on:COMMENTS_ON]-(n:Comment)
WHERE on.validTo IS NULL AND n.status <> 'Archived'
  AND ($after IS NULL OR n.occurredAt > $after OR (n.occurredAt = $after AND n.id > $afterId))
  AND """
    + sees_node("n")
    + " WITH n ORDER BY n.occurredAt, n.id LIMIT $limit"
    + _SHOWN
    + " ORDER BY n.occurredAt, n.id"
)


async def get_comment(graph: GraphDatabase, comment_id: UUID, viewer: Viewer) -> Row | None:
    """One comment; None when there is none the viewer may see."""
    rows = await graph.read(_GET, id=str(comment_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_comments(
    graph: GraphDatabase,
    tension_id: UUID,
    viewer: Viewer,
    *,
    limit: int,
    after: tuple[tuple[datetime, ...], UUID] | None = None,
) -> list[Row]:
    """A page of what was said about a tension, the oldest first, after the given occurredAt and id."""
    return await graph.read(
        _PAGE,
        **viewer.parameters(),
        tension=str(tension_id),
        limit=limit,
        after=after[0][0] if after else None,
        afterId=str(after[1]) if after else None,
    )
