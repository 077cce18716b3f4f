"""What change records say together: every node and relation, whatever the order and repetition of the records.

Node revisions are merged by ``rev``, relations by id, and an end beats no end. What is missing shows: a gap in a
node's revisions, a relation that ended and was never made, or one that leads to nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from graph.database import GraphDatabase
from graph.derived import derived
from graph.records import bookkeeping_rows
from graph.values import Properties, json_properties, node_from_json, relation_from_json
from ontology.changes import ChangeRecord, NodeChange, NodeKey
from runtime.clock import rfc3339
from runtime.hashing import canonical_json

_MODULUS = 2**256

_NODES = """
MATCH (n) WHERE n.id IS NOT NULL AND NOT n:Migration AND NOT n:Ledger
RETURN labels(n)[0] AS label, properties(n) AS properties
"""
_RELATIONS = """
MATCH (a)-[r]->(b)
RETURN type(r) AS type, labels(a)[0] AS label, a.id AS id, labels(b)[0] AS targetLabel, b.id AS target,
  properties(r) AS properties
"""


@dataclass(frozen=True)
class NodeElement:
    """A node as it stands.

    Parameters
    ----------
    label, properties
        What it is; moments are RFC 3339 text.
    moments_of
        Label whose moments the properties may be: of a State that of its node.
    """

    label: str
    properties: dict[str, JsonValue]
    moments_of: str = ""

    @property
    def key(self) -> str:
        """What it is called where it differs."""
        return f"{self.label} {self.properties['id']}"

    def digest(self) -> int:
        """Number that two nodes share only when they are the same."""
        return _digest({"label": self.label, "properties": self.properties})

    def row(self) -> Properties:
        """The node as the writing statements take it."""
        properties = node_from_json(self.moments_of or self.label, self.properties)
        return {
            "label": self.label,
            "id": self.properties["id"],
            "properties": {**properties, **derived(self.label, properties)},
        }


@dataclass(frozen=True)
class RelationElement:
    """A relation as it stands."""

    type: str
    source: NodeKey
    target: NodeKey
    properties: dict[str, JsonValue]

    @property
    def key(self) -> str:
        """What it is called where it differs."""
        return f"{self.type} {self.properties.get('id')}"

    def digest(self) -> int:
        """Number that two relations share only when they are the same."""
        ends = [self.source.label, str(self.source.id), self.target.label, str(self.target.id)]
        return _digest({"type": self.type, "ends": ends, "properties": self.properties})

    def row(self) -> Properties:
        """The relation as the writing statements take it."""
        return {
            "label": self.source.label,
            "id": str(self.source.id),
            "type": self.type,
            "targetLabel": self.target.label,
            "target": str(self.target.id),
            "properties": relation_from_json(self.type, self.properties),
        }


Element = NodeElement | RelationElement


@dataclass(frozen=True)
class Merged:
    """A graph made of records.

    Parameters
    ----------
    nodes, relations
        Everything that stands in it.
    missing
        What shows that a record is not there, as sentences.
    epoch
        The latest in which a record was written; 0 without any.
    """

    nodes: list[NodeElement] = field(default_factory=list)
    relations: list[RelationElement] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    epoch: int = 0

    def elements(self) -> Iterable[Element]:
        """Nodes and relations."""
        return (*self.nodes, *self.relations)


def merge(records: Iterable[ChangeRecord]) -> Merged:
    """Merge records; of several of one event that of the latest epoch counts."""
    newest: dict[str, ChangeRecord] = {}
    for record in records:
        held = newest.get(record.event_id)
        if held is None or record.epoch > held.epoch:
            newest[record.event_id] = record
    merged = Merged(epoch=max((record.epoch for record in newest.values()), default=0))
    revisions: dict[tuple[str, UUID], dict[int, NodeChange]] = defaultdict(dict)
    relations: dict[str, RelationElement] = {}
    ends: dict[str, dict[str, JsonValue]] = {}
    for record in newest.values():
        merged.nodes.append(NodeElement("Event", record.event))
        for change in record.nodes:
            other = revisions[change.label, change.id].setdefault(change.rev, change)
            if other != change:
                merged.missing.append(f"two events claim revision {change.rev} of {change.label} {change.id}")
            _add_bookkeeping(merged, record, change)
        for made in record.made:
            relations[str(made.properties["id"])] = RelationElement(
                made.type, made.source, made.target, made.properties
            )
        for ended in record.ended:
            ends[ended.id] = {
                "validTo": rfc3339(ended.valid_to),
                "endedBy": record.event_id,
                "endRecordedAt": record.event["recordedAt"],
            }
    for (label, node_id), changes in revisions.items():
        merged.nodes.append(NodeElement(label, _folded(node_id, changes)))
        if absent := set(range(1, max(changes) + 1)) - changes.keys():
            merged.missing.append(f"revision {min(absent)} of {label} {node_id} is missing")
    for relation_id, relation in relations.items():
        properties = {**relation.properties, **ends.pop(relation_id, {})}
        merged.relations.append(RelationElement(relation.type, relation.source, relation.target, properties))
    merged.missing.extend(f"the making of relation {relation_id} is missing" for relation_id in ends)
    targets = {(relation.target.label, relation.target.id) for relation in relations.values()}
    merged.missing.extend(
        f"the making of {label} {node_id} is missing" for label, node_id in targets - revisions.keys()
    )
    return merged


async def standing_elements(graph: GraphDatabase) -> AsyncIterator[Element]:
    """Every node and relation of the graph, streamed; no order."""
    async for row in graph.stream(_NODES):
        yield NodeElement(row["label"], json_properties(row["properties"]))
    async for row in graph.stream(_RELATIONS):
        ends = (NodeKey(label=row["label"], id=row["id"]), NodeKey(label=row["targetLabel"], id=row["target"]))
        yield RelationElement(row["type"], *ends, json_properties(row["properties"]))


async def digests(elements: AsyncIterable[Element] | Iterable[Element]) -> dict[str, int]:
    """What each element is called → its digest."""
    if isinstance(elements, Iterable):
        return {element.key: element.digest() for element in elements}
    return {element.key: element.digest() async for element in elements}


def differing(one: Mapping[str, int], other: Mapping[str, int]) -> list[str]:
    """What stands otherwise, or only, in one of two graphs, given by their digests."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def graph_hash(digests: Iterable[int]) -> str:
    """One number, in hexadecimal, of everything that stands in a graph, whatever its order."""
    return f"{sum(digests) % _MODULUS:064x}"


def _folded(node_id: UUID, changes: dict[int, NodeChange]) -> dict[str, JsonValue]:
    properties: dict[str, JsonValue] = {"id": str(node_id)}
    for _, change in sorted(changes.items()):
        properties.update(change.properties)
        for name in change.removed:
            properties.pop(name, None)
    return properties


def _add_bookkeeping(merged: Merged, record: ChangeRecord, change: NodeChange) -> None:
    key = NodeKey(label=change.label, id=change.id)
    occurred, recorded = (datetime.fromisoformat(str(record.event[name])) for name in ("occurredAt", "recordedAt"))
    state_id, rows = bookkeeping_rows(key, UUID(record.event_id), change.valid_from, occurred, recorded)
    state: dict[str, JsonValue] = {"id": state_id, **change.properties}
    if change.removed:
        state["removed"] = list(change.removed)
    merged.nodes.append(NodeElement("State", state, moments_of=change.label))
    for row in rows:
        target = NodeKey(label=row["targetLabel"], id=row["target"])
        merged.relations.append(RelationElement(row["type"], key, target, json_properties(row["properties"])))


def _digest(value: Properties) -> int:
    return int.from_bytes(hashlib.sha256(canonical_json(value)).digest())
