"""Questions: however long the names in them are."""

import pytest

from graph.asking import in_words


def test_a_long_title_is_cut_inside_its_quotes() -> None:
    asked = in_words("Is the severity {} right for “{}”?", 3, "loud " * 51)
    assert len(asked) <= 255
    assert asked.startswith("Is the severity 3 right for “loud loud")
    assert asked.endswith("lou…”?")


@pytest.mark.parametrize(("first", "second"), [("{An}", "short"), ("a" * 200, "b" * 200), ("a" * 200, "b" * 255)])
def test_names_are_cut_no_shorter_than_need_be(first: str, second: str) -> None:
    asked = in_words("Who is {} in “{}”?", first, second)
    assert (len(asked) in {254, 255}) is (len(first + second) > 255)
    assert asked.endswith("”?")
    assert first[:20] in asked
    assert second[:20] in asked
