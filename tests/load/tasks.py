"""How fast lists of tasks are at a hundred thousand of them.

Run by ``make bench-tasks``: ``python -m tests.load.tasks --tasks 100000``. It starts a Neo4j of its own, loads tasks in
bulk with their events, owners and projects, and asks as the gateway does, page by page.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from rich.console import Console
from rich.progress import track
from rich.table import Table

from cli.migrate import MIGRATIONS
from graph.database import GraphDatabase, Transaction
from graph.due import count_due, due_soon, tasks_at_risk
from graph.migrate import migrate
from graph.tasks import TaskFilters, get_task, list_tasks
from graph.visibility import Viewer
from ontology.enums import TaskStatus
from runtime.batches import pieces
from stack.session import StackSession
from tests.clients import settings_of
from tests.load.boards import measured

console = Console()

_PEOPLE, _PROJECTS, _PAGE, _SEED = 500, 500, 20, 5
_FIRST = datetime(2025, 1, 1, tzinfo=UTC)

_PLACES = "UNWIND $rows AS row CREATE (n:$($label)) SET n = row"
_LOAD = """
UNWIND $rows AS row
MATCH (p:Person {id: row.owner}), (j:Project {id: row.project})
CREATE (t:Task) SET t = row.task
CREATE (e:Event) SET e = row.event
CREATE (t)-[:RECORDED_BY {id: row.event.id}]->(e)
CREATE (t)-[:OWNED_BY {id: randomUUID()}]->(p)
CREATE (t)-[:PART_OF {id: randomUUID()}]->(j)
"""


def _rows(count: int, people: list[str], projects: list[str]) -> list[dict[str, Any]]:
    chooser, rows = random.Random(_SEED), []
    for number in range(count):
        moment = _FIRST + timedelta(minutes=number)
        due = moment + timedelta(days=chooser.randint(1, 60))
        task = {
            "id": str(uuid4()),
            "rev": 1,
            "createdAt": moment,
            "updatedAt": moment,
            "title": f"Ask printer {number}",
            "status": str(chooser.choices(list(TaskStatus), weights=[3, 2, 1, 8, 1])[0]),
            "critical": chooser.random() < 0.1,
            "progress": chooser.random(),
            "requestHash": "0" * 64,
            **({"dueAt": due, "remindedFor": due, "overdueFor": due} if chooser.random() < 0.8 else {}),
        }
        event = {"id": str(uuid4()), "type": "TASK_PLANNED", "recordedAt": moment, "occurredAt": moment}
        event |= {"source": "urn:bench", "workflowId": "bench", "runId": "bench", "requestHash": "0" * 64}
        rows.append(
            {"task": task, "event": event, "owner": chooser.choice(people), "project": chooser.choice(projects)}
        )
    return rows


async def _load(graph: GraphDatabase, count: int) -> tuple[list[str], list[str], list[str]]:
    """Load tasks in bulk; gives ids of people, projects and tasks."""
    people, projects = ([str(uuid4()) for _ in range(number)] for number in (_PEOPLE, _PROJECTS))

    async def places(transaction: Transaction) -> None:
        for label, ids, name in (("Person", people, "fullName"), ("Project", projects, "name")):
            await transaction.rows(_PLACES, label=label, rows=[{"id": one, name: f"{label} {one[:8]}"} for one in ids])

    async def load(some: Sequence[dict[str, Any]], transaction: Transaction) -> None:
        await transaction.rows(_LOAD, rows=some)

    await graph.write(places)
    rows = _rows(count, people, projects)
    for some in track(list(pieces(rows, 2000)), "loading", console=console):
        await graph.write(partial(load, some))
    return people, projects, [row["task"]["id"] for row in rows]


async def _measure(graph: GraphDatabase, count: int, times: int) -> Table:
    people, projects, tasks = await _load(graph, count)
    await graph.read("CALL db.awaitIndexes(120)")
    chooser = random.Random(_SEED)
    viewer = Viewer(UUID(people[0]), None)

    def anywhere() -> datetime:
        return _FIRST + timedelta(minutes=chooser.randrange(count))

    def page(make: Callable[[], TaskFilters], *, by_due: bool = False) -> Callable[[], Awaitable[object]]:
        def ask() -> Awaitable[object]:
            after = chooser.choice([None, ((anywhere(),), UUID(int=0))])
            return list_tasks(graph, viewer, make(), limit=_PAGE, after=after, by_due=by_due)

        return ask

    def owner() -> list[UUID]:
        return [UUID(chooser.choice(people))]

    def project() -> UUID:
        return UUID(chooser.choice(projects))

    day, middle = timedelta(days=1), _FIRST + timedelta(minutes=count // 2)
    asked = {
        "one": lambda: get_task(graph, UUID(chooser.choice(tasks)), viewer),
        "all, newest first": page(TaskFilters),
        "all, soonest due first": page(TaskFilters, by_due=True),
        "a state": page(lambda: TaskFilters(status=str(chooser.choice(list(TaskStatus))))),
        "a project's": page(lambda: TaskFilters(project=project())),
        "a project's by due date": page(lambda: TaskFilters(project=project()), by_due=True),
        "an owner's": page(lambda: TaskFilters(owners=owner())),
        "an owner's by due date": page(lambda: TaskFilters(owners=owner()), by_due=True),
        "an owner's in a project and a state": page(
            lambda: TaskFilters(project=project(), owners=owner(), status="InProgress")
        ),
        "critical and due before a day": page(lambda: TaskFilters(critical=True, due_before=anywhere()), by_due=True),
        "what waits for somebody": lambda: count_due(graph, Viewer(owner()[0], None)),
        "a pass over what is due": lambda: due_soon(graph, middle, middle + day, 200),
        "a pass over critical ones": lambda: tasks_at_risk(graph, middle, middle + day, 200),
    }
    return await measured(f"{count:,} tasks, pages of {_PAGE}", asked, times)


async def run(count: int, times: int) -> None:
    """Load, measure, print."""
    with tempfile.TemporaryDirectory() as folder, StackSession(Path(folder) / "home", only="neo4j") as session:
        tree = settings_of(session)
        async with GraphDatabase(tree.graph) as graph:
            await migrate(graph, MIGRATIONS)
            console.print(await _measure(graph, count, times))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    asyncio.run(run(given.tasks, given.times))
