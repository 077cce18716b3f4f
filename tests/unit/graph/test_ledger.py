"""A change set: one revision, one state and one provenance per node and event, and time that never runs backwards."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from ontology.commands import Origin
from ontology.enums import RecognitionStatus, Visibility
from ontology.events import EventType
from ontology.nodes import Recognition

MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Statements:
    """A transaction that keeps what it is asked to write."""

    def __init__(self) -> None:
        self.written: dict[str, list[dict[str, Any]]] = {}

    async def rows(self, _: str, **parameters: Any) -> Sequence[Any]:
        self.written = parameters
        return []


def origin(occurred_at: datetime = MOMENT) -> Origin:
    return Origin(
        event_id=uuid4(),
        event_type=EventType.RECOGNITION_CREATED,
        source="urn:test",
        occurred_at=occurred_at,
        sent_at=occurred_at,
        request_hash="0" * 64,
    )


def ledger(said: Origin | None = None) -> tuple[Ledger, Statements]:
    statements = Statements()
    return Ledger(statements, said or origin(), Run("recognition/x", "run")), statements  # type: ignore[arg-type]


def recognition() -> Recognition:
    return Recognition(
        id=uuid4(),
        rev=1,
        created_at=MOMENT,
        updated_at=MOMENT,
        content="first",
        visibility=Visibility.EVERYONE,
        status=RecognitionStatus.PROPOSED,
        occurred_at=MOMENT,
        request_hash="0" * 64,
    )


def of_type(node: NodeState, relation: str) -> list[dict[str, Any]]:
    return [one.properties for one in node.relations if one.type == relation]


async def test_a_node_made_and_changed_under_one_event_has_one_revision_state_and_provenance() -> None:
    change, statements = ledger()
    node = change.create(recognition())
    change.change(node, content="second", status=RecognitionStatus.GRANTED)
    change.relate(node, "RECEIVED_BY", "Person", uuid4())
    change.change(node, content="third", status=RecognitionStatus.ARCHIVED)
    [fact] = await change.write()
    assert (fact.rev, fact.properties["content"]) == (1, "third")
    assert len(of_type(node, "RECORDED_BY")) == len(of_type(node, "HAS_STATE")) == 1
    rows = statements.written
    assert [row["label"] for row in rows["nodes"]] == ["Event", "Recognition", "State"]
    assert rows["changes"] == []
    assert rows["nodes"][1]["properties"]["content"] == "third"
    [state] = [one.target.properties for one in node.relations if one.type == "HAS_STATE"]
    assert state == {key: value for key, value in rows["nodes"][2]["properties"].items()}
    assert state["status"] == "Archived"


async def test_a_loaded_node_grows_by_one_revision_for_each_event() -> None:
    change, statements = ledger()
    node = change.create(recognition())
    await change.write()
    later, statements = ledger()
    later.change(node, status=RecognitionStatus.GRANTED)
    later.change(node, content="second")
    later.relate(node, "RECEIVED_BY", "Person", uuid4())
    await later.write()
    assert node.properties["rev"] == 2
    [row] = statements.written["changes"]
    assert row["properties"] == {
        "rev": 2,
        "status": "Granted",
        "content": "second",
        "updatedAt": later.moment,
    }
    assert len(of_type(node, "RECORDED_BY")) == len(of_type(node, "HAS_STATE")) == 2


async def test_making_or_ending_a_relation_alone_raises_the_revision_of_its_source() -> None:
    change, _ = ledger()
    node = change.create(recognition())
    change.relate(node, "RECEIVED_BY", "Person", uuid4())
    await change.write()
    ending, statements = ledger()
    [author] = [one for one in node.relations if one.type == "RECEIVED_BY"]
    ending.end(node, author)
    await ending.write()
    assert node.properties["rev"] == 2
    [row] = statements.written["ended"]
    assert row["relation"] == author.properties["id"]
    assert row["properties"]["endedBy"] == of_type(node, "RECORDED_BY")[1]["eventId"]
    making, _ = ledger()
    making.relate(node, "RECEIVED_BY", "Person", uuid4())
    assert node.properties["rev"] == 3


async def test_parallel_relations_of_one_event_are_kept_apart() -> None:
    change, statements = ledger()
    node, person = change.create(recognition()), uuid4()
    for start in (0, 10):
        change.relate(node, "MENTIONS", "Person", person, start=start, end=start + 3)
    await change.write()
    ids = [row["properties"]["id"] for row in statements.written["relations"] if row["type"] == "MENTIONS"]
    assert len(set(ids)) == 2
    [fact] = await change.write()
    assert len({str(one.properties["id"]) for one in fact.relations}) == len(fact.relations)


async def test_what_one_entry_refused_leaves_nothing_and_the_next_begins_anew() -> None:
    statements = Statements()
    change = Ledger(statements, None, Run("import/x", "run"))  # type: ignore[arg-type]
    entity, said = recognition(), origin()

    def refuse() -> None:
        with change.entry(said):
            change.create(entity)
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        refuse()
    with change.entry(said):
        change.create(entity)
    await change.flush()
    assert [row["label"] for row in statements.written["nodes"]] == ["Event", "Recognition", "State"]


moments = st.integers(-5000, 5000).map(lambda minutes: MOMENT + timedelta(minutes=minutes))


@given(st.lists(st.tuples(moments, st.sampled_from(["text", "author", "both"])), min_size=1, max_size=8))
def test_valid_time_never_runs_backwards_in_whatever_order_things_are_said_to_happen(
    steps: list[tuple[datetime, str]],
) -> None:
    change, _ = ledger()
    node = change.create(recognition())
    for number, (moment, what) in enumerate(steps, 2):
        later, _ = ledger(origin(moment))
        if what != "text":
            for relation in [one for one in node.relations if one.type == "RECEIVED_BY"]:
                if "validTo" not in relation.properties:
                    later.end(node, relation)
            later.relate(node, "RECEIVED_BY", "Person", uuid4())
        if what != "author":
            later.change(node, content=f"text {number}", status=list(RecognitionStatus)[number % 3])
    assert node.properties["rev"] == len(of_type(node, "RECORDED_BY")) == len(steps) + 1
    for kind in ("HAS_STATE", "RECEIVED_BY"):
        spans = [(span["validFrom"], span.get("validTo", "9")) for span in of_type(node, kind)]
        assert all(begin <= end for begin, end in spans), "it ended before it began"
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans)), "two at one time"
        assert sum(end == "9" for _, end in spans) <= 1


def test_ids_are_derived_so_that_a_repeated_try_writes_the_same() -> None:
    said, entity, person = origin(), recognition(), UUID(int=7)
    made = []
    for _ in range(2):
        change, _ = ledger(said)
        node = change.create(entity)
        change.relate(node, "RECEIVED_BY", "Person", person)
        made.append([one.properties["id"] for one in node.relations])
    assert made[0] == made[1]
