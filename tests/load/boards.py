"""How fast lists and boards of tensions are at a hundred thousand of them.

Run by ``make bench-boards``: ``python -m tests.load.boards --tensions 100000``. It starts a Neo4j of its own, loads
tensions in bulk with their events, people and projects, and asks as the gateway does, page by page.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
from graph.derived import derived
from graph.migrate import migrate
from graph.tensions import TensionFilters, get_tension, list_tensions
from graph.visibility import Viewer
from ontology.enums import TensionKind, TensionStatus
from runtime.batches import pieces
from stack.session import StackSession
from tests.clients import settings_of

console = Console()

_PEOPLE, _PROJECTS, _PAGE, _SEED = 500, 50, 20, 5
_FIRST = datetime(2025, 1, 1, tzinfo=UTC)

_PLACES = "UNWIND $rows AS row CREATE (n:$($label)) SET n = row"
_LOAD = """
UNWIND $rows AS row
CREATE (t:Tension) SET t = row.tension
CREATE (e:Event) SET e = row.event
CREATE (t)-[:RECORDED_BY {id: row.event.id}]->(e)
WITH t, row
UNWIND row.leads AS lead
MATCH (o:$(lead.label) {id: lead.id})
CREATE (t)-[:$(lead.relation) {id: randomUUID()}]->(o)
"""


def _rows(count: int, people: list[str], projects: list[str]) -> list[dict[str, Any]]:
    chooser = random.Random(_SEED)
    states = [state for state in TensionStatus if state != TensionStatus.ARCHIVED]
    rows = []
    for number in range(count):
        moment = _FIRST + timedelta(minutes=number)
        private = chooser.random() < 0.05
        tension = {
            "id": str(uuid4()),
            "rev": 1,
            "createdAt": moment,
            "updatedAt": moment,
            "occurredAt": moment,
            "title": f"Something is loud in hall {number}",
            "facts": "It howls since Monday. " * 8,
            "kind": str(chooser.choice(list(TensionKind))),
            "severity": chooser.randint(1, 4),
            "visibility": "parties" if private else "everyone",
            "status": str(chooser.choices(states, weights=[1, 1, 2, 2, 1, 4, 8, 1])[0]),
            "requestHash": "0" * 64,
        }
        tension |= derived("Tension", tension)
        event = {"id": str(uuid4()), "type": "TENSION_REPORTED", "recordedAt": moment, "occurredAt": moment}
        event |= {"source": "urn:bench", "workflowId": "bench", "runId": "bench", "requestHash": "0" * 64}
        leads = [("DETECTED_BY", "Person", people), ("OWNED_BY", "Person", people), ("AFFECTS", "Project", projects)]
        rows.append(
            {
                "tension": tension,
                "event": event,
                "leads": [
                    {"relation": relation, "label": label, "id": chooser.choice(among)}
                    for relation, label, among in leads
                ],
            }
        )
    return rows


async def load(graph: GraphDatabase, count: int) -> tuple[list[str], list[str], list[str]]:
    """Load tensions in bulk; gives ids of people, projects and tensions."""
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
    return people, projects, [row["tension"]["id"] for row in rows]


async def _timed(ask: Callable[[], Awaitable[object]], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


async def measured(title: str, asked: Mapping[str, Callable[[], Awaitable[object]]], times: int) -> Table:
    """How long each takes, asked so many times."""
    table = Table("asked for", "median ms", "p95 ms", "most ms", title=title)
    for name, ask in asked.items():
        await _timed(ask, max(5, times // 10))
        took = sorted(await _timed(ask, times))
        p95 = took[int(len(took) * 0.95)]
        table.add_row(name, f"{statistics.median(took):.1f}", f"{p95:.1f}", f"{took[-1]:.1f}")
    return table


async def _measure(graph: GraphDatabase, count: int, times: int) -> Table:
    people, projects, tensions = await load(graph, count)
    await graph.read("CALL db.awaitIndexes(120)")
    chooser = random.Random(_SEED)
    viewer = Viewer(UUID(people[0]), None)

    def page(make: Callable[[], TensionFilters]) -> Callable[[], Awaitable[object]]:
        def deep() -> tuple[tuple[datetime, ...], UUID]:
            moment = _FIRST + timedelta(minutes=chooser.randrange(count))
            return ((moment, moment), UUID(int=0))

        return lambda: list_tensions(graph, viewer, make(), limit=_PAGE, after=chooser.choice([None, deep()]))

    def person(relation: str) -> TensionFilters:
        return TensionFilters(related=[(relation, [UUID(chooser.choice(people))])])

    asked = {
        "one": lambda: get_tension(graph, UUID(chooser.choice(tensions)), viewer),
        "all, newest first": page(TensionFilters),
        "a board's state": page(lambda: TensionFilters(status=str(chooser.choice(list(TensionStatus))))),
        "a state and a severity": page(lambda: TensionFilters(status="Open", severity=4)),
        "a kind": page(lambda: TensionFilters(kind="Conflict")),
        "an owner's": page(lambda: person("OWNED_BY")),
        "a detector's": page(lambda: person("DETECTED_BY")),
        "a project's": page(lambda: TensionFilters(related=[("AFFECTS", [UUID(chooser.choice(projects))])])),
        "a text that hardly any has": page(lambda: TensionFilters(text=f"hall {chooser.randrange(count)}")),
        "a text that 1 of 9 has, all at one time": page(
            lambda: TensionFilters(text=f"hall {chooser.randrange(1, 10)}")
        ),
        "a text that 1 of 90 has": page(lambda: TensionFilters(text=f"hall {chooser.randrange(10, 100)}")),
        "a text that all have": page(lambda: TensionFilters(text="SINCE MONDAY")),
        "a word of two letters that none has": page(lambda: TensionFilters(text="故障")),
        "two letters that none has": page(lambda: TensionFilters(text="zz")),
    }
    return await measured(f"{count:,} tensions, pages of {_PAGE}", asked, times)


async def run(count: int, times: int) -> None:
    """Load, measure, print."""
    with tempfile.TemporaryDirectory() as folder, StackSession(Path(folder) / "home", only="neo4j") as session:
        tree = settings_of(session)
        async with GraphDatabase(tree.graph) as graph:
            await migrate(graph, MIGRATIONS)
            console.print(await _measure(graph, count, times))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tensions", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    asyncio.run(run(given.tensions, given.times))
