"""The knowledge store: a text goes in with its vector and its words, once per revision, in two round trips."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from knowledge.explain import Word, words_of
from knowledge.pool import Pool, translated
from knowledge.text import content_hash, frequencies, language_of, normalise, storable
from knowledge.vectors import EmbeddingProvider
from ontology.base import OntologyModel, Timestamp
from ontology.enums import SnippetKind, Visibility
from runtime.telemetry import calling

_CACHED = "SELECT embedding FROM embedding_cache WHERE model = $1 AND content_hash = $2"

_INDEX = "SELECT index_snippet($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"

_GET = """
SELECT source_id, model, content_hash, revision, language, updated_at
FROM knowledge_snippet_embeddings WHERE source_id = $1
"""


class SnippetDocument(OntologyModel):
    """A text to be made searchable, with what it is filtered by."""

    source_id: UUID
    kind: SnippetKind
    text: str
    language: str | None = None
    revision: int
    visibility: Visibility
    person_ids: list[UUID] = []
    project_ids: list[UUID] = []
    occurred_at: Timestamp


class IndexOutcome(OntologyModel):
    """Whether the text was stored now, and whether its vector was known before."""

    outcome: Literal["stored", "same"]
    model: str
    cached: bool


@dataclass(frozen=True)
class StoredSnippet:
    """What stands in the store for one source."""

    source_id: UUID
    model: str
    content_hash: str
    revision: int
    language: str
    updated_at: datetime


class KnowledgeStore:
    """Texts with vectors of one model.

    Parameters
    ----------
    pool
        Connections; see :func:`knowledge.pool.open_pool`.
    provider
        Makes vectors.
    """

    def __init__(self, pool: Pool, provider: EmbeddingProvider) -> None:
        self._pool = pool
        self._provider = provider

    @property
    def model(self) -> str:
        """Model of the vectors."""
        return self._provider.model

    async def index(self, document: SnippetDocument) -> IndexOutcome:
        """Store a text; an older or equal revision changes nothing.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        ProviderUnavailableError
            The vector could not be had.
        """
        text = normalise(document.text)
        digest = content_hash(text)
        with translated(), calling("postgresql cached vector", db_system_name="postgresql"):
            vector = await self._pool.fetchval(_CACHED, self.model, digest)
        cached = vector is not None
        if vector is None:
            with calling("embed", gen_ai_request_model=self.model):
                [vector] = await self._provider.embed([text])
        counted = frequencies(text)
        with translated(), calling("postgresql index", db_system_name="postgresql"):
            outcome = await self._pool.fetchval(
                _INDEX,
                *(document.source_id, document.kind, storable(document.text), document.language or language_of(text)),
                *(self.model, digest, document.revision, document.visibility),
                *(document.person_ids, document.project_ids, document.occurred_at, vector),
                *(list(counted), list(counted.values())),
            )
        return IndexOutcome(outcome=outcome, model=self.model, cached=cached)

    async def get(self, source_id: UUID) -> list[StoredSnippet]:
        """What stands for a source, one entry per model."""
        with translated():
            return [StoredSnippet(**row) for row in await self._pool.fetch(_GET, source_id)]

    async def words(self, source_id: UUID) -> list[Word]:
        """The words under which a source is found, most frequent first."""
        with translated():
            return await words_of(self._pool, source_id)

    async def count(self) -> dict[str, int]:
        """Number of texts per kind."""
        query = "SELECT kind, count(*) AS texts FROM knowledge_snippet_embeddings WHERE model = $1 GROUP BY kind"
        with translated():
            return {row["kind"]: row["texts"] for row in await self._pool.fetch(query, self.model)}

    async def source_ids(self, kind: SnippetKind) -> set[UUID]:
        """Every source of a kind, for the audit."""
        query = "SELECT source_id FROM knowledge_snippet_embeddings WHERE model = $1 AND kind = $2"
        with translated():
            return {row["source_id"] for row in await self._pool.fetch(query, self.model, kind)}

    async def delete(self, source_id: UUID) -> None:
        """Forget a text: vector, words and its share of the statistics; its cached vector holds no text."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("DELETE FROM knowledge_snippet_embeddings WHERE source_id = $1", source_id)
                await connection.execute("DELETE FROM search_postings WHERE source_id = $1", source_id)
                await connection.execute(
                    "WITH gone AS (DELETE FROM search_documents WHERE source_id = $1 RETURNING length) "
                    "UPDATE search_statistics SET documents = documents - 1, words = words - gone.length FROM gone "
                    "WHERE shard = abs(hashtext($1::text) % 16)",
                    source_id,
                )

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises
        ------
        KnowledgeUnavailableError
            There is none.
        """
        with translated():
            await self._pool.fetchval("SELECT 1")
