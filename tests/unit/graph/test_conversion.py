"""What an earlier version did not keep is dated honestly, and all revisions together make what the node is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.conversion import revisions

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def event(number: int) -> dict[str, Any]:
    moment = BEGAN + timedelta(days=number)
    return {"id": f"e{number}", "occurredAt": moment, "recordedAt": moment}


def folded(updates: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in updates:
        found.update(one)
    return {name: value for name, value in found.items() if value is not None}


def person(**properties: Any) -> dict[str, Any]:
    always = {"fullName": "An", "foldedName": "an", "role": "Member", "provisional": False}
    return {"id": "p", "rev": 7, "createdAt": BEGAN, "updatedAt": BEGAN + timedelta(days=2), **always, **properties}


def test_what_every_node_has_counts_as_first_and_the_rest_as_last() -> None:
    row = {"label": "Person", "properties": person(mergedInto="q"), "states": [], "events": [event(1), event(2)]}
    first, last = revisions(row)
    assert (first["rev"], first["fullName"], "mergedInto" in first) == (1, "An", False)
    assert last == {"rev": 2, "mergedInto": "q", "updatedAt": BEGAN + timedelta(days=2)}


def test_states_that_were_kept_stay_where_they_were() -> None:
    tension = {"id": "t", "rev": 4, "title": "T", "status": "Accepted", "createdAt": BEGAN, "updatedAt": BEGAN}
    states = [
        {"event": "e1", "properties": {"id": "s1", "status": "New", "severity": 3}},
        {"event": "e3", "properties": {"id": "s2", "status": "Accepted"}},
    ]
    row = {"label": "Tension", "properties": tension, "states": states, "events": [event(1), event(2), event(3)]}
    first, second, third = revisions(row)
    assert (first["status"], first["severity"]) == ("New", 3)
    assert second.keys() == {"rev", "updatedAt"}
    assert (third["status"], third["severity"]) == ("Accepted", None)


@given(
    st.lists(st.dictionaries(st.sampled_from(["status", "severity"]), st.integers(0, 3)), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(["status", "severity", "feeling", "title"]), st.integers(0, 3)),
)
def test_all_revisions_together_are_the_node(states: list[dict[str, int]], current: dict[str, int]) -> None:
    events = [event(number) for number, _ in enumerate(states)]
    kept = [{"event": one["id"], "properties": {"id": "s", **state}} for one, state in zip(events, states, strict=True)]
    row = {"label": "Tension", "properties": {"id": "t", "rev": 9, **current}, "states": kept, "events": events}
    found = revisions(row)
    assert [one["rev"] for one in found] == list(range(1, len(states) + 1))
    assert folded(found) == {**current, "rev": len(states)}
