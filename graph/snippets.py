"""Knowledge snippets read back."""

from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.visibility import Viewer, events_of, sees_node

_GET = (
    """
MATCH (k:KnowledgeSnippet {id: $id})
WHERE """
    + sees_node("k")
    + """
RETURN properties(k) AS snippet, COLLECT {
  MATCH (k)-[r:AUTHORED_BY]->(p:Person) WHERE r.validTo IS NULL
  RETURN {id: p.id, fullName: p.fullName, handle: p.handle}
} AS authors, COLLECT {
  MATCH (k)-[r:CITES]->(c) WHERE r.validTo IS NULL AND """
    + sees_node("c")
    + """
  RETURN c.id ORDER BY c.id
} AS cited, """
    + events_of("k")
    + " AS events"
)


async def get_snippet(graph: GraphDatabase, snippet_id: UUID, viewer: Viewer) -> Row | None:
    """One snippet with its author and the events the viewer may see; None when there is none they may see."""
    rows = await graph.read(_GET, id=str(snippet_id), **viewer.parameters())
    return rows[0] if rows else None
