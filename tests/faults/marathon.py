"""An hour of faults: ``make faults`` kills, stops and resumes servers at random under everything that people do.

Run by ``python -m tests.faults.marathon [--seed N] [--minutes 60]`` on a stack of its own. While loops are walked from
tensions to published scores, people are merged, files imported and events of other systems sent, one server after
another is killed, held still (SIGSTOP) for some seconds, or told to end. When the time is over, every walk comes to its
end without faults, and the audit compares every store. The seed repeats the order of faults and of work.
"""

import argparse
import asyncio
import contextlib
import itertools
import logging
import random
import secrets
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from auditing.equality import Equality
from cli.ledger import show_equality
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from stack.session import SessionError, StackSession
from tests.clients import http_client, settings_of
from tests.equality import settle
from tests.faults.storm import VICTIMS
from tests.faults.walks import WalkEndedError, Walker

console = Console()

_PEOPLE = ("olga", "alice", "bob", "machine")
_EVERY = {"loop": 20.0, "merge": 9.0, "event": 2.0, "file": 40.0}
"""Work → seconds between the beginnings of two, on average."""

_CALM = (4.0, 20.0)
"""Seconds between two faults."""

_STILL = (2.0, 15.0)
"""Seconds for which a server is held still."""

_AFTERWARDS = 900.0
"""Seconds in which every walk comes to its end, once nothing is harmed any more."""


class Scene:
    """What a person sees: how far it is, what was walked, and what was done to whom."""

    def __init__(self, walker: Walker, minutes: float) -> None:
        self._walker = walker
        self._bar = Progress(TextColumn("{task.description:>12}"), BarColumn(), TimeElapsedColumn())
        self._task = self._bar.add_task("faults", total=minutes * 60)
        self._began = time.monotonic()
        self.faults: Counter[tuple[str, str]] = Counter()
        self.last = ""

    def __rich__(self) -> Group:
        """Draw."""
        self._bar.update(self._task, completed=time.monotonic() - self._began)
        table = Table("server", *_ACTS, box=None)
        for victim in VICTIMS:
            table.add_row(victim, *(str(self.faults[victim, act] or "") for act in _ACTS))
        ledger = self._walker.ledger
        walked = ", ".join(f"{what} {number}" for what, number in sorted(self._walker.done.items()))
        told = (
            f"{walked}; accepted {len(ledger.accepted)}, tries in vain {ledger.in_vain}, refused {len(ledger.refused)}"
        )
        return Group(self._bar, told, self.last, table)


async def _strike(number: signal.Signals, stack: StackSession, victim: str, _: random.Random) -> None:
    restarts = stack.signal(victim, number)
    await asyncio.to_thread(stack.wait_restarted, victim, restarts)


async def _hold(stack: StackSession, victim: str, chooser: random.Random) -> None:
    stack.signal(victim, signal.SIGSTOP)
    await asyncio.sleep(chooser.uniform(*_STILL))
    with contextlib.suppress(SessionError, ProcessLookupError):  # the supervisor may have taken it for dead
        stack.signal(victim, signal.SIGCONT)


_ACTS: dict[str, Callable[[StackSession, str, random.Random], Awaitable[None]]] = {
    "killed": partial(_strike, signal.SIGKILL),
    "held still": _hold,
    "told to end": partial(_strike, signal.SIGTERM),
}


async def _harm(stack: StackSession, seed: int, scene: Scene) -> None:
    """One fault after another, until it is cancelled between two."""
    chooser = random.Random(seed)
    while True:
        await asyncio.sleep(chooser.uniform(*_CALM))
        victim, act = chooser.choice(VICTIMS), chooser.choice([*_ACTS])
        scene.last = f"{victim} is {act}"
        with contextlib.suppress(SessionError, ProcessLookupError):  # it is away already
            await asyncio.shield(asyncio.ensure_future(_ACTS[act](stack, victim, chooser)))
            scene.faults[victim, act] += 1


async def _work(walker: Walker, seed: int, until: float, what: str) -> None:
    """Begin one walk after another as long as there is time, and see each to its end."""
    chooser, walks = random.Random(f"{seed} {what}"), list[asyncio.Task[None]]()
    for number in itertools.count():
        await asyncio.sleep(chooser.uniform(0, 2 * _EVERY[what]))
        if time.monotonic() > until:
            break
        walks.append(asyncio.create_task(_walked(getattr(walker, what)(number))))
    await asyncio.gather(*walks)


async def _walked(walk: Awaitable[None]) -> None:
    with contextlib.suppress(WalkEndedError):
        await walk


async def marathon(stack: StackSession, seed: int, minutes: float) -> tuple[Walker, Equality, list[str]]:
    """Work under faults for some minutes; gives what was walked, what stands, and what did not come to its end."""
    tree = settings_of(stack)
    async with contextlib.AsyncExitStack() as held:
        clients = {who: await held.enter_async_context(http_client(tree, who)) for who in _PEOPLE}
        walker = Walker(clients, tree, f"marathon-{seed}")
        scene, until = Scene(walker, minutes), time.monotonic() + minutes * 60
        with Live(scene, console=console, refresh_per_second=2):
            working = asyncio.gather(*(_work(walker, seed, until, what) for what in _EVERY))
            harming = asyncio.create_task(_harm(stack, seed, scene))
            await asyncio.sleep(until - time.monotonic())
            harming.cancel()
            scene.last = "nothing is harmed any more; every walk comes to its end"
            unfinished = []
            try:
                await asyncio.wait_for(working, _AFTERWARDS)
            except TimeoutError:
                unfinished = [f"walks were under way still {_AFTERWARDS:.0f} s after the last fault"]
            scene.last = "every store is compared"
            graph = await held.enter_async_context(GraphDatabase(tree.graph))
            pool = await held.enter_async_context(open_pool(tree.knowledge))
            store = KnowledgeStore(pool, make_provider(tree.embedding))
            equality = await settle(tree, graph, store, walker.ledger.accepted, limit=_AFTERWARDS)
    return walker, equality, [*unfinished, *walker.ledger.refused]


def main() -> int:
    """Run; 0 where nothing was lost, doubled or refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="repeats the order of an earlier run")
    parser.add_argument("--minutes", type=float, default=60.0)
    chosen = parser.parse_args()
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    console.print(f"Seed {seed}. Starting a stack of its own …")
    with tempfile.TemporaryDirectory(prefix="trm-faults-") as folder, StackSession(Path(folder)) as stack:
        walker, equality, wrong = asyncio.run(marathon(stack, seed, chosen.minutes))
    show_equality(equality)
    for sentence in wrong:
        console.print(sentence, style="red", markup=False)
    whole = equality.holds and not wrong
    verdict = "[green]Nothing was lost, nothing was doubled.[/]" if whole else "[red]Not whole.[/]"
    console.print(f"walked {walker.done}, accepted {len(walker.ledger.accepted)}. {verdict}")
    return 0 if whole else 1


if __name__ == "__main__":
    raise SystemExit(main())
