"""What waits too long: found by query, so that nobody has to remember it."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase
from ontology.enums import TensionStatus

_UNFINISHED = [
    TensionStatus.OPEN,
    TensionStatus.UNDER_REVIEW,
    TensionStatus.ACCEPTED,
    TensionStatus.IN_PROGRESS,
]
"""States in which a tension waits for somebody; one that is on hold waits by intent."""

STILL_ESCALATED: LiteralString = (
    "coalesce(t.escalatedRev = t.rev OR (t.analysedRev = t.rev AND t.escalatedRev = t.rev - 1), false) AND NOT EXISTS {"
    " MATCH (t)<-[on:COMMENTS_ON]-(c:Comment) WHERE on.validTo IS NULL AND c.createdAt > t.updatedAt }"
)
"""Condition on a tension ``t``: nobody changed it or commented on it since it was escalated.

What the machine says of it is no progress.
"""

_STALLED: LiteralString = (
    """
MATCH (t:Tension) WHERE t.status IN $unfinished AND t.updatedAt < $before
WITH t, CASE WHEN """
    + STILL_ESCALATED
    + """ THEN t.escalatedTo END AS escalated
WHERE t.visibility = 'everyone' AND (escalated IS NULL OR escalated <> $last)
  AND NOT EXISTS {
    MATCH (t)<-[on:COMMENTS_ON]-(c:Comment) WHERE on.validTo IS NULL AND c.createdAt >= $before
  }
RETURN t.id AS id, t.rev AS rev, t.updatedAt AS since, escalated ORDER BY t.updatedAt, t.id LIMIT $most
"""
)


@dataclass(frozen=True)
class Stalled:
    """A tension that nobody changed or commented on for long.

    Parameters
    ----------
    id, rev
        Which, and its revision.
    since
        When it was changed last.
    escalated
        To whom that revision escalated it; None where somebody did something since, or it never was.
    """

    id: UUID
    rev: int
    since: datetime
    escalated: str | None


async def stalled_tensions(graph: GraphDatabase, before: datetime, last: str, most: int) -> list[Stalled]:
    """Tensions that everyone sees and that were changed and commented on last before a moment, longest first.

    Parameters
    ----------
    graph, before, most
        Where, when, and how many of them.
    last
        Who can escalate to nobody else: what reached them waits there.
    """
    rows = await graph.read(_STALLED, unfinished=_UNFINISHED, before=before, last=last, most=most)
    return [Stalled(UUID(row["id"]), row["rev"], row["since"], row["escalated"]) for row in rows]
