"""A node with what leaves it: as the ledger changes it, and as a fact tells it."""

from collections.abc import Sequence
from uuid import UUID

from graph.values import Properties, json_properties
from ontology.facts import Fact, FactRelation, FactTarget

INLINE_LABELS = frozenset({"State", "Event"})
"""Labels without facts of their own: a fact that points to them brings their properties."""


class NodeState:
    """A node as the change set sees it: its properties and what leaves it."""

    def __init__(self, label: str, properties: Properties, relations: list[FactRelation]) -> None:
        self.label = label
        self.properties = properties
        self.relations = relations

    @property
    def id(self) -> UUID:
        """The node's id."""
        return UUID(self.properties["id"])

    def fact(self) -> Fact:
        """The state as a fact; relations in a stable order."""
        return Fact(
            id=self.id,
            label=self.label,
            rev=self.properties["rev"],
            properties=json_properties(self.properties),
            relations=sorted(self.relations, key=lambda r: (r.type, str(r.target.id), str(r.properties.get("id", "")))),
        )


def state_of(label: str, properties: Properties, relations: Sequence[Properties]) -> NodeState:
    """Node state from rows as ``_LOAD`` and the audit read them."""
    return NodeState(
        label,
        properties,
        [
            FactRelation(
                type=row["type"],
                properties=json_properties(row["properties"]),
                target=FactTarget(
                    label=row["label"],
                    id=row["target"]["id"],
                    properties=json_properties(row["target"]) if row["label"] in INLINE_LABELS else None,
                ),
            )
            for row in relations
        ],
    )
