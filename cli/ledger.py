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
from graph.merge import digests, graph_hash, merge, standing_elements
from graph.rebuild import rebuild as rebuild_graph
from graph.records import all_records
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology.changes import ChangeRecord
from runtime.settings import EventSettings, settings

console = Console()
_BATCH = 100


def audit(
    repair: Annotated[bool, typer.Option("--repair", help="send missing change records again")] = False,
) -> None:
    """Compare graph, change records, events and vectors, and check the ontology's rules; exit 1 when they differ."""
    with plain_errors():
        equality = asyncio.run(_audit(repair=repair))
        show_equality(equality)
        raise typer.Exit(0 if equality.holds else 1)


def rebuild() -> None:
    """Write what the change records say into an empty graph and prove both equal by their hash."""
    with plain_errors():
        before, after = asyncio.run(_rebuild())
        console.print(f"records {before}\ngraph   {after}", highlight=False)
        if before != after:
            console.print("[red]The rebuilt graph differs from the change records.[/]")
            raise typer.Exit(1)
        console.print("[green]Equal.[/]")


def show_equality(equality: Equality) -> None:
    """Print what every store holds and where they differ."""
    table = Table(box=None, header_style="bold")
    table.add_column("label")
    table.add_column("graph", justify="right")
    for label, nodes in equality.nodes.items():
        table.add_row(label, str(nodes))
    console.print(table)
    console.print(
        f"change records {equality.records}, vectors {equality.vectors}, recognition events {equality.events}",
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
        if not (repair and equality.unsent):
            return equality
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
    for first in range(0, len(records), _BATCH):
        await publisher.publish(records=records[first : first + _BATCH], events=[])
    return len(records)


async def _rebuild() -> tuple[str, str]:
    tree = settings()
    merged = merge((await change_records(tree.events)).values())
    async with GraphDatabase(tree.graph) as graph:
        with Progress(console=console) as progress:
            task = progress.add_task("nodes and relations", total=len(merged.nodes) + len(merged.relations))
            await rebuild_graph(graph, merged, lambda count: progress.advance(task, count))
        standing = await digests(standing_elements(graph))
        return graph_hash((await digests(merged.elements())).values()), graph_hash(standing.values())
