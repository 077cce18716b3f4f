"""Every store says the same in the end; where one does not, the failure says what differs."""

import asyncio
import time
from collections.abc import Collection
from datetime import timedelta

from temporalio.testing import ActivityEnvironment

from activities.sweep import SweepActivities, SweepReport
from auditing.equality import Equality, compare
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings


async def settle(
    tree: Settings, graph: GraphDatabase, store: KnowledgeStore, accepted: Collection[str] = (), limit: float = 120.0
) -> Equality:
    """Compare the stores until they are equal, for ``limit`` seconds; the last comparison if they never are."""
    deadline = time.monotonic() + limit
    while True:
        began = time.monotonic()
        found = await compare(tree, graph, store, accepted)
        if found.holds or time.monotonic() > deadline:
            return found
        await asyncio.sleep(max(1.0, (time.monotonic() - began) / 2))  # it reads everything: others need the servers


async def equal_everywhere(tree: Settings) -> None:
    """Wait until the stores are equal."""
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        found = await settle(tree, graph, KnowledgeStore(pool, make_provider(tree.embedding)), limit=60.0)
    assert found.holds, (found.differences, found.broken)


async def swept(tree: Settings, graph: GraphDatabase) -> SweepReport:
    """Do at once what the schedule does every few minutes: send the records of runs that were ended before they did."""
    async with EventPublisher(tree.events) as publisher:
        step = SweepActivities(graph, publisher, tree.events, timedelta(0))
        return await ActivityEnvironment().run(step.sweep)
