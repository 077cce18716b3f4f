"""Offsets are committed contiguously, whatever order messages are done in."""

from hypothesis import given
from hypothesis import strategies as st

from workers.offsets import ContiguousOffsets


def test_nothing_done_is_nothing_to_commit() -> None:
    offsets = ContiguousOffsets(5)
    offsets.begin(5)
    assert offsets.committable() is None


def test_a_gap_holds_the_commit_back() -> None:
    offsets = ContiguousOffsets(0)
    for offset in range(3):
        offsets.begin(offset)
    offsets.done(1)
    offsets.done(2)
    assert offsets.committable() is None
    offsets.done(0)
    assert offsets.committable() == 3


@given(st.sets(st.integers(0, 60), min_size=1), st.randoms(use_true_random=False), st.data())
def test_everything_before_a_commit_is_done(taken: set[int], order: object, data: st.DataObject) -> None:
    offsets = ContiguousOffsets(min(taken))
    for offset in sorted(taken):
        offsets.begin(offset)
    done: set[int] = set()
    for offset in data.draw(st.permutations(sorted(taken))):
        offsets.done(offset)
        done.add(offset)
        reached = offsets.committable()
        if reached is not None:
            assert {one for one in taken if one < reached} <= done
            offsets.committed(reached)
    assert offsets.position == max(taken) + 1
