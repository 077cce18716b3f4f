"""``trm migrate``: every store's schema, topics and event schemas, brought to what this version needs."""

import asyncio
from importlib.resources import files
from pathlib import Path

import typer
from rich.console import Console

from auditing.repairs import send_all_records
from cli.errors import Exit, plain_errors, say
from events.errors import SchemaIncompatibleError
from events.log import is_empty
from events.publisher import EventPublisher
from events.registry import SchemaRegistry
from events.topics import create_topics
from graph import fence, sweep
from graph import migrate as graph_migrations
from graph.conversion import convert, converted
from graph.database import GraphDatabase
from knowledge import migrate as knowledge_migrations
from knowledge.providers import model_of
from runtime.settings import Settings, settings

console = Console()

MIGRATIONS = Path(str(files("ontology"))).parent / "migrations"
"""Where the migration files stand."""


def migrate() -> None:
    """Bring Neo4j, PostgreSQL, Kafka and the schema registry to what this version needs; repeating does nothing."""
    with plain_errors():
        try:
            asyncio.run(_migrate(settings()))
        except SchemaIncompatibleError as error:
            say("The registry refuses a schema of this version:", error)
            raise typer.Exit(Exit.REFUSED) from error


async def _migrate(tree: Settings) -> None:
    _say("PostgreSQL", await knowledge_migrations.migrate(tree.knowledge, MIGRATIONS, model_of(tree.embedding)))
    async with GraphDatabase(tree.graph) as graph:
        _say("Neo4j", await graph_migrations.migrate(graph, MIGRATIONS))
        created = await create_topics(tree.events)
        _say("Kafka", created)
        if tree.events.changes_topic in created:
            await sweep.begin_anew(graph)
        registered = await SchemaRegistry(tree.events).register_all()
        console.print(f"schema registry: {len(registered)} schemas registered")
        await _open_ledger(tree, graph)


async def _open_ledger(tree: Settings, graph: GraphDatabase) -> None:
    """Convert what an earlier version wrote and let writers in; a graph that has to be rebuilt stays closed."""
    state = await fence.ledger_state(graph)
    if state is None and await fence.is_empty(graph) and not await is_empty(tree.events, tree.events.changes_topic):
        console.print(f"[yellow]The graph is empty and {tree.events.changes_topic} is not: {fence.CLOSED}.[/]")
        return
    if state is not None and not state.open:
        console.print(f"[yellow]A rebuild was broken off: {fence.CLOSED}.[/]")
        return
    old = await convert(graph)
    if old is not None:
        async with EventPublisher(tree.events) as publisher:
            sent = await send_all_records(publisher, graph)
        await converted(graph)
        if old or sent:
            console.print(f"data of an earlier version: {old} converted, {sent} change records sent")
    if state is None:
        await fence.open_first(graph)


def _say(store: str, done: list[str]) -> None:
    console.print(f"{store}: {', '.join(done) if done else 'up to date'}")
