"""What events wrote, as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from graph.database import GraphDatabase
from graph.records import BOOKKEEPING
from graph.values import Properties

_OF_EVENTS = """
UNWIND $events AS event
MATCH (:Event {id: event})<-[:RECORDED_BY]-(n:$($label))
WITH DISTINCT n
RETURN properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t) WHERE r.validTo IS NULL AND NOT type(r) IN $bookkeeping
  RETURN {type: type(r), label: labels(t)[0], target: t {.id, .fullName, .name}}
} AS relations
"""


@dataclass(frozen=True)
class WrittenNode:
    """A node that some event wrote, as it is now, with what it points to.

    Parameters
    ----------
    label, properties
        The node.
    relations
        Rows of type, label and target for what holds now; of a target just its id and name.
    """

    label: str
    properties: Properties
    relations: list[Properties]

    def targets(self, relation: str, label: str) -> list[Properties]:
        """What is known of the nodes of a label that a relation leads to now."""
        return [row["target"] for row in self.relations if row["type"] == relation and row["label"] == label]


async def nodes_of_events(graph: GraphDatabase, label: str, event_ids: Sequence[UUID]) -> list[WrittenNode]:
    """Every node of a label that any of the events wrote, once each; no order."""
    events = [str(event_id) for event_id in event_ids]
    rows = await graph.read(_OF_EVENTS, label=label, events=events, bookkeeping=BOOKKEEPING)
    return [WrittenNode(label, row["properties"], row["relations"]) for row in rows]
