"""Which model's vectors are searched: the former one's, until every text has one of the model that is set."""

import time

from knowledge.pool import Connection, Pool, translated

_GET = "SELECT model FROM search_model"

_USE = """
INSERT INTO search_model (model) VALUES ($1)
ON CONFLICT (one) DO UPDATE SET model = excluded.model, since = now() WHERE search_model.model <> excluded.model
"""

# Where nothing is said yet, whatever most texts have a vector of; without texts it is the model that is set.
_FIRST = """
INSERT INTO search_model (model)
SELECT coalesce((SELECT model FROM knowledge_snippet_embeddings GROUP BY model ORDER BY count(*) DESC LIMIT 1), $1)
ON CONFLICT (one) DO UPDATE SET model = excluded.model, since = now()
WHERE NOT EXISTS (SELECT FROM knowledge_snippet_embeddings)
"""

_FRESH = 5.0
"""Seconds after which it is read again."""


class SearchedModel:
    """Says which model a search asks, as every replica does within seconds of a change.

    Parameters
    ----------
    pool
        Where it is written.
    wanted
        The model that is set, which makes the vectors of new texts.
    """

    def __init__(self, pool: Pool, wanted: str) -> None:
        self._pool = pool
        self._wanted = wanted
        self._known: tuple[str, float] | None = None

    async def get(self) -> str:
        """Its name."""
        if self._known is None or time.monotonic() - self._known[1] > _FRESH:
            found: str | None = await self._pool.fetchval(_GET)
            self._known = (found or self._wanted, time.monotonic())
        return self._known[0]


async def choose_first(connection: Connection, wanted: str) -> None:
    """Say which model is searched where nothing says it, or where there is no text yet."""
    await connection.execute(_FIRST, wanted)


async def search_by(pool: Pool, model: str) -> None:
    """Have a model searched from now on.

    Raises
    ------
    KnowledgeUnavailableError
        PostgreSQL is away.
    """
    with translated():
        await pool.execute(_USE, model)
