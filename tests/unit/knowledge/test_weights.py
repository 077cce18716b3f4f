"""How much words count, which of them bring candidates, and how much of a query a text has."""

from typing import Any

import pytest

from knowledge.weights import Weigher, Weights

WEIGHTS = Weights({"bearing": 3, "pump": 40, "is": 9_000, "the": 9_900}, texts=10_000, mean_length=30)


def test_the_fewer_texts_have_a_word_the_more_it_counts() -> None:
    counted = [WEIGHTS.idf(term) for term in WEIGHTS.documents]
    assert counted == sorted(counted, reverse=True)
    assert counted[-1] > 0


@pytest.mark.parametrize(
    ("fewest", "most", "bring"),
    [
        (100, 1_000, ["bearing", "pump", "is"]),  # forty-three are not enough
        (40, 1_000, ["bearing", "pump"]),
        (1, 10, ["bearing"]),
        (1, 0, ["bearing"]),
        (1, 100_000, ["bearing", "pump", "is", "the"]),
    ],
)
def test_rare_words_bring_candidates_until_there_are_enough(fewest: int, most: int, bring: list[str]) -> None:
    assert WEIGHTS.bringing(fewest, most) == bring


def test_a_common_word_alone_is_little_of_a_query() -> None:
    whole = ["bearing", "the"]
    assert WEIGHTS.share(["the"], whole) < 0.01
    assert WEIGHTS.share(["bearing"], whole) > 0.99
    assert WEIGHTS.share(["bearing", "the", "=Thế"], whole) == 1
    assert WEIGHTS.share(["bearing"], ["bearing", "unknown"]) < 0.5, "a word that no text has weighs most"


class Counted:
    """A pool that counts what is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def fetch(self, _: str, terms: list[str], *_viewers: object) -> list[dict[str, Any]]:
        self.asked.append(terms)
        number = {"the": 9_900, "pump": 40}
        rows: list[str | None] = [*terms] or [None]
        return [
            {"term": term, "documents": number.get(term or "", 0), "texts": 10_000.0, "mean_length": 30.0}
            for term in rows
        ]


async def test_a_frequent_word_is_not_counted_each_time() -> None:
    pool: Any = Counted()
    weigher = Weigher(pool)
    first, again = [await weigher.weigh(["the", "pump", "blorp"], []) for _ in range(2)]
    assert first == again
    assert list(first.documents) == ["pump", "the"]
    assert pool.asked == [["the", "pump", "blorp"], ["pump", "blorp"]]
