"""Delegations read back: everybody may know who decides in whose place."""

from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.paging import After, newest_first, older, position
from graph.visibility import Viewer, events_of
from ontology.enums import DelegationStatus

_SHOWN: LiteralString = (
    """
RETURN properties(n) AS delegation, COLLECT {
  MATCH (n)-[r:DELEGATED_BY|DELEGATED_TO]->(p:Person) WHERE r.validTo IS NULL
  RETURN {relation: type(r), id: p.id, name: p.fullName, handle: p.handle}
} AS people, """
    + events_of("n")
    + " AS events"
)

_GET = "MATCH (n:Delegation {id: $id})" + _SHOWN

_PAGE = (
    """
MATCH (n:Delegation)
WHERE n.status = $given AND """
    + older("n")
    + """
  AND (NOT $mine OR n.authority IN $authorities OR EXISTS {
    MATCH (n)-[r:DELEGATED_BY|DELEGATED_TO]->(p:Person) WHERE r.validTo IS NULL AND p.id IN $viewers
  })
WITH n ORDER BY """
    + newest_first("n")
    + " LIMIT $limit"
    + _SHOWN
    + "\nORDER BY "
    + newest_first("n")
)


async def get_delegation(graph: GraphDatabase, delegation_id: UUID, viewer: Viewer) -> Row | None:
    """One delegation with the events the viewer may see; None when there is none."""
    rows = await graph.read(_GET, id=str(delegation_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_delegations(
    graph: GraphDatabase,
    viewer: Viewer,
    authorities: list[str],
    *,
    mine: bool,
    limit: int,
    after: After = None,
) -> list[Row]:
    """A page of delegations that nobody withdrew, the newest first, after the given createdAt and id.

    ``mine`` lists those that the viewer gave, or by which they decide.
    """
    return await graph.read(
        _PAGE,
        **viewer.parameters(),
        **position(after),
        authorities=authorities,
        given=DelegationStatus.GIVEN,
        mine=mine,
        limit=limit,
    )
