"""Every store says the same in the end; where one does not, the failure says what differs."""

import asyncio
import time
from datetime import timedelta

from temporalio.testing import ActivityEnvironment

from activities.sweep import SweepActivities, SweepReport
from cli.equality import Equality, compare
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings


async def equal_everywhere(tree: Settings, limit: float = 60.0) -> Equality:
    """Compare the stores until they are equal, for ``limit`` seconds."""
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        deadline = time.monotonic() + limit
        while not (found := await compare(tree, graph, store)).holds and time.monotonic() < deadline:
            await asyncio.sleep(1)
    assert found.holds, (found.differences, found.broken)
    return found


async def swept(tree: Settings, graph: GraphDatabase) -> SweepReport:
    """Do at once what the schedule does every few minutes: send the records of runs that were ended before they did."""
    async with EventPublisher(tree.events) as publisher:
        step = SweepActivities(graph, publisher, tree.events, timedelta(0))
        return await ActivityEnvironment().run(step.sweep)
