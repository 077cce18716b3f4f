"""The knowledge store: a text goes in with its vector and its words, once per revision, in two round trips."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pgvector import HalfVector

from knowledge.explain import Word, words_of
from knowledge.pool import Pool, translated
from knowledge.searched_model import search_by
from knowledge.text import content_hash, frequencies, language_of, normalise, storable
from knowledge.vectors import EmbeddingProvider, Vector
from ontology.base import OntologyModel
from ontology.documents import SnippetDocument
from runtime.telemetry import calling

_CACHED = "SELECT embedding FROM embedding_cache WHERE model = $1 AND content_hash = $2"

_CACHED_OF_MANY = "SELECT content_hash, embedding FROM embedding_cache WHERE model = $1 AND content_hash = ANY ($2)"

_INDEX_MANY = "SELECT index_snippets($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"

_INDEX = "SELECT index_snippet($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"

_GET = """
SELECT source_id, model, content_hash, revision, language, updated_at
FROM knowledge_snippet_embeddings WHERE source_id = $1
"""


_AT_ONCE = 1_000
"""Rows of a long read that are fetched at a time."""


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
        """Store a text; an older or equal revision, or a withdrawn source, changes nothing and is ``same``.

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
                [vector] = await self._provider.embed([text], "passage")
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

    async def index_many(self, documents: Sequence[SnippetDocument]) -> int:
        """Store many texts as :meth:`index` stores one, all or none; returns how many were stored now.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        ProviderUnavailableError
            A vector could not be had.
        """
        newest = {one.source_id: one for one in sorted(documents, key=lambda one: one.revision)}
        chosen = list(newest.values())
        if not chosen:
            return 0
        vectors = await self._vectors([normalise(one.text) for one in chosen])
        with translated(), calling("postgresql index many", db_system_name="postgresql"):
            stored = await self._pool.fetchval(_INDEX_MANY, self.model, *_columns(chosen, vectors))
        return len(stored)

    async def _vectors(self, texts: Sequence[str]) -> dict[str, HalfVector]:
        """Vectors by content hash; each text is embedded once, ever."""
        wanted = {content_hash(text): text for text in texts}
        with translated(), calling("postgresql cached vectors", db_system_name="postgresql"):
            rows = await self._pool.fetch(_CACHED_OF_MANY, self.model, list(wanted))
        known = {row["content_hash"]: row["embedding"] for row in rows}
        missing = {digest: text for digest, text in wanted.items() if digest not in known}
        made: list[Vector] = []
        if missing:
            with calling("embed", gen_ai_request_model=self.model):
                made = await self._provider.embed(list(missing.values()), "passage")
        return known | {digest: HalfVector(vector) for digest, vector in zip(missing, made, strict=True)}

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

    async def source_ids(self) -> AsyncIterator[UUID]:
        """Every source that has a vector of the model, streamed; no order."""
        query = "SELECT DISTINCT source_id FROM knowledge_snippet_embeddings WHERE model = $1"
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                async for row in connection.cursor(query, self.model, prefetch=_AT_ONCE):
                    yield row["source_id"]

    async def sources(self) -> set[str]:
        """Every source that has a vector of the model, made of what it says now."""
        query = """
        SELECT e.source_id FROM knowledge_snippet_embeddings AS e JOIN search_documents AS d USING (source_id)
        WHERE e.model = $1 AND e.revision >= d.revision
        """
        with translated():
            return {str(row["source_id"]) for row in await self._pool.fetch(query, self.model)}

    async def search_by_own(self) -> None:
        """Have texts searched by the store's own model from now on."""
        await search_by(self._pool, self.model)

    async def delete(self, source_id: UUID) -> None:
        """Forget a text: vector, words and its share of the statistics; its cached vector holds no text."""
        with translated():
            await self._pool.execute("SELECT forget_snippet($1)", source_id)

    async def withdraw(self, source_id: UUID) -> None:
        """Forget a text for good: what comes later for this source, of any revision, stores nothing.

        A source that was never stored can be withdrawn too; withdrawing twice does nothing more.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        with translated(), calling("postgresql withdraw", db_system_name="postgresql"):
            await self._pool.execute("SELECT withdraw_snippet($1)", source_id)

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises
        ------
        KnowledgeUnavailableError
            There is none.
        """
        with translated():
            await self._pool.fetchval("SELECT 1")


def _columns(documents: Sequence[SnippetDocument], vectors: dict[str, HalfVector]) -> list[list[object]]:
    """The arguments of ``index_snippets``: an array per column; lists within a text as pairs of arrays."""
    hashes = [content_hash(one.text) for one in documents]
    counted = [frequencies(normalise(one.text)) for one in documents]
    columns: list[list[object]] = [
        [one.source_id for one in documents],
        [one.kind for one in documents],
        [storable(one.text) for one in documents],
        [one.language or language_of(normalise(one.text)) for one in documents],
        [*hashes],
        [one.revision for one in documents],
        [one.visibility for one in documents],
        [one.occurred_at for one in documents],
        [vectors[digest] for digest in hashes],
    ]
    people, projects = ([one.person_ids for one in documents], [one.project_ids for one in documents])
    frequency = [list(counts.values()) for counts in counted]
    return [*columns, *_pairs(people), *_pairs(projects), *_pairs(counted), _pairs(frequency)[1]]


def _pairs(lists: Iterable[Iterable[object]]) -> tuple[list[object], list[object]]:
    """Every value with the place of the list it stands in, from 1."""
    pairs = [(place, value) for place, values in enumerate(lists, 1) for value in values]
    return [place for place, _ in pairs], [value for _, value in pairs]
