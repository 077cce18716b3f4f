"""Hybrid search: by meaning (HNSW) and by word (BM25), fused by reciprocal rank; every hit says why it was found."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.errors import KnowledgeUnavailableError
from knowledge.explain import Contribution, contributions, cosine_of
from knowledge.pool import Pool, translated
from knowledge.query_vectors import QueryVectors
from knowledge.text import frequencies
from knowledge.vectors import WIDTHS, EmbeddingProvider, Vector
from runtime.settings import KnowledgeSettings
from runtime.telemetry import calling

# Filters are written out in both arms: the planner sees one flat query each, with its index.
_MEANING = """
SELECT source_id, 1 - ({distance}) AS score
FROM knowledge_snippet_embeddings
WHERE model = $1
  AND (visibility = 'everyone' OR person_ids && $3::uuid[])
  AND ($4::text[] IS NULL OR kind = ANY($4))
  AND ($5::uuid[] IS NULL OR person_ids && $5::uuid[])
  AND ($6::uuid IS NULL OR project_ids @> ARRAY[$6::uuid])
  AND ($7::text IS NULL OR language = $7)
  AND ($8::timestamptz IS NULL OR occurred_at >= $8)
  AND ($9::timestamptz IS NULL OR occurred_at < $9)
ORDER BY {distance}
LIMIT $10
"""
_WHOLE = "embedding <=> $2"
_NARROW = "subvector(embedding, 1, {0})::halfvec({0}) <=> subvector($2::halfvec, 1, {0})::halfvec({0})"

# BM25 with the inverse document frequency of Lucene; Robertson and Zaragoza 2009, "The Probabilistic Relevance
# Framework: BM25 and Beyond", formula 3.15.
_BY_WORD = """
WITH total AS (
  SELECT greatest(sum(documents), 1)::float8 AS documents,
         greatest(sum(words), 1)::float8 / greatest(sum(documents), 1) AS mean_length
  FROM search_statistics
), hit AS (
  SELECT term, source_id, frequency, length FROM search_postings WHERE term = ANY($2)
), weight AS (
  SELECT hit.term, ln(1 + (total.documents - count(*) + 0.5) / (count(*) + 0.5)) AS idf
  FROM hit, total GROUP BY hit.term, total.documents
), scored AS (
  SELECT hit.source_id, array_agg(hit.term ORDER BY weight.idf DESC, hit.term) AS terms, sum(
    weight.idf * hit.frequency * ($11 + 1)
    / (hit.frequency + $11 * (1 - $12 + $12 * hit.length / total.mean_length))
  ) AS score
  FROM hit JOIN weight USING (term), total
  GROUP BY hit.source_id
)
SELECT scored.source_id, scored.score, scored.terms
FROM scored JOIN knowledge_snippet_embeddings e ON e.source_id = scored.source_id AND e.model = $1
WHERE (e.visibility = 'everyone' OR e.person_ids && $3::uuid[])
  AND ($4::text[] IS NULL OR e.kind = ANY($4))
  AND ($5::uuid[] IS NULL OR e.person_ids && $5::uuid[])
  AND ($6::uuid IS NULL OR e.project_ids @> ARRAY[$6::uuid])
  AND ($7::text IS NULL OR e.language = $7)
  AND ($8::timestamptz IS NULL OR e.occurred_at >= $8)
  AND ($9::timestamptz IS NULL OR e.occurred_at < $9)
ORDER BY scored.score DESC, scored.source_id
LIMIT $10
"""

_CONTENT = """
SELECT source_id, kind, content, language, occurred_at
FROM knowledge_snippet_embeddings WHERE model = $1 AND source_id = ANY($2)
"""


@dataclass(frozen=True)
class SearchFilters:
    """What hits are restricted to; None does not restrict. A person is given by all their ids."""

    kinds: list[str] | None = None
    person_ids: list[UUID] | None = None
    project_id: UUID | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ArmHit:
    """How one arm saw a hit: rank from 1, its own score (cosine, or BM25) and the words that matched."""

    rank: int
    score: float
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchHit:
    """A text that was found, and why."""

    source_id: UUID
    kind: str
    content: str
    language: str
    occurred_at: datetime
    score: float
    meaning: ArmHit | None
    words: ArmHit | None


@dataclass(frozen=True)
class Explanation:
    """How a search sees one text.

    Parameters
    ----------
    rank, score
        Place among everything found, from 1, and fused score; None when it is not found.
    meaning, words
        What each arm says; None when it is not among the arm's candidates.
    cosine
        Cosine similarity, candidate or not; None when the text has no vector of the model.
    matched
        Words of the query that stand in the text, with what each adds to its BM25 score.
    depth
        Number of candidates each arm hands on.
    """

    rank: int | None
    score: float | None
    meaning: ArmHit | None
    words: ArmHit | None
    cosine: float | None
    matched: tuple[Contribution, ...]
    depth: int


class HybridSearch:
    """Searches the texts of one model."""

    def __init__(self, pool: Pool, provider: EmbeddingProvider, settings: KnowledgeSettings) -> None:
        self._pool = pool
        self._provider = provider
        self._settings = settings
        self._vectors = QueryVectors(provider, settings.query_vectors, settings.query_vector_age)

    async def search(
        self, query: str, *, viewers: Sequence[UUID], filters: SearchFilters = SearchFilters(), limit: int = 10
    ) -> list[SearchHit]:
        """The best texts for a query that the viewer, given by all their ids, may see.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away, or it and the provider together are too slow.
        ProviderUnavailableError
            The query could not be embedded.
        """
        depth = max(self._settings.arm_depth, limit)
        async with self._in_time():
            vector = await self._vectors.of(query)
            with translated(), calling("postgresql search", db_system_name="postgresql"):
                meaning, words = await self._arms(query, vector, viewers, filters, depth)
                fused = fuse(meaning, words, self._settings.rrf_k)[:limit]
                return await self._hits(fused, meaning, words)

    async def explain(self, query: str, source_id: UUID, *, viewers: Sequence[UUID]) -> Explanation:
        """How a search without filters finds one text the viewer may see, or how far it is from that.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away, or it and the provider together are too slow.
        ProviderUnavailableError
            The query could not be embedded.
        """
        tree, terms = self._settings, list(frequencies(query))
        async with self._in_time():
            vector = await self._vectors.of(query)
            with translated(), calling("postgresql explain", db_system_name="postgresql"):
                (meaning, words), cosine, matched = await asyncio.gather(
                    self._arms(query, vector, viewers, SearchFilters(), tree.arm_depth),
                    cosine_of(self._pool, source_id, self._provider.model, vector),
                    contributions(self._pool, source_id, terms, tree.bm25_k1, tree.bm25_b),
                )
        found = {source: (rank, score) for rank, (source, score) in enumerate(fuse(meaning, words, tree.rrf_k), 1)}
        rank, score = found.get(source_id, (None, None))
        return Explanation(
            rank, score, meaning.get(source_id), words.get(source_id), cosine, tuple(matched), tree.arm_depth
        )

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Bound a whole search, the embedding of its query included: a provider may hang, a client need not."""
        limit = self._settings.search_timeout
        try:
            async with asyncio.timeout(limit):
                yield
        except TimeoutError as error:
            raise KnowledgeUnavailableError(f"the search took more than {limit} s") from error

    async def _arms(
        self, query: str, vector: Vector, viewers: Sequence[UUID], filters: SearchFilters, depth: int
    ) -> tuple[dict[UUID, ArmHit], dict[UUID, ArmHit]]:
        """The candidates of each arm, by source: by meaning, by word."""
        restricted = (list(viewers), filters.kinds, filters.person_ids, filters.project_id, filters.language)
        dated = (filters.since, filters.until, depth)
        bm25 = (self._settings.bm25_k1, self._settings.bm25_b)
        nearest, worded = await asyncio.gather(
            self._pool.fetch(by_meaning(self._provider.model), self._provider.model, vector, *restricted, *dated),
            self._pool.fetch(_BY_WORD, self._provider.model, list(frequencies(query)), *restricted, *dated, *bm25),
        )
        meaning = {row["source_id"]: ArmHit(rank, row["score"]) for rank, row in enumerate(nearest, 1)}
        words = {
            row["source_id"]: ArmHit(rank, row["score"], tuple(row["terms"])) for rank, row in enumerate(worded, 1)
        }
        return meaning, words

    async def _hits(
        self, fused: list[tuple[UUID, float]], meaning: dict[UUID, ArmHit], words: dict[UUID, ArmHit]
    ) -> list[SearchHit]:
        rows = await self._pool.fetch(_CONTENT, self._provider.model, [source for source, _ in fused])
        contents: dict[UUID, Any] = {row["source_id"]: row for row in rows}
        return [
            SearchHit(**contents[source], score=score, meaning=meaning.get(source), words=words.get(source))
            for source, score in fused
            if source in contents
        ]


def by_meaning(model: str) -> str:
    """The query of the vector arm; of a model narrower than a stored vector, its index holds what is not padding."""
    width = WIDTHS.get(model)
    return _MEANING.format(distance=_NARROW.format(width) if width else _WHOLE)


def fuse(meaning: dict[UUID, ArmHit], words: dict[UUID, ArmHit], k: int) -> list[tuple[UUID, float]]:
    """Reciprocal rank fusion: Σ 1 / (k + rank); Cormack, Clarke and Büttcher 2009.

    Returns
    -------
    list
        Source and fused score, best first; equal scores in id order, so that every replica answers the same.
    """
    scores: dict[UUID, float] = {}
    for arm in (meaning, words):
        for source, hit in arm.items():
            scores[source] = scores.get(source, 0.0) + 1 / (k + hit.rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], str(pair[0])))
