"""What an event wrote, and nodes as facts: the reading side of the ledger."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from graph.database import GraphDatabase, Transaction
from graph.node_states import INLINE_LABELS, state_of
from graph.values import Properties
from ontology.facts import Fact

_OF_EVENT = """
MATCH (:Event {id: $event})<-[:RECORDED_BY]-(n)
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: properties(t)}
} AS relations
ORDER BY n.id
"""

_OF_EVENTS = """
UNWIND $events AS event
MATCH (:Event {id: event})<-[:RECORDED_BY]-(n)
WITH DISTINCT n
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  WITH r, t, labels(t)[0] AS label
  RETURN {
    type: type(r), properties: properties(r), label: label,
    target: CASE WHEN label IN $inline THEN properties(t) ELSE t {.id, .fullName, .name} END
  }
} AS relations
"""

_LINKED = """
UNWIND $events AS event
MATCH (:Event {id: event})<-[:RECORDED_BY]-(n:$($label))
WITH DISTINCT n
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  WITH r, t, labels(t)[0] AS label WHERE r.validTo IS NULL AND NOT label IN $inline
  RETURN {type: type(r), properties: {}, label: label, target: t {.id}}
} AS relations
"""

_ALL = """
MATCH (n) WHERE n.rev IS NOT NULL
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: properties(t)}
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
        Rows of type, properties, label and target; of a target with facts of its own just its id and name.
    """

    label: str
    properties: Properties
    relations: list[Properties]

    def fact(self) -> Fact:
        """The node as a fact."""
        return state_of(self.label, self.properties, self.relations).fact()

    def targets(self, relation: str, label: str) -> list[Properties]:
        """What is known of the nodes of a label that a relation leads to now."""
        return [
            row["target"]
            for row in self.relations
            if row["type"] == relation and row["label"] == label and "validTo" not in row["properties"]
        ]


async def nodes_of_events(graph: GraphDatabase, event_ids: Sequence[UUID]) -> list[WrittenNode]:
    """Every node that any of the events wrote, once each; no order."""
    events = [str(event_id) for event_id in event_ids]
    rows = await graph.read(_OF_EVENTS, events=events, inline=sorted(INLINE_LABELS))
    return [WrittenNode(row["label"], row["properties"], row["relations"]) for row in rows]


async def linked_nodes_of_events(graph: GraphDatabase, label: str, event_ids: Sequence[UUID]) -> list[WrittenNode]:
    """Nodes of a label that any of the events wrote, with the ids they point to and nothing else: not fit for facts."""
    events = [str(event_id) for event_id in event_ids]
    rows = await graph.read(_LINKED, label=label, events=events, inline=sorted(INLINE_LABELS))
    return [WrittenNode(row["label"], row["properties"], row["relations"]) for row in rows]


async def facts_of_event(transaction: Transaction, event_id: UUID) -> list[Fact]:
    """Facts of the nodes an event wrote, as they are now; what a repeated write answers."""
    rows = await transaction.rows(_OF_EVENT, event=str(event_id))
    return [state_of(row["label"], row["properties"], row["relations"]).fact() for row in rows]


async def all_facts(graph: GraphDatabase) -> AsyncIterator[Fact]:
    """Every entity of the graph as a fact, streamed; no order."""
    async for row in graph.stream(_ALL):
        yield state_of(row["label"], row["properties"], row["relations"]).fact()
