"""Gathering requests: fewer calls, the same vectors, and one bad text fails alone."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.batching import BatchingProvider
from knowledge.errors import ProviderUnavailableError, TextRefusedError
from knowledge.vectors import Purpose, Vector


class Recording:
    """A provider that remembers its calls and refuses one text."""

    model = "recording"

    def __init__(self, refused: str | None = None, away: bool = False) -> None:
        self.calls: list[list[str]] = []
        self.purposes: list[Purpose] = []
        self.refused = refused
        self.away = away

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        self.calls.append(list(texts))
        self.purposes.append(purpose)
        if self.away:
            raise ProviderUnavailableError("away")
        if self.refused in texts:
            raise TextRefusedError("this one is too long")
        return [np.array([len(text)], np.float32) for text in texts]


@given(st.lists(st.lists(st.text(max_size=5), max_size=5), max_size=8), st.integers(1, 7))
def test_every_request_gets_its_vectors_in_order_and_no_text_is_computed_twice(
    requests: list[list[str]], size: int
) -> None:
    inner = Recording()

    async def go() -> list[list[Vector]]:
        provider = BatchingProvider(inner, size, 100, 0.0)
        return await asyncio.gather(*(provider.embed(texts, "passage") for texts in requests))

    answers = asyncio.run(go())
    assert [[int(vector[0]) for vector in answer] for answer in answers] == [
        [len(text) for text in texts] for texts in requests
    ]
    computed = [text for call in inner.calls for text in call]
    assert len(computed) == len(set(computed))
    assert all(len(call) <= size for call in inner.calls)


async def test_a_refused_text_fails_alone() -> None:
    provider = BatchingProvider(Recording(refused="bad"), 8, 100, 0.0)
    good, bad, other = await asyncio.gather(
        provider.embed(["good"], "passage"),
        provider.embed(["bad"], "passage"),
        provider.embed(["other"], "passage"),
        return_exceptions=True,
    )
    assert isinstance(bad, TextRefusedError)
    assert [int(answer[0][0]) for answer in (good, other) if not isinstance(answer, BaseException)] == [4, 5]


async def test_a_provider_that_is_away_is_not_called_once_per_text() -> None:
    inner = Recording(away=True)
    provider = BatchingProvider(inner, 8, 100, 0.0)
    answers = await asyncio.gather(*(provider.embed([text], "passage") for text in "abc"), return_exceptions=True)
    assert all(isinstance(answer, ProviderUnavailableError) for answer in answers)
    assert len(inner.calls) == 1


async def test_a_request_that_gave_up_does_not_take_its_batch_with_it() -> None:
    provider = BatchingProvider(Recording(), 8, 100, 0.01)
    impatient = asyncio.create_task(provider.embed(["one"], "passage"))
    patient = asyncio.create_task(provider.embed(["one", "three"], "passage"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert [int(vector[0]) for vector in await patient] == [3, 5]
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_long_texts_are_called_for_in_smaller_batches() -> None:
    inner = Recording()
    texts = [letter * 40 for letter in "abcdefg"]
    answers = await BatchingProvider(inner, 8, 100, 0.0).embed(texts, "passage")
    assert [int(vector[0]) for vector in answers] == [40] * 7
    assert [len(call) for call in inner.calls] == [3, 3, 1]


async def test_a_text_as_query_and_as_passage_is_asked_for_apart() -> None:
    inner = Recording()
    provider = BatchingProvider(inner, 8, 100, 0.0)
    await asyncio.gather(*(provider.embed(["one", "one"], purpose) for purpose in ("query", "passage")))
    assert sorted(inner.purposes) == ["passage", "query"]
    assert inner.calls == [["one"], ["one"]]
