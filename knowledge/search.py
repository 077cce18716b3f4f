"""Hybrid search: by meaning and by word, fused by reciprocal rank; every hit says why it was found."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.arms import ArmHit, Arms, Candidates, SearchFilters, Within, by_meaning, fuse
from knowledge.errors import KnowledgeUnavailableError, ProviderUnavailableError
from knowledge.explain import Contribution, contributions, cosine_of
from knowledge.passages import Passage, passage
from knowledge.pool import Pool, translated
from knowledge.query import Query, read_query
from knowledge.query_vectors import QueryVectors
from knowledge.searched_model import SearchedModel
from knowledge.vectors import EmbeddingProvider, Vector
from runtime.settings import KnowledgeSettings
from runtime.telemetry import calling

__all__ = ["ArmHit", "Explanation", "HybridSearch", "SearchFilters", "SearchHit", "SearchResult", "by_meaning", "fuse"]

log = logging.getLogger(__name__)
_SHARE_OF_VECTOR = 2 / 3  # of a search's time at most: words need some too

_EVERYWHERE = SearchFilters()

# The newest revision says what a text is and who sees it, of whatever model its vector is: an older one may be written
# late, by another model's worker, and it tells nobody anything.
_CONTENT = """
SELECT source_id, kind, content, language, occurred_at FROM (
  SELECT DISTINCT ON (source_id) source_id, kind, content, language, occurred_at, visibility, person_ids
  FROM knowledge_snippet_embeddings WHERE source_id = ANY($1) ORDER BY source_id, revision DESC
) AS newest
WHERE visibility = 'everyone' OR person_ids && $2::uuid[]
"""


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
    passage: Passage | None = None


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


@dataclass(frozen=True)
class SearchResult:
    """What a search found, best first, and whether it looked by meaning: without the query's vector it cannot."""

    hits: list[SearchHit]
    by_meaning: bool = True


class HybridSearch:
    """Searches texts by the vectors of one model; by those of the former one while the texts change over.

    Parameters
    ----------
    pool, settings
        Where texts stand, and how they are searched.
    provider
        Of the model that is set.
    former
        Makes a provider of another model; None where this deployment has none: then words alone are searched.
    """

    def __init__(
        self,
        pool: Pool,
        provider: EmbeddingProvider,
        settings: KnowledgeSettings,
        former: Callable[[str], EmbeddingProvider | None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._provider = provider
        self._settings = settings
        self._former = former
        self._searched = SearchedModel(pool, provider.model)
        self._arms = Arms(pool, settings)
        self._vectors: dict[str, QueryVectors | None] = {provider.model: self._kept(provider)}

    async def searched_model(self) -> str:
        """The model by whose vectors texts are searched now."""
        return await self._searched.get()

    async def search(
        self,
        query: str,
        *,
        viewers: Sequence[UUID],
        filters: SearchFilters = _EVERYWHERE,
        limit: int = 10,
    ) -> SearchResult:
        """The best texts for a query that the viewer, given by all their ids, may see.

        Without the query's vector, or with one that is late, those that share its words.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away or too slow.
        """
        asked = read_query(query)
        if not asked.terms:
            return SearchResult([])
        within = Within(viewers, filters, max(self._settings.arm_depth, limit))
        async with self._in_time():
            with translated():
                model = await self._searched.get()
            near, words = await asyncio.gather(self._near(query, asked, within, model), self._worded(asked, within))
            meaning = near or {}
            fused = fuse(meaning, words, self._settings.rrf_k)[:limit]
            with translated(), calling("postgresql hits", db_system_name="postgresql"):
                return SearchResult(await self._hits(asked, fused, meaning, words, viewers), near is not None)

    async def explain(self, query: str, source_id: UUID, *, viewers: Sequence[UUID]) -> Explanation:
        """How a search without filters finds one text the viewer may see, or how far it is from that.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away, or it and the provider together are too slow.
        ProviderUnavailableError
            The query could not be embedded.
        """
        tree, asked = self._settings, read_query(query)
        within = Within(viewers, _EVERYWHERE, tree.arm_depth)
        async with self._in_time():
            with translated():
                model = await self._searched.get()
            vectors = self._vectors_of(model)
            if vectors is None:
                raise ProviderUnavailableError(f"texts are searched by {model}, which this deployment does not have")
            vector = await vectors.of(query)
            with translated(), calling("postgresql explain", db_system_name="postgresql"):
                weights = await self._arms.weigher.weigh(asked.terms, viewers)
                meaning, words, cosine, matched = await asyncio.gather(
                    self._arms.by_meaning(asked, vector, within, model),
                    self._arms.by_word(asked, within),
                    cosine_of(self._pool, source_id, model, vector),
                    contributions(self._pool, source_id, weights, tree),
                )
        found = {source: (rank, score) for rank, (source, score) in enumerate(fuse(meaning, words, tree.rrf_k), 1)}
        rank, score = found.get(source_id, (None, None))
        shown = tuple(replace(one, term=asked.terms[one.term]) for one in matched)
        return Explanation(rank, score, meaning.get(source_id), words.get(source_id), cosine, shown, tree.arm_depth)

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Bound a whole search, the embedding of its query included: a provider may hang, a client need not."""
        limit = self._settings.search_timeout
        try:
            async with asyncio.timeout(limit):
                yield
        except TimeoutError as error:
            raise KnowledgeUnavailableError(f"the search took more than {limit} s") from error

    def _kept(self, provider: EmbeddingProvider) -> QueryVectors:
        return QueryVectors(provider, self._settings.query_vectors, self._settings.query_vector_age)

    def _vectors_of(self, model: str) -> QueryVectors | None:
        if model not in self._vectors:
            former = self._former(model)
            self._vectors[model] = self._kept(former) if former else None
        return self._vectors[model]

    async def _worded(self, asked: Query, within: Within) -> Candidates:
        with translated(), calling("postgresql search by word", db_system_name="postgresql"):
            return await self._arms.by_word(asked, within)

    async def _near(self, query: str, asked: Query, within: Within, model: str) -> Candidates | None:
        """What is near the query; None when its vector could not be had in time."""
        if not asked.by_meaning:
            return {}  # before its vector is asked for
        vector = await self._vector_in_time(query, model)
        if vector is None:
            return None
        with translated(), calling("postgresql search by meaning", db_system_name="postgresql"):
            return await self._arms.by_meaning(asked, vector, within, model)

    async def _vector_in_time(self, query: str, model: str) -> Vector | None:
        vectors = self._vectors_of(model)
        if vectors is None:
            return None
        limit = min(self._settings.query_vector_timeout, self._settings.search_timeout * _SHARE_OF_VECTOR)
        try:
            async with asyncio.timeout(limit):
                return await vectors.of(query)
        except (TimeoutError, ProviderUnavailableError) as error:
            log.warning("searched by word alone, without the query's vector: %r", error)
        except Exception:  # words find what they find, whatever is wrong with the provider
            log.exception("searched by word alone: the provider failed as it never should")
        return None

    async def _hits(
        self,
        asked: Query,
        fused: list[tuple[UUID, float]],
        meaning: Candidates,
        words: Candidates,
        viewers: Sequence[UUID],
    ) -> list[SearchHit]:
        rows = await self._pool.fetch(_CONTENT, [source for source, _ in fused], list(viewers))
        contents: dict[UUID, Any] = {row["source_id"]: row for row in rows}
        passages = await asyncio.to_thread(
            lambda: {source: passage(row["content"], asked.terms) for source, row in contents.items()}
        )
        return [
            SearchHit(
                **contents[source],
                score=score,
                meaning=meaning.get(source),
                words=words.get(source),
                passage=passages[source],
            )
            for source, score in fused
            if source in contents
        ]
