"""The one check: what stands in graph, change records, events and vectors must be the same, once each.

Every store is read as a stream and put beside the others on disk, so that memory does not grow with what they hold.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace

from auditing.published import compare_published
from auditing.vectors import compare_vectors
from events.log import record_messages
from graph.audit import Violation, counts, violations
from graph.database import GraphDatabase
from graph.elements import Element, NodeElement, differing, standing_elements, sums_of
from graph.fence import is_empty
from graph.merge import Match, MergedRecords
from graph.rebuild import RecordsMissingError
from graph.records import all_records
from knowledge.store import KnowledgeStore
from runtime.batches import streamed
from runtime.settings import EventSettings, Settings

_AT_ONCE = 500

_ON_ITS_WAY = 2.0
"""Seconds in which a write that was seen in one store has reached the others."""


@dataclass(frozen=True)
class Difference:
    """Ids that one store has and another has not, or has more than once."""

    what: str
    ids: list[str]


@dataclass(frozen=True)
class Lost:
    """What can be made again from the graph; ids.

    Parameters
    ----------
    records
        Events whose record Kafka lacks, or has of an earlier epoch alone.
    events
        Type → events of it that were written and not published.
    vectors
        Name of a kind → things whose text has no vector.
    astray
        Sources of vectors that stand nowhere.
    """

    records: list[str] = field(default_factory=list)
    events: dict[str, list[str]] = field(default_factory=dict)
    vectors: dict[str, list[str]] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.records or self.astray or any(self.events.values()) or any(self.vectors.values()))

    def since(self, earlier: "Lost") -> "Lost":
        """What was lost at an earlier look too."""
        return Lost(
            _both(self.records, earlier.records),
            {name: _both(ids, earlier.events.get(name, [])) for name, ids in self.events.items()},
            {name: _both(ids, earlier.vectors.get(name, [])) for name, ids in self.vectors.items()},
            _both(self.astray, earlier.astray),
        )


@dataclass(frozen=True)
class Equality:
    """What every store holds, and where they differ.

    Parameters
    ----------
    nodes
        Graph nodes per label.
    records
        Change records in Kafka.
    vectors
        Searchable texts per kind.
    events
        Distinct events of our own in Kafka, per type of which each is written.
    foreign_events
        Ids of events there that bear our source and are not ours: anybody may write to the topic.
    differences, broken
        What is not equal, and rules of the ontology that are broken; both empty when all is well.
    graph_hash, records_hash
        Of what stands, and of what the records say together; equal when the graph can be made again as it is.
    lost
        What of the differences can be mended.
    """

    nodes: dict[str, int]
    records: int
    vectors: dict[str, int]
    events: dict[str, int]
    graph_hash: str
    records_hash: str
    differences: list[Difference] = field(default_factory=list)
    broken: list[Violation] = field(default_factory=list)
    lost: Lost = field(default_factory=Lost)
    foreign_events: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Everything is equal and no rule is broken."""
        return not self.differences and not self.broken

    def since(self, earlier: "Equality") -> "Equality":
        """The same, with the differences alone that an earlier look saw too: others write meanwhile."""
        seen = {one.what: one.ids for one in earlier.differences}
        broken = {one.rule: one.ids for one in earlier.broken}
        differences = [Difference(one.what, _both(one.ids, seen.get(one.what, []))) for one in self.differences]
        violations = [Violation(one.rule, _both(one.ids, broken.get(one.rule, []))) for one in self.broken]
        return replace(
            self,
            differences=[one for one in differences if one.ids],
            broken=[one for one in violations if one.ids],
            lost=self.lost.since(earlier.lost),
        )


async def compare(
    tree: Settings, graph: GraphDatabase, store: KnowledgeStore, accepted: Iterable[str] = ()
) -> Equality:
    """Read every store whole and compare.

    Parameters
    ----------
    tree, graph, store
        Where they are.
    accepted
        Ids that must stand in the graph.

    Raises
    ------
    RecordsMissingError
        The topic of the change records is empty and the graph is not.
    SpoolError
        There is no room for temporary files.
    """
    nowhere = set(accepted)
    with MergedRecords() as merged:
        await read_records(tree.events, merged)
        if not len(merged) and not await is_empty(graph):
            topic = tree.events.changes_topic
            what = f"{topic} holds no change record, and the graph is not empty: is it the right topic? "
            raise RecordsMissingError(f"{what}`trm audit --repair` sends all records again")
        lacking, altered = await _unlike(graph, merged)
        told, standing = await sums_of(merged.elements()), await sums_of(_found(graph, nowhere))
        places = told.differing(standing)
        otherwise = await differing(merged.elements, lambda: standing_elements(graph), places) if places else []
        torn, extra = sorted(await asyncio.to_thread(list, merged.missing())), list(merged.unmatched())
        records = len(merged)
    vectors = await compare_vectors(graph, store)
    published = await compare_published(tree, graph)
    candidates = [
        Difference("accepted, but not in the graph", sorted(nowhere)),
        *(Difference(f"{name} without a vector", sorted(ids)) for name, ids in vectors.lacking.items()),
        Difference("vector of nothing that stands", vectors.astray),
        Difference("written event that was not published", sorted(one for told in published for one in told.missing)),
        Difference("published event that was not written", sorted(one for told in published for one in told.unwritten)),
        Difference("event whose change record is missing", sorted(lacking)),
        Difference("event whose change record says something else", sorted(altered)),
        Difference("change record without an event in the graph", extra),
        Difference("change records that make no whole", torn),
        Difference("stands otherwise than its change records say", otherwise),
    ]
    return Equality(
        nodes=await counts(graph),
        records=records,
        vectors=await store.count(),
        events={str(told.type): told.number for told in published},
        graph_hash=standing.hash,
        records_hash=told.hash,
        differences=[difference for difference in candidates if difference.ids],
        broken=await violations(graph),
        lost=Lost(lacking, {told.type: told.missing for told in published}, vectors.lacking, vectors.astray),
        foreign_events=sorted(one for told in published for one in told.foreign),
    )


async def compare_twice(tree: Settings, graph: GraphDatabase, store: KnowledgeStore) -> Equality:
    """What differs, and differs still a moment later: what is on its way just now differs only at the first look.

    Raises
    ------
    RecordsMissingError, SpoolError
        As :func:`compare`.
    """
    first = await compare(tree, graph, store)
    if first.holds:
        return first
    await asyncio.sleep(_ON_ITS_WAY)
    return (await compare(tree, graph, store)).since(first)


async def read_records(events: EventSettings, merged: MergedRecords, *, whatever_helps: bool = False) -> None:
    """Read every change record that Kafka has.

    Parameters
    ----------
    events, merged
        Which Kafka, and where they are kept.
    whatever_helps
        For a rebuild: of several messages of one event the record of the latest epoch. Otherwise the last message of a
        key decides, as it does for compaction: what is no record takes its key's record away.
    """
    async for message in record_messages(events):
        if message.record is not None:
            merged.keep(message.record, later_epoch=whatever_helps)
        elif message.is_tombstone or not whatever_helps:
            merged.drop(message.key)


async def _unlike(graph: GraphDatabase, merged: MergedRecords) -> tuple[list[str], list[str]]:
    """Events of the graph whose record is lacking, and those whose record says something else."""
    found: dict[Match, list[str]] = {match: [] for match in Match}
    async for some in streamed(all_records(graph), _AT_ONCE):
        for record, match in zip(some, merged.match(some), strict=True):
            if match != Match.SAME:
                found[match].append(record.event_id)
    return found[Match.LACKING], found[Match.OTHERWISE]


async def _found(graph: GraphDatabase, nowhere: set[str]) -> AsyncIterator[Element]:
    """Everything that stands; what was looked for is taken out of what stands nowhere."""
    async for element in standing_elements(graph):
        if nowhere and isinstance(element, NodeElement):
            nowhere.discard(str(element.properties["id"]))
        yield element


def _both(ones: list[str], others: list[str]) -> list[str]:
    known = set(others)
    return [one for one in ones if one in known]
