"""What the graph tells of runs: whether one wrote already, and whose things a viewer may see."""

from collections.abc import Mapping
from uuid import UUID

from graph.database import GraphDatabase
from graph.visibility import Viewer, sees_node

_STANDS = "MATCH (e:Event {id: $id}) RETURN e.id AS id"

_WRITTEN = "MATCH (e:Event {workflowId: $workflowId}) RETURN e.id AS id LIMIT 1"

_SEEN = (
    """
UNWIND $things AS thing
MATCH (n:$(thing.label) {id: thing.id})
WHERE """
    + sees_node("n")
    + " RETURN n.id AS id"
)


async def has_written(graph: GraphDatabase, workflow_id: str) -> bool:
    """Whether a run of this workflow id wrote anything."""
    return bool(await graph.read(_WRITTEN, workflowId=workflow_id))


async def event_stands(graph: GraphDatabase, event_id: UUID) -> bool:
    """Whether an event was recorded."""
    return bool(await graph.read(_STANDS, id=str(event_id)))


async def seen(graph: GraphDatabase, things: Mapping[UUID, str], viewer: Viewer) -> set[UUID]:
    """Those of some things that stand and that the viewer may see; id → label."""
    told = [{"id": str(thing), "label": label} for thing, label in things.items()]
    rows = await graph.read(_SEEN, things=told, **viewer.parameters()) if told else []
    return {UUID(row["id"]) for row in rows}
