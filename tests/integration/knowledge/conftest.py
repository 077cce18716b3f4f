"""Databases of the knowledge store, one per test."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from knowledge.e5_file import MODEL
from knowledge.migrate import migrate
from knowledge.pool import Pool, connection_arguments, open_pool
from runtime.settings import KnowledgeSettings, Settings

MIGRATIONS = Path(__file__).parents[3] / "migrations"


@pytest.fixture
async def empty(tree: Settings) -> AsyncIterator[KnowledgeSettings]:
    """A database of its own, not migrated."""
    name = f"test_{uuid4().hex}"
    owner = await asyncpg.connect(**connection_arguments(tree.knowledge))
    await owner.execute(f"CREATE DATABASE {name}")
    yield tree.knowledge.model_copy(update={"database": name})
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


@pytest.fixture
async def pool(empty: KnowledgeSettings) -> AsyncIterator[Pool]:
    await migrate(empty, MIGRATIONS, MODEL)
    async with open_pool(empty) as pool:
        yield pool
