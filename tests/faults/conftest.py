"""A stack of their own for tests that harm one, or need it empty."""

from collections.abc import AsyncIterator, Iterator

import pytest

from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import settings_of


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackSession]:
    """A stack that may be harmed."""
    never = ("TRM_TEMPORAL__WATCH_EVERY", "TRM_TEMPORAL__AUDIT_EVERY")
    chosen = dict.fromkeys(never, "PT0S")  # their reports would outlive what a test takes from the graph
    with StackSession(tmp_path_factory.mktemp("faults"), environment=chosen) as session:
        yield session


@pytest.fixture(scope="package")
def tree(stack: StackSession) -> Settings:
    return settings_of(stack)


@pytest.fixture(scope="package")
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


@pytest.fixture(scope="package")
async def store(tree: Settings) -> AsyncIterator[KnowledgeStore]:
    async with open_pool(tree.knowledge) as pool:
        yield KnowledgeStore(pool, make_provider(tree.embedding))
