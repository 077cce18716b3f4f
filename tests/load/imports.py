"""Rows per second of ``trm import``: a generated file, a stack of its own, and where the processor time went.

Run by ``make bench-import``: ``python -m tests.load.imports --rows 5000``. The texts are all different, so that every
one of them has to be embedded; ``--again`` imports the same file a second time, ``--kill`` kills command and worker
half-way, imports again and compares every store.
"""

import argparse
import asyncio
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from rich.console import Console

from graph.database import GraphDatabase
from stack.session import StackSession
from tests.clients import settings_of
from tests.load.recognitions import cpu_seconds

console = Console()

_PEOPLE, _PROJECTS, _SEED = 200, 20, 5
_DONE = re.compile(r"(\d+) written, (\d+) already there, (\d+) refused; ([\d.]+) s")
_SEARCHABLE = re.compile(r"searchable after ([\d.]+) s")
_TEXT = (
    "thank you for the careful patient work on pump station sensor release checklist customer data before after flood "
    "night shift team farmer village report training budget audit alarm valve pipe water quiet calm early honest clear "
    "cảm ơn bạn đã giúp nông dân sửa máy bơm trước mùa lũ rất cẩn thận"
)
_WORDS = _TEXT.split()


@dataclass(frozen=True)
class Imported:
    """What the command said of itself, and the processor seconds each server used meanwhile.

    Parameters
    ----------
    written, same, refused
        Rows, by what became of them.
    seconds, behind
        Until all rows stood in the graph, and until all could be found; the latter 0 where nothing was new.
    cpu
        Processor seconds of each server.
    """

    written: int
    same: int
    refused: int
    seconds: float
    behind: float
    cpu: dict[str, float]


def generate(path: Path, rows: int, seed: int = _SEED) -> None:
    """Write a file of recognitions as a recognition tool exports them; the same seed gives the same file."""
    chooser = random.Random(seed)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "From", "To", "Message", "Values", "Project", "Date"])
        for number in range(rows):
            giver, *receivers = chooser.sample(range(_PEOPLE), chooser.choice((2, 2, 2, 3)))
            text = " ".join(chooser.choices(_WORDS, k=chooser.randint(8, 25)))
            writer.writerow(
                [
                    f"r-{seed}-{number}",
                    f"person{giver}@trm.test",
                    "; ".join(f"person{one}@trm.test" for one in receivers),
                    f"{text} ({number})",
                    chooser.choice(("teamwork", "care, courage", "")),
                    f"Project {chooser.randrange(_PROJECTS)}" if chooser.random() < 0.5 else "",
                    (first + timedelta(minutes=chooser.randrange(10**6))).isoformat(timespec="minutes"),
                ]
            )


def run_import(stack: StackSession, path: Path, *options: str) -> Imported:
    """Import a file with the command in a process of its own."""
    before, began = cpu_seconds(stack), time.monotonic()
    done = trm(stack, "import", "recognitions", str(path), *options)
    said = " ".join(done.stdout.split())
    found, behind = _DONE.search(said), _SEARCHABLE.search(said)
    if found is None:
        raise SystemExit(f"the import failed:\n{done.stdout}\n{done.stderr}")
    after = cpu_seconds(stack)
    console.print(f"whole command {time.monotonic() - began:.1f} s")
    cpu = {name: after[name] - before[name] for name in after if name in before}
    searchable = float(behind[1]) if behind else 0.0
    written, same, refused = (int(found[n]) for n in (1, 2, 3))
    return Imported(written, same, refused, float(found[4]), searchable, cpu)


def trm(stack: StackSession, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours on the stack."""
    argv, environment = [sys.executable, "-m", "cli", *arguments], {**os.environ, **stack.environment}
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")


def kill_half_way(stack: StackSession, path: Path, rows: int, *options: str) -> None:
    """Begin the import, and kill command and worker as a crash would as soon as half of the rows are in the graph."""
    argv = [sys.executable, "-m", "cli", "import", "recognitions", str(path), *options]
    with subprocess.Popen(argv, env={**os.environ, **stack.environment}, stdout=subprocess.DEVNULL) as command:
        while asyncio.run(recognitions(stack)) < rows // 2:
            if command.poll() is not None:
                raise SystemExit("the import was over before it was killed")
            time.sleep(0.2)
        command.kill()
    restarts = stack.kill("agents")
    console.print(f"killed with {asyncio.run(recognitions(stack))} rows in the graph")
    stack.wait_restarted("agents", restarts)


async def recognitions(stack: StackSession) -> int:
    """How many there are in the graph."""
    async with GraphDatabase(settings_of(stack).graph) as graph:
        [row] = await graph.read("MATCH (r:Recognition) RETURN count(r) AS n")
        return int(row["n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=0)
    parser.add_argument("--again", action="store_true", help="import the same file a second time")
    parser.add_argument("--kill", action="store_true", help="kill command and worker half-way, then go on")
    parser.add_argument("--report", type=Path)
    chosen = parser.parse_args()
    options = ["--batch", str(chosen.batch)] if chosen.batch else []
    with tempfile.TemporaryDirectory(prefix="trm-imports-") as folder:
        path = Path(folder) / "recognitions.csv"
        generate(path, chosen.rows)
        with StackSession(Path(folder) / "stack") as stack:
            if chosen.kill:
                kill_half_way(stack, path, chosen.rows, *options)
            passes = [run_import(stack, path, *options) for _ in range(2 if chosen.again else 1)]
            if chosen.kill:
                console.print(trm(stack, "audit").stdout, highlight=False)
    for one in passes:
        rows = one.written + one.same + one.refused
        each = {name: round(1000 * seconds / rows, 1) for name, seconds in one.cpu.items()}
        console.print(f"{rows} rows in {one.seconds:.1f} s: {rows / one.seconds:.0f} rows/s; {one}")
        console.print(f"CPU ms per row: {each}, together {sum(each.values()):.1f}")
    if chosen.report:
        chosen.report.write_bytes(orjson.dumps(passes, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
