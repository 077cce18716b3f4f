"""What the search knows of one text: its words, and how much each of them counts for a query."""

from dataclasses import dataclass
from uuid import UUID

from knowledge.pool import Pool
from knowledge.text import MARK
from knowledge.vectors import Vector
from knowledge.weights import Weights
from runtime.settings import KnowledgeSettings

_WORDS = """
SELECT term, frequency, length FROM search_postings
WHERE source_id = $1 AND left(term, 1) <> $2 ORDER BY frequency DESC, term
"""

_COSINE = "SELECT 1 - (embedding <=> $3) FROM knowledge_snippet_embeddings WHERE source_id = $1 AND model = $2"

_OF_QUERY = "SELECT term, frequency, length FROM search_postings WHERE source_id = $1 AND term = ANY($2)"


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


async def contributions(pool: Pool, source_id: UUID, weights: Weights, tree: KnowledgeSettings) -> list[Contribution]:
    """What each word of a query adds to a text's BM25 score, the strongest first; absent words are left out."""
    found = [Word(**row) for row in await pool.fetch(_OF_QUERY, source_id, list(weights.documents))]
    told = [_contribution(word, weights, tree) for word in found]
    return sorted(told, key=lambda one: (-one.score, one.term))


def _contribution(word: Word, weights: Weights, tree: KnowledgeSettings) -> Contribution:
    idf, k1, b = weights.idf(word.term), tree.bm25_k1, tree.bm25_b
    often = word.frequency * (k1 + 1) / (word.frequency + k1 * (1 - b + b * word.length / weights.mean_length))
    weight = idf * (tree.bm25_spelling if word.term.startswith(MARK) else 1)
    return Contribution(word.term, word.frequency, weights.documents[word.term], idf, weight * often)
