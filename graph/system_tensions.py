"""Tensions about the system itself: one for each cause, as long as it lasts."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase

_OF_SYSTEM: LiteralString = """
MATCH (t:Tension) WHERE t.systemCause IS NOT NULL
RETURN t.systemCause AS cause, t.id AS id, t.status AS status ORDER BY t.createdAt, t.id
"""

_ONE: LiteralString = "MATCH (t:Tension {id: $id}) RETURN t.systemCause AS cause, t.rev AS rev, t.status AS status"


@dataclass(frozen=True)
class SystemTension:
    """The newest tension of a cause.

    Parameters
    ----------
    id, status
        Which, and how it stands.
    number
        How many there were of this cause before it.
    """

    id: UUID
    status: str
    number: int


async def system_tensions(graph: GraphDatabase) -> dict[str, SystemTension]:
    """Cause → the newest tension about it."""
    found: dict[str, SystemTension] = {}
    for row in await graph.read(_OF_SYSTEM):
        before = found.get(row["cause"])
        number = before.number + 1 if before else 0
        found[row["cause"]] = SystemTension(UUID(row["id"]), row["status"], number)
    return found


async def revision_of(graph: GraphDatabase, tension: UUID) -> tuple[int, str, str | None] | None:
    """Revision, status and cause of a tension as it stands; None where there is none."""
    rows = await graph.read(_ONE, id=str(tension))
    return (rows[0]["rev"], rows[0]["status"], rows[0]["cause"]) if rows else None
