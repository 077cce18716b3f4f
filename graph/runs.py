"""What the graph tells of runs: whether one wrote already, and which of their things a viewer may see."""

from collections.abc import Mapping
from uuid import UUID

from graph.database import GraphDatabase
from graph.visibility import Viewer, sees_node

_STANDS = "MATCH (e:Event {id: $id}) RETURN e.id AS id"

_WRITTEN = "MATCH (e:Event {workflowId: $workflowId}) RETURN e.id AS id LIMIT 1"

_STANDING = (
    """
UNWIND $things AS thing
MATCH (n:$(thing.label) {id: thing.id})
RETURN n.id AS id, """
    + sees_node("n")
    + " AS seen"
)


async def has_written(graph: GraphDatabase, workflow_id: str) -> bool:
    """Whether a run of this workflow id wrote anything."""
    return bool(await graph.read(_WRITTEN, workflowId=workflow_id))


async def event_stands(graph: GraphDatabase, event_id: UUID) -> bool:
    """Whether an event was recorded."""
    return bool(await graph.read(_STANDS, id=str(event_id)))


async def standing(graph: GraphDatabase, things: Mapping[UUID, str], viewer: Viewer) -> dict[UUID, bool]:
    """Those of some things (id → label) that stand, each with whether the viewer may see it."""
    told = [{"id": str(thing), "label": label} for thing, label in things.items()]
    rows = await graph.read(_STANDING, things=told, **viewer.parameters()) if told else []
    return {UUID(row["id"]): bool(row["seen"]) for row in rows}
