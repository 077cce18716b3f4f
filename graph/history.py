"""What became of a thing, revision by revision: what each event set and removed, made and ended."""

from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.records import BOOKKEEPING
from graph.visibility import sees_node
from graph.why import Sight

_REVISIONS = (
    """
MATCH (n:$($label) {id: $id})
OPTIONAL MATCH (next:$($label) {id: n.mergedInto})
WITH coalesce(next, n) AS n
WHERE """
    + sees_node("n")
    + """
MATCH (n)-[h:HAS_STATE]->(s:State)
WHERE $before IS NULL OR s.rev < $before
WITH n, h, s ORDER BY s.rev DESC LIMIT $limit
RETURN properties(s) AS properties, h.validFrom AS validFrom, h.eventId AS madeBy, COLLECT {
  MATCH (n)-[next:HAS_STATE]->(after:State) WHERE after.rev = s.rev + 1
  RETURN next.validFrom
} AS until, COLLECT {
  MATCH (n)-[r]->(t)
  WHERE (r.eventId = h.eventId OR r.endedBy = h.eventId) AND NOT type(r) IN $without
    AND labels(t)[0] IN $shown AND """
    + sees_node("t")
    + """
  RETURN {
    type: type(r), made: r.eventId = h.eventId, ended: coalesce(r.endedBy = h.eventId, false),
    target: {id: t.id, label: labels(t)[0], name: coalesce(t.fullName, t.name, t.title, left(t.content, 80))}
  } ORDER BY type(r), t.id
} AS relations
ORDER BY properties.rev DESC
"""
)


async def revisions_of(
    graph: GraphDatabase, label: str, node_id: UUID, sight: Sight, *, before: int | None, limit: int
) -> list[Row]:
    """Revisions of a thing, the newest first; none when there is no such thing, or it may not be seen.

    Parameters
    ----------
    graph, label, node_id
        Which thing; the id of one who was merged leads to the person they turned out to be.
    sight
        What may be seen and named.
    before
        Only revisions earlier than this one.
    limit
        At most so many.
    """
    parameters = {"before": before, "limit": limit, "without": BOOKKEEPING, **sight.parameters()}
    return await graph.read(_REVISIONS, label=label, id=str(node_id), **parameters)
