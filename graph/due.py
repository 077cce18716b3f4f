"""Tasks and projects whose time is running out, or has run out: found by query, each told once for each due date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase
from graph.visibility import Viewer
from ontology.enums import ParticipantRole, ProjectStatus, Visibility
from ontology.kinds.project import PROJECT
from ontology.lifecycles import TASK_RUNNING

_AT_WORK = (ProjectStatus.PLANNING, ProjectStatus.ACTIVE)
"""States of a project whose end is looked after; one that is on hold waits by intent."""

_DUE: LiteralString = """
CALL () {
  MATCH (n:Task) WHERE n.dueAt < $soon AND n.id IS NOT NULL AND n.status IN $running RETURN n, n.dueAt AS due
  UNION
  MATCH (n:Project) WHERE n.plannedEndAt < $soon AND n.status IN $atWork RETURN n, n.plannedEndAt AS due
}
WITH n, due WHERE CASE WHEN due > $moment THEN coalesce(n.remindedFor <> due, true)
  ELSE coalesce(n.overdueFor <> due, true) END
RETURN labels(n)[0] AS label, n.id AS id, n.rev AS rev, due ORDER BY due, n.id LIMIT $most
"""

_CRITICAL: LiteralString = """
MATCH (n:Task) WHERE n.dueAt > $moment AND n.dueAt < $soon AND n.id IS NOT NULL AND n.status IN $running
  AND n.critical AND n.progress < 0.5
MATCH (n)-[of:PART_OF]->(p:Project) WHERE of.validTo IS NULL
RETURN n.id AS id, n.title AS title, n.progress AS progress, n.dueAt AS due, p.id AS project, p.name AS name,
  p.language AS language,
  coalesce(p.visibility, $everyone) AS visibility, COLLECT {
    MATCH (n)-[r:OWNED_BY]->(q:Person) WHERE r.validTo IS NULL RETURN q.id
    UNION
    MATCH (p)<-[r:PARTICIPATES_IN {role: $manager}]-(q:Person) WHERE r.validTo IS NULL RETURN q.id
  } AS people, COLLECT {
    MATCH (p)-[r]-(q:Person) WHERE type(r) IN $parties AND r.validTo IS NULL RETURN DISTINCT q.id ORDER BY q.id
  } AS others
ORDER BY due, n.id LIMIT $most
"""

_WAITING: LiteralString = """
RETURN COUNT {
  MATCH (t:Task)-[own:OWNED_BY]->(p:Person) WHERE p.id IN $viewers AND own.validTo IS NULL
    AND t.status IN $running AND (t.remindedFor = t.dueAt OR t.overdueFor = t.dueAt)
} + COUNT {
  MATCH (p:Person)-[takes:PARTICIPATES_IN]->(:Project)<-[of:PART_OF]-(t:Task)
  WHERE p.id IN $viewers AND takes.validTo IS NULL AND takes.role = $manager AND of.validTo IS NULL
    AND t.status IN $running AND t.overdueFor = t.dueAt
    AND NOT EXISTS { MATCH (t)-[own:OWNED_BY]->(q:Person) WHERE own.validTo IS NULL AND q.id IN $viewers }
} AS tasks, COUNT {
  MATCH (p:Person)-[takes:PARTICIPATES_IN]->(n:Project)
  WHERE p.id IN $viewers AND takes.validTo IS NULL AND takes.role = $manager
    AND n.status IN $atWork AND (n.remindedFor = n.plannedEndAt OR n.overdueFor = n.plannedEndAt)
} AS projects
"""


@dataclass(frozen=True)
class Due:
    """A task or project whose due date is near or past.

    Parameters
    ----------
    label, id, rev
        Which, and its revision.
    due
        When it is due.
    """

    label: str
    id: UUID
    rev: int
    due: datetime


@dataclass(frozen=True)
class AtRisk:
    """A critical task of which less than half is done shortly before it is due.

    Parameters
    ----------
    id, title, progress, due
        Which, and how it stands.
    project, project_name
        Of which project.
    visibility, people
        Who may see that; who owns the task and manages the project, then whoever else may see that.
    language
        Of the project; None where that is not known.
    """

    id: UUID
    title: str
    progress: float
    due: datetime
    project: UUID
    project_name: str
    visibility: Visibility
    people: tuple[UUID, ...]
    language: str | None = None


async def due_soon(graph: GraphDatabase, moment: datetime, soon: datetime, most: int) -> Sequence[Due]:
    """What is due before ``soon``, or overdue by ``moment``, and was not told so yet, the first due first."""
    told = {"running": TASK_RUNNING, "atWork": _AT_WORK}
    rows = await graph.read(_DUE, moment=moment, soon=soon, most=most, **told)
    return [Due(row["label"], UUID(row["id"]), row["rev"], row["due"]) for row in rows]


async def tasks_at_risk(graph: GraphDatabase, moment: datetime, soon: datetime, most: int) -> Sequence[AtRisk]:
    """Critical tasks that are due before ``soon`` and of which less than half is done, the first due first."""
    told = {"running": TASK_RUNNING, "everyone": Visibility.EVERYONE, "manager": ParticipantRole.MANAGER}
    rows = await graph.read(_CRITICAL, moment=moment, soon=soon, most=most, parties=list(PROJECT.parties), **told)
    return [
        AtRisk(
            id=UUID(row["id"]),
            title=row["title"],
            progress=row["progress"],
            due=row["due"],
            project=UUID(row["project"]),
            project_name=row["name"],
            visibility=Visibility(row["visibility"]),
            people=tuple(UUID(one) for one in dict.fromkeys([*row["people"], *row["others"]])),
            language=row["language"],
        )
        for row in rows
    ]


async def count_due(graph: GraphDatabase, viewer: Viewer) -> tuple[int, int]:
    """How many tasks and projects wait for somebody because they are due soon or overdue.

    Of tasks those the person owns, and the overdue ones of projects that they manage; of projects those they manage.
    """
    viewers = [str(one) for one in viewer.people]
    if not viewers:
        return 0, 0
    told = {"running": TASK_RUNNING, "atWork": _AT_WORK, "manager": ParticipantRole.MANAGER}
    [row] = await graph.read(_WAITING, viewers=viewers, **told)
    return int(row["tasks"]), int(row["projects"])
