"""What decisions cost that wait for humans: the CPU of each process with a thousand of them, beside none.

Run by ``make bench-decisions``: ``python -m tests.load.decisions --waiting 1000``. It starts a stack of its own, looks
at every process for some time, asks the decisions as an agent does, and looks for as long again, without a request.
"""

import argparse
import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from runtime.batches import pieces
from runtime.settings import Settings
from runtime.temporal_client import connect
from stack.session import StackSession
from tests.clients import http_client, settings_of, until
from tests.decisions import ask_by_agent
from tests.people import write

console = Console()

_AT_ONCE = 50


def _seconds(session: StackSession) -> dict[str, float]:
    """CPU seconds that each server has used, with its children."""
    state, used = session.state(), {}
    for server in state.servers if state else ():
        if server.pid is not None:
            root = psutil.Process(server.pid)
            times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
            used[server.name] = sum(one.user + one.system for one in times)
    return used


async def _shares(session: StackSession, seconds: int, what: str) -> dict[str, float]:
    """Percent of one core that each server uses when nobody asks for anything."""
    before = _seconds(session)
    for _ in track(range(seconds), what, console=console):
        await asyncio.sleep(1)
    return {name: (used - before[name]) / seconds * 100 for name, used in _seconds(session).items()}


async def _ask(tree: Settings, waiting: int) -> list[UUID]:
    client = await connect(tree.temporal)
    async with http_client(tree, "machine") as machine:
        people = [await write(machine, "/v1/people", fullName=f"Chờ {n}", handle=f"wait-{n}") for n in range(2)]
    first, second = (one["id"] for one in people)
    asked: list[UUID] = []
    for some in track(list(pieces(range(waiting), _AT_ONCE)), "asking", console=console):
        queue, day = tree.temporal.task_queue, timedelta(days=1)
        asking = (ask_by_agent(client, queue, first, second, remind_at=day, deadline=7 * day) for _ in some)
        asked += await asyncio.gather(*asking)

    async with http_client(tree, "olga") as olga:

        async def all_wait() -> bool:
            return int((await olga.get("/v1/me")).json()["decisionsAsked"]) == waiting

        await until(all_wait, limit=300)
    return asked


async def run(waiting: int, seconds: int) -> None:
    """Look, ask, look again, print."""
    with tempfile.TemporaryDirectory() as folder, StackSession(Path(folder) / "home") as session:
        tree = settings_of(session)
        await asyncio.sleep(30)  # whatever follows a start is over
        none = await _shares(session, seconds, "with none waiting")
        await _ask(tree, waiting)
        await asyncio.sleep(30)
        some = await _shares(session, seconds, f"with {waiting:,} waiting")
    table = Table("server", "with none", f"with {waiting:,}", "more", title="percent of one core, when nobody asks")
    for name in some:
        table.add_row(name, f"{none[name]:.2f}", f"{some[name]:.2f}", f"{some[name] - none[name]:+.2f}")
    before, after = sum(none.values()), sum(some.values())
    table.add_row("all", f"{before:.2f}", f"{after:.2f}", f"{after - before:+.2f}")
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=120)
    given = parser.parse_args()
    asyncio.run(run(given.waiting, given.seconds))
