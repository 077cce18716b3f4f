"""The one way to write: collects a change set, adds its Event, dated states and provenance, and writes it at once.

Labels and relation types travel as parameters (dynamic labels use the constraint's index), so one statement serves
every kind of node and a write costs two round trips, whatever it changes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from graph.database import Transaction
from graph.node_states import NodeState, state_of
from graph.values import Properties, changed_properties, graph_properties, json_properties
from ontology import ids
from ontology.commands import Origin
from ontology.facts import Fact, FactRelation, FactTarget
from ontology.nodes import ENTITIES, Entity, Event
from runtime.clock import now

_WRITE = """
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
"""

_LOAD = """
UNWIND $ids AS id
MATCH (n:$($label) {id: id})
SET n.rev = n.rev
WITH n
RETURN properties(n) AS properties, COLLECT {
  MATCH (n)-[r]->(t)
  RETURN {type: type(r), properties: properties(r), label: labels(t)[0], target: properties(t)}
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
    updates
        Properties the statement sets: of a created node all of them.
    state
        Properties of the dated state, once one of the dated ones has moved.
    """

    updates: Properties
    state: Properties | None = None


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
        self._nodes: list[Properties] = []
        self._changes: list[Properties] = []
        self._ended: list[Properties] = []
        self._relations: list[Properties] = []
        self._made: Counter[tuple[str, str, str, str]] = Counter()
        self._states: dict[UUID, NodeState] = {}
        self._revisions: dict[tuple[UUID, UUID], _Revision] = {}
        if origin is not None:
            self._open(origin)

    @contextmanager
    def entry(self, origin: Origin) -> Iterator[None]:
        """Record what the block writes under an event of its own; if the block raises, nothing of it stays.

        What is loaded and changed cannot be taken back: a block that may refuse decides before it changes.
        """
        lists = (self._nodes, self._changes, self._ended, self._relations)
        lengths, known, outer = [len(rows) for rows in lists], len(self._states), self._current
        self._open(origin)
        try:
            yield
        except Exception:
            if len(self._changes) > lengths[1]:
                raise AssertionError("an entry was refused after it had changed a node") from None
            for rows, length in zip(lists, lengths, strict=True):
                del rows[length:]
            for node_id in list(self._states)[known:]:
                del self._states[node_id]
            for key in [key for key in self._revisions if key[0] == origin.event_id]:
                del self._revisions[key]
            raise
        finally:
            self._current = outer

    def node(self, node_id: UUID) -> NodeState | None:
        """A node this change set created or changed."""
        return self._states.get(node_id)

    def nodes(self, label: str) -> Iterator[NodeState]:
        """Every node of a label that this change set created or changed."""
        return (node for node in self._states.values() if node.label == label)

    async def load(self, label: str, node_ids: Sequence[UUID]) -> list[NodeState]:
        """Lock nodes in id order and read them whole, to be changed."""
        wanted = sorted({str(node_id) for node_id in node_ids})
        rows = await self._transaction.rows(_LOAD, label=label, ids=wanted)
        return [state_of(label, row["properties"], row["relations"]) for row in rows]

    def create(self, entity: Entity) -> NodeState:
        """Add a new entity with its dated state and provenance."""
        node = NodeState(entity.label, graph_properties(entity), [])
        self._nodes.append(self._node_row(node.label, node.properties))
        self._begin(node, node.properties)
        self._keep_state(node)
        return node

    def change(self, node: NodeState, **changes: Any) -> None:
        """Change properties of a created or loaded node (snake_case names); its past is kept.

        Its revision grows once for each event, whatever is changed, related or ended under it.
        """
        before = dict(node.properties)
        revision = self._revisions.get((self._event.id, node.id))
        grown = {"rev": before["rev"] + 1} if revision is None else {}
        updates = changed_properties({**changes, **grown, "updated_at": self.moment})
        if revision is None:
            row: Properties = {"label": node.label, "id": str(node.id), "properties": {}}
            self._changes.append(row)
            revision = self._begin(node, row["properties"])
        if revision.updates is not node.properties:
            revision.updates.update(updates)
        node.properties.update({name: value for name, value in updates.items() if value is not None})
        for name in (name for name, value in updates.items() if value is None):
            node.properties.pop(name, None)
        if any(before.get(name) != node.properties.get(name) for name in ENTITIES[node.label].dated):
            self._keep_state(node)

    def relate(self, node: NodeState, relation: str, label: str, target: UUID, **properties: Any) -> None:
        """Add a relation from a created or loaded node; ``properties`` are camelCase graph values.

        Two of one type between the same nodes are two, for instance two mentions at two places. What takes the place
        of a relation that the same event ended does not begin before that one's end.
        """
        self._touch(node)
        ends = [
            datetime.fromisoformat(str(other.properties["validTo"]))
            for other in node.relations
            if other.type == relation and other.properties.get("endedBy") == str(self._event.id)
        ]
        begins = max([self._event.occurred_at, *ends])
        carried = {"validFrom": begins, **properties}
        self._add_relation(node, relation, carried, FactTarget(label=label, id=target))

    def end(self, node: NodeState, relation: FactRelation) -> None:
        """End a relation of a loaded node at the time of the event; it stays as history.

        What happened before it began cannot end it earlier: then it held for no time.
        """
        self._touch(node)
        self._end(node, relation)

    def _end(self, node: NodeState, relation: FactRelation) -> None:
        began = datetime.fromisoformat(str(relation.properties["validFrom"]))
        end = {
            "validTo": max(self._event.occurred_at, began),
            "endedBy": str(self._event.id),
            "endRecordedAt": self.moment,
        }
        row = {"label": node.label, "id": str(node.id), "type": relation.type, "relation": relation.properties["id"]}
        self._ended.append({**row, "properties": end})
        ended = {**relation.properties, **json_properties(end)}
        node.relations[node.relations.index(relation)] = relation.model_copy(update={"properties": ended})

    async def write(self) -> list[Fact]:
        """Write the change set in one statement; returns the fact of every node created or changed."""
        await self.flush()
        return [node.fact() for node in self._states.values()]

    async def flush(self) -> None:
        """Write the change set in one statement, for who reads the facts later."""
        await self._transaction.rows(
            _WRITE, nodes=self._nodes, changes=self._changes, ended=self._ended, relations=self._relations
        )

    @property
    def _event(self) -> Event:
        assert self._current is not None, "an entry was written outside of entry()"
        return self._current

    def _open(self, origin: Origin) -> None:
        self._current = Event(
            id=origin.event_id,
            type=origin.event_type,
            source=origin.source,
            occurred_at=origin.occurred_at,
            recorded_at=self.moment,
            workflow_id=self._run.workflow_id,
            run_id=self._run.run_id,
            request_hash=origin.request_hash,
            actor=ids.identity(origin.caller.issuer, origin.caller.subject) if origin.caller else None,
            attempt=self._run.attempt,
            local=self._run.local,
            trace_id=self._run.trace_id,
        )
        self._nodes.append(self._node_row("Event", graph_properties(self._current)))

    def _begin(self, node: NodeState, updates: Properties) -> _Revision:
        """Begin the node's revision under the current event, with its provenance."""
        revision = self._revisions[self._event.id, node.id] = _Revision(updates)
        self._states[node.id] = node
        event = FactTarget(label="Event", id=self._event.id, properties=json_properties(graph_properties(self._event)))
        self._add_relation(node, "RECORDED_BY", {}, event)
        return revision

    def _touch(self, node: NodeState) -> None:
        """See to it that the node has a revision under the current event."""
        if (self._event.id, node.id) not in self._revisions:
            self.change(node)

    def _keep_state(self, node: NodeState) -> None:
        """Keep the dated properties as they are since this event: its one state of the node."""
        names = ENTITIES[node.label].dated
        if not names:
            return
        revision = self._revisions[self._event.id, node.id]
        held = {name: node.properties[name] for name in names if name in node.properties}
        state_id = ids.state(str(node.id), str(self._event.id))
        properties = {"id": str(state_id), **held}
        target = FactTarget(label="State", id=state_id, properties=json_properties(properties))
        if revision.state is not None:
            revision.state.clear()
            revision.state.update(properties)
            place = next(n for n, one in enumerate(node.relations) if one.target.id == state_id)
            node.relations[place] = node.relations[place].model_copy(update={"target": target})
            return
        earlier = [one for one in node.relations if one.type == "HAS_STATE"]
        for relation in earlier:
            if "validTo" not in relation.properties:
                self._end(node, relation)
        revision.state = properties
        self._nodes.append(self._node_row("State", properties))
        began = [datetime.fromisoformat(str(one.properties["validFrom"])) for one in earlier]
        self._add_relation(node, "HAS_STATE", {"validFrom": max([self._event.occurred_at, *began])}, target)

    def _add_relation(self, node: NodeState, relation: str, carried: Properties, target: FactTarget) -> None:
        event = str(self._event.id)
        made = (str(node.id), relation, str(target.id), event)
        number = self._made[made]
        self._made[made] += 1
        properties = {
            "id": str(ids.relation(*made, number)),
            "eventId": event,
            "validFrom": self._event.occurred_at,
            "recordedAt": self.moment,
            **carried,
        }
        node.relations.append(FactRelation(type=relation, properties=json_properties(properties), target=target))
        self._relations.append(
            {
                "label": node.label,
                "id": str(node.id),
                "type": relation,
                "targetLabel": target.label,
                "target": str(target.id),
                "properties": properties,
            }
        )

    @staticmethod
    def _node_row(label: str, properties: Properties) -> Properties:
        return {"label": label, "properties": properties}
