"""The one check: what stands in graph, change records, events and vectors must be the same, once each."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from events.log import change_records, header_text, read_topic
from events.names import topic_of
from events.topics import retention
from graph.audit import Violation, counts, events_of_type, searchable, violations
from graph.database import GraphDatabase
from graph.merge import differing, digests, graph_hash, merge, standing_elements
from graph.records import all_records
from knowledge.store import KnowledgeStore
from ontology import ids
from ontology.changes import ChangeRecord
from ontology.enums import SnippetKind
from ontology.events import PUBLISHED_EVENTS
from ontology.kinds import KINDS, Kind
from runtime.clock import now
from runtime.settings import Settings


@dataclass(frozen=True)
class Difference:
    """Ids that one store has and another has not, or has more than once."""

    what: str
    ids: list[str]


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
        Distinct events of our own in Kafka, per type that records something.
    foreign_events
        Ids of events there that bear our source and are not ours: anybody may write to the topic.
    differences, broken
        What is not equal, and rules of the ontology that are broken; both empty when all is well.
    graph_hash, records_hash
        Of what stands, and of what the records say together; equal when the graph can be made again as it is.
    unsent
        Records of the graph that Kafka lacks, or has of an earlier epoch alone.
    """

    nodes: dict[str, int]
    records: int
    vectors: dict[str, int]
    events: dict[str, int]
    graph_hash: str
    records_hash: str
    differences: list[Difference] = field(default_factory=list)
    broken: list[Violation] = field(default_factory=list)
    unsent: list[ChangeRecord] = field(default_factory=list)
    foreign_events: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Everything is equal and no rule is broken."""
        return not self.differences and not self.broken

    def since(self, earlier: "Equality") -> "Equality":
        """The same, with the differences alone that an earlier look saw too: others write meanwhile."""
        seen = {(one.what, item) for one in earlier.differences for item in one.ids}
        broken = {(one.rule, item) for one in earlier.broken for item in one.ids}
        differences = [
            Difference(one.what, [item for item in one.ids if (one.what, item) in seen]) for one in self.differences
        ]
        violations = [
            Violation(one.rule, [item for item in one.ids if (one.rule, item) in broken]) for one in self.broken
        ]
        unsent = {record.event_id for record in earlier.unsent}
        return replace(
            self,
            differences=[one for one in differences if one.ids],
            broken=[one for one in violations if one.ids],
            unsent=[record for record in self.unsent if record.event_id in unsent],
        )


async def compare(
    tree: Settings, graph: GraphDatabase, store: KnowledgeStore, accepted: Iterable[str] = ()
) -> Equality:
    """Read every store whole and compare; ``accepted`` are ids that must stand in the graph."""
    written = {record.event_id: record async for record in all_records(graph)}
    sent = await change_records(tree.events)
    standing, told = await digests(standing_elements(graph)), await digests((merged := merge(sent.values())).elements())
    in_graph = {key.split(" ")[1]: key.split(" ")[0] for key in standing}
    vectors = {kind: {str(source) for source in await store.source_ids(kind)} for kind in SnippetKind}
    every_vector = set[str]().union(*vectors.values())
    documents = {kind: await searchable(graph, kind.label) for kind in KINDS.values() if kind.document}
    every_document = set[str]().union(*documents.values())
    published = [kind for kind in KINDS.values() if kind.recorded in PUBLISHED_EVENTS]
    told_of = await asyncio.gather(*(_told_of(tree, graph, kind) for kind in published))
    unsent = [record for key, record in written.items() if key not in sent or sent[key].epoch < record.epoch]
    altered = {key for key, record in written.items() if sent.get(key) != record} - {one.event_id for one in unsent}
    candidates = [
        Difference("accepted, but not in the graph", sorted(set(accepted) - set(in_graph))),
        *(
            Difference(f"{kind.name} without a vector", sorted(nodes - every_vector))
            for kind, nodes in documents.items()
        ),
        Difference("vector of nothing that stands", sorted(every_vector - every_document)),
        Difference("written event that was not published", sorted(one for told in told_of for one in told.missing)),
        Difference("published event that was not written", sorted(one for told in told_of for one in told.unwritten)),
        Difference("event whose change record is missing", sorted(record.event_id for record in unsent)),
        Difference("event whose change record says something else", sorted(altered)),
        Difference("change record without an event in the graph", sorted(sent.keys() - written.keys())),
        Difference("change records that make no whole", sorted(merged.missing)),
        Difference("stands otherwise than its change records say", differing(standing, told)),
    ]
    return Equality(
        nodes=await counts(graph),
        records=len(sent),
        vectors=await store.count(),
        events={told.type: len(told.published) for told in told_of},
        graph_hash=graph_hash(standing.values()),
        records_hash=graph_hash(told.values()),
        differences=[difference for difference in candidates if difference.ids],
        broken=await violations(graph),
        unsent=unsent,
        foreign_events=sorted(one for told in told_of for one in told.foreign),
    )


def still_held(written: Mapping[str, datetime], kept: timedelta | None) -> set[str]:
    """Ids of the events that a topic must still have, which keeps them for some time; written: id → when."""
    since = now() - kept if kept is not None else None
    return {event for event, moment in written.items() if since is None or moment > since}


@dataclass(frozen=True)
class _Told:
    """What a topic has of the events that record things of a kind; ids of events."""

    type: str
    published: set[str]
    missing: set[str]
    unwritten: set[str]
    foreign: set[str]


async def _told_of(tree: Settings, graph: GraphDatabase, kind: Kind) -> _Told:
    topic = topic_of(tree.events, PUBLISHED_EVENTS[kind.recorded].topic)
    written = await events_of_type(graph, kind.recorded, tree.events.source)
    kept = await retention(tree.events, topic)
    published, foreign = told_apart(kind, await _published(tree, topic, kind.recorded), written)
    return _Told(kind.recorded, published, still_held(written, kept) - published, published - written.keys(), foreign)


def told_apart(kind: Kind, published: Iterable[tuple[str, str]], written: Collection[str]) -> tuple[set[str], set[str]]:
    """Ids of our own events, and of those that only bear our source.

    Parameters
    ----------
    kind
        What the events record.
    published
        Id and subject of each event that bears our source.
    written
        Ids of the events that the graph has. One that it lacks is ours, and lost, if its id is that which our writer
        makes from its subject; a text that something else brought is told by an event that the graph never has.
    """
    own, foreign = set[str](), set[str]()
    for event_id, subject in published:
        if event_id in written or event_id == str(ids.record_event(kind.name, subject)):
            own.add(event_id)
        elif event_id not in {str(ids.step_event(f"{other.name}/{subject}", "knowledge")) for other in KINDS.values()}:
            foreign.add(event_id)
    return own, foreign


async def _published(tree: Settings, topic: str, event_type: str) -> set[tuple[str, str]]:
    """Id and subject of every event of a type in a topic that bears our source."""
    found = set()
    async for record in read_topic(tree.events, topic):
        if header_text(record, "ce_source") == tree.events.source and header_text(record, "ce_type") == event_type:
            found.add((header_text(record, "ce_id"), header_text(record, "ce_subject")))
    return found
