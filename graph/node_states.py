"""A node with what leaves it, as the ledger changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from graph.errors import RuleBrokenError
from graph.values import Properties, json_properties
from ontology.changes import NodeKey
from ontology.rules import violations
from ontology.views import NodeView, Target


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
    before
        It as it was loaded; None of one that is only being made.
    """

    label: str
    properties: Properties
    relations: list[RelationState]
    valid_from: datetime | None = None
    before: NodeView | None = None

    @property
    def id(self) -> UUID:
        """The node's id."""
        return UUID(self.properties["id"])

    @property
    def key(self) -> NodeKey:
        """Which node it is."""
        return NodeKey(label=self.label, id=self.id)

    def view(self) -> NodeView:
        """It as pure code looks at it."""
        targets = [
            Target(relation=one.type, label=one.target.label, id=one.target.id) for one in self.relations if one.open
        ]
        return NodeView(label=self.label, id=self.id, properties=json_properties(self.properties), targets=targets)

    def check(self) -> None:
        """Pass when no rule stands against it as it is to become; what was wrong before may stay so.

        Raises
        ------
        RuleBrokenError
            One does.
        """
        stood = {found.code for found in violations(self.before)} if self.before else set()
        for violation in violations(self.view(), self.before):
            if violation.code not in stood:
                raise RuleBrokenError(violation)

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
    node = NodeState(label, properties, held, valid_from)
    node.before = node.view()
    return node
