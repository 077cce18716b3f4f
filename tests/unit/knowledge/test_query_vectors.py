"""A query's vector: within the search's time, computed once, and not kept for long."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest

from knowledge.errors import KnowledgeUnavailableError, ProviderUnavailableError
from knowledge.query_vectors import QueryVectors
from knowledge.search import HybridSearch
from knowledge.vectors import Purpose
from runtime.settings import KnowledgeSettings


class Provider:
    """Answers after a while, and counts."""

    model = "fake"

    def __init__(self, seconds: float = 0, error: Exception | None = None) -> None:
        self.seconds, self.error = seconds, error
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Any]:
        assert purpose == "query"
        self.asked += texts
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        return [[float(len(self.asked))] for _ in texts]


async def test_one_query_is_embedded_once_while_its_vector_is_young() -> None:
    provider, now = Provider(), [0.0]
    vectors = QueryVectors(provider, 2, 60, clock=lambda: now[0])
    for query in ("valves", " valves ", "valves"):
        assert await vectors.of(query) == [1.0]
    now[0] = 59.9
    await vectors.of("valves")
    assert len(provider.asked) == 1
    now[0] = 60.0
    assert await vectors.of("valves") == [2.0]


async def test_the_oldest_is_forgotten_first() -> None:
    provider = Provider()
    vectors = QueryVectors(provider, 2, 60)
    for query in ("a", "b", "a", "c", "a", "b"):
        await vectors.of(query)
    assert provider.asked == ["a", "b", "c", "b"]
    none = QueryVectors(provider, 0, 60)
    await none.of("a")
    await none.of("a")
    assert provider.asked[4:] == ["a", "a"]


async def test_a_failure_is_not_kept() -> None:
    provider = Provider(error=ProviderUnavailableError("away"))
    vectors = QueryVectors(provider, 2, 60)
    for _ in range(2):
        with pytest.raises(ProviderUnavailableError):
            await vectors.of("a")
    assert len(provider.asked) == 2


@pytest.mark.parametrize("how", ["search", "explain"])
async def test_a_provider_that_hangs_ends_with_the_search(how: str) -> None:
    pool: Any = None
    search = HybridSearch(pool, Provider(seconds=30), KnowledgeSettings(search_timeout=0.1))
    began = time.monotonic()
    with pytest.raises(KnowledgeUnavailableError):
        await (search.search("x", viewers=[]) if how == "search" else search.explain("x", None, viewers=[]))  # type: ignore[arg-type]
    assert time.monotonic() - began < 1
