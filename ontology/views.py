"""A node with what it points to, as pure code looks at it: rules, what others are told, what becomes searchable."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import JsonValue

from ontology.base import OntologyModel


class Target(OntologyModel):
    """Where a relation leads, as far as that is known: of a person who is only named, an address may stand for the id.

    Attributes
    ----------
    name
        A person's full name, a project's name, a tension's title.
    """

    relation: str
    label: str
    id: UUID | None = None
    email: str | None = None
    handle: str | None = None
    name: str | None = None

    def same(self, other: "Target") -> bool:
        """Whether both certainly are one node, by whatever both are known by; two names may be two people."""
        pairs = ((self.id, other.id), (self.email, other.email), (self.handle, other.handle))
        return self.label == other.label and any(one is not None and one == another for one, another in pairs)


class NodeView(OntologyModel):
    """A node as it is, or is to become.

    Attributes
    ----------
    properties
        As the wire has them: camelCase, moments as RFC 3339 text.
    targets
        What the relations lead to that hold.
    """

    label: str
    id: UUID
    properties: dict[str, JsonValue]
    targets: list[Target] = []

    def at(self, relation: str, label: str | None = None) -> Sequence[Target]:
        """What a relation leads to, of one label or of any."""
        return [one for one in self.targets if one.relation == relation and label in (None, one.label)]
