"""What projects were worth, read back: a score with what it rests on, a page of them, and every evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.naming import name_of
from graph.paging import After, newest_first, older, position, restrictions
from graph.visibility import Viewer, events_of, sees_node
from ontology.lifecycles import ARCHIVED

_SHOWN: LiteralString = (
    """
RETURN properties(n) AS win, COLLECT {
  MATCH (n)<-[:RESULTS_IN]-(p:Project) RETURN {id: p.id, name: p.name}
} AS projects, COLLECT {
  MATCH (n)-[r:EVIDENCED_BY]->(t) WHERE r.validTo IS NULL AND """
    + sees_node("t")
    + """
  RETURN {part: r.part, weight: r.weight, label: labels(t)[0], id: t.id, name: """
    + name_of("t")
    + """}
  ORDER BY r.weight DESC, t.id
} AS grounds, COLLECT {
  MATCH (n)<-[:RESULTS_IN]-(:Project)<-[d:DECIDES]-(asked:Decision {kind: 'WinApproval', status: 'Pending'})
  WHERE d.validTo IS NULL RETURN asked.id
} AS asked, """
    + events_of("n")
    + " AS events"
)

_GET: LiteralString = "MATCH (n:WIN {id: $id}) WHERE " + sees_node("n") + _SHOWN

_OF_PROJECTS: LiteralString = "EXISTS { MATCH (n)<-[:RESULTS_IN]-(p:Project) WHERE p.id IN $projectIds }"

_EVALUATIONS: LiteralString = (
    "MATCH (n:WIN {id: $id}) WHERE "
    + sees_node("n")
    + " MATCH (n)-[had:HAS_STATE]->(s:State)"
    + " RETURN properties(s) AS said, had.eventId AS event ORDER BY s.rev"
)


@dataclass(frozen=True)
class WinFilters:
    """What a page is restricted to; None does not restrict.

    Parameters
    ----------
    status
        Its state; without one what is archived is left out.
    projects
        Whose they are.
    """

    status: str | None = None
    projects: Sequence[UUID] | None = None


async def get_win(graph: GraphDatabase, win_id: UUID, viewer: Viewer) -> Row | None:
    """One score with what it rests on, as far as the viewer may see that; None when there is none they may see."""
    rows = await graph.read(_GET, id=str(win_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_wins(
    graph: GraphDatabase, viewer: Viewer, filters: WinFilters, *, limit: int, after: After = None
) -> list[Row]:
    """A page of scores, the newest first, after the given createdAt and id."""
    wanted = None if filters.projects is None else [str(one) for one in filters.projects]
    asked, parameters = restrictions(
        [
            ("n.status = $status", "status", filters.status),
            ("n.status <> $archived", "archived", None if filters.status else ARCHIVED),
            (_OF_PROJECTS, "projectIds", wanted),
        ]
    )
    conditions = [older("n"), *asked, sees_node("n")]
    found: LiteralString = "MATCH (n:WIN) WHERE " + "\n  AND ".join(conditions)
    return await graph.read(
        found + "\nWITH n ORDER BY " + newest_first("n") + " LIMIT $limit" + _SHOWN + "\nORDER BY " + newest_first("n"),
        **viewer.parameters(),
        **parameters,
        limit=limit,
        **position(after),
    )


async def evaluations_of(graph: GraphDatabase, win_id: UUID, viewer: Viewer) -> list[dict[str, Any]]:
    """Every score that was kept of a WIN, with its inputs and the event that kept it; the latest first.

    None of them when there is no WIN that the viewer may see.
    """
    held: dict[str, Any] = {}
    kept = []
    for row in await graph.read(_EVALUATIONS, id=str(win_id), **viewer.parameters()):
        held |= row["said"]
        if "inputsHash" in row["said"]:
            kept.append({**held, "event": row["event"]})
    return kept[::-1]
