"""What the search knows of one text: its words, and how much each of them counts for a query."""

from dataclasses import dataclass
from uuid import UUID

from knowledge.pool import Pool
from knowledge.text import MARK
from knowledge.vectors import Vector

_WORDS = """
SELECT term, frequency, length FROM search_postings
WHERE source_id = $1 AND left(term, 1) <> $2 ORDER BY frequency DESC, term
"""

_COSINE = "SELECT 1 - (embedding <=> $3) FROM knowledge_snippet_embeddings WHERE source_id = $1 AND model = $2"

# The same formula as the search's own arm, one row per word instead of their sum.
_CONTRIBUTIONS = """
WITH total AS (
  SELECT greatest(sum(documents), 1)::float8 AS documents,
         greatest(sum(words), 1)::float8 / greatest(sum(documents), 1) AS mean_length
  FROM search_statistics
), spread AS (
  SELECT term, count(*) AS documents FROM search_postings WHERE term = ANY($2) GROUP BY term
), weight AS (
  SELECT spread.term, spread.documents, ln(1 + (total.documents - spread.documents + 0.5) / (spread.documents + 0.5))
    AS idf FROM spread, total
)
SELECT p.term, p.frequency, weight.documents, weight.idf,
  CASE WHEN left(p.term, 1) = $5 THEN $6::float8 ELSE 1 END
    * weight.idf * p.frequency * ($3 + 1) / (p.frequency + $3 * (1 - $4 + $4 * p.length / total.mean_length)) AS score
FROM search_postings p JOIN weight USING (term), total
WHERE p.source_id = $1
ORDER BY score DESC, p.term
"""


@dataclass(frozen=True)
class Word:
    """A search term of a text, how often it stands there, and how many terms the text has."""

    term: str
    frequency: int
    length: int


@dataclass(frozen=True)
class Contribution:
    """What one word adds to the BM25 score of a text.

    Parameters
    ----------
    term
        The search term.
    frequency
        How often it stands in the text.
    documents
        Number of texts that have it.
    idf
        Its inverse document frequency.
    score
        Its share of the score.
    """

    term: str
    frequency: int
    documents: int
    idf: float
    score: float


async def words_of(pool: Pool, source_id: UUID) -> list[Word]:
    """The words under which a text is found, folded, most frequent first."""
    return [Word(**row) for row in await pool.fetch(_WORDS, source_id, MARK)]


async def cosine_of(pool: Pool, source_id: UUID, model: str, vector: Vector) -> float | None:
    """Cosine similarity of a text and a query's vector; None without the text."""
    found: float | None = await pool.fetchval(_COSINE, source_id, model, vector)
    return found


async def contributions(
    pool: Pool, source_id: UUID, terms: list[str], k1: float, b: float, spelling: float
) -> list[Contribution]:
    """What each word of a query adds to a text's BM25 score, the strongest first; absent words are left out."""
    return [Contribution(**row) for row in await pool.fetch(_CONTRIBUTIONS, source_id, terms, k1, b, MARK, spelling)]
