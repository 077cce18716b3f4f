"""``trm audit`` and ``trm rebuild``: prove the stores equal, mend change records, restore an empty graph."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from auditing.equality import Equality, compare_twice, read_records
from auditing.repairs import mend, send_all_records
from cli.errors import plain_errors
from cli.foreign import plain
from events.log import is_empty
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from graph.errors import LedgerClosedError
from graph.fence import CLOSED, ledger_state
from graph.merge import MergedRecords
from graph.rebuild import RecordsMissingError
from graph.rebuild import rebuild as rebuild_graph
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings, settings

console = Console()


def audit(
    repair: Annotated[
        bool, typer.Option("--repair", help="make again what Kafka and search lost: change records, events, vectors")
    ] = False,
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
        try:
            equality = await compare_twice(tree, graph, store)
        except RecordsMissingError:
            if not repair:
                raise
            await _require_open(graph)
            async with EventPublisher(tree.events) as publisher:
                console.print(f"change records sent: {await send_all_records(publisher, graph)}", highlight=False)
            equality = await compare_twice(tree, graph, store)
        if not (repair and equality.lost):
            return equality
        await _require_open(graph)
        async with EventPublisher(tree.events) as publisher:
            made = await mend(equality.lost, graph, publisher, store)
        console.print(", ".join(f"{what}: {number}" for what, number in made.items()), highlight=False)
        return await compare_twice(tree, graph, store)


async def _require_open(graph: GraphDatabase) -> None:
    """Pass when what stands in the graph is what was written."""
    state = await ledger_state(graph)
    if state is None or not state.open:
        raise LedgerClosedError(CLOSED)


async def _rebuild(tree: Settings) -> str:
    async def records() -> MergedRecords:
        merged = MergedRecords()
        await read_records(tree.events, merged, whatever_helps=True)
        return merged

    if await is_empty(tree.events, tree.events.changes_topic):
        topic = tree.events.changes_topic
        raise RecordsMissingError(f"{topic} is empty: there is nothing to rebuild from; is it the right topic?")
    patience = tree.graph.transaction_timeout + tree.events.request_timeout
    async with GraphDatabase(tree.graph) as graph:
        with Progress(console=console) as progress:
            task = progress.add_task("waiting until nobody writes", total=None)

            def show(done: int, total: int) -> None:
                progress.update(task, description="nodes and relations", completed=done, total=total)

            return await rebuild_graph(graph, records, patience, show)
