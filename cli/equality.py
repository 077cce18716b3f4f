"""The one check: what stands in graph, change records, events and vectors must be the same, once each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from events.log import change_records, header_text, read_topic
from events.topics import retention
from graph.audit import Violation, counts, events_of_type, recognition_links, violations
from graph.database import GraphDatabase
from graph.merge import differing, digests, graph_hash, merge, standing_elements
from graph.records import all_records
from knowledge.store import KnowledgeStore
from ontology import ids
from ontology.changes import ChangeRecord
from ontology.enums import SnippetKind
from ontology.events import EventType
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
        Distinct RECOGNITION_CREATED events of our own in Kafka.
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
    events: int
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
    links = await recognition_links(graph)
    own_events = await events_of_type(graph, EventType.RECOGNITION_CREATED, tree.events.source)
    kept = await retention(tree.events, tree.events.recognitions_topic)
    in_topic, foreign = told_apart(await _published(tree), own_events)
    recognitions = {node for node, label in in_graph.items() if label == "Recognition"}
    snippets = {node for node, label in in_graph.items() if label == "KnowledgeSnippet"}
    vectors = {str(source) for source in await store.source_ids(SnippetKind.RECOGNITION)}
    every_vector = {str(source) for kind in SnippetKind for source in await store.source_ids(kind)}
    unsent = [record for key, record in written.items() if key not in sent or sent[key].epoch < record.epoch]
    altered = {key for key, record in written.items() if sent.get(key) != record} - {one.event_id for one in unsent}
    candidates = [
        Difference("accepted, but not in the graph", sorted(set(accepted) - set(in_graph))),
        Difference("recognition without exactly one giver", sorted(n for n, (g, _) in links.items() if g != 1)),
        Difference("recognition without a receiver", sorted(n for n, (_, r) in links.items() if r < 1)),
        Difference("recognition without a vector", sorted(recognitions - vectors)),
        # A snippet may say that it comes from a recognition; its vector is of that kind too.
        Difference("vector without a recognition", sorted(vectors - recognitions - snippets)),
        Difference("snippet without a vector", sorted(snippets - every_vector)),
        Difference("written event that was not published", sorted(still_held(own_events, kept) - in_topic)),
        Difference("published event that was not written", sorted(in_topic - own_events.keys())),
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
        events=len(in_topic),
        graph_hash=graph_hash(standing.values()),
        records_hash=graph_hash(told.values()),
        differences=[difference for difference in candidates if difference.ids],
        broken=await violations(graph),
        unsent=unsent,
        foreign_events=sorted(foreign),
    )


def still_held(written: Mapping[str, datetime], kept: timedelta | None) -> set[str]:
    """Ids of the events that a topic must still have, which keeps them for some time; written: id → when."""
    since = now() - kept if kept is not None else None
    return {event for event, moment in written.items() if since is None or moment > since}


def told_apart(published: Iterable[tuple[str, str]], written: Collection[str]) -> tuple[set[str], set[str]]:
    """Ids of our own events, and of those that only bear our source.

    Parameters
    ----------
    published
        Id and subject of each event that bears our source.
    written
        Ids of the events that the graph has. One that it lacks is ours, and lost, if its id is that which our writer
        makes from its subject.
    """
    own, foreign = set[str](), set[str]()
    for event_id, subject in published:
        ours = event_id in written or event_id == str(ids.record_event("recognition", subject))
        (own if ours else foreign).add(event_id)
    return own, foreign


async def _published(tree: Settings) -> set[tuple[str, str]]:
    """Id and subject of every event in the recognitions' topic that bears our source."""
    found = set()
    async for record in read_topic(tree.events, tree.events.recognitions_topic):
        if header_text(record, "ce_source") == tree.events.source:
            found.add((header_text(record, "ce_id"), header_text(record, "ce_subject")))
    return found
