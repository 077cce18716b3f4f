"""A change record: what one event did. All of them merged are the graph, whatever their order and repetition."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue

from ontology.base import OntologyModel, Timestamp


class NodeKey(OntologyModel):
    """Which node."""

    label: str
    id: UUID


class NodeChange(NodeKey):
    """One revision of a node: what the event set and what it removed."""

    rev: int = Field(ge=1, description="changes are merged by it; one that is missing shows as a gap")
    valid_from: Timestamp = Field(description="since when it holds; never before the revision it follows")
    properties: dict[str, JsonValue] = Field(description="values that were set; moments are RFC 3339 text")
    removed: list[str] = Field([], description="names of properties that were taken away")


class RelationMade(OntologyModel):
    """A relation the event made, merged by the id in its properties."""

    type: str
    source: NodeKey
    target: NodeKey
    properties: dict[str, JsonValue]


class RelationEnded(OntologyModel):
    """A relation the event ended; an end beats no end."""

    id: str
    type: str
    source: NodeKey
    valid_to: Timestamp


class ChangeRecord(OntologyModel):
    """Everything one event did: immutable, and the same whenever it is made again from the graph."""

    event: dict[str, JsonValue] = Field(description="the Event node")
    nodes: list[NodeChange]
    made: list[RelationMade] = []
    ended: list[RelationEnded] = []

    def check_whole(self) -> None:
        """Pass when nothing is missing by which records are merged and told apart.

        Raises
        ------
        ValueError
            An id or a moment is missing, or is none.
        """
        UUID(str(self.event.get("id")))
        for name in ("occurredAt", "recordedAt"):
            datetime.fromisoformat(str(self.event.get(name)))
        for made in self.made:
            UUID(str(made.properties.get("id")))

    @property
    def event_id(self) -> str:
        """Id of the event, which is the record's key."""
        return str(self.event["id"])

    @property
    def recorded_at(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(str(self.event["recordedAt"]))

    @property
    def epoch(self) -> int:
        """In which making of the graph it was written."""
        epoch = self.event.get("epoch", 1)
        return epoch if isinstance(epoch, int) else 1

    def sources(self, relation: str) -> set[UUID]:
        """Ids of what began to have a relation of a type, or has it no more."""
        made = {one.source.id for one in self.made if one.type == relation}
        return made | {one.source.id for one in self.ended if one.type == relation}

    def wire(self) -> dict[str, Any]:
        """The record as JSON-ready data with camelCase names."""
        return self.model_dump(mode="json")
