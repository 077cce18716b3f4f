"""Texts to store, for the tests of the knowledge store."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np

from knowledge.pool import Pool
from knowledge.vectors import DIMENSIONS, Purpose, Vector
from ontology.documents import SnippetDocument


def document(text: str, **changes: object) -> SnippetDocument:
    standing = {
        "source_id": uuid4(),
        "kind": "recognition",
        "text": text,
        "revision": 1,
        "visibility": "everyone",
        "occurred_at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return SnippetDocument.model_validate(standing | changes)


async def row_of(pool: Pool, query: str) -> tuple[Any, ...]:
    """The one row of a query that always has one."""
    row = await pool.fetchrow(query)
    assert row is not None, query
    return tuple(row)


class Flat:
    """Gives every text the same vector."""

    def __init__(self, model: str = "flat") -> None:
        self.model = model

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """A vector per text; only its first 384 numbers are not padding."""
        vector = np.zeros(DIMENSIONS, np.float32)
        vector[:384] = 384**-0.5
        return [vector for _ in texts]
