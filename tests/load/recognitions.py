"""Open-model load: Poisson arrivals, latency counted from the scheduled time, so that a slow server cannot hide.

Run by ``make bench``: ``python -m tests.load.recognitions --rate 5 --seconds 60``. It brings up a stack of its own,
posts from this separate process, and watches the graph until every recognition is visible.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import orjson
import psutil
from rich.console import Console
from rich.progress import Progress

from graph.database import GraphDatabase
from stack.session import StackSession
from tests.clients import http_client, settings_of

console = Console()
_LOOK_EVERY = 0.05  # the look costs the graph more than a recognition does, if it is taken too often
_WARM_UP = 20
_SEED = 5


@dataclass
class Measured:
    """Seconds from the scheduled time of each request."""

    accepted: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    failed: int = 0


@dataclass(frozen=True)
class Posted:
    """What is posted, and when it counts as there.

    Parameters
    ----------
    path, body
        Where, and what the n-th says.
    query
        Gives as ``id`` which of ``$ids`` are there.
    """

    path: str
    body: Callable[[int], dict[str, Any]]
    query: LiteralString


def quantile(values: list[float], share: float) -> float:
    """The value below which ``share`` of all lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def recognition(number: int) -> dict[str, Any]:
    return {
        "giver": {"handle": f"giver{number % 17}"},
        "receivers": [{"handle": f"receiver{number % 23}"}],
        "content": f"Thank you for work item {number}: {uuid4()} was finished with care and everyone could go home",
        "project": {"name": f"Bench {number % 5}"},
    }


RECOGNITIONS = Posted("/v1/recognitions", recognition, "MATCH (r:Recognition) WHERE r.id IN $ids RETURN r.id AS id")


async def post(
    web: httpx.AsyncClient, posted: Posted, at: float, number: int, measured: Measured, waiting: dict[str, float]
) -> None:
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    headers = {"Idempotency-Key": str(uuid4())}
    answer = await web.post(posted.path, json=posted.body(number), headers=headers)
    if answer.status_code == 202:
        measured.accepted.append(time.monotonic() - at)
        waiting[answer.json()["id"]] = at
    else:
        measured.failed += 1


async def watch(
    graph: GraphDatabase, query: LiteralString, measured: Measured, waiting: dict[str, float], done: asyncio.Event
) -> None:
    while waiting or not done.is_set():
        if waiting:
            for row in await graph.read(query, ids=list(waiting)):
                measured.visible.append(time.monotonic() - waiting.pop(row["id"]))
        await asyncio.sleep(_LOOK_EVERY)


def cpu_seconds(stack: StackSession) -> dict[str, float]:
    """CPU time each server has used so far, its children included."""
    state = stack.state()
    used: dict[str, float] = {}
    for server in state.servers if state else []:
        if server.pid is not None:
            first = psutil.Process(server.pid)
            times = [process.cpu_times() for process in (first, *first.children(recursive=True))]
            used[server.name] = sum(each.user + each.system for each in times)
    return used


async def load(
    stack: StackSession, rate: float, seconds: float, posted: Posted = RECOGNITIONS
) -> tuple[Measured, dict[str, float]]:
    """Latencies, and CPU milliseconds per post of every process."""
    chooser, tree = random.Random(_SEED), settings_of(stack)
    async with GraphDatabase(tree.graph) as graph, http_client(tree, "machine") as web:
        await _run(graph, web, posted, [time.monotonic() + n * 0.2 for n in range(_WARM_UP)], "warm-up")
        at = time.monotonic() + 0.5
        schedule: list[float] = []
        while len(schedule) < rate * seconds:
            at += chooser.expovariate(rate)
            schedule.append(at)
        before = cpu_seconds(stack)
        measured = await _run(graph, web, posted, schedule, f"{rate:g}/s")
        after = cpu_seconds(stack)
    count = max(len(measured.accepted), 1)
    return measured, {name: round(1000 * (after[name] - before[name]) / count, 1) for name in after if name in before}


async def _run(
    graph: GraphDatabase, web: httpx.AsyncClient, posted: Posted, schedule: list[float], title: str
) -> Measured:
    measured, done = Measured(), asyncio.Event()
    waiting: dict[str, float] = {}
    watcher = asyncio.create_task(watch(graph, posted.query, measured, waiting, done))
    with Progress(console=console) as bars:
        bar = bars.add_task(title, total=len(schedule))
        posts = [asyncio.create_task(post(web, posted, at, n, measured, waiting)) for n, at in enumerate(schedule)]
        for one in asyncio.as_completed(posts):
            await one
            bars.advance(bar)
    done.set()
    await asyncio.wait_for(watcher, 60)
    return measured


def summary(name: str, values: list[float]) -> dict[str, Any]:
    """Milliseconds at the quantiles that are reported."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    figures = {key: round(quantile(values, share) * 1000, 1) for key, share in shares.items()}
    return {"what": name, "count": len(values), **figures, "mean": round(statistics.mean(values) * 1000, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--report", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trm-bench-") as folder, StackSession(Path(folder)) as stack:
        measured, cpu = asyncio.run(load(stack, chosen.rate, chosen.seconds))
        state = stack.state()
        memory = round(sum(server.memory() for server in state.servers) / 2**20) if state else 0
    figures = [summary("POST accepted", measured.accepted), summary("POST to visible in the graph", measured.visible)]
    for line in figures:
        console.print(line)
    console.print(f"CPU ms per recognition: {cpu}, together {sum(cpu.values()):.0f}")
    console.print(f"failed {measured.failed}, memory of all processes {memory} MB")
    if chosen.report:
        report = {"rate": chosen.rate, "figures": figures, "failed": measured.failed, "cpuMs": cpu, "memoryMb": memory}
        chosen.report.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
