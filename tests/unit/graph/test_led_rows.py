"""Which ids of a list lead to somebody by a merge, and which have been theirs from the beginning."""

from typing import Any
from uuid import UUID

import pytest

from graph.led_rows import led_by_merge
from ontology.events import EventType

S, T = str(UUID(int=1)), str(UUID(int=2))
RECORDED, MERGED, UNMERGED = EventType.PERSON_RECORDED, EventType.PERSON_MERGED, EventType.PERSON_UNMERGED


def lead(kind: EventType, into: str | None) -> dict[str, Any]:
    return {"rev": 2, "into": into, "type": kind.value}


@pytest.mark.parametrize(
    ("revisions", "from_the_place"),
    [
        ([], None),
        ([lead(RECORDED, S)], None),
        ([lead(MERGED, S)], 0),
        ([lead(MERGED, S), lead(UNMERGED, None)], None),
        ([lead(MERGED, S), lead(UNMERGED, None), lead(MERGED, T)], 2),
        ([lead(RECORDED, S), lead(MERGED, T)], 0),
        ([lead(RECORDED, S), lead(MERGED, T), lead(UNMERGED, S)], None),
        ([lead(MERGED, S), lead(RECORDED, T)], 0),
        ([lead(MERGED, T), lead(UNMERGED, S)], None),
    ],
)
def test_an_id_is_somebody_elses_from_a_merge_on_until_it_is_undone(
    revisions: list[dict[str, Any]], from_the_place: int | None
) -> None:
    assert led_by_merge(revisions) == ([] if from_the_place is None else revisions[from_the_place:])


def test_undoing_the_later_of_two_merges_leaves_the_earlier() -> None:
    first, second = lead(MERGED, S), lead(MERGED, T)
    assert led_by_merge([first, second, lead(UNMERGED, S)]) == [first]
