"""Whether two people may become one, and what the survivor is called then."""

from typing import Any
from uuid import UUID

import pytest

from graph.people_merges import further_aliases, merge_refusal, names_of

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def people(**leads: UUID) -> dict[UUID, dict[str, Any]]:
    """A and B, of whom ``a`` or ``b`` may lead to somebody."""
    return {one: {"mergedInto": str(leads[name])} if name in leads else {} for name, one in (("a", A), ("b", B))}


def test_two_who_stand_alone_may_become_one() -> None:
    assert merge_refusal(A, B, people()) is None


@pytest.mark.parametrize(
    ("duplicate", "survivor", "known", "code", "pointer", "said"),
    [
        (A, A, people(), "mergeRefused", "/survivor", "say two people"),
        (C, B, people(), "notFound", "/duplicate", f"no person {C}"),
        (A, C, people(), "notFound", "/survivor", f"no person {C}"),
        (A, B, people(a=B), "mergeRefused", "/duplicate", f"leads to {B} already; there is nothing to do"),
        (A, B, people(a=C), "mergeRefused", "/duplicate", f"leads to {C} already; merge {C} instead"),
        (A, B, people(b=A), "mergeRefused", "/survivor", f"first undo that: trm person unmerge {B}"),
        (A, B, people(b=C), "mergeRefused", "/survivor", f"merge into {C}"),
    ],
    ids=["oneself", "no duplicate", "no survivor", "twice", "merged already", "a ring", "into who was merged"],
)
def test_who_cannot_become_one_is_told_what_to_do(
    duplicate: UUID, survivor: UUID, known: dict[UUID, dict[str, Any]], code: str, pointer: str, said: str
) -> None:
    refusal = merge_refusal(duplicate, survivor, known)
    assert refusal is not None
    assert (refusal.code, refusal.pointer, refusal.transient) == (code, pointer, False)
    assert said in str(refusal)


def test_what_stands_for_a_name_is_none() -> None:
    by_mail = {"id": str(A), "fullName": "thao.le", "email": "thao.le@x.example", "provisional": True}
    assert names_of(by_mail) == []
    assert names_of({**by_mail, "fullName": "Thảo", "aliases": ["Bee"]}) == ["Thảo", "Bee"]
    assert names_of({**by_mail, "provisional": False}) == ["thao.le"]


def test_a_name_is_added_once() -> None:
    thao = {"fullName": "Lê Thảo", "aliases": ["Bee"], "handle": "thao.le"}
    assert further_aliases(thao, ["Lê Thảo", "Bee", "thao.le"]) == {}
    assert further_aliases(thao, ["Thao", "Bee", "Thao"]) == {"aliases": ["Bee", "Thao"]}
