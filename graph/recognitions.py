"""Recognitions read back: one by id, or a page, as far as the viewer may see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.visibility import Viewer, events_of, sees_node

_GET = (
    """
MATCH (r:Recognition {id: $id})-[:RECOGNIZED_BY]->(giver:Person)
WHERE """
    + sees_node("r")
    + """
RETURN properties(r) AS recognition, {id: giver.id, fullName: giver.fullName, handle: giver.handle} AS giver,
  COLLECT {
    MATCH (r)-[:RECEIVED_BY]->(p:Person)
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY p.fullName, p.id
  } AS receivers,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(p:Project) RETURN {id: p.id, name: p.name} } AS projects,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(t:Task) RETURN t.id } AS tasks,
  COLLECT { MATCH (r)-[:EASES]->(t:Tension) RETURN t.id } AS tensions,
  """
    + events_of("r")
    + " AS events"
)

_PAGE = (
    """
MATCH (r:Recognition)
WHERE ($after IS NULL OR r.occurredAt < $after OR (r.occurredAt = $after AND
    (r.createdAt < $afterCreated OR (r.createdAt = $afterCreated AND r.id < $afterId))))
  AND ($since IS NULL OR r.occurredAt >= $since) AND ($until IS NULL OR r.occurredAt < $until)
  AND """
    + sees_node("r")
    + """
  AND CASE WHEN $status IS NULL THEN r.status <> 'Archived' ELSE r.status = $status END
  AND ($giver IS NULL OR EXISTS { MATCH (r)-[:RECOGNIZED_BY]->(p:Person) WHERE p.id IN $giver })
  AND ($receiver IS NULL OR EXISTS { MATCH (r)-[:RECEIVED_BY]->(p:Person) WHERE p.id IN $receiver })
  AND ($project IS NULL OR EXISTS { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(:Project {id: $project}) })
WITH r ORDER BY r.occurredAt DESC, r.createdAt DESC, r.id DESC LIMIT $limit
MATCH (r)-[:RECOGNIZED_BY]->(giver:Person)
RETURN properties(r) AS recognition, {id: giver.id, fullName: giver.fullName, handle: giver.handle} AS giver,
  COLLECT {
    MATCH (r)-[:RECEIVED_BY]->(p:Person)
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY p.fullName, p.id
  } AS receivers,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(p:Project) RETURN {id: p.id, name: p.name} } AS projects,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(t:Task) RETURN t.id } AS tasks,
  COLLECT { MATCH (r)-[:EASES]->(t:Tension) RETURN t.id } AS tensions,
  """
    + events_of("r")
    + """ AS events
ORDER BY r.occurredAt DESC, r.createdAt DESC, r.id DESC
"""
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
    after: tuple[tuple[datetime, ...], UUID] | None = None,
    giver: Sequence[UUID] | None = None,
    receiver: Sequence[UUID] | None = None,
    project: UUID | None = None,
    status: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Row]:
    """A page of recognitions, newest first by when they happened, after the given (occurredAt, createdAt) and id.

    Giver and receiver are given by all their ids. Without a status, what was withdrawn is left out.
    """
    return await graph.read(
        _PAGE,
        **viewer.parameters(),
        limit=limit,
        after=after[0][0] if after else None,
        afterCreated=after[0][1] if after else None,
        afterId=_text(after[1]) if after else None,
        giver=_texts(giver),
        receiver=_texts(receiver),
        project=_text(project),
        status=status,
        since=since,
        until=until,
    )


def _texts(values: Sequence[UUID] | None) -> list[str] | None:
    return None if values is None else [str(value) for value in values]


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
