"""Recognitions read back: one by id, or a page, as far as the viewer may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.paging import After, earlier, latest_first, position, restrictions
from graph.visibility import Viewer, events_of, sees_node, shows, shows_task

_SHOWN = (
    """
MATCH (r)-[:RECOGNIZED_BY]->(giver:Person)
RETURN properties(r) AS recognition, {id: giver.id, fullName: giver.fullName, handle: giver.handle} AS giver,
  COLLECT {
    MATCH (r)-[:RECEIVED_BY]->(p:Person)
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY p.fullName, p.id
  } AS receivers,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(p:Project) WHERE """
    + shows("p")
    + """
    RETURN {id: p.id, name: p.name}
  } AS projects,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(t:Task) WHERE """
    + shows_task("t")
    + """ RETURN t.id } AS tasks,
  COLLECT { MATCH (r)-[:EASES]->(t:Tension) WHERE """
    + sees_node("t")
    + """ RETURN t.id } AS tensions,
  """
    + events_of("r")
    + " AS events"
)

_GET = "MATCH (r:Recognition {id: $id}) WHERE " + sees_node("r") + "\nWITH r" + _SHOWN

_ALL: LiteralString = "MATCH (r:Recognition) WHERE "
_OF: LiteralString = (
    """
MATCH (of) WHERE of.id IN $of AND (of:Person OR of:Project) AND """
    + shows("of")
    + """
MATCH (of)<-[about:RECOGNIZED_BY|RECEIVED_BY|RECOGNIZES_CONTRIBUTION_TO]-(r:Recognition) WHERE type(about) = $relation
WITH DISTINCT r
WHERE """
)
_RELATED: LiteralString = (
    "all(one IN $related WHERE EXISTS {"
    " MATCH (r)-[about]->(o) WHERE type(about) = one.relation AND o.id IN one.ids AND " + shows("o") + " })"
)


async def get_recognition(graph: GraphDatabase, recognition_id: UUID, viewer: Viewer) -> Row | None:
    """One recognition with whom and what it names; None when there is none the viewer may see."""
    rows = await graph.read(_GET, id=str(recognition_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_recognitions(
    graph: GraphDatabase,
    *,
    viewer: Viewer,
    limit: int,
    after: After = None,
    giver: Sequence[UUID] | None = None,
    receiver: Sequence[UUID] | None = None,
    project: UUID | None = None,
    status: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Row]:
    """A page of recognitions, newest first by when they happened, after the given (occurredAt, createdAt) and id.

    Giver and receiver are given by all their ids. Without a status, what was withdrawn is left out. As with tensions,
    an index leads to whom it is about, or along the order of the page.
    """
    related = [
        {"relation": relation, "ids": [str(one) for one in ids]}
        for relation, ids in (
            ("RECEIVED_BY", receiver),
            ("RECOGNIZED_BY", giver),
            ("RECOGNIZES_CONTRIBUTION_TO", [project] if project else None),
        )
        if ids is not None
    ]
    asked, parameters = restrictions(
        [
            ("r.occurredAt >= $since", "since", since),
            ("r.occurredAt < $until", "until", until),
            ("r.status = $status", "status", status),
            (_RELATED, "related", related[1:] or None),
        ]
    )
    conditions = [earlier("r"), *asked, sees_node("r")]
    if status is None:
        conditions.append("r.status <> 'Archived'")
    found = (_OF if related else _ALL) + "\n  AND ".join(conditions)
    return await graph.read(
        found + "\nWITH r ORDER BY " + latest_first("r") + " LIMIT $limit" + _SHOWN + "\nORDER BY " + latest_first("r"),
        **viewer.parameters(),
        **parameters,
        of=related[0]["ids"] if related else [],
        relation=related[0]["relation"] if related else None,
        limit=limit,
        **position(after),
    )
