"""Events that others were told, compared with those that the graph has."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from events.log import header_text, read_topic
from events.names import topic_of
from events.topics import retention
from graph.audit import events_of_type
from graph.database import GraphDatabase
from ontology import ids
from ontology.events import PUBLISHED_EVENTS
from ontology.kinds import KINDS, Kind
from runtime.batches import streamed
from runtime.clock import now
from runtime.settings import Settings
from runtime.spool import KeySpool

_AT_ONCE = 500


@dataclass
class Published:
    """What a topic has of the events of a type that bear our source; ids of events.

    Parameters
    ----------
    type, kind
        Which events, and what they tell of.
    number
        How many there are, others that only bear our source left out.
    missing
        Written, not withdrawn since, and not there, though the topic still keeps what was sent then.
    unwritten
        Ours by their ids, and not in the graph.
    foreign
        Such as anybody may have written to the topic.
    """

    type: str
    kind: Kind
    number: int = 0
    missing: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


async def compare_published(tree: Settings, graph: GraphDatabase) -> list[Published]:
    """Compare the events of every type that tells of something that was recorded, or of a change of it."""
    types = [(one, kind) for kind in KINDS.values() for one in (kind.recorded, *kind.told_changes)]
    return [await _compared(tree, graph, Published(one, kind)) for one, kind in types if one in PUBLISHED_EVENTS]


async def _compared(tree: Settings, graph: GraphDatabase, told: Published) -> Published:
    topic = topic_of(tree.events, PUBLISHED_EVENTS[told.type].topic)
    kept = await retention(tree.events, topic)
    with KeySpool() as spool:
        async for some in streamed(_published(tree, topic, told.type), _AT_ONCE):
            spool.put(some)
        async for written in streamed(events_of_type(graph, told.type, tree.events.source), _AT_ONCE):
            there = spool.take([event.id for event in written])
            told.number += len(there)
            told.missing += [
                event.id
                for event in written
                if event.id not in there and not event.withdrawn and is_kept(event.recorded_at, kept)
            ]
        for event, subject in spool.left():
            if event == str(ids.record_event(told.kind.name, subject)):
                told.number += 1
                told.unwritten.append(event)
            elif not is_text_of(event, subject):
                told.foreign.append(event)
    return told


def is_kept(sent: datetime, kept: timedelta | None) -> bool:
    """Whether a topic still has what was sent at a moment; ``kept`` is for how long it keeps, None for ever."""
    return kept is None or sent > now() - kept


def is_text_of(event: str, subject: str) -> bool:
    """Whether an event tells the text of something that another event brought: the graph never has such an event."""
    return event in {str(ids.step_event(f"{kind.name}/{subject}", "knowledge")) for kind in KINDS.values()}


async def _published(tree: Settings, topic: str, event_type: str) -> AsyncIterator[tuple[str, str]]:
    """Id and subject of every event of a type in a topic that bears our source."""
    async for record in read_topic(tree.events, topic):
        if header_text(record, "ce_source") == tree.events.source and header_text(record, "ce_type") == event_type:
            yield header_text(record, "ce_id"), header_text(record, "ce_subject")
