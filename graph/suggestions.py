"""What somebody may mean who types the beginning of a name."""

from typing import LiteralString

from graph.database import GraphDatabase, Row
from graph.former_names import alias_contains
from graph.tensions import TensionFilters, list_tensions
from graph.visibility import Viewer, shows
from runtime.clock import now
from runtime.text import FOLDED_LETTERS, exact, fold


def _ranked(folded: LiteralString, written: LiteralString) -> LiteralString:
    """Order of names for what was typed: whole, from its beginning, from that of a word; accents as they were typed."""
    return (
        "CASE WHEN " + folded + " = $name THEN 0 WHEN " + folded + " STARTS WITH $name THEN 1"
        " WHEN " + folded + " CONTAINS ' ' + $name THEN 2 ELSE 3 END,"
        " CASE WHEN toLower(" + written + ") CONTAINS $written THEN 0 ELSE 1 END, size(" + folded + "), " + folded
    )  # fmt: skip


_QUERIES: dict[str, LiteralString] = {
    "Person": """
MATCH (p:Person)
WHERE p.mergedInto IS NULL AND (p.leftAt IS NULL OR p.leftAt > $now)
  AND (p.foldedName CONTAINS $name OR p.handle CONTAINS $written OR """
    + alias_contains("p")
    + """)
WITH p ORDER BY """
    + _ranked("p.foldedName", "p.fullName")
    + """, p.id LIMIT $limit
RETURN p.id AS id, 'Person' AS label, p.fullName AS name, coalesce(p.handle, p.email) AS detail""",
    "Project": """
MATCH (p:Project) WHERE p.foldedName CONTAINS $name AND """
    + shows("p")
    + """
WITH p ORDER BY """
    + _ranked("p.foldedName", "p.name")
    + """, p.id LIMIT $limit
RETURN p.id AS id, 'Project' AS label, p.name AS name, p.status AS detail""",
}


async def suggestions(graph: GraphDatabase, label: str, text: str, viewer: Viewer, limit: int) -> list[Row]:
    """What has a text in its name or title, the likeliest first: id, label, name, and a detail that tells it apart.

    Parameters
    ----------
    label
        ``Person``: those who are there; ``Project``; or ``Tension``: those that are not archived, by all their words.
    """
    if label == "Tension":
        found = await list_tensions(graph, viewer=viewer, limit=limit, filters=TensionFilters(text=text))
        return [_tension(row["tension"]) for row in found]
    return await graph.read(
        _QUERIES[label],
        name=fold(text),
        written=exact(text),
        letters=FOLDED_LETTERS,
        now=now(),
        limit=limit,
        **viewer.parameters(),
    )


def _tension(properties: Row) -> Row:
    return {
        "id": properties["id"],
        "label": "Tension",
        "name": properties["title"],
        "detail": properties["status"],
    }
