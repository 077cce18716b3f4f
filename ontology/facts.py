"""A fact: the full state of a node with its outgoing relations, from which the graph can be rebuilt."""

from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue

from ontology.base import OntologyModel


class FactTarget(OntologyModel):
    """The far end of a relation; State and Event nodes, which have no facts of their own, bring their properties."""

    label: str
    id: UUID
    properties: dict[str, JsonValue] | None = None


class FactRelation(OntologyModel):
    """A relation that leaves the node."""

    type: str
    properties: dict[str, JsonValue]
    target: FactTarget


class Fact(OntologyModel):
    """State of one node at one revision; moments are RFC 3339 text."""

    id: UUID
    label: str
    rev: int = Field(ge=1, description="the newest wins")
    properties: dict[str, JsonValue]
    relations: list[FactRelation]

    def wire(self) -> dict[str, Any]:
        """The fact as JSON-ready data with camelCase names."""
        return self.model_dump(mode="json")
