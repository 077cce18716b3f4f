"""Decisions read back, and who may take one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from pydantic.alias_generators import to_camel

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import DecidedError, NotAskedError, ThingUnknownError
from graph.ledger import Ledger
from graph.node_states import NodeState
from graph.paging import After, newest_first, older, position, restrictions
from graph.people_reads import viewer_behind
from graph.standing import Asked, Standing, delegates_of, standing_behind
from graph.values import json_properties
from graph.visibility import Viewer, events_of, sees_node
from ontology.commands import Change, Command, Origin
from ontology.enums import DecidedAs, DecisionFollowed, DecisionKind, DecisionStatus
from ontology.kinds.decision import DECISION, DecisionAsked
from ontology.references import PersonRef
from ontology.views import NodeView
from runtime.authorities import Authorities

T = TypeVar("T")

_NAMED: LiteralString = """
RETURN properties(n) AS decision, COLLECT {
  MATCH (n)-[r:DECIDES|ASKED_OF|PROPOSED_BY|DECIDED_BY|DECIDED_FOR]->(o) WHERE r.validTo IS NULL
  RETURN {
    relation: type(r), label: labels(o)[0], id: o.id, name: coalesce(o.fullName, o.name, o.title), handle: o.handle
  }
  ORDER BY type(r), coalesce(o.fullName, o.name, o.title), o.id
} AS targets"""

_SHOWN = _NAMED + ", " + events_of("n") + " AS events"

_IN_PLACE: LiteralString = (
    "any(place IN $places WHERE (size(place.kinds) = 0 OR n.kind IN place.kinds)"
    " AND (any(one IN n.authorities WHERE one IN place.authorities)"
    " OR EXISTS { MATCH (n)-[asks:ASKED_OF]->(p:Person) WHERE asks.validTo IS NULL AND p.id IN place.people })"
    " AND NOT EXISTS { MATCH (n)-[by:PROPOSED_BY]->(p:Person) WHERE by.validTo IS NULL AND p.id IN place.people })"
)
"""Condition on a decision: it is asked of somebody whom the viewer stands in for, and that one did not propose it."""

# Whoever is asked, in whatever way, may see what is decided on: it may have become private since it was asked about.
_IS_ASKED: LiteralString = (
    sees_node("n") + " AND (EXISTS { MATCH (n)-[asks:ASKED_OF]->(p:Person) WHERE asks.validTo IS NULL"
    " AND p.id IN $viewers } OR any(one IN n.authorities WHERE one IN $authorities) OR " + _IN_PLACE + ")"
    " AND NOT EXISTS { MATCH (n)-[by:PROPOSED_BY]->(p:Person) WHERE by.validTo IS NULL AND p.id IN $viewers }"
)  # fmt: skip

_READS: LiteralString = sees_node("n")

_SEES = "MATCH (n:Decision {id: $id}) RETURN " + sees_node("n") + " AS seen"

_GET = "MATCH (n:Decision {id: $id}) WHERE " + _READS + _SHOWN

_COUNT = "MATCH (n:Decision) WHERE n.status = $status AND " + _IS_ASKED + " RETURN count(n) AS asked"

_UNFINISHED: LiteralString = """
CALL () {
  MATCH (n:Decision) WHERE n.status = $pending AND n.createdAt < $before RETURN n
  UNION
  MATCH (n:Decision) WHERE n.followed = $due AND n.createdAt < $before RETURN n
}
RETURN n.id AS id ORDER BY n.createdAt, n.id
"""

_STANDS = "MATCH (n:Decision {id: $id})" + _NAMED

_PARTY = ("ASKED_OF", "PROPOSED_BY", "DECIDED_BY")

_PARTIES = """
MATCH (n:Decision {id: $id})-[r:ASKED_OF|PROPOSED_BY|DECIDED_BY]->(p:Person) WHERE r.validTo IS NULL
RETURN type(r) AS relation, p.id AS id, p.fullName AS name ORDER BY name, id
UNION
MATCH (n:Decision {id: $id, kind: 'WinApproval'})-[:DECIDES]->(:Project)<-[r:PARTICIPATES_IN]-(p:Person)
WHERE r.role = 'Manager'
RETURN 'PROPOSED_BY' AS relation, p.id AS id, p.fullName AS name ORDER BY name, id
"""
"""Whose say it is, and whose it is not: who managed what was worth something decides as little as who proposes."""


_ON: LiteralString = "EXISTS { MATCH (n)-[on:DECIDES]->(s) WHERE on.validTo IS NULL AND s.id = $subject }"


@dataclass(frozen=True)
class DecisionFilters:
    """What a page is restricted to; None does not restrict.

    Parameters
    ----------
    mine
        Those that the viewer may decide.
    status, kind
        Its properties.
    until
        Asked for before a moment.
    subject
        What they decide on.
    """

    mine: bool = False
    status: str | None = None
    kind: str | None = None
    until: datetime | None = None
    subject: UUID | None = None


async def get_decision(graph: GraphDatabase, decision_id: UUID, viewer: Viewer) -> Row | None:
    """One decision with its subject and people; None when there is none the viewer may read."""
    rows = await graph.read(_GET, id=str(decision_id), **viewer.parameters())
    return rows[0] if rows else None


async def count_asked(graph: GraphDatabase, standing: Standing) -> int:
    """Number of decisions that wait for somebody."""
    [row] = await graph.read(_COUNT, status=DecisionStatus.PENDING, **standing.parameters())
    return int(row["asked"])


async def list_decisions(
    graph: GraphDatabase,
    standing: Standing,
    filters: DecisionFilters,
    *,
    limit: int,
    after: After = None,
) -> list[Row]:
    """A page of decisions, the newest first, after the given createdAt and id."""
    asked, parameters = restrictions(
        [
            ("n.status = $status", "status", filters.status),
            ("n.kind = $kind", "kind", filters.kind),
            ("n.createdAt < $until", "until", filters.until),
            (_ON, "subject", str(filters.subject) if filters.subject else None),
        ]
    )
    conditions = [older("n"), *asked]
    conditions.append(_IS_ASKED if filters.mine else _READS)
    order: LiteralString = ("n.status DESC, " if filters.status else "") + newest_first("n")  # that of an index
    found: LiteralString = "MATCH (n:Decision) WHERE " + "\n  AND ".join(conditions)
    return await graph.read(
        found + "\nWITH n ORDER BY " + order + " LIMIT $limit" + _SHOWN + "\nORDER BY " + newest_first("n"),
        **standing.parameters(),
        **parameters,
        limit=limit,
        **position(after),
    )


async def unfinished_decisions(graph: GraphDatabase, before: datetime) -> list[UUID]:
    """Every decision asked for before a moment that is not taken, or whose consequence is due; the oldest first."""
    states = {"pending": DecisionStatus.PENDING, "due": DecisionFollowed.DUE}
    return [UUID(row["id"]) for row in await graph.read(_UNFINISHED, before=before, **states)]


async def asking_again(graph: GraphDatabase, decision_id: UUID, source: str) -> Command | None:
    """The command by which a decision was asked for, made again; None when there is no such decision."""
    rows = await graph.read(_STANDS, id=str(decision_id))
    return asking(rows[0], source) if rows else None


def asking(row: Row, source: str) -> Command:
    """The command by which a decision was asked for, made again: its run begins anew where it was lost."""
    view = NodeView(label=DECISION.label, id=row["decision"]["id"], properties=json_properties(row["decision"]))
    held = view.properties
    people = {
        relation: [PersonRef(id=one["id"]) for one in row["targets"] if one["relation"] == relation]
        for relation in ("ASKED_OF", "PROPOSED_BY")
    }
    proposer, others = proposers_of(held, {str(one.id): one for one in people["PROPOSED_BY"]})
    subject = next(one for one in row["targets"] if one["relation"] == "DECIDES")
    field = next(
        to_camel(one.field) for one in DECISION.references if (one.relation, one.label) == ("DECIDES", subject["label"])
    )
    said = DecisionAsked.model_validate(
        {
            **{name: held[name] for name in map(to_camel, DecisionAsked.model_fields) if name in held},
            field: {"id": subject["id"]} if subject["label"] == "Person" else subject["id"],
            "asked": people["ASKED_OF"],
            "proposer": proposer,
            "managers": others,
        }
    )
    origin = Origin(
        event_id=DECISION.record_event(view.id),
        event_type=DECISION.recorded,
        source=source,
        occurred_at=held["createdAt"],
        sent_at=held["createdAt"],
        request_hash=str(held["requestHash"]),
    )
    return DECISION.command_of(view.id, origin, said)


def proposers_of(held: Mapping[str, Any], people: Mapping[str, T]) -> tuple[T | None, list[T]]:
    """Who asked for a decision, and who decides as little: who managed what is scored, or proposed what others want.

    Parameters
    ----------
    held
        The decision's properties.
    people
        Everybody whom it leads to as who proposed it, by id.
    """
    if held["kind"] == DecisionKind.WIN_APPROVAL:
        return None, list(people.values())
    first = json.loads(str(held.get("proposal") or "{}")).get("proposerId")
    asker = next((one for name, one in people.items() if name != first), None)
    return asker, [one for name, one in people.items() if name == first]


async def check_decision(
    transaction: Transaction, ledger: Ledger, node: NodeState, command: Change, authorities: Authorities
) -> dict[str, object]:
    """Pass when a decision may be taken as a command says; what an agent does of its own accord only in time.

    What a delegate decides is recorded as such, with in whose place.

    Raises
    ------
    ThingUnknownError
        The caller may not see what is decided on, and learns nothing of it.
    DecidedError
        It was taken before, or nobody may any more.
    NotAskedError
        The caller proposed it, or was not asked; the message says who may.
    """
    if "status" not in command.values:
        if node.properties["status"] != DecisionStatus.PENDING:
            raise DecidedError("it was decided meanwhile")
        return {}
    caller, moment = command.origin.caller, command.origin.sent_at
    viewer = await viewer_behind(transaction, caller) if caller else None
    if viewer and not await _sees(transaction, node, viewer):
        raise ThingUnknownError(f"there is no {node.label} {node.id}")
    parties = await transaction.rows(_PARTIES, id=str(node.id))
    if node.properties["status"] != DecisionStatus.PENDING:
        raise DecidedError(_decided(node, parties), pointer="/outcome")
    if viewer is None:
        return {}
    deadline = node.properties.get("deadline")
    if deadline and moment > deadline:
        raise DecidedError(f"it could be decided until {deadline:%Y-%m-%d %H:%M} UTC", pointer="/outcome")
    named = {
        relation: {row["id"]: row["name"] for row in parties if row["relation"] == relation} for relation in _PARTY
    }
    asked = Asked(
        str(node.properties["kind"]),
        named["ASKED_OF"],
        node.properties.get("authorities") or [],
        named["PROPOSED_BY"],
    )
    standing = await standing_behind(transaction, viewer, command.authorities, moment, authorities)
    place = standing.place(asked)
    if place is None:
        own = standing.own.people
        delegates = await delegates_of(transaction, asked, moment, authorities, but=own)
        raise NotAskedError(_not_asked(asked, named["ASKED_OF"], own, delegates))
    if place == standing.own:
        return {}
    ledger.relate(node, "DECIDED_FOR", "Person", UUID(place.people[0]))
    asked_as = command.values.get("decidedAs") == DecidedAs.ASKED
    return {"decided_as": DecidedAs.DELEGATE} if asked_as else {}


async def _sees(transaction: Transaction, node: NodeState, viewer: Viewer) -> bool:
    row = await transaction.row(_SEES, id=str(node.id), **viewer.parameters())
    return bool(row and row["seen"])


def _not_asked(asked: Asked, names: Mapping[str, str], own: Sequence[str], delegates: Sequence[str]) -> str:
    """Why somebody is refused, and who is not, in words; ``own`` are the ids of who is refused."""
    people = [name for one, name in names.items() if one not in {*own, *asked.proposers}]
    whoever = [f"whoever has the authority of {one}" for one in asked.authorities]
    why = "nobody decides what they proposed" if {*own} & {*asked.proposers} else "you were not asked"
    return f"{why}; who may: {', '.join([*people, *whoever, *delegates]) or 'nobody'}"


def _decided(node: NodeState, parties: list[Row]) -> str:
    """How and by whom it was decided, in words."""
    by = " and ".join(row["name"] for row in parties if row["relation"] == "DECIDED_BY")
    if not by and node.properties.get("decidedAs") == DecidedAs.POLICY:
        return f"it is {node.properties['status']} already: the policy decided at the deadline"
    return f"it is {node.properties['status']} already, decided by {by or 'nobody'}"
