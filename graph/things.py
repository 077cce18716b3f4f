"""Things of any kind read back, as far as the viewer may see them: one by id, or a page, the newest first."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.paging import After, newest_first, older, position
from graph.records import BOOKKEEPING
from graph.visibility import Viewer, events_of, sees_node, shows

_SHOWN = (
    """
RETURN properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t) WHERE r.validTo IS NULL AND NOT type(r) IN $bookkeeping AND """
    + shows("t")
    + """
  RETURN {relation: type(r), id: t.id, label: labels(t)[0], name: coalesce(t.fullName, t.name, t.title)}
  ORDER BY type(r), coalesce(t.fullName, t.name, t.title), t.id
} AS targets, """
    + events_of("n")
    + " AS events"
)

_GET = "MATCH (n:$($label) {id: $id}) WHERE " + sees_node("n") + _SHOWN

_PAGE = (
    """
MATCH (n:LABEL)
WHERE coalesce(n.status, '') <> 'Archived' AND """
    + older("n")
    + " AND "
    + sees_node("n")
    + """
  AND all(one IN $related WHERE EXISTS {
    MATCH (n)-[r]->(t) WHERE type(r) = one.relation AND t.id IN one.ids AND r.validTo IS NULL
  })
WITH n ORDER BY """
    + newest_first("n")
    + " LIMIT $limit"
    + _SHOWN
    + " ORDER BY "
    + newest_first("n")
)

_STANDS = "MATCH (n:$($label) {id: $id}) RETURN n.id AS id"

_LABELS = "UNWIND $ids AS id UNWIND $labels AS label MATCH (n:$(label) {id: id}) RETURN id, label"

_REQUEST_HASH = "MATCH (n:$($label) {id: $id}) RETURN n.requestHash AS requestHash"


async def get_thing(graph: GraphDatabase, label: str, node_id: UUID, viewer: Viewer) -> Row | None:
    """One thing with what it points to; None when there is none the viewer may see."""
    told = {"label": label, "id": str(node_id), "bookkeeping": BOOKKEEPING}
    rows = await graph.read(_GET, **told, **viewer.parameters())
    return rows[0] if rows else None


async def list_things(
    graph: GraphDatabase,
    label: str,
    viewer: Viewer,
    *,
    limit: int,
    after: After = None,
    related: Mapping[str, Sequence[UUID]] | None = None,
) -> list[Row]:
    """A page of things that stand, the newest first, after the given createdAt and id.

    ``related``: relation → ids, one of which it must lead to.
    """
    return await graph.read(
        _page_of(label),
        **viewer.parameters(),
        bookkeeping=BOOKKEEPING,
        limit=limit,
        **position(after),
        related=[{"relation": relation, "ids": [str(one) for one in ids]} for relation, ids in (related or {}).items()],
    )


async def labels_of(graph: GraphDatabase, ids: Sequence[UUID], labels: Sequence[str]) -> dict[UUID, str]:
    """Id → which of some labels the thing under it has; without those that there are not."""
    rows = await graph.read(_LABELS, ids=[str(one) for one in ids], labels=list(labels))
    return {UUID(row["id"]): row["label"] for row in rows}


async def stands(graph: GraphDatabase, label: str, entity_id: UUID) -> bool:
    """Whether there is a thing of a label under an id, whoever may see it."""
    return bool(await graph.read(_STANDS, label=label, id=str(entity_id)))


async def written_request_hash(graph: GraphDatabase, label: str, entity_id: UUID) -> str | None:
    """Request hash of the thing of a label under an id; None when there is none."""
    rows = await graph.read(_REQUEST_HASH, label=label, id=str(entity_id))
    return rows[0]["requestHash"] if rows else None


@cache
def _page_of(label: str) -> LiteralString:
    """The page's query with its label written out, so that an index brings the order; labels are the ontology's."""
    return _PAGE.replace("LABEL", label, 1)
