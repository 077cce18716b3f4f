"""A node with what leaves it, as the ledger changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from graph.values import Properties
from ontology.changes import NodeKey


@dataclass(frozen=True)
class RelationState:
    """A relation that leaves a node; one with ``validTo`` has ended."""

    type: str
    target: NodeKey
    properties: Properties

    @property
    def open(self) -> bool:
        """Whether it holds still."""
        return "validTo" not in self.properties


@dataclass
class NodeState:
    """A node as a change set sees it.

    Parameters
    ----------
    label, properties
        What it is now.
    relations
        What leaves it, but for its own states and events; of a loaded node only what holds.
    valid_from
        Since when its newest revision holds; None of one that is only being made.
    """

    label: str
    properties: Properties
    relations: list[RelationState]
    valid_from: datetime | None = None

    @property
    def id(self) -> UUID:
        """The node's id."""
        return UUID(self.properties["id"])

    @property
    def key(self) -> NodeKey:
        """Which node it is."""
        return NodeKey(label=self.label, id=self.id)

    def held(self, relation: str) -> list[RelationState]:
        """Relations of a type that hold still."""
        return [one for one in self.relations if one.type == relation and one.open]


def state_of(
    label: str, properties: Properties, relations: Sequence[Properties], valid_from: datetime | None = None
) -> NodeState:
    """Node state from a row of the ledger's load."""
    held = [
        RelationState(row["type"], NodeKey(label=row["label"], id=row["target"]), row["properties"])
        for row in relations
    ]
    return NodeState(label, properties, held, valid_from)
