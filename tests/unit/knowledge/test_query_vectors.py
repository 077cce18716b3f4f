"""A query's vector: within the search's time, computed once, and not kept for long."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from knowledge.errors import KnowledgeUnavailableError, ProviderRefusalError, ProviderUnavailableError
from knowledge.query_vectors import QueryVectors
from knowledge.search import HybridSearch
from knowledge.vectors import Purpose
from runtime.settings import KnowledgeSettings

ONE, OTHER = UUID(int=1), UUID(int=2)


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


class Texts:
    """A pool in which one text has the word."""

    def __init__(self, searched: str | None = None) -> None:
        self._searched = searched

    async def fetchval(self, _: str) -> str | None:
        return self._searched

    async def fetch(self, statement: str, *_: Any) -> list[dict[str, Any]]:
        if "halfvec" in statement or "<=>" in statement:
            return [{"source_id": OTHER, "score": 0.9}]
        if "search_statistics" in statement:
            return [{"term": "valve", "documents": 1, "texts": 2.0, "mean_length": 1.0}]
        if "search_postings" in statement:
            return [{"source_id": ONE, "score": 2.0, "terms": ["valve"]}]
        named = {"kind": "note", "content": "valve", "language": "en", "occurred_at": datetime.now(UTC)}
        return [{"source_id": source, **named} for source in (ONE, OTHER)]


@pytest.mark.parametrize(
    "provider",
    [
        Provider(seconds=30),
        Provider(error=ProviderUnavailableError("away")),
        Provider(error=ProviderRefusalError("no key")),
        Provider(error=TimeoutError()),
    ],
)
@pytest.mark.parametrize("times", [{"query_vector_timeout": 0.1}, {"search_timeout": 0.3}])
async def test_without_the_vector_words_alone_are_answered_and_it_is_said(
    provider: Provider, times: dict[str, float]
) -> None:
    pool: Any = Texts()
    search = HybridSearch(pool, provider, KnowledgeSettings(**times))
    found = await search.search("valve", viewers=[])
    assert [hit.source_id for hit in found.hits] == [ONE]
    assert not found.by_meaning


async def test_with_the_vector_both_arms_are_heard() -> None:
    pool: Any = Texts()
    found = await HybridSearch(pool, Provider(), KnowledgeSettings()).search("valve", viewers=[])
    assert {hit.source_id for hit in found.hits} == {ONE, OTHER}
    assert found.by_meaning


@pytest.mark.parametrize("known", [True, False])
async def test_while_texts_change_over_the_former_model_is_asked_where_there_is_one(known: bool) -> None:
    pool: Any = Texts("former")
    own, former = Provider(), Provider()
    search = HybridSearch(pool, own, KnowledgeSettings(), {"former": former if known else None}.get)
    found = await search.search("valve", viewers=[])
    assert (own.asked, bool(former.asked), found.by_meaning) == ([], known, known)
    assert {hit.source_id for hit in found.hits} == ({ONE, OTHER} if known else {ONE})
    assert await search.searched_model() == "former"


@pytest.mark.parametrize("query", ["An", "?!"])
async def test_what_says_too_little_is_not_embedded(query: str) -> None:
    pool: Any = Texts()
    provider = Provider()
    found = await HybridSearch(pool, provider, KnowledgeSettings()).search(query, viewers=[])
    assert provider.asked == []
    assert found.by_meaning


async def test_an_explanation_ends_with_the_search_when_the_provider_hangs() -> None:
    pool: Any = Texts()
    search = HybridSearch(pool, Provider(seconds=30), KnowledgeSettings(search_timeout=0.1))
    began = time.monotonic()
    with pytest.raises(KnowledgeUnavailableError):
        await search.explain("x", ONE, viewers=[])
    assert time.monotonic() - began < 20, "the provider would answer after thirty seconds"
