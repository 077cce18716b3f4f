"""The nodes and relations that a graph is made of, and how two graphs are compared without holding either."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from pydantic import JsonValue

from graph.database import GraphDatabase
from graph.derived import derived
from graph.values import Properties, json_properties, node_from_json, relation_from_json
from ontology.changes import NodeKey
from runtime.hashing import canonical_json

_MODULUS = 2**256

_BUCKETS = 4_096

_AT_ONCE = 500

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
Elements = Iterable[Element] | AsyncIterable[Element]


class Sums:
    """What a graph adds up to, whatever its order: its elements' digests, in buckets by what they are called."""

    def __init__(self) -> None:
        self._buckets = [0] * _BUCKETS

    def add(self, element: Element) -> None:
        """Count an element in."""
        place = _bucket(element)
        self._buckets[place] = (self._buckets[place] + element.digest()) % _MODULUS

    @property
    def hash(self) -> str:
        """One number, in hexadecimal, of everything."""
        return f"{sum(self._buckets) % _MODULUS:064x}"

    def differing(self, other: "Sums") -> list[int]:
        """Numbers of the buckets that do not add up to the same."""
        both = zip(self._buckets, other._buckets, strict=True)
        return [place for place, (one, another) in enumerate(both) if one != another]


async def standing_elements(graph: GraphDatabase) -> AsyncIterator[Element]:
    """Every node and relation of the graph, streamed; no order."""
    async for row in graph.stream(_NODES):
        yield NodeElement(row["label"], json_properties(row["properties"]))
    async for row in graph.stream(_RELATIONS):
        ends = (NodeKey(label=row["label"], id=row["id"]), NodeKey(label=row["targetLabel"], id=row["target"]))
        yield RelationElement(row["type"], *ends, json_properties(row["properties"]))


async def sums_of(elements: Elements) -> Sums:
    """What some elements add up to."""
    sums = Sums()
    async for element in _each(elements):
        sums.add(element)
    return sums


async def differing(
    told: Callable[[], Elements], standing: Callable[[], Elements], buckets: Collection[int]
) -> list[str]:
    """What stands otherwise, or only, in one of two graphs: the names of the elements in some buckets that differ.

    Parameters
    ----------
    told, standing
        Give the elements of either, once more: each is read whole, and of its digests only those are held.
    buckets
        What :meth:`Sums.differing` found.
    """
    chosen = frozenset(buckets)
    one, other = await _digests(told(), chosen), await _digests(standing(), chosen)
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


async def _digests(elements: Elements, chosen: frozenset[int]) -> dict[str, int]:
    """What each name adds up to: one that stands twice is another than one that stands once."""
    sums: dict[str, int] = {}
    async for one in _each(elements):
        if _bucket(one) in chosen:
            sums[one.key] = (sums.get(one.key, 0) + one.digest()) % _MODULUS
    return sums


async def _each(elements: Elements) -> AsyncIterator[Element]:
    """Those that are read from disk come by way of a thread, a few at a time: others have work to do meanwhile."""
    if isinstance(elements, Iterable):
        rest = iter(elements)
        while some := await asyncio.to_thread(lambda: list(islice(rest, _AT_ONCE))):
            for element in some:
                yield element
    else:
        async for element in elements:
            yield element


def _bucket(element: Element) -> int:
    return zlib.crc32(element.key.encode()) % _BUCKETS


def _digest(value: Properties) -> int:
    return int.from_bytes(hashlib.sha256(canonical_json(value)).digest())
