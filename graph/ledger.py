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

INLINE_LABELS = frozenset({"State", "Event"})
"""Labels without facts of their own: a fact that points to them brings their properties."""


@dataclass(frozen=True)
class Run:
    """The workflow run that writes: with which attempt of its step, and in which trace."""

    workflow_id: str
    run_id: str
    attempt: int | None = None
    local: bool | None = None
    trace_id: str | None = None


class NodeState:
    """A node as the change set sees it: its properties and what leaves it."""

    def __init__(self, label: str, properties: Properties, relations: list[FactRelation]) -> None:
        self.label = label
        self.properties = properties
        self.relations = relations

    @property
    def id(self) -> UUID:
        """The node's id."""
        return UUID(self.properties["id"])

    def fact(self) -> Fact:
        """The state as a fact; relations in a stable order."""
        return Fact(
            id=self.id,
            label=self.label,
            rev=self.properties["rev"],
            properties=json_properties(self.properties),
            relations=sorted(self.relations, key=lambda r: (r.type, str(r.target.id), str(r.properties.get("id", "")))),
        )


def state_of(label: str, properties: Properties, relations: Sequence[Properties]) -> NodeState:
    """Node state from rows as ``_LOAD`` and the audit read them."""
    return NodeState(
        label,
        properties,
        [
            FactRelation(
                type=row["type"],
                properties=json_properties(row["properties"]),
                target=FactTarget(
                    label=row["label"],
                    id=row["target"]["id"],
                    properties=json_properties(row["target"]) if row["label"] in INLINE_LABELS else None,
                ),
            )
            for row in relations
        ],
    )


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
        self._record(node)
        return node

    def change(self, node: NodeState, **changes: Any) -> None:
        """Change properties of a loaded node (snake_case names); its revision grows, its past is kept."""
        before = dict(node.properties)
        updates = changed_properties({**changes, "rev": before["rev"] + 1, "updated_at": self.moment})
        node.properties.update({name: value for name, value in updates.items() if value is not None})
        for name in (name for name, value in updates.items() if value is None):
            node.properties.pop(name, None)
        self._changes.append({"label": node.label, "id": str(node.id), "properties": updates})
        dated = ENTITIES[node.label].dated
        moved = any(before.get(name) != node.properties.get(name) for name in dated)
        if moved:
            self._end_states(node)
        self._record(node, dated=moved)

    def relate(self, node: NodeState, relation: str, label: str, target: UUID, **properties: Any) -> None:
        """Add a relation from a created or changed node; ``properties`` are camelCase graph values.

        Two of one type between the same nodes are two, for instance two mentions at two places.
        """
        self._add_relation(node, relation, properties, FactTarget(label=label, id=target))

    def end(self, node: NodeState, relation: FactRelation) -> None:
        """End a relation of a loaded node at the time of the event; it stays as history.

        What happened before it began cannot end it earlier: then it held for no time.
        """
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

    def _record(self, node: NodeState, *, dated: bool = True) -> None:
        self._states[node.id] = node
        names = ENTITIES[node.label].dated
        if names and dated:
            state_id = ids.state(str(node.id), str(self._event.id))
            held = {name: node.properties[name] for name in names if name in node.properties}
            properties = {"id": str(state_id), **held}
            self._nodes.append(self._node_row("State", properties))
            self._add_relation(node, "HAS_STATE", {}, FactTarget(label="State", id=state_id, properties=properties))
        event = FactTarget(label="Event", id=self._event.id, properties=json_properties(graph_properties(self._event)))
        self._add_relation(node, "RECORDED_BY", {}, event)

    def _end_states(self, node: NodeState) -> None:
        for relation in list(node.relations):
            if relation.type == "HAS_STATE" and "validTo" not in relation.properties:
                self.end(node, relation)

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
