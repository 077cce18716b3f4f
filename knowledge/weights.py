"""How much each word of a query counts: the fewer texts have it, the more.

Inverse document frequency as Lucene has it; Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25
and Beyond", formula 3.15.
"""

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from knowledge.pool import Pool

_FREQUENT = 5_000
"""From so many texts on a word's number is kept for some time: it takes long to count, and hardly changes."""

_KEPT = 60.0
"""Seconds."""

_RARE = 100
"""Up to so many texts, only those count that the viewer may see: how rare a word is would tell of others' secrets."""

_COUNTS = """
WITH total AS (
  SELECT greatest(sum(documents), 1)::float8 AS texts,
         greatest(sum(words), 1)::float8 / greatest(sum(documents), 1) AS mean_length
  FROM search_statistics
)
SELECT total.texts, total.mean_length, q.term, counted.documents
FROM total LEFT JOIN unnest($1::text[]) AS q (term) ON true
CROSS JOIN LATERAL (SELECT count(*) AS documents FROM search_postings AS p WHERE p.term = q.term) AS every
CROSS JOIN LATERAL (
  SELECT CASE WHEN every.documents > $3 THEN every.documents ELSE (
    SELECT count(*) FROM search_postings AS p WHERE p.term = q.term AND EXISTS (
      SELECT FROM knowledge_snippet_embeddings AS e
      WHERE e.source_id = p.source_id AND (e.visibility = 'everyone' OR e.person_ids && $2::uuid[])
    )
  ) END AS documents
) AS counted
"""


@dataclass(frozen=True)
class Weights:
    """What the terms of a query count among all texts.

    Parameters
    ----------
    documents
        Term → number of texts that have it, the rarest first; without those that none has.
    texts
        Number of texts.
    mean_length
        Their mean length in terms.
    """

    documents: Mapping[str, int]
    texts: float
    mean_length: float

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term."""
        having = self.documents[term]
        return math.log(1 + (self.texts - having + 0.5) / (having + 0.5))

    def share(self, found: Collection[str], whole: Collection[str]) -> float:
        """Which part of all terms, by their weight, is among those found; a term that no text has weighs most."""
        rarest = math.log(1 + (self.texts + 0.5) / 0.5)
        weight = {term: self.idf(term) if term in self.documents else rarest for term in whole}
        total = sum(weight.values())
        return sum(weight[term] for term in found if term in weight) / total if total else 1.0

    def most(self, terms: Iterable[str]) -> int:
        """Number of texts that the most frequent of some terms has."""
        return max((self.documents[term] for term in terms), default=0)

    def bringing(self, fewest: int, most: int) -> list[str]:
        """The rarest terms, which bring candidates; the others only add to the scores of these.

        Parameters
        ----------
        fewest
            Number of their texts, counted once for each term, that is enough.
        most
            Number beyond which no further term is read where there are enough.
        """
        chosen, read = list[str](), 0
        for term, documents in self.documents.items():
            if chosen and read >= fewest and read + documents > most:
                break
            chosen.append(term)
            read += documents
        return chosen


class Weigher:
    """Counts how many texts have the words of queries."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._frequent: dict[str, tuple[int, float]] = {}

    async def weigh(self, terms: Collection[str], viewers: Collection[UUID]) -> Weights:
        """Weights of some terms for a viewer, given by all their ids."""
        moment = time.monotonic()
        known = {
            term: count
            for term in terms
            for count, counted in [self._frequent.get(term, (0, -math.inf))]
            if moment - counted < _KEPT
        }
        rows = await self._pool.fetch(_COUNTS, [term for term in terms if term not in known], list(viewers), _RARE)
        fresh = {row["term"]: row["documents"] for row in rows if row["term"] is not None}
        self._frequent |= {term: (count, moment) for term, count in fresh.items() if count >= _FREQUENT}
        documents = sorted(((count, term) for term, count in (known | fresh).items() if count))
        return Weights({term: count for count, term in documents}, rows[0]["texts"], rows[0]["mean_length"])
