"""Whatever happens to publications, the change records together are the graph once a pass has run.

Many write at once; publications are delayed, repeated, put in another order, lost with their run, or sent by somebody
who slept through it all; the graph is wiped and made again from the topic in between; the topic is compacted at any
time. The graph is a real one; the topic is a list, so that it can be compacted and reordered at will.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from cli.migrate import MIGRATIONS
from graph import fence, sweep
from graph import migrate as graph_migrations
from graph.database import GraphDatabase
from graph.elements import differing, standing_elements, sums_of
from graph.errors import ConcurrentWriteError, GraphUnavailableError, LedgerClosedError
from graph.fence import (
    GraphNotEmptyError,
    RebuildTakenOverError,
    WriteLostError,
    check_written,
)
from graph.ledger import Run
from graph.merge import MergedRecords, merge
from graph.outcomes import WriteOutcome
from graph.people_merges import merge_people
from graph.people_unmerges import unmerge_people
from graph.person_writes import link_identity, record_person
from graph.rebuild import RecordsMissingError, rebuild
from graph.recording import record_thing
from graph.records import all_records, records_of_events
from graph.snippet_writes import record_snippet
from ontology import ids
from ontology.changes import ChangeRecord
from ontology.commands import (
    IndexKnowledge,
    LinkIdentity,
    MergePeople,
    Origin,
    PersonDetails,
    RecordPerson,
    UnmergePeople,
)
from ontology.commands import RecordRecognition as Recognise
from ontology.enums import SnippetKind
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionContent
from ontology.kinds.recognition import RECOGNITION
from ontology.references import Caller, PersonRef, ProjectRef
from runtime.clock import now
from runtime.errors import RefusedError
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import settings_of

pytestmark = pytest.mark.servers

SEEDS = 3
ROUNDS = 14
WRITERS = 4
HANDLES = ("an", "binh", "chi", "dung")
Write = Callable[[], Awaitable[WriteOutcome]]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A graph that may be wiped."""
    with StackSession(tmp_path_factory.mktemp("own"), only="neo4j") as session:
        yield settings_of(session)


@dataclass
class Topic:
    """What was sent, in order; the key of a record is its event."""

    sent: list[ChangeRecord] = field(default_factory=list)

    def compact(self) -> None:
        """Keep the last of each key, as Kafka may at any time."""
        self.sent = list({record.event_id: record for record in self.sent}.values())

    def epochs(self) -> dict[str, int]:
        return {record.event_id: record.epoch for record in self.sent}

    async def merged(self) -> MergedRecords:
        return merge(self.sent)


@dataclass
class World:
    """Writers, what they have not told yet, and who sleeps with a record in hand."""

    graph: GraphDatabase
    chooser: random.Random
    topic: Topic = field(default_factory=Topic)
    waiting: list[tuple[Write, WriteOutcome]] = field(default_factory=list)
    terminated: list[ChangeRecord] = field(default_factory=list)
    zombies: list[ChangeRecord] = field(default_factory=list)
    count: int = 0

    async def write(self) -> None:
        """One write, and what becomes of its publication."""
        write = self.some_write()
        try:
            written = await patiently(write)
        except RefusedError:
            return
        fate = self.chooser.random()
        if fate < 0.5:
            self.topic.sent += written.records * self.chooser.choice([1, 1, 2])
        elif fate < 0.85:
            self.waiting.append((write, written))
        else:
            self.terminated += written.records
        if fate > 0.7:
            self.zombies += written.records

    async def tell(self, *, everything: bool = False) -> None:
        """Those who wait tell in any order; one whose write is lost writes again, as its run would."""
        self.chooser.shuffle(self.waiting)
        told = [self.waiting.pop() for _ in range(len(self.waiting) if everything else len(self.waiting) // 2)]
        for write, written in told:
            records = written.records
            while True:
                try:
                    await check_written(self.graph, [record.event_id for record in records])
                    break
                except WriteLostError:
                    try:
                        records = (await patiently(write)).records
                    except RefusedError:
                        records = []
            self.topic.sent += records

    async def wipe_and_rebuild(self) -> None:
        """The graph is lost; nothing can be written until it is made again, and records that wait are sent.

        A pass had sent those of terminated runs. Some who wait come too late, unless others built on their records.
        """
        self.topic.sent += self.terminated
        await self.graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
        with pytest.raises(LedgerClosedError):
            await self.some_write()()
        with pytest.raises(LedgerClosedError):
            await check_written(self.graph, [])
        self.chooser.shuffle(self.waiting)
        for _, written in self.waiting[: len(self.waiting) // 2]:
            self.topic.sent += written.records
        try:
            await rebuild(self.graph, self.topic.merged, 0.0)
        except RecordsMissingError:
            for _, written in self.waiting:
                self.topic.sent += written.records
            await rebuild(self.graph, self.topic.merged, 0.0)

    async def sweep(self) -> None:
        """The scheduled pass, from the beginning: what the topic lacks, or has of an earlier epoch last."""
        found = await sweep.begin(self.graph)
        assert found is not None
        written, sent = await found.written(now()), self.topic.epochs()
        lacking = sweep.lacking(written, await found.epochs(sorted(sent.keys() - written.keys())), sent)
        self.topic.sent += await records_of_events(self.graph, [UUID(event) for event in lacking])

    def some_write(self) -> Write:
        """A write of any kind about few people, so that writers meet."""
        self.count += 1
        number = self.count
        an, other = self.chooser.sample(HANDLES, 2)
        run = Run(f"run/{number}", "run")
        kind = self.chooser.choice(["person", "recognition", "recognition", "snippet", "link", "merge", "unmerge"])
        entity = ids.derive(kind, str(number % 5 if kind == "snippet" else number))
        origin = Origin(
            event_id=ids.step_event(f"{kind}/{number}", "record"),
            event_type=EventType.RECOGNITION_CREATED,
            source="urn:test",
            occurred_at=now(),
            sent_at=now(),
            request_hash=f"{number:064x}",
            caller=Caller(issuer="urn:issuer", subject=f"u-{an}"),
        )
        if kind == "person":
            details = PersonDetails(full_name=f"Person {number}", handle=an if number % 2 else f"h{number}")
            return lambda: record_person(self.graph, RecordPerson(id=entity, origin=origin, person=details), run)
        if kind == "recognition":
            said = RecognitionContent(
                giver=PersonRef(handle=an),
                receivers=[PersonRef(handle=other)],
                content=f"Text {number}",
                project=ProjectRef(name=f"Project {number % 3}"),
            )
            return lambda: record_thing(
                self.graph, RECOGNITION, Recognise(id=entity, origin=origin, recognition=said), run
            )
        if kind == "snippet":
            text = KnowledgeSnippetUpserted(
                content=f"Text {number}", kind=SnippetKind.NOTE, revision=number, author=PersonRef(handle=an)
            )
            return lambda: record_snippet(self.graph, IndexKnowledge(id=entity, origin=origin, snippet=text), run)
        one, two = ids.person_by_handle(an), ids.person_by_handle(other)
        if kind == "link":
            link = LinkIdentity(id=entity, origin=origin, person_id=one, issuer="urn:issuer", subject="u-shared")
            return lambda: link_identity(self.graph, link, run)
        if kind == "unmerge":
            return lambda: unmerge_people(self.graph, UnmergePeople(id=one, origin=origin), run)
        return lambda: merge_people(self.graph, MergePeople(id=entity, origin=origin, duplicate=one, survivor=two), run)


async def patiently(write: Write) -> WriteOutcome:
    """As a run does: what may pass is tried again."""
    while True:
        try:
            return await write()
        except (ConcurrentWriteError, GraphUnavailableError):
            continue


async def untold(world: World) -> list[str]:
    with await world.topic.merged() as merged:
        told, standing = await sums_of(merged.elements()), await sums_of(standing_elements(world.graph))
        places = told.differing(standing)
        return await differing(merged.elements, lambda: standing_elements(world.graph), places)


@pytest.fixture(scope="module")
async def graph(own: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(own.graph) as database:
        await graph_migrations.migrate(database, MIGRATIONS)
        yield database


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_the_merged_records_are_the_graph_once_a_pass_has_run(graph: GraphDatabase, seed: int) -> None:
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await fence.open_first(graph)
    world = World(graph, random.Random(seed))
    rebuilt = 0
    for _ in range(ROUNDS):
        await asyncio.gather(*(world.write() for _ in range(WRITERS)))
        await world.tell()
        if world.chooser.random() < 0.3:
            world.topic.compact()
        if world.chooser.random() < 0.3:
            await world.sweep()
        if world.chooser.random() < 0.2:
            await world.wipe_and_rebuild()
            rebuilt += 1
    await world.tell(everything=True)
    world.chooser.shuffle(world.zombies)
    world.topic.sent += [record for record in world.zombies if record.event_id in world.topic.epochs()]
    await world.sweep()
    world.topic.compact()
    assert await untold(world) == []
    again = {record.event_id: record async for record in all_records(graph)}
    assert again == {record.event_id: record for record in world.topic.sent}, "a record is the same whenever it is made"
    print(f"seed {seed}: {world.count} writes, {len(again)} events, {rebuilt} rebuilds, 0 differences")


async def test_an_epoch_that_told_nothing_is_not_given_again(graph: GraphDatabase) -> None:
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await fence.open_first(graph)
    world = World(graph, random.Random(3))
    while await refused(write := world.some_write()):
        continue
    asleep = (await patiently(write)).records
    for _ in range(2):
        await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
        await rebuild(graph, world.topic.merged, 0.0)
        world.topic.sent = [*asleep, *(await patiently(write)).records]
        assert await untold(world) == []
        asleep, world.topic.sent = world.topic.sent, []


async def test_of_two_rebuilds_the_later_goes_on_and_the_earlier_ends(graph: GraphDatabase) -> None:
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await fence.open_first(graph)
    world = World(graph, random.Random(1))
    for _ in range(20):
        await world.write()
    await world.sweep()
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    earlier = asyncio.create_task(rebuild(graph, world.topic.merged, 1.0))
    await asyncio.sleep(0.3)
    later = asyncio.create_task(rebuild(graph, world.topic.merged, 1.0))
    with pytest.raises(RebuildTakenOverError):
        await earlier
    await later
    assert await untold(world) == []
    with pytest.raises(GraphNotEmptyError):
        await rebuild(graph, world.topic.merged, 0.0)


async def test_a_repeated_write_is_not_answered_from_a_graph_that_is_half_rebuilt(graph: GraphDatabase) -> None:
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await fence.open_first(graph)
    world = World(graph, random.Random(2))
    writes = [world.some_write() for _ in range(30)]
    written = [(write, await patiently(write)) for write in writes if not await refused(write)]
    await graph.execute_schema("MATCH ()-[r]->() DELETE r")
    await graph.execute_schema("MATCH (l:Ledger) SET l.open = false")
    for write, _ in written:
        with pytest.raises(LedgerClosedError):
            await write()


async def refused(write: Write) -> bool:
    try:
        await patiently(write)
    except RefusedError:
        return True
    return False
