"""Tasks read back and kept to the rules of their project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import ProjectEndedError, ProjectOnHoldError
from graph.node_states import NodeState
from graph.paging import After, newest_first, older, position, restrictions
from graph.visibility import Viewer, events_of, shows_task
from ontology.enums import ProjectStatus, TaskStatus
from ontology.lifecycles import PROJECT_ENDED, TASK_RUNNING

_SHOWN: LiteralString = (
    """
RETURN properties(n) AS task,
  [(n)-[r:PART_OF]->(p:Project) WHERE r.validTo IS NULL | p {.id, .name}][0] AS project,
  [(n)-[r:SUBTASK_OF]->(t:Task) WHERE r.validTo IS NULL | t.id][0] AS parent,
  [(n)-[r:OWNED_BY]->(p:Person) WHERE r.validTo IS NULL | p {.id, .fullName, .handle}][0] AS owner, """
    + events_of("n")
    + " AS events"
)

_GET: LiteralString = "MATCH (n:Task {id: $id}) WHERE " + shows_task("n") + _SHOWN

_OF_PROJECT: LiteralString = "MATCH (:Project {id: $project})<-[of:PART_OF]-(n:Task) WHERE of.validTo IS NULL AND "

_OF_OWNER: LiteralString = (
    "UNWIND $owners AS owner MATCH (p:Person {id: owner}) WITH p "
    "MATCH (p)<-[own:OWNED_BY]-(n:Task) WHERE own.validTo IS NULL AND "
)
"""From the people on: a plan does not know how few they are, and would look at every task in the order of the page."""

_OWNED: LiteralString = "EXISTS { MATCH (n)-[own:OWNED_BY]->(p:Person) WHERE p.id IN $owners AND own.validTo IS NULL }"

_SOONEST: LiteralString = "n.dueAt, n.id"

_LATER: LiteralString = (
    "n.dueAt >= $after AND n.id IS NOT NULL AND CASE WHEN n.dueAt = $after THEN n.id > $afterId ELSE true END"
)
"""As with :func:`graph.paging.older`, an index over both is read from there."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)

_STANDS: LiteralString = (
    "MATCH (:Task {id: $id})-[r:PART_OF]->(p:Project) WHERE r.validTo IS NULL RETURN p.id AS id, p.status AS status"
)

_LEFT: LiteralString = """
MATCH (:Project {id: $id})<-[r:PART_OF]-(t:Task) WHERE r.validTo IS NULL AND t.status IN $running
RETURN t.id AS id ORDER BY t.createdAt, t.id
"""


@dataclass(frozen=True)
class TaskFilters:
    """What a page is restricted to; None does not restrict.

    Parameters
    ----------
    project
        The project it belongs to.
    owners
        Every id of who owns it.
    status
        Its state.
    critical
        Whether the project's success hangs on it.
    due_before
        It is due before then.
    """

    project: UUID | None = None
    owners: Sequence[UUID] | None = None
    status: str | None = None
    critical: bool | None = None
    due_before: datetime | None = None


async def get_task(graph: GraphDatabase, task_id: UUID, viewer: Viewer) -> Row | None:
    """One task with its project and owner; None when there is none."""
    rows = await graph.read(_GET, id=str(task_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_tasks(
    graph: GraphDatabase, viewer: Viewer, filters: TaskFilters, *, limit: int, after: After = None, by_due: bool = False
) -> list[Row]:
    """A page of tasks, the newest first, after the given createdAt and id; ``by_due`` those due soonest, by dueAt."""
    owners = None if filters.owners is None else [str(one) for one in filters.owners]
    asked, parameters = restrictions(
        [
            ("n.status = $status", "status", filters.status),
            ("n.critical = $critical", "critical", filters.critical),
            ("n.dueAt < $dueBefore", "dueBefore", filters.due_before),
            (_OWNED, "owners", owners),
        ]
    )
    begins: LiteralString = "MATCH (n:Task) WHERE "
    if filters.project:
        begins = _OF_PROJECT
    elif owners is not None:
        begins, asked = _OF_OWNER, [one for one in asked if one != _OWNED]
    order: LiteralString = _SOONEST if by_due else newest_first("n")
    beyond: LiteralString = _LATER if by_due else older("n")
    found: LiteralString = begins + "\n  AND ".join([beyond, *asked, shows_task("n")])
    page: LiteralString = found + "\nWITH DISTINCT n ORDER BY " + order + " LIMIT $limit" + _SHOWN
    told: dict[str, Any] = {**viewer.parameters(), **parameters, **position(after)}
    if by_due and after is None:
        told["after"] = _BEGINNING
    if filters.project:
        told["project"] = str(filters.project)
    return await graph.read(page + "\nORDER BY " + order, **told, limit=limit)


async def check_task(transaction: Transaction, task: NodeState, status: str | None) -> None:
    """Pass when a task may be changed, and come to a state: nothing is done in a project that rests or has ended.

    What is left to do of one that has ended may come to its own end, as it mostly does by itself.

    Parameters
    ----------
    transaction, task
        Where it stands, and the task as it was.
    status
        The state that it is to come to; None where something else of it is changed.

    Raises
    ------
    ProjectEndedError
        Its project has ended.
    ProjectOnHoldError
        Its project rests, and work would begin.
    """
    row = await transaction.row(_STANDS, id=str(task.id))
    if row is None:
        return
    stands, pointer = row["status"], "/to" if status else None
    ends = status is not None and status not in TASK_RUNNING and task.properties["status"] in TASK_RUNNING
    if stands in PROJECT_ENDED and not ends:
        said = f"project {row['id']} is {stands}: nothing of it is done or changed any more"
        raise ProjectEndedError(said, pointer=pointer)
    if stands == ProjectStatus.ON_HOLD and status == TaskStatus.IN_PROGRESS:
        raise ProjectOnHoldError(f"project {row['id']} is {stands}: no work begins in it meanwhile", pointer=pointer)


async def tasks_left(transaction: Transaction, project: UUID) -> list[UUID]:
    """Ids of a project's tasks of which something is to be done yet, in the order in which they were planned."""
    rows = await transaction.rows(_LEFT, id=str(project), running=TASK_RUNNING)
    return [UUID(row["id"]) for row in rows]
