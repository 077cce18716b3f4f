"""A storm to watch: ``make chaos`` posts while it kills one server after another, and ends with the one check.

Run by ``python -m tests.faults.chaos [--seed N] [--count 150] [--rate 5]`` on a stack of its own.
"""

import argparse
import asyncio
import contextlib
import logging
import random
import secrets
import tempfile
import time
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from auditing.equality import Equality
from cli.ledger import show_equality
from graph.audit import counts
from graph.database import GraphDatabase
from graph.errors import GraphUnavailableError
from knowledge.errors import KnowledgeUnavailableError
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from stack.session import StackSession
from tests.clients import settings_of
from tests.equality import settle
from tests.faults.storm import VICTIMS, Ledger, kill_in_turn, post_until_accepted
from tests.faults.tension_storm import Life, live, storm_clients, untrue

console = Console()
_LOOK_EVERY = 0.5
_EVERY = 5
"""One tension for so many recognitions."""


class Scene:
    """What a person sees: the ledger beside the stores, and who was killed when."""

    def __init__(self, ledger: Ledger, lives: list[Life], total: int, victims: list[str]) -> None:
        self._ledger = ledger
        self._lives = lives
        self._total = total
        self._victims: dict[str, str] = dict.fromkeys(victims, "[dim]waits[/]")
        columns = (TextColumn("{task.description:>12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns)
        self._accepted = self._bars.add_task("accepted", total=total)
        self._written = self._bars.add_task("in the graph", total=total)
        self._found = self._bars.add_task("searchable", total=total)
        self.away: set[str] = set()

    def told(self, victim: str, seconds: float | None) -> None:
        """A server was killed, or came back after so many seconds."""
        self._victims[victim] = "[red]killed[/]" if seconds is None else f"[green]back[/] after {seconds:.1f} s"

    def seen(self, written: int | None, found: int | None) -> None:
        """Numbers read from the stores; None while a store is away."""
        for task, number in ((self._written, written), (self._found, found)):
            if number is not None:
                self._bars.update(task, completed=number)
        self.away = {name for name, number in (("graph", written), ("search", found)) if number is None}

    def __rich__(self) -> Group:
        """Draw."""
        self._bars.update(self._accepted, completed=len(self._ledger.accepted) + len(self._lives))
        self._bars.update(self._found, total=self._total - sum(life.archived for life in self._lives))
        table = Table(box=None, show_header=False)
        for name, state in self._victims.items():
            table.add_row(name, state)
        away = f", cannot be read now: {', '.join(sorted(self.away))}" if self.away else ""
        made = sum(life.revisions - 1 for life in self._lives)
        told = f"changes of tensions {made}, come too late {sum(len(life.refused) for life in self._lives)}"
        said = f"{told}, tries in vain {self._ledger.in_vain}, refused {len(self._ledger.refused)}{away}"
        return Group(self._bars, said, Panel(table, title="kill -9, in this order", expand=False))


async def watch(scene: Scene, graph: GraphDatabase, store: KnowledgeStore) -> None:
    """Read both stores again and again."""
    while True:
        written = found = None
        with contextlib.suppress(GraphUnavailableError):
            nodes = await counts(graph)
            written = nodes.get("Recognition", 0) + nodes.get("Tension", 0)
        with contextlib.suppress(KnowledgeUnavailableError):
            texts = await store.count()
            found = texts.get("recognition", 0) + texts.get("tension", 0)
        scene.seen(written, found)
        await asyncio.sleep(_LOOK_EVERY)


async def storm(stack: StackSession, seed: int, count: int, rate: float) -> tuple[Ledger, Equality, list[str]]:
    """Post ``count`` recognitions at ``rate`` a second, and a tension for every fifth, while every server dies once.

    Gives what was accepted, what stands, and what of the tensions is not as their clients were told.
    """
    tree, chooser, ledger = settings_of(stack), random.Random(seed), Ledger()
    victims = chooser.sample(VICTIMS, len(VICTIMS))
    felt, lives = range(0, count, _EVERY), list[Life]()
    scene = Scene(ledger, lives, count + len(felt), victims)
    async with (
        GraphDatabase(tree.graph) as graph,
        open_pool(tree.knowledge) as pool,
        storm_clients(tree) as clients,
    ):
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        with Live(scene, console=console, refresh_per_second=4):
            watching = asyncio.create_task(watch(scene, graph, store))
            began = time.monotonic()
            work = [
                *(post_until_accepted(clients["machine"], n, began + n / rate, ledger) for n in range(count)),
                *(live(clients, place, began + n / rate, ledger, lives) for place, n in enumerate(felt)),
            ]
            await asyncio.gather(kill_in_turn(stack, victims, chooser, scene.told), *work)
            equality = await settle(tree, graph, store, ledger.accepted | {life.id for life in lives})
            wrong = await untrue(clients, lives)
            wrong += [f"{len(lives)} of {len(felt)} tensions were accepted"] * (len(lives) != len(felt))
            wrong += ["not every tension stands once"] * (equality.nodes.get("Tension", 0) != len(felt))
            await asyncio.sleep(_LOOK_EVERY)
            watching.cancel()
    return ledger, equality, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="repeats the order of an earlier storm")
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--rate", type=float, default=5.0)
    chosen = parser.parse_args()
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    logging.getLogger("neo4j").setLevel(logging.ERROR)  # it says of every look at a killed server what the page shows
    console.print(f"Seed {seed}. Starting a stack of its own …")
    with tempfile.TemporaryDirectory(prefix="trm-chaos-") as folder, StackSession(Path(folder)) as stack:
        ledger, equality, wrong = asyncio.run(storm(stack, seed, chosen.count, chosen.rate))
    show_equality(equality)
    for sentence in wrong:
        console.print(sentence, style="red", markup=False)
    whole = equality.holds and not wrong and len(ledger.accepted) == equality.nodes.get("Recognition") == chosen.count
    verdict = "[green]Nothing was lost, nothing was doubled.[/]" if whole else "[red]Not whole.[/]"
    console.print(f"accepted {len(ledger.accepted)} of {chosen.count}, refused {len(ledger.refused)}. {verdict}")
    return 0 if whole else 1


if __name__ == "__main__":
    raise SystemExit(main())
