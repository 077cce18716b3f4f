"""Rebuilds an empty graph from facts, in batches."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, LiteralString

from graph.database import GraphDatabase, Row, Transaction
from graph.values import node_from_json, relation_from_json
from ontology.facts import Fact, FactRelation
from runtime.errors import RefusedError

_EMPTY = "MATCH (n) WHERE NOT n:Migration RETURN count(n) AS nodes"

_NODES = "UNWIND $rows AS row MERGE (n:$(row.label) {id: row.id}) SET n = row.properties"

_RELATIONS = """
UNWIND $rows AS row
MATCH (a:$(row.label) {id: row.id})
MATCH (b:$(row.targetLabel) {id: row.target})
MERGE (a)-[r:$(row.type) {id: row.properties.id}]->(b)
SET r = row.properties
"""

_BATCH = 500


class GraphNotEmptyError(RefusedError):
    """A rebuild would mix two states; empty the graph first."""

    code: ClassVar[str] = "graphNotEmpty"


async def rebuild(graph: GraphDatabase, facts: Sequence[Fact], progress: Callable[[int], None]) -> None:
    """Write every fact's node, with its states and events, then every relation.

    Raises
    ------
    GraphNotEmptyError
        The graph holds something.
    """
    [row] = await graph.read(_EMPTY)
    if row["nodes"]:
        raise GraphNotEmptyError(f"the graph holds {row['nodes']} nodes")
    nodes: dict[tuple[str, str], Row] = {}
    for fact in facts:
        nodes[fact.label, str(fact.id)] = _node(fact.label, fact.properties)
        for relation in fact.relations:
            if relation.target.properties is not None:
                target = relation.target
                nodes[target.label, str(target.id)] = _node(target.label, relation.target.properties)
    relations = [_relation(fact, relation) for fact in facts for relation in fact.relations]
    for query, rows in ((_NODES, list(nodes.values())), (_RELATIONS, relations)):
        for first in range(0, len(rows), _BATCH):
            batch = rows[first : first + _BATCH]
            await graph.write(_writing(query, batch))
            progress(len(batch))


def _writing(query: LiteralString, rows: Sequence[Row]) -> Callable[[Transaction], Awaitable[list[Row]]]:
    async def work(transaction: Transaction) -> list[Row]:
        return await transaction.rows(query, rows=list(rows))

    return work


def _node(label: str, properties: Row) -> Row:
    return {"label": label, "id": properties["id"], "properties": node_from_json(label, properties)}


def _relation(fact: Fact, relation: FactRelation) -> Row:
    return {
        "label": fact.label,
        "id": str(fact.id),
        "type": relation.type,
        "targetLabel": relation.target.label,
        "target": str(relation.target.id),
        "properties": relation_from_json(relation.type, relation.properties),
    }
