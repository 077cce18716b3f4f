"""Opens what a gateway reaches; nothing is connected to yet, so that it starts while servers are away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from api.live.hub import LiveHub
from api.live.tickets import Tickets
from api.security import TokenVerifier
from api.services import Services
from graph.database import GraphDatabase
from knowledge.file_imports import FileImports
from knowledge.pool import open_pool
from knowledge.providers import make_provider, provider_of
from knowledge.search import HybridSearch
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from runtime.temporal_client import connect
from workflows.runs import TemporalRuns


@contextlib.asynccontextmanager
async def opened(tree: Settings) -> AsyncIterator[Services]:
    """The outside worlds of a gateway with these settings, for the block."""
    provider = make_provider(tree.embedding)
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        yield Services(
            settings=tree,
            runs=TemporalRuns(await connect(tree.temporal, lazy=True), tree),
            graph=graph,
            store=KnowledgeStore(pool, provider),
            search=HybridSearch(pool, provider, tree.knowledge, lambda model: provider_of(model, tree.embedding)),
            tokens=TokenVerifier(tree.identity),
            live=LiveHub(tree, graph),
            tickets=Tickets(pool, tree.live.ticket_age),
            files=FileImports(pool, tree.imports.kept),
            previews=asyncio.Semaphore(tree.imports.previews_at_once),
        )
