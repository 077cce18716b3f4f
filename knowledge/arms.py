"""The two arms of the search, by meaning (HNSW) and by word (BM25), and how their candidates become one list."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from knowledge.pool import Pool, Record
from knowledge.query import Query
from knowledge.text import MARK
from knowledge.vectors import FLOORS, NO_FLOOR, WIDTHS, Vector
from knowledge.weights import Weigher, Weights
from runtime.settings import KnowledgeSettings

_WITH_PHRASES = (5, 25)
"""So many times as many candidates are looked at where phrases leave some out, and then where they leave too few."""

_ENOUGH = 10
"""Hits by word below which frequent words are read whole: what most of their texts say may be others' secrets."""

# Filters are written out in both arms: the planner sees one flat query each, with its index.
# A text of one word, or one emoji, is near to everything: it is found by that word alone.
# A scan that goes on behind filters brings texts roughly in order (pgvector's relaxed_order): they are sorted again.
_MEANING = """
WITH near AS MATERIALIZED (
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
)
SELECT source_id, score FROM near
WHERE score >= CASE WHEN EXISTS (
  SELECT FROM unnest($11::text[]) AS q (term)
  CROSS JOIN LATERAL (
    SELECT FROM search_postings AS p WHERE p.term = q.term AND EXISTS (
      SELECT FROM knowledge_snippet_embeddings AS e
      WHERE e.source_id = p.source_id AND (e.visibility = 'everyone' OR e.person_ids && $3::uuid[])
    ) LIMIT 1
  ) AS seen
) THEN $12::float8 ELSE $13 END
AND NOT EXISTS (SELECT FROM search_documents AS d WHERE d.source_id = near.source_id AND d.length < 2)
ORDER BY score DESC, source_id
"""
_WHOLE = "embedding <=> $2"
_NARROW = "subvector(embedding, 1, {0})::halfvec({0}) <=> subvector($2::halfvec, 1, {0})::halfvec({0})"

# Every number is cast: PostgreSQL would take k1 for an integer, as the 1 beside it is, and 0.9 for none.
_BM25 = """
    q.weight * p.frequency * ($13::float8 + 1)
    / (p.frequency + $13::float8 * (1 - $14::float8 + $14::float8 * p.length / $15::float8))
"""

# Rare words bring candidates, frequent ones only add to the scores of the best of these: of a word that half of all
# texts have, nobody reads all. Each step looks up one row by its key, whatever the planner thinks of their number.
_BY_WORD = """
WITH brought AS MATERIALIZED (
  SELECT p.source_id, sum({bm25}) AS score
  FROM unnest($11::text[], $12::float8[]) AS q (term, weight)
  CROSS JOIN LATERAL (
    SELECT source_id, frequency, length FROM search_postings WHERE term = q.term ORDER BY source_id LIMIT $18
  ) AS p
  GROUP BY p.source_id HAVING count(*) >= $16
), seen AS MATERIALIZED (
  SELECT b.source_id FROM (SELECT source_id, score FROM brought ORDER BY score DESC, source_id OFFSET 0) AS b
  CROSS JOIN LATERAL (
    SELECT FROM knowledge_snippet_embeddings AS e
    WHERE e.source_id = b.source_id
      AND (e.visibility = 'everyone' OR e.person_ids && $3::uuid[])
      AND ($4::text[] IS NULL OR e.kind = ANY($4))
      AND ($5::uuid[] IS NULL OR e.person_ids && $5::uuid[])
      AND ($6::uuid IS NULL OR e.project_ids @> ARRAY[$6::uuid])
      AND ($7::text IS NULL OR e.language = $7)
      AND ($8::timestamptz IS NULL OR e.occurred_at >= $8)
      AND ($9::timestamptz IS NULL OR e.occurred_at < $9)
    LIMIT 1
  ) AS e
  LIMIT $1
)
SELECT seen.source_id, array_agg(q.term) AS terms, sum({bm25}) AS score
FROM seen CROSS JOIN unnest($2::text[], $17::float8[]) AS q (term, weight)
CROSS JOIN LATERAL (
  SELECT frequency, length FROM search_postings AS p WHERE p.term = q.term AND p.source_id = seen.source_id LIMIT 1
) AS p
GROUP BY seen.source_id
ORDER BY score DESC, seen.source_id
LIMIT $10
""".replace("{bm25}", _BM25)

_MOST_BROUGHT = 10_000
"""Postings beyond which no further word brings candidates, and no more of one that so many texts have: it tells hardly
one of them from another."""

_LOOKED_AT = 3
"""Of so many times as many candidates as are handed on, the frequent words are looked up."""

_CONTENTS = """
SELECT DISTINCT ON (source_id) source_id, content FROM knowledge_snippet_embeddings
WHERE source_id = ANY($1) ORDER BY source_id, revision DESC
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
    """How one arm saw a hit.

    Parameters
    ----------
    rank
        From 1.
    score
        The arm's own: cosine, or BM25.
    terms
        Words that matched.
    weight
        How much its rank counts, 0 to 1: of a hit by word the share of the query, by the weights of its words, that the
        text has. A single common word of a long question tells little.
    """

    rank: int
    score: float
    terms: tuple[str, ...] = ()
    weight: float = 1.0


Candidates = dict[UUID, ArmHit]
"""What an arm found, best first."""


@dataclass(frozen=True)
class Within:
    """Where an arm looks: what the viewers, given by all their ids, may see and the filters leave; so many at most."""

    viewers: Sequence[UUID]
    filters: SearchFilters
    depth: int

    @property
    def narrow(self) -> bool:
        """Whether filters leave some texts out."""
        return self.filters != SearchFilters()

    @property
    def arguments(self) -> tuple[object, ...]:
        """Parameters 3 to 10 of an arm's statement."""
        of = self.filters
        restricted = (list(self.viewers), of.kinds, of.person_ids, of.project_id, of.language)
        return (*restricted, of.since, of.until, self.depth)


class Arms:
    """Asks each arm for its candidates."""

    def __init__(self, pool: Pool, settings: KnowledgeSettings) -> None:
        self._pool = pool
        self._settings = settings
        self.weigher = Weigher(pool)

    async def by_word(self, query: Query, within: Within) -> Candidates:
        """Texts that share words with the query and have its phrases."""
        weights = await self.weigher.weigh(query.terms, within.viewers)
        if not set(query.required) <= set(weights.documents):
            return {}
        hits: Candidates = {}
        for times in _WITH_PHRASES if query.phrases else (1,):
            deeper = replace(within, depth=within.depth * times)
            rows = await self._rows(query, weights, deeper)
            hits = await self._with_phrases(query, _ranked(query, weights, rows), within.depth)
            if len(hits) >= within.depth or len(rows) < deeper.depth:
                break
        return hits

    async def by_meaning(self, query: Query, vector: Vector, within: Within, model: str) -> Candidates:
        """Texts near the query that have its phrases; none for a query that says too little."""
        if not query.by_meaning:
            return {}
        deeper = replace(within, depth=within.depth * _WITH_PHRASES[0]) if query.phrases else within
        floor = FLOORS.get(model, NO_FLOOR)
        rows = await self._pool.fetch(by_meaning(model), model, vector, *deeper.arguments, list(query.terms), *floor)
        hits = {row["source_id"]: ArmHit(rank, row["score"]) for rank, row in enumerate(rows, 1)}
        return await self._with_phrases(query, hits, within.depth)

    async def _rows(self, query: Query, weights: Weights, within: Within) -> list[Record]:
        """Texts with words of the query, best first: of the rare words' texts, or of all where those are too few."""
        if query.required:
            return await self._brought(query, weights, within, query.required, None)
        bringing = weights.bringing(within.depth, _MOST_BROUGHT)
        rows = await self._brought(query, weights, within, bringing, _MOST_BROUGHT)
        everything = len(bringing) == len(weights.documents) and weights.most(bringing) <= _MOST_BROUGHT
        if everything or len(rows) >= (within.depth if within.narrow else _ENOUGH):
            return rows
        return await self._brought(query, weights, within, list(weights.documents), None)

    async def _brought(
        self, query: Query, weights: Weights, within: Within, bringing: Sequence[str], most: int | None
    ) -> list[Record]:
        """Texts with words of the query among those that the bringing ones have, at most so many of each."""
        tree = self._settings

        def counted(terms: Iterable[str]) -> list[float]:
            return [weights.idf(term) * (tree.bm25_spelling if term.startswith(MARK) else 1) for term in terms]

        return await self._pool.fetch(
            _BY_WORD,
            within.depth * _LOOKED_AT,
            list(weights.documents),
            *within.arguments,
            list(bringing),
            counted(bringing),
            tree.bm25_k1,
            tree.bm25_b,
            weights.mean_length,
            max(len(query.required), 1),
            counted(weights.documents),
            most,
        )

    async def _with_phrases(self, query: Query, hits: Candidates, depth: int) -> Candidates:
        """The first candidates in whose text the query's phrases stand, ranked anew."""
        if not query.phrases:
            return hits
        rows = await self._pool.fetch(_CONTENTS, list(hits))
        having = await asyncio.to_thread(lambda: {row["source_id"] for row in rows if query.stands_in(row["content"])})
        left = [(source, hit) for source, hit in hits.items() if source in having]
        return {source: replace(hit, rank=rank) for rank, (source, hit) in enumerate(left[:depth], 1)}


def _ranked(query: Query, weights: Weights, rows: Iterable[Record]) -> Candidates:
    whole = [term for term in query.terms if not term.startswith(MARK)]
    hits = {}
    for rank, row in enumerate(rows, 1):
        terms = sorted(row["terms"], key=lambda term: (-weights.idf(term), term))
        hits[row["source_id"]] = ArmHit(rank, row["score"], query.shown(terms), weights.share(row["terms"], whole))
    return hits


def by_meaning(model: str) -> str:
    """The query of the vector arm; of a model narrower than a stored vector, its index holds what is not padding."""
    width = WIDTHS.get(model)
    return _MEANING.format(distance=_NARROW.format(width) if width else _WHOLE)


def fuse(meaning: dict[UUID, ArmHit], words: dict[UUID, ArmHit], k: int) -> list[tuple[UUID, float]]:
    """Reciprocal rank fusion: Σ weight / (k + rank); Cormack, Clarke and Büttcher 2009, there without weights.

    Returns
    -------
    list
        Source and fused score, best first; of equal scores those with a word of the query, then in id order, so that
        every replica answers the same.
    """
    scores: dict[UUID, float] = {}
    for arm in (meaning, words):
        for source, hit in arm.items():
            scores[source] = scores.get(source, 0.0) + hit.weight / (k + hit.rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0] not in words, str(pair[0])))
