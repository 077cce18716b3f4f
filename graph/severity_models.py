"""Which model of severity judges, and which were asked about, as the graph has it."""

from dataclasses import dataclass
from uuid import UUID

from graph.database import GraphDatabase
from ontology.enums import DecisionKind, DecisionStatus

_PROMOTED = """
MATCH (m:SeverityModel) WHERE m.promotedAt IS NOT NULL
RETURN m.digest AS digest ORDER BY m.promotedAt DESC, m.id LIMIT 1
"""

_ASKED = """
RETURN EXISTS { MATCH (m:SeverityModel {learnt: $learnt}) } AS known, head(COLLECT {
  MATCH (d:Decision {kind: $kind, status: $pending}) RETURN d.id ORDER BY d.createdAt LIMIT 1
}) AS waiting
"""


@dataclass(frozen=True)
class Asked:
    """What humans were asked of models.

    Parameters
    ----------
    known
        Whether one of the same texts and labels was asked about.
    waiting
        The decision on a model that waits, if one does.
    """

    known: bool
    waiting: UUID | None


async def promoted_model(graph: GraphDatabase) -> str | None:
    """SHA-256 of the model that was promoted last; None where none was.

    Raises
    ------
    GraphUnavailableError
        Try again.
    """
    rows = await graph.read(_PROMOTED)
    return str(rows[0]["digest"]) if rows else None


async def asked_of_models(graph: GraphDatabase, learnt: str) -> Asked:
    """What humans were asked of a model of some texts and labels, and of any.

    Raises
    ------
    GraphUnavailableError
        Try again.
    """
    [row] = await graph.read(_ASKED, learnt=learnt, kind=DecisionKind.MODEL_PROMOTION, pending=DecisionStatus.PENDING)
    return Asked(known=bool(row["known"]), waiting=UUID(row["waiting"]) if row["waiting"] else None)
