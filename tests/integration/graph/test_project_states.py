"""No sequence of changes brings projects, tasks and tensions to a state that the rules forbid."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.origins import own_origin
from graph.changes import change_thing
from graph.database import GraphDatabase, Row, Transaction
from graph.ledger import Ledger, Run
from graph.outcomes import ThingWritten
from graph.recording import record_thing
from ontology.commands import Change, Origin, Participating, Record, Resolving
from ontology.enums import DecisionKind, DecisionStatus, ParticipantRole, ProjectStatus, TaskStatus, TensionStatus
from ontology.events import EventType
from ontology.kinds import KINDS
from ontology.lifecycles import PROJECT_ENDED, TASK_RUNNING
from ontology.nodes import Decision
from ontology.references import PersonRef
from ontology.rules import GRAPH_RULES, RULES
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.errors import RefusedError
from runtime.settings import Settings

pytestmark = pytest.mark.servers

SOURCE = "urn:test:states"
RUN = Run("states", "run")
LABELS = ("Project", "Task", "Tension")
PEOPLE, PROJECTS, TENSIONS = 3, 2, 2

_EVERYTHING = (
    "MATCH (e:Event {source: $source})<-[:RECORDED_BY]-(n) OPTIONAL MATCH (n)-[:HAS_STATE]->(s:State) "
    "DETACH DELETE s, n, e"
)

_LEFT = """
MATCH (t:Task)-[:PART_OF]->(p:Project) WHERE t.id IN $ids AND p.status IN $ended AND t.status IN $running
RETURN t.id AS id
"""

_place = st.integers(0, 5)
_steps = st.one_of(
    st.tuples(st.just("Project"), _place, st.sampled_from(list(ProjectStatus))),
    st.tuples(st.just("Task"), _place, st.sampled_from(list(TaskStatus))),
    st.tuples(st.just("Tension"), _place, st.sampled_from(list(TensionStatus))),
    st.tuples(st.just("part"), _place, st.tuples(_place, st.sampled_from([None, *ParticipantRole]))),
    st.tuples(st.just("resolve"), _place, st.tuples(_place, st.booleans())),
    st.tuples(st.just("plan"), _place, st.one_of(st.none(), _place)),
    st.tuples(st.just("own"), _place, st.one_of(st.none(), _place)),
    st.tuples(st.just("follow"), _place, st.none()),
)
Step = tuple[str, int, Any]


def origin(event_type: str, reason: str | None = None) -> Origin:
    said = Participating(person=PersonRef(id=uuid4()))
    return own_origin(uuid4(), event_type, SOURCE, said, now(), reason)


@dataclass
class World:
    """Projects that were approved, and what was made of them; what follows from changes waits for its turn."""

    graph: GraphDatabase
    things: dict[str, list[UUID]] = field(default_factory=lambda: {label: [] for label in LABELS})
    people: list[PersonRef] = field(default_factory=lambda: [PersonRef(id=uuid4()) for _ in range(PEOPLE)])
    waiting: deque[Change] = field(default_factory=deque)

    async def begin(self) -> None:
        for number in range(PROJECTS):
            await self.record("Project", name=f"Project {number} {uuid4().hex[:8]}")
            await self.approved(self.things["Project"][-1])
        for number in range(TENSIONS):
            await self.record("Tension", title=f"Tension {number}", detector=self.people[0].model_dump(mode="json"))
            for to in ("UnderReview", "Accepted"):
                await self.change("Tension", number, values={"status": to})

    async def record(self, label: str, **said: Any) -> None:
        kind, thing = KINDS[label], uuid4()
        await record_thing(
            self.graph, kind, Record(id=thing, origin=origin(kind.recorded), label=label, content=said), RUN
        )
        self.things[label].append(thing)

    async def approved(self, project: UUID) -> None:
        async def work(transaction: Transaction) -> None:
            ledger = Ledger(transaction, origin(EventType.DECISION_TAKEN), RUN)
            moment = ledger.moment
            decision = Decision(
                id=uuid4(),
                rev=1,
                created_at=moment,
                updated_at=moment,
                kind=DecisionKind.PROJECT_APPROVAL,
                question="Is it carried out?",
                status=DecisionStatus.APPROVED,
                form="{}",
                request_hash="0" * 64,
            )
            ledger.relate(ledger.create(decision), "DECIDES", "Project", project)
            await ledger.write()

        await self.graph.write(work)

    async def change(self, label: str, place: int, **said: Any) -> None:
        things = self.things[label]
        if not things:
            return
        command = Change(
            id=things[place % len(things)],
            label=label,
            origin=origin(str(KINDS[label].changed)),
            **{"values": {}, **said},
        )
        await self.carry_out(command)

    async def carry_out(self, command: Change) -> None:
        written: ThingWritten = await change_thing(self.graph, command, RUN, timedelta(hours=1), Authorities({}))
        self.waiting.extend(written.follows)

    async def step(self, what: str, place: int, said: Any) -> None:
        if what in LABELS:
            await self.change(what, place, values={"status": said})
        elif what == "part":
            person = self.people[said[0] % PEOPLE]
            await self.change("Project", place, participating=Participating(person=person, role=said[1]))
        elif what == "resolve":
            tension = self.things["Tension"][said[0] % TENSIONS]
            await self.change("Project", place, resolving=[Resolving(tension=tension, ends=said[1])])
        elif what == "plan":
            owner = {} if said is None else {"owner": self.named(said)}
            project = self.things["Project"][place % PROJECTS]
            await self.record("Task", projectId=str(project), title="A part", **owner)
        elif what == "own":
            await self.change("Task", place, links={"owner": [] if said is None else [self.named(said)]})
        elif what == "follow" and self.waiting:
            await self.carry_out(self.waiting.popleft())

    def named(self, place: int) -> dict[str, Any]:
        return self.people[place % PEOPLE].model_dump(mode="json", exclude_none=True)

    async def broken(self) -> list[str]:
        """Rules of what stands that something of it breaks."""
        found = []
        ids = [str(one) for things in self.things.values() for one in things]
        for rule in GRAPH_RULES:
            if rule.audited and rule.label in LABELS and await self.graph.read(rule.of_some, ids=ids):
                found.append(rule.code)
        return found

    async def audited(self) -> list[str]:
        """Rules that the audit finds broken by something of it."""
        own = {str(one) for things in self.things.values() for one in things}
        rows = [(rule, await self.graph.read(rule.cypher)) for rule in RULES if rule.label in LABELS]
        return [rule.code for rule, found in rows if own & {row["id"] for row in found}]

    async def left(self) -> list[Row]:
        """What has to follow its project yet."""
        told = {
            "ids": [str(one) for one in self.things["Task"]],
            "ended": [*PROJECT_ENDED],
            "running": [*TASK_RUNNING],
        }
        return await self.graph.read(_LEFT, **told)


async def lived(tree: Settings, steps: Sequence[Step]) -> None:
    """Take the steps, whatever is refused, and look after each."""
    async with GraphDatabase(tree.graph) as graph:
        world = World(graph)
        try:
            await world.begin()
            for step in steps:
                with contextlib.suppress(RefusedError):
                    await world.step(*step)
                assert await world.broken() == [], step
            while world.waiting:
                with contextlib.suppress(RefusedError):
                    await world.carry_out(world.waiting.popleft())
            assert (await world.broken(), await world.audited(), await world.left()) == ([], [], [])
        finally:
            await graph.write(lambda transaction: transaction.rows(_EVERYTHING, source=SOURCE))


@settings(max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_steps, min_size=5, max_size=40))
def test_no_sequence_of_changes_breaks_a_rule(tree: Settings, steps: list[Step]) -> None:
    with asyncio.Runner() as runner:
        runner.run(lived(tree, steps))
