"""Reciprocal rank fusion: what both arms like comes first, and ties are the same everywhere."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from knowledge.search import ArmHit, fuse

RANKINGS = st.permutations([UUID(int=n) for n in range(8)]).flatmap(
    lambda order: st.integers(0, 8).map(
        lambda cut: {source: ArmHit(rank, 0.5) for rank, source in enumerate(order[:cut], 1)}
    )
)


@given(RANKINGS, RANKINGS)
def test_every_hit_of_either_arm_is_kept_once_and_the_arms_are_equals(
    first: dict[UUID, ArmHit], second: dict[UUID, ArmHit]
) -> None:
    fused = fuse(first, second, 60)
    assert {source for source, _ in fused} == first.keys() | second.keys()
    assert len(fused) == len(first.keys() | second.keys())
    assert dict(fused) == dict(fuse(second, first, 60))
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(RANKINGS)
def test_agreeing_arms_keep_their_order(ranking: dict[UUID, ArmHit]) -> None:
    assert [source for source, _ in fuse(ranking, ranking, 60)] == list(ranking)


def test_a_hit_that_has_little_of_the_query_counts_little() -> None:
    near, common = UUID(int=1), UUID(int=2)
    words = {common: ArmHit(1, 0.3, ("the",), weight=0.05)}
    assert [source for source, _ in fuse({near: ArmHit(1, 0.9), common: ArmHit(30, 0.8)}, words, 10)] == [near, common]


def test_of_equals_the_one_with_a_word_comes_first() -> None:
    near, worded = UUID(int=1), UUID(int=2)
    assert [source for source, _ in fuse({near: ArmHit(1, 0.9)}, {worded: ArmHit(1, 4.0)}, 60)] == [worded, near]
