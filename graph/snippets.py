"""Knowledge snippets read back."""

from uuid import UUID

from graph.database import GraphDatabase, Row

_GET = """
MATCH (k:KnowledgeSnippet {id: $id})
RETURN properties(k) AS snippet, COLLECT {
  MATCH (k)-[r:AUTHORED_BY]->(p:Person) WHERE r.validTo IS NULL
  RETURN {id: p.id, fullName: p.fullName, handle: p.handle}
} AS authors, COLLECT { MATCH (k)-[:RECORDED_BY]->(e:Event) RETURN properties(e) ORDER BY e.recordedAt } AS events
"""


async def get_snippet(graph: GraphDatabase, snippet_id: UUID) -> Row | None:
    """One snippet with its author and events."""
    rows = await graph.read(_GET, id=str(snippet_id))
    return rows[0] if rows else None
