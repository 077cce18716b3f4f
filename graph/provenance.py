"""What an event wrote, and nodes as facts: the reading side of the ledger."""

from collections.abc import AsyncIterator
from uuid import UUID

from graph.database import GraphDatabase, Transaction
from graph.ledger import state_of
from ontology.facts import Fact

_OF_EVENT = """
MATCH (:Event {id: $event})<-[:RECORDED_BY]-(n)
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: properties(t)}
} AS relations
ORDER BY n.id
"""

_ALL = """
MATCH (n) WHERE n.rev IS NOT NULL
RETURN labels(n)[0] AS label, properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: properties(t)}
} AS relations
"""


async def facts_of_event(transaction: Transaction, event_id: UUID) -> list[Fact]:
    """Facts of the nodes an event wrote, as they are now; what a repeated write answers."""
    rows = await transaction.rows(_OF_EVENT, event=str(event_id))
    return [state_of(row["label"], row["properties"], row["relations"]).fact() for row in rows]


async def all_facts(graph: GraphDatabase) -> AsyncIterator[Fact]:
    """Every entity of the graph as a fact, streamed; no order."""
    async for row in graph.stream(_ALL):
        yield state_of(row["label"], row["properties"], row["relations"]).fact()
