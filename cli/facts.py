"""``trm audit`` and ``trm rebuild``: prove the stores equal, mend facts, restore an empty graph."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cli.equality import Equality, compare
from cli.errors import plain_errors
from cli.foreign import plain
from events.log import newest_facts
from events.publisher import EventPublisher
from graph.audit import canonical_hash
from graph.database import GraphDatabase
from graph.provenance import all_facts
from graph.rebuild import rebuild as rebuild_graph
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology.facts import Fact
from runtime.settings import EventSettings, settings

console = Console()
_REPAIR_BATCH = 100


def audit(
    repair: Annotated[bool, typer.Option("--repair", help="send missing and old facts again")] = False,
) -> None:
    """Compare graph, facts, events and vectors, and check the rules of the ontology; exit 1 when something differs."""
    with plain_errors():
        equality = asyncio.run(_audit(repair=repair))
        show_equality(equality)
        raise typer.Exit(0 if equality.holds else 1)


def rebuild() -> None:
    """Write the newest facts into an empty graph and prove both equal by their canonical hash."""
    with plain_errors():
        before, after = asyncio.run(_rebuild())
        console.print(f"facts {before}\ngraph {after}", highlight=False)
        if before != after:
            console.print("[red]The rebuilt graph differs from the facts.[/]")
            raise typer.Exit(1)
        console.print("[green]Equal.[/]")


def show_equality(equality: Equality) -> None:
    """Print what every store holds and where they differ."""
    table = Table(box=None, header_style="bold")
    for column in ("label", "graph", "facts"):
        table.add_column(column, justify="left" if column == "label" else "right")
    for label, nodes in equality.nodes.items():
        table.add_row(label, str(nodes), str(equality.facts.get(label, "")))
    console.print(table)
    console.print(f"vectors {equality.vectors}, recognition events {equality.events}", highlight=False)
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
        if not (repair and equality.stale_facts):
            return equality
        async with EventPublisher(tree.events) as publisher:
            for first in range(0, len(equality.stale_facts), _REPAIR_BATCH):
                await publisher.publish(facts=equality.stale_facts[first : first + _REPAIR_BATCH], events=[])
        console.print(f"sent {len(equality.stale_facts)} facts again")
        return await compare(tree, graph, store)


async def send_all_facts(events: EventSettings, graph: GraphDatabase) -> int:
    """Send the fact of every node as it is now, after a conversion; returns their number."""
    sent = 0
    async with EventPublisher(events) as publisher:
        waiting: list[Fact] = []
        async for fact in all_facts(graph):
            waiting.append(fact)
            if len(waiting) == _REPAIR_BATCH:
                await publisher.publish(facts=waiting, events=[])
                sent, waiting = sent + len(waiting), []
        await publisher.publish(facts=waiting, events=[])
    return sent + len(waiting)


async def _rebuild() -> tuple[str, str]:
    tree = settings()
    facts = list((await newest_facts(tree.events)).values())
    async with GraphDatabase(tree.graph) as graph:
        with Progress(console=console) as progress:
            task = progress.add_task("nodes and relations", total=None)
            await rebuild_graph(graph, facts, lambda count: progress.advance(task, count))
        return canonical_hash(facts), canonical_hash([fact async for fact in all_facts(graph)])
