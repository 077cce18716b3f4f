"""Derived ids: the same parts give the same id, other parts another."""

from hypothesis import given
from hypothesis import strategies as st

from ontology import ids
from ontology.scopes import Scope, grants

PARTS = st.lists(st.text(max_size=8), max_size=4)


@given(PARTS, PARTS)
def test_ids_are_equal_only_for_equal_parts(one: list[str], other: list[str]) -> None:
    assert (ids.derive("x", *one) == ids.derive("x", *other)) == (one == other)


def test_write_scope_includes_its_read_scope() -> None:
    assert grants(frozenset({"rw_recognition"}), Scope.READ_RECOGNITION)
    assert not grants(frozenset({"r_recognition"}), Scope.WRITE_RECOGNITION)
    assert not grants(frozenset({"rw_recognition"}), Scope.RECOGNITION_ON_BEHALF)
