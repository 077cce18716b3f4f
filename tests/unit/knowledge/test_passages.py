"""The passage of a long text that a hit shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.passages import LONG, passage

LONG_TEXT = (
    "The pump howls since Monday. " * 10 + "Máy bơm số hai rung mạnh khi đổi ca. " + "Nobody knows why it does. " * 10
)


@pytest.mark.parametrize(
    ("terms", "begins"),
    [
        (["may", "bom"], "Máy bơm số hai"),
        (["nobody", "knows"], "Nobody knows"),
        (["pump"], "The pump howls"),
        ([], "The pump howls"),
    ],
)
def test_it_is_where_the_words_are(terms: list[str], begins: str) -> None:
    found = passage(LONG_TEXT, terms)
    assert found is not None
    assert found.text.startswith(begins) or begins in found.text
    assert LONG_TEXT[found.start : found.end] == found.text
    assert len(found.text) <= 300


def test_a_short_text_has_none() -> None:
    assert passage("The pump is loud", ["pump"]) is None


@given(st.text(min_size=LONG + 1, max_size=3_000), st.lists(st.text(max_size=5)))
def test_it_is_a_part_of_any_text(content: str, terms: list[str]) -> None:
    found = passage(content, terms)
    assert found is None or content[found.start : found.end] == found.text
