"""What a person's revisions tell of the leads they had."""

from typing import Any
from uuid import UUID

from graph.people_unmerges import Past

A, B = UUID(int=1), UUID(int=2)


def revision(rev: int, event: str, **said: Any) -> dict[str, Any]:
    blank = {"mergedInto": None, "aliases": None, "formerEmail": None, "formerHandle": None}
    return {"rev": rev, "event": event, "removed": [], "leading": False, **blank, **said}


def test_leads_count_since_somebody_last_stood_alone() -> None:
    merged, again = revision(2, "m1", mergedInto=str(A)), revision(4, "m2", mergedInto=str(B))
    undone = revision(3, "u1", removed=["mergedInto"])
    assert Past([revision(1, "made"), merged]).leads == [merged]
    assert Past([merged, undone]).leads == []
    assert Past([merged, undone, again]).leads == [again]


def test_who_was_led_elsewhere_with_another_came_by_them() -> None:
    past = Past([revision(2, "m1", mergedInto=str(A)), revision(3, "m2", mergedInto=str(B))])
    assert past.came_by("m2", A)
    assert not past.came_by("m1", A)
    assert not past.came_by("m2", B)


def test_aliases_that_came_with_others_are_told_from_ones_own() -> None:
    said = [revision(1, "made", aliases=["Own"]), revision(2, "m1", aliases=["Own", "Theirs"], leading=True)]
    assert Past(said).given() == {"Theirs"}
    said.append(revision(3, "changed", aliases=["Own", "Later"]))
    assert Past(said).given() == set(), "taken away meanwhile"
    said.append(revision(4, "changed again", aliases=["Theirs"]))
    assert Past(said).given() == set(), "and said anew, by somebody else"
    assert Past([*said[:2], revision(3, "emptied", removed=["aliases"])]).given() == set()


def test_what_was_before_a_revision_is_the_last_that_was_set() -> None:
    past = Past(
        [
            revision(1, "made"),
            revision(2, "changed", formerEmail="old@x.example"),
            revision(3, "m1", formerEmail="new@x.example", formerHandle="h"),
        ]
    )
    assert past.before(3, "formerEmail") == "old@x.example"
    assert past.before(2, "formerEmail") is None
    assert past.before(3, "formerHandle") is None
