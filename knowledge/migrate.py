"""SQL migrations: each in a transaction with its record, under a lock, so that two runs at once apply each once."""

import re
from pathlib import Path

import asyncpg

from knowledge.pool import Connection, connection_arguments, translated
from knowledge.reindex import reindex
from knowledge.searched_model import choose_first
from runtime.migrations import check_history, discover
from runtime.settings import KnowledgeSettings

_LOCK = 7_204_031  # any number, the same in every process

_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migrations (
  name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
)
"""


async def migrate(settings: KnowledgeSettings, directory: Path, model: str) -> list[str]:
    """Apply the ``*.sql`` files that are not recorded yet, index ``model`` and words anew; returns the names applied.

    Raises
    ------
    MigrationEditedError
        An applied file was changed or is missing.
    KnowledgeUnavailableError
        PostgreSQL is away.
    """
    with translated():
        connection: Connection = await asyncpg.connect(**connection_arguments(settings))
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
            done = await _apply(connection, directory)
            await _index_model(connection, model)
            await choose_first(connection, model)
            await reindex(connection)
            return done
        finally:
            await connection.close()


async def _apply(connection: Connection, directory: Path) -> list[str]:
    await connection.execute(_HISTORY)
    rows = await connection.fetch("SELECT name, checksum FROM schema_migrations")
    applied = {row["name"]: row["checksum"] for row in rows}
    found = discover(directory, ".sql")
    check_history(found, applied)
    pending = [migration for migration in found if migration.name not in applied]
    for migration in pending:
        async with connection.transaction():
            await connection.execute(migration.text)
            record = "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)"
            await connection.execute(record, migration.name, migration.checksum)
    return [migration.name for migration in pending]


async def _index_model(connection: Connection, model: str) -> None:
    """Give a model its partial index; ``format`` quotes both names, since DDL takes no parameters."""
    name = "embeddings_" + re.sub(r"[^a-z0-9]+", "_", model.lower())
    statement = await connection.fetchval(
        "SELECT format($ddl$CREATE INDEX IF NOT EXISTS %I ON knowledge_snippet_embeddings "
        "USING hnsw (embedding halfvec_cosine_ops) WHERE model = %L$ddl$, $1::text, $2::text)",
        name,
        model,
    )
    await connection.execute(statement)
