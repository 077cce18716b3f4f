"""The one way to write: collects a change set, adds its Event, states and provenance, and writes it at once.

Labels and relation types travel as parameters (dynamic labels use the constraint's index), so one statement serves
every kind of node and a write costs two round trips, whatever it changes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from graph.database import Transaction
from graph.derived import derived
from graph.errors import LedgerClosedError, RuleBrokenError
from graph.fence import CLOSED
from graph.node_states import NodeState, RelationState, state_of
from graph.records import bookkeeping_rows, record_of, relation_properties, relation_row, state_properties
from graph.values import Properties, changed_properties, graph_properties
from ontology import ids
from ontology.changes import ChangeRecord, NodeKey
from ontology.commands import Origin
from ontology.nodes import ENTITIES, Entity, Event
from ontology.rules import GRAPH_RULES
from runtime.clock import now

_WRITE = """
MATCH (ledger:Ledger {id: 'ledger', open: true})
CALL (ledger) {
  UNWIND $events AS row
  CREATE (e:Event)
  SET e = row, e.epoch = ledger.epoch
}
CALL () {
  UNWIND $nodes AS row
  CREATE (n:$(row.label))
  SET n = row.properties
}
CALL () {
  UNWIND $changes AS row
  MATCH (n:$(row.label) {id: row.id})
  SET n += row.properties
}
CALL () {
  UNWIND $ended AS row
  MATCH (:$(row.label) {id: row.id})-[r:$(row.type) {id: row.relation}]->()
  SET r += row.properties
}
CALL () {
  UNWIND $relations AS row
  MATCH (a:$(row.label) {id: row.id})
  MATCH (b:$(row.targetLabel) {id: row.target})
  CREATE (a)-[r:$(row.type)]->(b)
  SET r = row.properties
}
RETURN ledger.epoch AS epoch
"""

# A unique value may pass from one node to another in one change set only after the first let it go.
_LET_GO = """
UNWIND $nodes AS row
MATCH (n:$(row.label) {id: row.id})
SET n += row.properties
"""

# To write a property of the node's own back would read it before the lock is held, and undo what others wrote.
_LOAD = """
UNWIND $ids AS id
MATCH (n:$($label) {id: id})
SET n.locked = true
REMOVE n.locked
WITH n
RETURN properties(n) AS properties,
  COLLECT { MATCH (n)-[h:HAS_STATE]->() RETURN h.validFrom ORDER BY h.validFrom DESC LIMIT 1 } AS validFrom,
  COLLECT {
    MATCH (n)-[r]->(t) WHERE r.validTo IS NULL AND NOT t:State AND NOT t:Event
    RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: t.id}
  } AS relations
ORDER BY n.id
"""


@dataclass(frozen=True)
class Run:
    """The workflow run that writes: with which attempt of its step, and in which trace."""

    workflow_id: str
    run_id: str
    attempt: int | None = None
    local: bool | None = None
    trace_id: str | None = None


@dataclass
class _Revision:
    """What one event does to one node: one revision, one state and one provenance, however many changes make it up.

    Parameters
    ----------
    node
        The node.
    updates
        Values the event sets, its ``rev`` among them; None takes a property away.
    valid_from
        Since when it holds.
    """

    node: NodeState
    updates: Properties
    valid_from: datetime


class Ledger:
    """A change set under one Event, or under one Event per entry.

    Parameters
    ----------
    transaction
        Open write transaction; the change set is written by :meth:`write` and committed with it.
    origin
        Where the write comes from; None when each :meth:`entry` brings its own.
    run
        Which workflow run carries it.
    """

    def __init__(self, transaction: Transaction, origin: Origin | None, run: Run) -> None:
        self.moment: datetime = now()
        self._transaction = transaction
        self._run = run
        self._current: Event | None = None
        self._events: dict[UUID, Event] = {}
        self._states: dict[UUID, NodeState] = {}
        self._revisions: dict[tuple[UUID, UUID], _Revision] = {}
        self._created: dict[UUID, _Revision] = {}
        self._ended: list[Properties] = []
        self._relations: list[Properties] = []
        self._made: Counter[tuple[str, str, str, str]] = Counter()
        if origin is not None:
            self._open(origin)

    @contextmanager
    def entry(self, origin: Origin) -> Iterator[None]:
        """Record what the block writes under an event of its own; if the block raises, nothing of it stays.

        Without anything written there is no event either.

        What is loaded and changed cannot be taken back: a block that may refuse decides before it changes.
        """
        lists = (self._ended, self._relations)
        lengths, known, outer = [len(rows) for rows in lists], len(self._states), self._current
        begun = len(self._revisions)
        self._open(origin)
        try:
            yield
            if len(self._revisions) == begun:
                del self._events[origin.event_id]
            for _, node_id in list(self._revisions)[begun:]:
                self._states[node_id].check()
        except Exception:
            if any(event == origin.event_id and node not in self._created for event, node in self._revisions):
                raise AssertionError("an entry was refused after it had changed a node") from None
            for rows, length in zip(lists, lengths, strict=True):
                del rows[length:]
            for node_id in list(self._states)[known:]:
                del self._states[node_id]
                del self._created[node_id]
                del self._revisions[origin.event_id, node_id]
            for made in [made for made in self._made if made[3] == str(origin.event_id)]:
                del self._made[made]
            del self._events[origin.event_id]
            raise
        finally:
            self._current = outer

    @property
    def touched(self) -> bool:
        """Whether the change set makes or changes anything."""
        return bool(self._revisions)

    def holds(self, event_id: UUID) -> bool:
        """Whether an event of this change set made or changed anything."""
        return event_id in self._events

    def node(self, node_id: UUID) -> NodeState | None:
        """A node this change set created or changed."""
        return self._states.get(node_id)

    def nodes(self, label: str) -> Iterator[NodeState]:
        """Every node of a label that this change set created or changed."""
        return (node for node in self._states.values() if node.label == label)

    async def load(self, label: str, node_ids: Sequence[UUID]) -> list[NodeState]:
        """Lock nodes in id order and read what they are and what holds of their relations, to be changed."""
        wanted = sorted({str(node_id) for node_id in node_ids})
        rows = await self._transaction.rows(_LOAD, label=label, ids=wanted)
        return [state_of(label, row["properties"], row["relations"], *row["validFrom"]) for row in rows]

    def create(self, entity: Entity) -> NodeState:
        """Add a new entity with its state and provenance."""
        node = NodeState(entity.label, graph_properties(entity), [])
        self._created[node.id] = self._begin(node, dict(node.properties))
        return node

    def change(self, node: NodeState, **changes: Any) -> None:
        """Change properties of a created or loaded node (snake_case names); its past is kept.

        Its revision grows once for each event, whatever is changed, related or ended under it; the revision holds
        what the event set to another value.
        """
        updates = {
            name: value for name, value in changed_properties(changes).items() if node.properties.get(name) != value
        }
        revision = self._revisions.get((self._event.id, node.id))
        if revision is None:
            updates["rev"] = node.properties["rev"] + 1
            revision = self._begin(node, {})
        updates["updatedAt"] = self.moment
        revision.updates.update(updates)
        node.properties.update({name: value for name, value in updates.items() if value is not None})
        for name in (name for name, value in updates.items() if value is None):
            node.properties.pop(name, None)

    def relate(self, node: NodeState, relation: str, label: str, target: UUID, **properties: Any) -> None:
        """Add a relation from a created or loaded node; ``properties`` are camelCase graph values.

        Two of one type between the same nodes are two, for instance two mentions at two places. What takes the place
        of a relation that the same event ended does not begin before that one's end.
        """
        self._touch(node)
        event = str(self._event.id)
        ends = [
            other.properties["validTo"]
            for other in node.relations
            if other.type == relation and other.properties.get("endedBy") == event
        ]
        key = NodeKey(label=label, id=target)
        made = (str(node.id), relation, str(target), event)
        number = self._made[made]
        self._made[made] += 1
        carried = relation_properties(made, number, max([self._event.occurred_at, *ends]), self.moment)
        carried |= properties
        node.relations.append(RelationState(relation, key, carried))
        self._relations.append(relation_row(relation, node.key, key, carried))

    def end(self, node: NodeState, relation: RelationState) -> None:
        """End a relation of a loaded node at the time of the event; it stays as history.

        What happened before it began cannot end it earlier: then it held for no time.
        """
        self._touch(node)
        end = {
            "validTo": max(self._event.occurred_at, relation.properties["validFrom"]),
            "endedBy": str(self._event.id),
            "endRecordedAt": self.moment,
        }
        row = {"label": node.label, "id": str(node.id), "type": relation.type, "relation": relation.properties["id"]}
        self._ended.append({**row, "properties": end})
        ended = replace(relation, properties={**relation.properties, **end})
        node.relations[node.relations.index(relation)] = ended

    def lead(self, node: NodeState, relation: str, label: str, targets: Iterable[UUID]) -> None:
        """Have a node lead to some nodes of a label and to no others; what does so already stays as it is."""
        held = [one for one in node.held(relation) if one.target.label == label]
        wanted = dict.fromkeys(targets)
        for one in held:
            if one.target.id not in wanted:
                self.end(node, one)
        there = {one.target.id for one in held}
        for target in wanted:
            if target not in there:
                self.relate(node, relation, label, target)

    async def write(self) -> list[ChangeRecord]:
        """Write the change set in one statement; returns the record of each event.

        Raises
        ------
        LedgerClosedError
            The graph may not be written now.
        RuleBrokenError
            A rule of the ontology stands against it.
        """
        epoch = await self.flush()
        return [self._record(event.model_copy(update={"epoch": epoch})) for event in self._events.values()]

    async def flush(self) -> int:
        """Write the change set in one statement, for who reads the records later; returns the epoch.

        Raises
        ------
        LedgerClosedError
            The graph may not be written now.
        RuleBrokenError
            A rule of the ontology stands against it.
        """
        if not self._events:
            return 0
        for node in self._states.values():
            node.check()
        events = [graph_properties(event) for event in self._events.values()]
        nodes = [
            {"label": one.node.label, "properties": {**one.updates, **derived(one.node.label, one.updates)}}
            for one in self._created.values()
        ]
        relations = list(self._relations)
        changes = []
        for (event_id, node_id), one in self._revisions.items():
            state_id, bookkeeping = bookkeeping_rows(
                one.node.key, event_id, one.valid_from, self._events[event_id].occurred_at, self.moment
            )
            nodes.append({"label": "State", "properties": {"id": state_id, **state_properties(one.updates)}})
            relations += bookkeeping
            if self._created.get(node_id) is not one:
                besides = derived(one.node.label, one.node.properties, one.updates)
                changes.append({"label": one.node.label, "id": str(node_id), "properties": {**one.updates, **besides}})
        if passing := _passing(changes):
            await self._transaction.rows(_LET_GO, nodes=passing)
        rows = await self._transaction.rows(
            _WRITE, events=events, nodes=nodes, changes=changes, ended=self._ended, relations=relations
        )
        if not rows:
            raise LedgerClosedError(CLOSED)
        await self._check_around()
        return int(rows[0]["epoch"])

    async def _check_around(self) -> None:
        """Pass when no rule stands against the change set that takes more than its nodes to decide."""
        for rule in GRAPH_RULES:
            ids = [str(one.id) for one in self.nodes(rule.label) if rule.concerns(one.view(), one.before)]
            if ids and await self._transaction.rows(rule.of_some, ids=ids):
                raise RuleBrokenError(rule.violation)

    @property
    def _event(self) -> Event:
        assert self._current is not None, "an entry was written outside of entry()"
        return self._current

    def _open(self, origin: Origin) -> None:
        self._current = self._events[origin.event_id] = Event(
            id=origin.event_id,
            type=origin.event_type,
            source=origin.source,
            occurred_at=origin.occurred_at,
            recorded_at=self.moment,
            workflow_id=self._run.workflow_id,
            run_id=self._run.run_id,
            request_hash=origin.request_hash,
            actor=ids.identity(origin.caller.issuer, origin.caller.subject) if origin.caller else None,
            reason=origin.reason,
            cause=origin.cause,
            attempt=self._run.attempt,
            local=self._run.local,
            trace_id=self._run.trace_id,
        )

    def _begin(self, node: NodeState, updates: Properties) -> _Revision:
        """Begin the node's revision under the current event; it holds no earlier than the one before it."""
        before = node.valid_from or self._event.occurred_at
        node.valid_from = max(self._event.occurred_at, before)
        revision = self._revisions[self._event.id, node.id] = _Revision(node, updates, node.valid_from)
        self._states[node.id] = node
        return revision

    def _touch(self, node: NodeState) -> None:
        """See to it that the node has a revision under the current event."""
        if (self._event.id, node.id) not in self._revisions:
            self.change(node)

    def _record(self, event: Event) -> ChangeRecord:
        mine = str(event.id)
        return record_of(
            graph_properties(event),
            [
                {**one.node.key.model_dump(), "validFrom": one.valid_from, "state": state_properties(one.updates)}
                for (event_id, _), one in self._revisions.items()
                if event_id == event.id
            ],
            [
                *(row for row in self._relations if row["properties"]["eventId"] == mine),
                *(row for row in self._ended if row["properties"]["endedBy"] == mine),
            ],
        )


def _passing(changes: Sequence[Properties]) -> list[Properties]:
    """What nodes let go of first, where several in one change set are given other unique values."""
    rows = [
        {**change, "properties": freed}
        for change in changes
        if (freed := dict.fromkeys(set(ENTITIES[change["label"]].unique) & change["properties"].keys()))
    ]
    return rows if len(rows) > 1 else []
