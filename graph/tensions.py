"""Tensions read back: one by id, or a page of a board, as far as the viewer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.derived import LONG, searchable
from graph.overdue import STILL_ESCALATED
from graph.paging import After, earlier, latest_first, position, restrictions
from graph.visibility import Viewer, events_of, sees_node, shows

_SHOWN = (
    """
RETURN t {.*, foldedText: null, foldedLong: null} AS tension, COLLECT {
  MATCH (t)-[r:DETECTED_BY|OWNED_BY|AFFECTS|VISIBLE_TO|SUPPORTED_BY|MENTIONS]->(o) WHERE r.validTo IS NULL AND """
    + shows("o")
    + """
  RETURN {relation: type(r), label: labels(o)[0], id: o.id, name: coalesce(o.fullName, o.name), handle: o.handle}
  ORDER BY type(r), coalesce(o.fullName, o.name), o.id
} AS targets, COUNT {
  MATCH (t)<-[on:COMMENTS_ON]-(c:Comment) WHERE on.validTo IS NULL AND c.status <> 'Archived'
} AS comments, """
    + STILL_ESCALATED
    + " AS escalated, "
    + events_of("t")
    + " AS events"
)

_GET = "MATCH (t:Tension {id: $id}) WHERE " + sees_node("t") + _SHOWN

_TO_JUDGE = """
MATCH (t:Tension {id: $id}) WHERE t.status <> 'Archived'
RETURN properties(t) AS tension, COLLECT {
  MATCH (t)-[r:DETECTED_BY|OWNED_BY]->(p:Person) WHERE r.validTo IS NULL
  RETURN {relation: type(r), id: p.id} ORDER BY type(r), p.id
} AS targets, EXISTS {
  MATCH (t)<-[on:DECIDES]-(:Decision {kind: 'TensionSeverity', status: 'Pending'}) WHERE on.validTo IS NULL
} AS asked, COLLECT {
  MATCH (t)<-[on:DECIDES]-(d:Decision {kind: 'PersonMention'}) WHERE on.validTo IS NULL RETURN d.proposal
} AS askedNames, COLLECT {
  MATCH (t)-[r:MENTIONS]->(o) WHERE r.validTo IS NULL RETURN {id: o.id, label: labels(o)[0]}
} AS mentioned
"""

_OF: LiteralString = (
    """
MATCH (of) WHERE of.id IN $of AND (of:Person OR of:Project) AND """
    + shows("of")
    + """
MATCH (of)<-[r:DETECTED_BY|OWNED_BY|AFFECTS|SUPPORTED_BY|MENTIONS]-(t:Tension)
WHERE type(r) = $relation AND r.validTo IS NULL
WITH DISTINCT t """
)

_LATEST: LiteralString = """WHERE t.occurredAt <= $after
WITH t ORDER BY t.occurredAt DESC
WITH t WHERE """
"""Orders what was found by one property: of the others only those of a page are read, as an index in order has it."""

_ALL: LiteralString = "MATCH (t:Tension) WHERE "

_RELATED: LiteralString = (
    """all(one IN $related WHERE EXISTS {
  MATCH (t)-[r]->(o) WHERE type(r) = one.relation AND o.id IN one.ids AND r.validTo IS NULL AND """
    + shows("o")
    + "\n})"
)

_TEXT: LiteralString = "coalesce(t.foldedLong, t.foldedText) CONTAINS $text"

_WITH_TEXT: LiteralString = """
CALL () {
  MATCH (t:Tension) USING TEXT INDEX t:Tension(foldedText)
  WHERE t.foldedText CONTAINS $text AND t.foldedLong IS NULL
  RETURN t
  UNION ALL
  MATCH (t:Tension) USING TEXT INDEX t:Tension(foldedText)
  WHERE t.foldedText = toString($long) AND t.foldedLong CONTAINS $text
  RETURN t
}
WITH t """

_HOW_MANY: LiteralString = _WITH_TEXT + "LIMIT $most RETURN count(t) AS found"

_INDEXED_LETTERS = 3
"""The text index knows where so many letters follow each other; it looks through everything for fewer."""

_FEW = 5000
"""Where no more have a text, they are put in order; more often the next page is soon full as one walks along."""

_OWNED = """
MATCH (p:Person)<-[r:OWNED_BY]-(t:Tension)
WHERE p.id IN $viewers AND r.validTo IS NULL AND NOT t.status IN ['Resolved', 'Closed', 'Rejected', 'Archived']
RETURN count(DISTINCT t) AS owned
"""


_ESCALATED = (
    """
MATCH (t:Tension) WHERE t.escalatedTo IN $authorities AND """
    + STILL_ESCALATED
    + " AND "
    + sees_node("t")
    + " RETURN count(t) AS escalated"
)


@dataclass(frozen=True)
class TensionFilters:
    """What a page is restricted to; None does not restrict.

    Parameters
    ----------
    status, severity, kind
        Its properties; without a status, what is archived is left out.
    related
        Relation → ids, one of which it leads to.
    since, until
        When it was felt.
    text
        Part of its title or facts, whatever its case, whether accents are written or not.
    escalated_to
        The authority it waits for.
    """

    status: str | None = None
    severity: int | None = None
    kind: str | None = None
    related: Sequence[tuple[str, Sequence[UUID]]] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    escalated_to: str | None = None


async def get_tension(graph: GraphDatabase, tension_id: UUID, viewer: Viewer) -> Row | None:
    """One tension with whom and what it names; None when there is none the viewer may see."""
    rows = await graph.read(_GET, id=str(tension_id), **viewer.parameters())
    return rows[0] if rows else None


async def tension_to_judge(graph: GraphDatabase, tension_id: UUID) -> Row | None:
    """A tension as the machine looks at it, and whether humans are asked already; None where nobody needs to.

    Its ``targets`` are the people whose it is.
    """
    rows = await graph.read(_TO_JUDGE, id=str(tension_id))
    return rows[0] if rows else None


async def count_owned(graph: GraphDatabase, viewer: Viewer) -> int:
    """Number of tensions that somebody owns and that have not come to an end."""
    [row] = await graph.read(_OWNED, **viewer.parameters())
    return int(row["owned"])


async def count_escalated(graph: GraphDatabase, viewer: Viewer, authorities: Sequence[str]) -> int:
    """Number of tensions that wait for one of some authorities, since nobody else saw to them."""
    if not authorities:
        return 0
    [row] = await graph.read(_ESCALATED, authorities=authorities, **viewer.parameters())
    return int(row["escalated"])


async def list_tensions(
    graph: GraphDatabase,
    viewer: Viewer,
    filters: TensionFilters,
    *,
    limit: int,
    after: After = None,
) -> list[Row]:
    """A page of tensions, newest first by when they happened, after the given (occurredAt, createdAt) and id.

    It is looked for from whom it is about where that is asked for, from a text that few have by its index, otherwise
    along an index in the order of the page.
    """
    text = searchable(filters.text or "")
    few = not filters.related and await _few_have(graph, text)
    query, parameters = page_query(filters, text, by_text=few)
    return await graph.read(query, **viewer.parameters(), **parameters, limit=limit, **position(after))


def page_query(filters: TensionFilters, text: str, *, by_text: bool) -> tuple[LiteralString, dict[str, Any]]:
    """The query of a page, with no other conditions than what was asked for, and their parameters.

    Parameters
    ----------
    filters
        What is asked for.
    text
        Its text, as it is looked for.
    by_text
        Whether to go from those that have the text.
    """
    related = [{"relation": name, "ids": [str(one) for one in ids]} for name, ids in filters.related]
    asked, parameters = restrictions(
        [
            ("t.status = $status", "status", filters.status),
            ("t.severity = $severity", "severity", filters.severity),
            ("t.kind = $kind", "kind", filters.kind),
            ("t.escalatedTo = $escalatedTo AND " + STILL_ESCALATED, "escalatedTo", filters.escalated_to),
            ("t.occurredAt >= $since", "since", filters.since),
            ("t.occurredAt < $until", "until", filters.until),
            (_TEXT, "text", text or None),
            (_RELATED, "related", related[1:] or None),
        ]
    )
    conditions = [earlier("t"), *asked]
    conditions.append("(t.visibility = 'everyone' OR " + sees_node("t") + ")")  # most are, and need no look around
    if filters.status is None:
        conditions.append("t.status <> 'Archived'")
    found: LiteralString = (_OF if related else _WITH_TEXT) + _LATEST if related or by_text else _ALL
    order: LiteralString = latest_first("t")
    if filters.status and found == _ALL:
        order = "t.status DESC, " + order  # that of an index
    page = found + "\n  AND ".join(conditions) + "\nWITH t ORDER BY " + order + " LIMIT $limit\n"
    of = {"of": related[0]["ids"] if related else [], "relation": related[0]["relation"] if related else None}
    return page + _SHOWN + "\nORDER BY " + latest_first("t"), {**parameters, **of, "long": LONG}


async def _few_have(graph: GraphDatabase, text: str) -> bool:
    """Whether so few tensions have a text, whoever may see them, that the index is the way to them."""
    if len(text) < _INDEXED_LETTERS:
        return False
    [row] = await graph.read(_HOW_MANY, text=text, long=LONG, most=_FEW + 1)
    return int(row["found"]) <= _FEW
