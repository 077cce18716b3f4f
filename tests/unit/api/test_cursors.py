"""Cursors: read back whole, never forged."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import Cursors
from api.problems import ProblemError

CURSORS = Cursors("secret")
MOMENT = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_is_read_back() -> None:
    node = uuid4()
    assert CURSORS.read(CURSORS.after([MOMENT], str(node), {"a": "1"}), {"a": "1"}) == ((MOMENT,), node)


def test_a_cursor_of_a_list_in_another_order_is_refused() -> None:
    cursor = CURSORS.after([MOMENT, MOMENT], str(uuid4()), {})
    assert CURSORS.read(cursor, {}, moments=2)
    with pytest.raises(ProblemError):
        CURSORS.read(cursor, {})


def test_no_cursor_is_the_first_page() -> None:
    assert CURSORS.read(None, {}) is None
    assert CURSORS.read("", {"a": "1"}) is None


def test_another_secret_or_other_filters_are_refused() -> None:
    cursor = CURSORS.after([MOMENT], str(UUID(int=1)), {})
    others: list[tuple[Cursors, dict[str, str | None]]] = [(Cursors("other"), {}), (CURSORS, {"a": "1"})]
    for cursors, filters in others:
        with pytest.raises(ProblemError):
            cursors.read(cursor, filters)


@given(st.text(min_size=1, max_size=100))
def test_any_other_text_is_refused_plainly(text: str) -> None:
    with pytest.raises(ProblemError):
        CURSORS.read(text, {})
