"""Neo4j's tokens: names of labels, relationship types and properties, made before anything bears them.

A query that names a token which is not there yet is planned anew when it comes to be. A young graph gets most of its
tokens in its first minutes, so that the same queries would be planned again and again just then.
"""

from pydantic.alias_generators import to_camel

from graph.database import GraphDatabase, Transaction
from graph.derived import DERIVED
from ontology.nodes import ENTITIES, NODES
from ontology.relations import RELATIONS

_MAKE = """
CALL { UNWIND $labels AS name CALL db.createLabel(name) RETURN count(*) AS labels }
CALL { UNWIND $types AS name CALL db.createRelationshipType(name) RETURN count(*) AS types }
CALL { UNWIND $properties AS name CALL db.createProperty(name) RETURN count(*) AS properties }
RETURN labels, types, properties
"""


async def make_tokens(graph: GraphDatabase) -> None:
    """Make every token that the ontology names and the graph does not know.

    Raises
    ------
    GraphUnavailableError
        Neo4j is away.
    """
    nodes = {**ENTITIES, **{node.label: node for node in NODES}}
    models = [*nodes.values(), *(relation.properties for relation in RELATIONS.values())]
    properties = {to_camel(name) for model in models for name in model.model_fields} | DERIVED

    async def make(transaction: Transaction) -> None:
        await transaction.rows(_MAKE, labels=sorted(nodes), types=sorted(RELATIONS), properties=sorted(properties))

    await graph.write(make)
