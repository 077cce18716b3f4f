"""Records merge to one graph in any order and however often they come, and one that is missing is named."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from graph.elements import NodeElement, Sums, differing, sums_of
from graph.merge import Match, merge
from graph.records import relation_properties
from graph.values import json_properties
from ontology.changes import ChangeRecord, NodeChange, NodeKey, RelationEnded, RelationMade

MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
ROOT = UUID(int=7)
NODE, PERSON = NodeKey(label="Recognition", id=UUID(int=1)), NodeKey(label="Person", id=UUID(int=2))


MADE = ChangeRecord(
    event=json_properties({"id": str(UUID(int=3)), "occurredAt": MOMENT, "recordedAt": MOMENT}),
    nodes=[NodeChange(**dict(PERSON), rev=1, valid_from=MOMENT, properties={"rev": 1})],
)


def record(rev: int, *, made: bool = False, ends: str = "", **properties: str) -> ChangeRecord:
    event = uuid5(ROOT, str(rev))
    relation = relation_properties((str(NODE.id), "RECEIVED_BY", str(PERSON.id), str(event)), 0, MOMENT, MOMENT)
    link = RelationMade(type="RECEIVED_BY", source=NODE, target=PERSON, properties=json_properties(relation))
    change = NodeChange(**dict(NODE), rev=rev, valid_from=MOMENT, properties={"rev": rev, **properties})
    return ChangeRecord(
        event=json_properties({"id": str(event), "occurredAt": MOMENT, "recordedAt": MOMENT}),
        nodes=[change],
        made=[link] if made else [],
        ended=[RelationEnded(id=ends, type="RECEIVED_BY", source=NODE, valid_to=MOMENT)] if ends else [],
    )


FIRST = record(1, made=True, content="first", language="en")
LINK = str(FIRST.made[0].properties["id"])
HISTORY = [
    FIRST,
    record(2, content="second"),
    record(3, ends=LINK),
    record(4, made=True, content="third").model_copy(),
]


def taken_away() -> ChangeRecord:
    last = record(5)
    return last.model_copy(update={"nodes": [last.nodes[0].model_copy(update={"removed": ["language"]})]})


ALL = [MADE, *HISTORY, taken_away()]


def hashed(records: list[ChangeRecord]) -> str:
    sums = Sums()
    with merge(records) as merged:
        for element in merged.elements():
            sums.add(element)
    return sums.hash


def missing(records: list[ChangeRecord]) -> list[str]:
    with merge(records) as merged:
        return list(merged.missing())


@given(st.permutations(ALL), st.lists(st.sampled_from(ALL), max_size=5))
def test_order_and_repetition_do_not_matter(shuffled: list[ChangeRecord], again: list[ChangeRecord]) -> None:
    assert hashed([*again, *shuffled, *again]) == hashed(ALL)
    assert missing(shuffled) == []


def test_the_newest_revision_stands_and_what_was_taken_away_is_gone() -> None:
    merged = merge(ALL)
    [node] = [one for one in merged.nodes() if one.label == "Recognition"]
    assert node.properties == {"id": str(NODE.id), "rev": 5, "content": "third"}
    [ended] = [one for one in merged.relations() if one.properties["id"] == LINK]
    assert ended.properties["endedBy"] == HISTORY[2].event_id
    kinds = [one.type for one in merged.relations()]
    assert (kinds.count("HAS_STATE"), kinds.count("RECORDED_BY"), kinds.count("RECEIVED_BY")) == (6, 6, 2)


def test_what_is_missing_is_named() -> None:
    assert missing([MADE, *ALL[:2], *ALL[3:]]) == [f"revision 2 of Recognition {NODE.id} is missing"]
    assert f"the making of relation {LINK} is missing" in missing([MADE, *ALL[2:]])
    assert missing(ALL[1:]) == [f"the making of Person {PERSON.id} is missing"]


def test_a_state_has_the_moments_of_its_node() -> None:
    moment = record(1, createdAt="2026-03-01T09:00:00.000000Z")
    [state] = [one for one in merge([moment]).nodes() if one.label == "State"]
    assert state.row()["properties"]["createdAt"] == MOMENT
    assert NodeElement("State", state.properties).digest() == state.digest()


def test_of_two_records_of_one_event_that_of_the_later_epoch_counts() -> None:
    first = record(1, content="before the graph was wiped")
    again = record(1, content="written again")
    again = again.model_copy(update={"event": {**again.event, "epoch": 2}})
    for order in ([first, again], [again, first]):
        merged = merge(order)
        assert merged.epoch == 2
        assert [one.properties["content"] for one in merged.nodes() if one.label == "Recognition"] == ["written again"]


async def test_graphs_that_differ_are_told_by_the_names_of_what_differs() -> None:
    with merge(ALL) as one, merge(ALL[:-1]) as other:
        sums = await sums_of(one.elements()), await sums_of(other.elements())
        found = await differing(one.elements, other.elements, sums[0].differing(sums[1]))
        assert len(found) == 5, "the node, and an event, a state and two relations that only one has"
        assert f"Recognition {NODE.id}" in found
        assert (await sums_of(one.elements())).differing(sums[0]) == []


def test_a_record_is_matched_with_what_a_graph_holds() -> None:
    altered = record(2, content="forged")
    again = FIRST.model_copy(update={"event": {**FIRST.event, "epoch": 2}})
    with merge(ALL[:-1]) as merged:
        matches = merged.match([MADE, altered, again, taken_away()])
        assert matches == [Match.SAME, Match.OTHERWISE, Match.LACKING, Match.LACKING]
        assert [*merged.unmatched()] == sorted(one.event_id for one in HISTORY[2:])


def test_two_events_that_claim_one_revision_are_named() -> None:
    other = record(9, content="elsewhere")
    twin = other.model_copy(update={"nodes": [other.nodes[0].model_copy(update={"rev": 2})]})
    assert missing([*ALL, twin]) == [f"two events claim revision 2 of Recognition {NODE.id}"]


def test_what_is_derived_is_no_part_of_a_node_but_written_with_it() -> None:
    node = NodeElement("Tension", {"id": str(UUID(int=1)), "title": "Máy bơm"})
    assert node.row()["properties"] == {**node.properties, "foldedText": "may bom", "foldedLong": None}
    assert "foldedText" not in node.properties
