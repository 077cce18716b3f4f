"""What change records say together: every node and relation, whatever the order and repetition of the records.

Node revisions are merged by ``rev``, relations by id, and an end beats no end. What is missing shows: a gap in a
node's revisions, a relation that ended and was never made, or one that leads to nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson
from pydantic import JsonValue

from graph.elements import Element, NodeElement, RelationElement
from graph.records import bookkeeping_rows
from graph.values import json_properties
from ontology import ids
from ontology.changes import ChangeRecord, NodeKey
from runtime.clock import rfc3339
from runtime.hashing import canonical_json
from runtime.spool import Spool

_TABLES = """
CREATE TABLE records (
  event TEXT PRIMARY KEY, epoch INTEGER NOT NULL, body BLOB NOT NULL, matched INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE changes (label TEXT, node TEXT, rev INTEGER, event TEXT, said BLOB, times BLOB);
CREATE TABLE relations (
  id TEXT PRIMARY KEY, type TEXT, label TEXT, node TEXT, targetLabel TEXT, target TEXT, properties BLOB
);
CREATE TABLE ends (id TEXT PRIMARY KEY, properties BLOB);
"""

_KEEP = """
INSERT INTO records (event, epoch, body) VALUES (?, ?, ?)
ON CONFLICT (event) DO UPDATE SET epoch = excluded.epoch, body = excluded.body
"""

_TAKE = """
UPDATE records SET matched = 1 WHERE event IN (SELECT value FROM json_each(?)) RETURNING event, epoch, body
"""

_EMPTY = ("DELETE FROM changes", "DELETE FROM relations", "DELETE FROM ends", "DROP INDEX IF EXISTS byNode")

_TWINS = """
SELECT rev, label, node FROM changes GROUP BY label, node, rev HAVING count(DISTINCT said) > 1 ORDER BY label, node, rev
"""

_GAPS = """
SELECT label, node FROM changes GROUP BY label, node HAVING count(DISTINCT rev) < max(rev) ORDER BY label, node
"""

_NOWHERE = """
SELECT DISTINCT targetLabel, target FROM relations
WHERE NOT EXISTS (SELECT 1 FROM changes WHERE label = targetLabel AND node = target) ORDER BY targetLabel, target
"""

_TOTAL = """
SELECT (SELECT count(*) FROM records) + (SELECT count(*) FROM changes) * 3 + (SELECT count(*) FROM relations)
  + (SELECT count(*) FROM (SELECT DISTINCT label, node FROM changes))
"""
"""A change is a state, with the relations that lead to it and to its event."""


class Match(Enum):
    """What the kept records say of one that a graph holds."""

    SAME = "same"
    LACKING = "lacking"
    """There is none, or one of an earlier epoch."""
    OTHERWISE = "otherwise"


class MergedRecords(Spool):
    """Change records, on disk, and the graph that they make together; gone when it is closed."""

    def __init__(self) -> None:
        super().__init__(_TABLES)
        self._merged = False

    def keep(self, record: ChangeRecord, *, later_epoch: bool = False) -> None:
        """Keep a record instead of the one that its event has.

        Parameters
        ----------
        record
            The record.
        later_epoch
            Leave the one that is there, if its epoch is later.
        """
        self._merged = False
        unless = " WHERE excluded.epoch >= records.epoch" if later_epoch else ""
        self.execute(_KEEP + unless, (record.event_id, record.epoch, _body(record)))

    def drop(self, event: str) -> None:
        """Forget the record of an event."""
        self._merged = False
        self.execute("DELETE FROM records WHERE event = ?", [event])

    def get(self, event: str) -> ChangeRecord | None:
        """The record of an event."""
        rows = self.rows("SELECT body FROM records WHERE event = ?", [event])
        return next((ChangeRecord.model_validate_json(body) for (body,) in rows), None)

    def match(self, records: Sequence[ChangeRecord]) -> list[Match]:
        """What is kept of some events, compared with the records that a graph holds of them."""
        keys = [json.dumps([record.event_id for record in records])]
        held = {event: (epoch, body) for event, epoch, body in self.rows(_TAKE, keys)}
        return [_match(record, held.get(record.event_id)) for record in records]

    def unmatched(self) -> Iterator[str]:
        """Events with a record that :meth:`match` was not asked of, in order."""
        for (event,) in self.rows("SELECT event FROM records WHERE NOT matched ORDER BY event"):
            yield event

    def __len__(self) -> int:
        """Number of events."""
        return int(self.one("SELECT count(*) FROM records"))

    @property
    def epoch(self) -> int:
        """The latest in which a record was written; 0 without any."""
        return int(self.one("SELECT coalesce(max(epoch), 0) FROM records"))

    @property
    def total(self) -> int:
        """Number of nodes and relations."""
        self._merge()
        return int(self.one(_TOTAL))

    def elements(self) -> Iterator[Element]:
        """Nodes and relations."""
        yield from self.nodes()
        yield from self.relations()

    def nodes(self) -> Iterator[NodeElement]:
        """Every event, every node as it stands, and its state of every revision."""
        self._merge()
        for (body,) in self.rows("SELECT body FROM records"):
            yield NodeElement("Event", orjson.loads(body)["event"])
        changes = self._changes()
        for (label, node), revisions in groupby(changes, key=lambda row: (row[0], row[1])):
            standing: dict[str, JsonValue] = {"id": node}
            known = 0
            for _, _, rev, event, said, _ in revisions:
                change = orjson.loads(said)
                yield NodeElement("State", _state(str(ids.state(node, event)), change), moments_of=label)
                if rev != known:  # of two that claim one revision the first stands
                    known = rev
                    standing.update(change["properties"])
                    for name in change["removed"]:
                        standing.pop(name, None)
            yield NodeElement(label, standing)

    def relations(self) -> Iterator[RelationElement]:
        """Every relation, with its end where it has one."""
        self._merge()
        for label, node, _, event, _, times in self._changes():
            key = NodeKey(label=label, id=UUID(node))
            for row in _bookkeeping(label, node, event, times):
                target = NodeKey(label=row["targetLabel"], id=UUID(row["target"]))
                yield RelationElement(row["type"], key, target, json_properties(row["properties"]))
        joined = (
            "SELECT type, label, node, targetLabel, target, made.properties, ends.properties"
            " FROM relations AS made LEFT JOIN ends USING (id)"
        )
        for relation, label, node, target_label, target, properties, end in self.rows(joined):
            ends = NodeKey(label=label, id=UUID(node)), NodeKey(label=target_label, id=UUID(target))
            yield RelationElement(relation, *ends, {**orjson.loads(properties), **orjson.loads(end or "{}")})

    def missing(self) -> Iterator[str]:
        """What shows that a record is not there, as sentences."""
        self._merge()
        for rev, label, node in self.rows(_TWINS):
            yield f"two events claim revision {rev} of {label} {node}"
        for label, node in self.rows(_GAPS):
            known = {rev for (rev,) in self.rows("SELECT rev FROM changes WHERE label = ? AND node = ?", [label, node])}
            yield f"revision {min(set(range(1, max(known) + 1)) - known)} of {label} {node} is missing"
        ended = "SELECT id FROM ends WHERE NOT EXISTS (SELECT 1 FROM relations WHERE id = ends.id) ORDER BY id"
        for (relation,) in self.rows(ended):
            yield f"the making of relation {relation} is missing"
        for label, node in self.rows(_NOWHERE):
            yield f"the making of {label} {node} is missing"

    def _changes(self) -> Iterator[tuple[Any, ...]]:
        return self.rows("SELECT label, node, rev, event, said, times FROM changes ORDER BY label, node, rev, event")

    def _merge(self) -> None:
        """Lay out what the records say by the nodes and relations that they say it of."""
        if self._merged:
            return
        for statement in _EMPTY:
            self.execute(statement)
        for (body,) in self.rows("SELECT body FROM records"):
            self._lay_out(orjson.loads(body))
        self.execute("CREATE INDEX byNode ON changes (label, node, rev, event)")
        self._merged = True

    def _lay_out(self, record: Mapping[str, Any]) -> None:
        event = record["event"]
        for change in record["nodes"]:
            said = canonical_json({name: change[name] for name in ("properties", "removed", "validFrom")})
            times = orjson.dumps([change["validFrom"], event["occurredAt"], event["recordedAt"]])
            node = (change["label"], change["id"], change["rev"])
            self.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", (*node, event["id"], said, times))
        for made in record["made"]:
            (source, target), properties = (made["source"], made["target"]), made["properties"]
            ends = (source["label"], source["id"], target["label"], target["id"])
            relation = (properties["id"], made["type"], *ends, canonical_json(properties))
            self.execute("INSERT OR REPLACE INTO relations VALUES (?, ?, ?, ?, ?, ?, ?)", relation)
        for ended in record["ended"]:
            end = {
                "validTo": rfc3339(datetime.fromisoformat(ended["validTo"])),
                "endedBy": event["id"],
                "endRecordedAt": event["recordedAt"],
            }
            self.execute("INSERT OR REPLACE INTO ends VALUES (?, ?)", (ended["id"], canonical_json(end)))


def merge(records: Iterable[ChangeRecord]) -> MergedRecords:
    """Merge records; of several of one event that of the latest epoch counts."""
    merged = MergedRecords()
    for record in records:
        merged.keep(record, later_epoch=True)
    return merged


def _match(record: ChangeRecord, held: tuple[int, bytes] | None) -> Match:
    if held is None or held[0] < record.epoch:
        return Match.LACKING
    return Match.SAME if held[1] == _body(record) else Match.OTHERWISE


def _body(record: ChangeRecord) -> bytes:
    """A record, the same of two that say the same."""
    return canonical_json(record.model_dump(mode="json", by_alias=True))


def _state(state_id: str, change: Mapping[str, Any]) -> dict[str, JsonValue]:
    removed = {"removed": change["removed"]} if change["removed"] else {}
    return {"id": state_id, **change["properties"], **removed}


def _bookkeeping(label: str, node: str, event: str, times: bytes) -> list[dict[str, Any]]:
    valid_from, occurred, recorded = (datetime.fromisoformat(one) for one in orjson.loads(times))
    key = NodeKey(label=label, id=UUID(node))
    return bookkeeping_rows(key, UUID(event), valid_from, occurred, recorded)[1]
