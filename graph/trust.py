"""How far somebody's reports may be relied on: the share that others confirmed, as far as few of them tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase
from ontology.enums import TensionStatus

_CONFIRMED = (
    TensionStatus.ACCEPTED,
    TensionStatus.IN_PROGRESS,
    TensionStatus.ON_HOLD,
    TensionStatus.RESOLVED,
    TensionStatus.CLOSED,
)
"""States that only a tension comes to which somebody held for one."""

_REPORTS: LiteralString = """
MATCH (p:Person)<-[by:DETECTED_BY]-(t:Tension) WHERE p.id IN $ids AND by.validTo IS NULL
WITH t, EXISTS { MATCH (t)-[:HAS_STATE]->(:State {status: $rejected}) } AS refuted
RETURN count(CASE WHEN refuted THEN 1 END) AS refuted,
  count(CASE WHEN NOT refuted AND EXISTS {
    MATCH (t)-[:HAS_STATE]->(s:State) WHERE s.status IN $confirmed
  } THEN 1 END) AS confirmed
"""


@dataclass(frozen=True)
class Trust:
    """What became of somebody's reports.

    Parameters
    ----------
    confirmed, refuted
        How many were accepted, and how many were rejected as false alarms; others are undecided.
    """

    confirmed: int
    refuted: int

    @property
    def mean(self) -> float:
        """Mean of the Beta posterior over a uniform prior: a half where nothing is known."""
        return (self.confirmed + 1) / (self.confirmed + self.refuted + 2)


async def trust_in(graph: GraphDatabase, person_ids: Sequence[UUID]) -> Trust:
    """What became of the tensions that somebody detected, by every id they have."""
    told = {"confirmed": _CONFIRMED, "rejected": TensionStatus.REJECTED}
    [row] = await graph.read(_REPORTS, ids=[str(one) for one in person_ids], **told)
    return Trust(int(row["confirmed"]), int(row["refuted"]))
