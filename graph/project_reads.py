"""Projects read back: one by id, or a page, each with the events that the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from graph.approving import WAITING, WAITS
from graph.database import GraphDatabase, Row
from graph.paging import After, newest_first, older, position, restrictions
from graph.projects import named
from graph.visibility import Viewer, events_of, sees_node, shows
from ontology.enums import ProjectStatus
from ontology.lifecycles import ARCHIVED
from runtime.text import fold

_SHOWN: LiteralString = (
    """
RETURN properties(n) AS project, COLLECT {
  MATCH (n)-[r:PROPOSED_BY]->(p:Person) WHERE r.validTo IS NULL
  RETURN {id: p.id, name: p.fullName, handle: p.handle}
} AS proposers, COLLECT {
  MATCH (n)<-[r:PARTICIPATES_IN]-(p:Person)
  RETURN {id: p.id, name: p.fullName, handle: p.handle, role: r.role, start: r.validFrom, end: r.validTo}
  ORDER BY r.validTo IS NOT NULL, r.validFrom, p.id
} AS participants, COLLECT {
  MATCH (n)-[r:RESOLVES]->(t:Tension) WHERE r.validTo IS NULL AND """
    + sees_node("t")
    + """
  RETURN {id: t.id, title: t.title, status: t.status} ORDER BY r.validFrom, t.id
} AS tensions, COLLECT {
  MATCH (n)-[r:VISIBLE_TO]->(p:Person) WHERE r.validTo IS NULL
  RETURN {id: p.id, name: p.fullName, handle: p.handle} ORDER BY p.fullName, p.id
} AS visibleTo, COLLECT {
  MATCH (n)-[r:CITES]->(c) WHERE r.validTo IS NULL AND """
    + sees_node("c")
    + """
  RETURN c.id ORDER BY c.id
} AS cited, """
    + events_of("n")
    + " AS events"
)

_GET: LiteralString = "MATCH (n:Project {id: $id}) WHERE " + shows("n") + _SHOWN

_BY: LiteralString = """EXISTS {
  MATCH (n)-[r:PROPOSED_BY]->(p:Person) WHERE r.validTo IS NULL AND p.id IN $proposers
}"""

_WITH: LiteralString = """EXISTS {
  MATCH (n)<-[r:PARTICIPATES_IN]-(p:Person) WHERE r.validTo IS NULL AND p.id IN $participants
}"""


_TO_APPROVE: LiteralString = (
    """
MATCH (n:Project {id: $id}) WHERE n.status = $proposal
RETURN properties(n) AS project,
  [(n)-[r:PROPOSED_BY]->(p:Person) WHERE r.validTo IS NULL | p.id][0] AS proposer,
  """
    + WAITS
    + """ AS asked,
  COLLECT {
    MATCH (n)-[r:VISIBLE_TO|PARTICIPATES_IN]-(p:Person) WHERE r.validTo IS NULL RETURN DISTINCT p.id ORDER BY p.id
  } AS initiated
"""
)


@dataclass(frozen=True)
class ProjectFilters:
    """What a page is restricted to; None does not restrict.

    Parameters
    ----------
    status
        Its state; without one, what is archived is left out.
    proposers
        Every id of who proposed it.
    participants
        Every id of somebody who takes part.
    provisional
        Whether only a reference to it is known.
    text
        Part of its name, whatever its case, whether accents are written or not.
    """

    status: str | None = None
    proposers: Sequence[UUID] | None = None
    participants: Sequence[UUID] | None = None
    provisional: bool | None = None
    text: str | None = None


async def get_project(graph: GraphDatabase, project_id: UUID, viewer: Viewer) -> Row | None:
    """One project with who proposed it; None when there is none."""
    rows = await graph.read(_GET, id=str(project_id), **viewer.parameters())
    return rows[0] if rows else None


async def project_to_approve(graph: GraphDatabase, project_id: UUID) -> Row | None:
    """A proposal, its proposer's id, whether its approval is ``asked`` for already, and who else is ``initiated``.

    None of any other project.
    """
    rows = await graph.read(_TO_APPROVE, id=str(project_id), proposal=ProjectStatus.PROPOSAL, **WAITING)
    return rows[0] if rows else None


async def project_of_name(graph: GraphDatabase, name: str) -> UUID | None:
    """Id of the project that a name means, whatever its case and spaces; None when there is none."""
    rows = await graph.read("MATCH (p:Project {nameKey: $key}) RETURN p.id AS id", key=named(name)["name_key"])
    return UUID(rows[0]["id"]) if rows else None


async def list_projects(
    graph: GraphDatabase, viewer: Viewer, filters: ProjectFilters, *, limit: int, after: After = None
) -> list[Row]:
    """A page of projects, the newest first, after the given createdAt and id."""
    asked, parameters = restrictions(
        [
            ("n.status = $status", "status", filters.status),
            ("n.provisional = $provisional", "provisional", filters.provisional),
            ("n.foldedName CONTAINS $text", "text", fold(filters.text) if filters.text else None),
            (_BY, "proposers", _texts(filters.proposers)),
            (_WITH, "participants", _texts(filters.participants)),
            ("n.status <> $archived", "archived", None if filters.status else ARCHIVED),
        ]
    )
    found: LiteralString = "MATCH (n:Project) WHERE " + "\n  AND ".join([older("n"), *asked, shows("n")])
    page: LiteralString = found + "\nWITH n ORDER BY " + newest_first("n") + " LIMIT $limit" + _SHOWN
    told: dict[str, Any] = {**viewer.parameters(), **parameters, **position(after)}
    return await graph.read(page + "\nORDER BY " + newest_first("n"), **told, limit=limit)


def _texts(ids: Sequence[UUID] | None) -> list[str] | None:
    return None if ids is None else [str(one) for one in ids]
