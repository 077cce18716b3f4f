"""``trm audit`` and ``trm rebuild``: prove the stores equal, mend change records, restore an empty graph."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cli.equality import Equality, compare
from cli.errors import plain_errors
from cli.foreign import plain
from events.log import change_records
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from graph.errors import LedgerClosedError
from graph.fence import CLOSED, ledger_state
from graph.merge import Merged, merge
from graph.rebuild import rebuild as rebuild_graph
from graph.records import all_records
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology.changes import ChangeRecord
from runtime.batches import pieces
from runtime.settings import EventSettings, Settings, settings

console = Console()
_BATCH = 100
_ON_ITS_WAY = 2.0
"""Seconds in which a write that was seen in one store has reached the others."""


def audit(
    repair: Annotated[bool, typer.Option("--repair", help="send missing change records again")] = False,
) -> None:
    """Compare graph, change records, events and vectors, and check the ontology's rules; exit 1 when they differ."""
    with plain_errors():
        equality = asyncio.run(_audit(repair=repair))
        show_equality(equality)
        raise typer.Exit(0 if equality.holds else 1)


def rebuild() -> None:
    """Make an empty graph again from the change records and prove both equal; nobody writes meanwhile."""
    with plain_errors():
        console.print(f"Equal: {asyncio.run(_rebuild(settings()))}", highlight=False)


def show_equality(equality: Equality) -> None:
    """Print what every store holds and where they differ."""
    table = Table(box=None, header_style="bold")
    table.add_column("label")
    table.add_column("graph", justify="right")
    for label, nodes in equality.nodes.items():
        table.add_row(label, str(nodes))
    console.print(table)
    console.print(
        f"change records {equality.records}, vectors {equality.vectors}, events {equality.events}",
        highlight=False,
    )
    if equality.foreign_events:
        found = f"{len(equality.foreign_events)} events bear our source and were not written by us, for instance "
        console.print(plain(f"{found}{equality.foreign_events[:3]}", style="yellow"))
    for difference in equality.differences:
        found = f" {len(difference.ids)}, for instance {difference.ids[:3]}"
        console.print(plain(f"{difference.what}:", style="red").append_text(plain(found)))
    for violation in equality.broken:
        console.print(plain(f"rule broken, {violation.rule}:", style="red").append_text(plain(f" {violation.ids[:3]}")))
    console.print("[green]Everything is equal.[/]" if equality.holds else "[red]Not equal.[/]")


async def _audit(*, repair: bool) -> Equality:
    tree = settings()
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        equality = await compare(tree, graph, store)
        if not equality.holds:  # what is written or on its way just now differs only at the first look
            await asyncio.sleep(_ON_ITS_WAY)
            equality = (await compare(tree, graph, store)).since(equality)
        if not (repair and equality.unsent):
            return equality
        state = await ledger_state(graph)
        if state is None or not state.open:
            raise LedgerClosedError(CLOSED)
        async with EventPublisher(tree.events) as publisher:
            await _send(publisher, equality.unsent)
        console.print(f"sent {len(equality.unsent)} change records again")
        return await compare(tree, graph, store)


async def send_all_records(events: EventSettings, graph: GraphDatabase) -> int:
    """Send the record of every event, after a conversion; returns their number."""
    sent = 0
    async with EventPublisher(events) as publisher:
        waiting: list[ChangeRecord] = []
        async for record in all_records(graph):
            waiting.append(record)
            if len(waiting) == _BATCH:
                sent, waiting = sent + await _send(publisher, waiting), []
        return sent + await _send(publisher, waiting)


async def _send(publisher: EventPublisher, records: Sequence[ChangeRecord]) -> int:
    for some in pieces(records, _BATCH):
        await publisher.publish(records=some, events=[])
    return len(records)


async def _rebuild(tree: Settings) -> str:
    async def records() -> Merged:
        return merge((await change_records(tree.events, whatever_helps=True)).values())

    patience = tree.graph.transaction_timeout + tree.events.request_timeout
    async with GraphDatabase(tree.graph) as graph:
        with Progress(console=console) as progress:
            task = progress.add_task("waiting until nobody writes", total=None)

            def show(done: int, total: int) -> None:
                progress.update(task, description="nodes and relations", completed=done, total=total)

            return await rebuild_graph(graph, records, patience, show)
