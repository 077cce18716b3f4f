"""What happened, event by event: each with what it changed, whom it concerns and who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.naming import name_of
from graph.records import BOOKKEEPING
from graph.visibility import Viewer, guarding, party_relations, project_of_run, sees_event
from graph.why import Sight

# When it was recorded is one range and no alternative, so that an index is read from the newest on, no further than
# the page needs.
_PAGE: LiteralString = (
    " WHERE e.recordedAt <= $before AND e.recordedAt >= $since"
    " AND CASE WHEN e.recordedAt = $before THEN e.id < $beforeId ELSE true END"
    " AND ($types IS NULL OR e.type IN $types)"
    " AND EXISTS { MATCH (e)<-[:RECORDED_BY]-(n) WHERE labels(n)[0] IN $readable"
    " AND ($kinds IS NULL OR labels(n)[0] IN $kinds) AND ($about IS NULL OR n.id = $about) }"
    " AND " + sees_event("e") + " RETURN e.id AS id, e.recordedAt AS at ORDER BY at DESC, id DESC LIMIT $limit"
)  # fmt: skip

_BEGINNING = datetime.min.replace(tzinfo=UTC)

_NEWEST: LiteralString = "MATCH (e:Event)" + _PAGE

_ABOUT: LiteralString = (
    "UNWIND $labels AS label MATCH (one:$(label) {id: $about})-[:RECORDED_BY]->(e:Event) WITH DISTINCT e" + _PAGE
)

_MINE: LiteralString = (
    "MATCH (p:Person) WHERE p.id IN $viewers"
    " CALL (p) { MATCH (p)-[:RECORDED_BY]->(e:Event) RETURN e"
    " UNION MATCH (p)<-[r]-(one)-[:RECORDED_BY]->(e:Event) WHERE r.validTo IS NULL RETURN e }"
    " WITH DISTINCT e" + _PAGE
)


def _let_in(node: LiteralString) -> LiteralString:
    """The people and recorders who may see something private."""
    return (
        "{people: COLLECT { MATCH (" + node + ")-[of]-(party:Person)"
        " WHERE type(of) IN $parties AND of.validTo IS NULL RETURN party.id },"
        " recorders: COLLECT { MATCH (" + node + ")-[:RECORDED_BY]->(first:Event)"
        " WHERE first.recordedAt = " + node + ".createdAt RETURN first.actor }}"
    )  # fmt: skip


# Who may see an event is said as in graph.visibility, of whomever looks: an event is seen by who is let in by each of
# the private things that it recorded something of.
_TOLD: LiteralString = (
    """
UNWIND $ids AS id
MATCH (e:Event {id: id})
RETURN properties(e) AS event,
  COLLECT {
    MATCH (e)<-[:RECORDED_BY]-(n)-[:HAS_STATE {eventId: e.id}]->(s:State) WHERE s.rev IS NOT NULL
    RETURN {
      label: labels(n)[0], id: n.id, rev: s.rev, name: """
    + name_of("n")
    + """,
      state: s {.*, id: null}
    } ORDER BY labels(n)[0], n.id
  } AS things,
  COLLECT {
    MATCH (e)<-[:RECORDED_BY]-(n)-[r]->(t)
    WHERE (r.eventId = e.id OR r.endedBy = e.id) AND NOT type(r) IN $bookkeeping
      AND (coalesce(t.visibility, 'everyone') = 'everyone' OR EXISTS { (t)-[:RECORDED_BY]->(e) })
      AND NOT EXISTS { MATCH (t)-[:PART_OF]->(whole) WHERE whole.visibility <> 'everyone' }
      AND (EXISTS { (t)-[:RECORDED_BY]->(e) } OR NOT EXISTS {
        MATCH (t)<-[:GENERATES_KNOWLEDGE|RESULTS_IN*1..2]-(source) WHERE source.visibility <> 'everyone'
      })
    RETURN {
      type: type(r), ended: coalesce(r.endedBy, '') = e.id, source: {label: labels(n)[0], id: n.id},
      target: {label: labels(t)[0], id: t.id, name: coalesce(t.fullName, t.name, t.title, left(t.content, 80))}
    } ORDER BY type(r), n.id, t.id
  } AS relations,
  COLLECT {
    MATCH (:Identity {id: e.actor})-[r:IDENTIFIES]->(p:Person) WHERE r.validTo IS NULL OR r.validTo > e.recordedAt
    RETURN {id: p.id, fullName: p.fullName, handle: p.handle} ORDER BY r.validFrom LIMIT 1
  } AS senders,
  COLLECT {
    MATCH (e)<-[:RECORDED_BY]-(n)-[r]->(p:Person) WHERE r.validTo IS NULL RETURN DISTINCT p.id
  } AS people,
  COLLECT {
    MATCH (e)<-[:RECORDED_BY]-(said)
    MATCH """
    + guarding("said")
    + """
    WHERE guarded.visibility <> 'everyone' AND NOT guarded:State
    WITH DISTINCT guarded
    RETURN """
    + _let_in("guarded")
    + """
  } AS guards, COLLECT {
    MATCH """
    + project_of_run("e")
    + """ WHERE over.visibility <> 'everyone'
    RETURN """
    + _let_in("over")
    + """
  } AS runs
"""
)


Guard = tuple[frozenset[str], frozenset[str]]
"""Ids of the people, and of the identities that recorded something, who may see it."""


@dataclass(frozen=True)
class FeedFilters:
    """Which events are asked for; None does not restrict.

    Parameters
    ----------
    types
        Types of events.
    kinds
        Labels of things that were changed.
    about
        A thing that was changed.
    mine
        Whether only what concerns the viewer.
    """

    types: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    about: UUID | None = None
    mine: bool = False


@dataclass(frozen=True)
class Happening:
    """An event with what it did.

    Parameters
    ----------
    event
        Properties of the Event node.
    things
        What it made or changed: label, id, name, rev, and what it set (``state``).
    relations
        Type, whether it ended, source and target.
    sender
        The person who sent it, as far as the graph knows.
    people
        Ids of those whom the things lead to.
    guards, runs
        Of each private thing, the people and recorders who may see it; and of the one that its run was about.
    """

    event: Row
    things: tuple[Row, ...]
    relations: tuple[Row, ...]
    sender: Row | None
    people: frozenset[str]
    guards: tuple[Guard, ...]
    runs: tuple[Guard, ...] = ()

    @property
    def id(self) -> str:
        """Id of the event."""
        return str(self.event["id"])

    @property
    def changed_people(self) -> set[str]:
        """Ids of the people whom the event may have made known, or another, and of whom they lead to."""
        if not any(one["label"] in {"Person", "Identity"} for one in self.things):
            return set()
        targets = {one["target"]["id"] for one in self.relations if one["target"]["label"] == "Person"}
        return targets | {one["id"] for one in self.things if one["label"] == "Person"}

    def asked_for(self, filters: FeedFilters, viewer: Viewer, readable: frozenset[str]) -> bool:
        """Whether a viewer may see the event, by what their token reads, and asked for it."""
        things = [one for one in self.things if one["label"] in readable]
        wanted = [
            one
            for one in things
            if (filters.kinds is None or one["label"] in filters.kinds)
            and (filters.about is None or one["id"] == str(filters.about))
        ]
        return (
            bool(wanted)
            and (filters.types is None or self.event["type"] in filters.types)
            and (not filters.mine or self._concerns(viewer))
            and self._seen_by(viewer)
        )

    def _concerns(self, viewer: Viewer) -> bool:
        own = viewer.keys
        return bool(own & self.people) or any(one["id"] in own for one in self.things)

    def run_seen_by(self, viewer: Viewer) -> bool:
        """Whether a viewer may know of the run that wrote it."""
        return _let_by(self.runs, viewer)

    def _seen_by(self, viewer: Viewer) -> bool:
        return _let_by(self.guards, viewer)


def _let_by(guards: Sequence[Guard], viewer: Viewer) -> bool:
    """Whether each guard lets a viewer in."""
    own, identity = viewer.keys, str(viewer.identity)
    return all(own & people or identity in recorders for people, recorders in guards)


async def newest_events(
    graph: GraphDatabase,
    sight: Sight,
    readable: frozenset[str],
    filters: FeedFilters,
    *,
    before: tuple[datetime, UUID],
    since: datetime | None,
    limit: int,
) -> list[tuple[UUID, datetime]]:
    """Ids of the newest events that were recorded before a place, each with when; the newest first.

    Parameters
    ----------
    sight
        Who looks.
    readable
        Labels that the token reads.
    before
        When, and of those recorded then before which id.
    since
        None goes back to the beginning.
    """
    rows = await graph.read(
        _ABOUT if filters.about else _MINE if filters.mine else _NEWEST,
        before=before[0],
        beforeId=str(before[1]),
        since=since or _BEGINNING,
        types=sorted(filters.types) if filters.types is not None else None,
        kinds=sorted(filters.kinds) if filters.kinds is not None else None,
        about=str(filters.about) if filters.about else None,
        readable=sorted(readable),
        limit=limit,
        **sight.parameters(),
    )
    return [(UUID(row["id"]), row["at"]) for row in rows]


async def happenings(graph: GraphDatabase, event_ids: Sequence[UUID | str]) -> list[Happening]:
    """What events did, in the given order; those that the graph does not have are left out."""
    wanted = [str(event_id) for event_id in event_ids]
    rows = await graph.read(_TOLD, ids=wanted, parties=party_relations(), bookkeeping=BOOKKEEPING)
    return [
        Happening(
            event=row["event"],
            things=tuple(row["things"]),
            relations=tuple(row["relations"]),
            sender=next(iter(row["senders"]), None),
            people=frozenset(row["people"]),
            guards=_guards(row["guards"]),
            runs=_guards(row["runs"]),
        )
        for row in sorted(rows, key=lambda row: wanted.index(row["event"]["id"]))
    ]


def _guards(rows: Sequence[Row]) -> tuple[Guard, ...]:
    return tuple((frozenset(row["people"]), frozenset(filter(None, row["recorders"]))) for row in rows)
