"""The floor of the local model on the labelled set: what it shows of what belongs together, and of what does not."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.e5 import E5
from knowledge.query import read_query
from knowledge.text import words
from knowledge.vectors import FLOORS
from tests.unit.knowledge.labelled import GIBBERISH, RELATED, TEXTS, UNRELATED

KNOWN = {term for text in TEXTS.values() for term in words(text)}


@pytest.fixture(scope="module")
def model() -> E5:
    return E5()


async def shown(model: E5, queries: Sequence[str]) -> list[set[str]]:
    """Names of the texts that each query is near to."""
    texts = np.array(await model.embed(list(TEXTS.values()), "passage"))
    floor = FLOORS[model.model]
    found = []
    for query, vector in zip(queries, await model.embed(queries, "query"), strict=True):
        lowest = floor.known if KNOWN & read_query(query).terms.keys() else floor.unknown
        found.append({name for name, cosine in zip(TEXTS, texts @ vector, strict=True) if cosine >= lowest})
    return found


async def test_two_of_three_queries_are_near_what_they_mean_in_either_language(model: E5) -> None:
    found = await shown(model, list(RELATED))
    assert sum(bool(near & wanted) for near, wanted in zip(found, RELATED.values(), strict=True)) / len(RELATED) > 0.75
    others = sum(len(near - wanted) for near, wanted in zip(found, RELATED.values(), strict=True))
    assert others / (len(RELATED) * len(TEXTS)) < 0.36


async def test_what_no_text_is_about_is_near_nothing_and_gibberish_seldom_anything(model: E5) -> None:
    assert sum(map(bool, await shown(model, GIBBERISH))) <= 2
    assert not any(await shown(model, UNRELATED))
