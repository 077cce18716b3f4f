"""Connections to PostgreSQL: made when they are needed, so that a process starts while it is away."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

import asyncpg
from pgvector.asyncpg import register_vector

from knowledge.errors import KnowledgeUnavailableError
from knowledge.text import FORM
from runtime.settings import KnowledgeSettings

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Record: TypeAlias = asyncpg.Record
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@contextlib.asynccontextmanager
async def open_pool(settings: KnowledgeSettings) -> AsyncIterator[Pool]:
    """Open a pool for the block.

    Plans are made for the values at hand: only then does PostgreSQL see that a model's partial index applies.
    """
    pool = await asyncpg.create_pool(
        **connection_arguments(settings),
        min_size=0,
        max_size=settings.pool_max,
        command_timeout=settings.command_timeout,
        init=register_vector,
        server_settings={
            "application_name": "trm",
            "plan_cache_mode": "force_custom_plan",
            "hnsw.ef_search": str(settings.hnsw_ef_search),
            "hnsw.iterative_scan": "relaxed_order",
            "jit": "off",
            "trm.form": str(FORM),
        },
    )
    try:
        yield pool
    finally:
        with contextlib.suppress(TimeoutError):
            await pool.close()


def connection_arguments(settings: KnowledgeSettings) -> dict[str, Any]:
    """How ``asyncpg`` reaches the database."""
    return {
        "host": settings.host,
        "port": settings.port,
        "user": settings.user,
        "password": settings.password.get_secret_value(),
        "database": settings.database,
        "ssl": settings.ssl,
        "timeout": settings.connect_timeout,
    }


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what means that PostgreSQL is away, or had to give way, into our error; a wrong statement stays a bug."""
    try:
        yield
    except (
        OSError,
        TimeoutError,
        asyncpg.InterfaceError,
        asyncpg.TransactionRollbackError,  # a deadlock: another try goes through
        asyncpg.InternalClientError,  # a connection that ended between two messages
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
    ) as error:
        raise KnowledgeUnavailableError(f"PostgreSQL: {error!r}") from error
