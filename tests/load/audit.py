"""How long an audit and a rebuild take, and how much memory, at a size and at four times that size.

Run by ``make bench-audit``: ``python -m tests.load.audit --people 20000``. People with five revisions each are recorded
once as the product records them; copies of those records are sent in bulk to a Kafka whose graph is empty, which is
rebuilt and audited by the commands, each a process of its own whose largest resident set is told.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
from rich.console import Console
from rich.progress import track
from rich.table import Table

from events.publisher import EventPublisher
from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.ledger import Run
from graph.person_writes import record_person
from ontology import ids
from ontology.changes import ChangeRecord
from ontology.commands import Change, Origin, PersonDetails, RecordPerson
from ontology.events import EventType
from runtime.authorities import Authorities
from runtime.batches import pieces
from runtime.clock import now
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import settings_of

console = Console()

_REVISIONS, _BATCH = 5, 500
_RUN = Run("bench", "bench")


def _origin(event_type: EventType, number: int) -> Origin:
    moment = now()
    event = ids.step_event("bench", str(number))
    made = {"event_id": event, "event_type": event_type, "source": "urn:bench", "request_hash": "0" * 64}
    return Origin(**made, occurred_at=moment, sent_at=moment)


async def _one(graph: GraphDatabase) -> list[ChangeRecord]:
    """The records of one person with all revisions, out of the graph again."""
    person = UUID(int=1)
    said = PersonDetails(full_name="Bench")
    command = RecordPerson(id=person, origin=_origin(EventType.PERSON_RECORDED, 0), person=said)
    records = (await record_person(graph, command, _RUN)).records
    for number in range(1, _REVISIONS):
        values = {"role": f"Baker {number}"}
        change = Change(id=person, label="Person", origin=_origin(EventType.PERSON_CHANGED, number), values=values)
        records += (await change_thing(graph, change, _RUN, timedelta(hours=1), Authorities({}))).records
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration AND NOT n:Ledger DETACH DELETE n")
    return records


def _copies(records: list[ChangeRecord]) -> list[ChangeRecord]:
    """The same of somebody else."""
    known = [str(records[0].nodes[0].id), *(record.event_id for record in records)]
    text = orjson.dumps([record.model_dump(mode="json", by_alias=True) for record in records]).decode()
    for one in known:
        text = text.replace(one, str(uuid4()))
    return [ChangeRecord.model_validate(one) for one in orjson.loads(text)]


async def _send(tree: Settings, people: int) -> None:
    async with GraphDatabase(tree.graph) as graph, EventPublisher(tree.events) as publisher:
        records = await _one(graph)
        numbers = range(people)
        for some in track(list(pieces(numbers, _BATCH // _REVISIONS)), "sending records", console=console):
            await publisher.publish(records=[one for _ in some for one in _copies(records)], events=[])


def _told(environment: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Seconds and MiB of a command, which must succeed."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-m", "cli", *arguments], env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
    return time.monotonic() - began, used.ru_maxrss / 1024


def measure(people: int) -> dict[str, tuple[float, float]]:
    """Command → seconds and MiB, with so many people."""
    with (
        tempfile.TemporaryDirectory() as folder,
        StackSession(Path(folder) / "home", only="neo4j,postgres,kafka,registry") as session,
    ):
        environment = {**os.environ, **session.environment}
        _told(environment, "migrate")
        asyncio.run(_send(settings_of(session), people))
        found = {}
        for command in ("rebuild", "audit"):
            console.print(f"{command} with {people:,} people", highlight=False)
            found[command] = _told(environment, command)
    return found


def main(people: int) -> None:
    """Measure both sizes, print."""
    small, large = measure(people), measure(4 * people)
    table = Table("command", "people", "seconds", "MiB", "memory at 4 N / at N")
    for command, (seconds, memory) in small.items():
        table.add_row(command, f"{people:,}", f"{seconds:.0f}", f"{memory:.0f}")
        more_seconds, more_memory = large[command]
        row = (f"{4 * people:,}", f"{more_seconds:.0f}", f"{more_memory:.0f}", f"{more_memory / memory:.2f}")
        table.add_row(command, *row)
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    main(parser.parse_args().people)
