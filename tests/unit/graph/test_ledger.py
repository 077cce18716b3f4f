"""A change set: one revision, one state and one provenance per node and event, and time that never runs backwards."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.database import Transaction
from graph.errors import LedgerClosedError
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from ontology.commands import Origin
from ontology.enums import RecognitionStatus, Visibility
from ontology.events import EventType
from ontology.nodes import Recognition

EPOCH = 3
MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes here are less than their kind asks for; what rules refuse is tried with them."""
    monkeypatch.setattr(NodeState, "check", lambda _: None)


class Statements:
    """A transaction that keeps what it is asked to write."""

    def __init__(self) -> None:
        self.written: dict[str, list[dict[str, Any]]] = {}

    async def rows(self, _: str, **parameters: Any) -> Sequence[Any]:
        self.written = parameters
        return [{"epoch": EPOCH}]


def origin(occurred_at: datetime = MOMENT) -> Origin:
    return Origin(
        event_id=uuid4(),
        event_type=EventType.RECOGNITION_CREATED,
        source="urn:test",
        occurred_at=occurred_at,
        sent_at=occurred_at,
        request_hash="0" * 64,
    )


def ledger_of(statements: Statements, said: Origin | None, run: str = "import/x") -> Ledger:
    return Ledger(cast("Transaction", statements), said, Run(run, "run"))


def ledger(said: Origin | None = None) -> tuple[Ledger, Statements]:
    statements = Statements()
    return ledger_of(statements, said or origin(), "recognition/x"), statements


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


def written_states(statements: Statements) -> list[dict[str, Any]]:
    return [row["properties"] for row in statements.written["nodes"] if row["label"] == "State"]


def bookkeeping(statements: Statements) -> list[str]:
    return [row["type"] for row in statements.written["relations"] if row["type"] in {"HAS_STATE", "RECORDED_BY"}]


async def test_a_node_made_and_changed_under_one_event_has_one_revision_state_and_provenance() -> None:
    change, statements = ledger()
    node = change.create(recognition())
    change.change(node, content="second", status=RecognitionStatus.GRANTED)
    change.relate(node, "RECEIVED_BY", "Person", uuid4())
    change.change(node, content="third", status=RecognitionStatus.ARCHIVED)
    [record] = await change.write()
    [told] = record.nodes
    assert (told.rev, told.properties["content"], told.properties["status"]) == (1, "third", "Archived")
    rows = statements.written
    assert [row["label"] for row in rows["nodes"]] == ["Recognition", "State"]
    assert rows["changes"] == []
    assert rows["nodes"][0]["properties"] == {"id": str(node.id), **node.properties}
    assert record.epoch == EPOCH
    [state] = written_states(statements)
    assert state.keys() - {"id"} == node.properties.keys() - {"id"}
    assert bookkeeping(statements) == ["HAS_STATE", "RECORDED_BY"]


async def test_a_loaded_node_grows_by_one_revision_for_each_event_that_holds_all_it_set() -> None:
    change, statements = ledger()
    node = change.create(recognition())
    await change.write()
    later, statements = ledger()
    later.change(node, status=RecognitionStatus.GRANTED, visibility=Visibility.EVERYONE)
    later.change(node, content="second")
    later.relate(node, "RECEIVED_BY", "Person", uuid4())
    [record] = await later.write()
    assert node.properties["rev"] == 2
    [row] = statements.written["changes"]
    wanted = {"rev": 2, "status": "Granted", "content": "second", "updatedAt": later.moment}
    assert row["properties"] == wanted
    [state] = written_states(statements)
    assert {name: value for name, value in state.items() if name != "id"} == wanted
    assert [(one.rev, one.removed) for one in record.nodes] == [(2, [])]
    assert len(record.made) == 1


async def test_what_is_taken_away_is_named() -> None:
    change, statements = ledger()
    node = change.create(recognition().model_copy(update={"language": "en"}))
    await change.write()
    later, statements = ledger()
    later.change(node, language=None)
    [record] = await later.write()
    assert record.nodes[0].removed == ["language"]
    assert written_states(statements)[0]["removed"] == ["language"]
    assert statements.written["changes"][0]["properties"]["language"] is None
    assert "language" not in node.properties


async def test_several_events_of_one_change_set_have_their_own_revisions_of_a_node() -> None:
    statements = Statements()
    change = ledger_of(statements, None)
    with change.entry(origin()):
        node = change.create(recognition())
    with change.entry(origin()):
        change.change(node, content="second")
    first, second = await change.write()
    assert (first.nodes[0].rev, first.nodes[0].properties["content"]) == (1, "first")
    assert (second.nodes[0].rev, second.nodes[0].properties["content"]) == (2, "second")
    assert [state["rev"] for state in written_states(statements)] == [1, 2]
    assert statements.written["nodes"][0]["properties"]["content"] == "first"
    assert [row["properties"]["content"] for row in statements.written["changes"]] == ["second"]


async def test_making_or_ending_a_relation_alone_raises_the_revision_of_its_source() -> None:
    change, _ = ledger()
    node = change.create(recognition())
    change.relate(node, "RECEIVED_BY", "Person", uuid4())
    await change.write()
    ending, statements = ledger()
    [author] = [one for one in node.relations if one.type == "RECEIVED_BY"]
    ending.end(node, author)
    [record] = await ending.write()
    assert node.properties["rev"] == 2
    [row] = statements.written["ended"]
    assert row["relation"] == author.properties["id"] == record.ended[0].id
    assert row["properties"]["endedBy"] == record.event_id
    making, _ = ledger()
    making.relate(node, "RECEIVED_BY", "Person", uuid4())
    assert node.properties["rev"] == 3


async def test_parallel_relations_of_one_event_are_kept_apart() -> None:
    change, statements = ledger()
    node, person = change.create(recognition()), uuid4()
    for start in (0, 10):
        change.relate(node, "MENTIONS", "Person", person, start=start, end=start + 3)
    [record] = await change.write()
    ids = [row["properties"]["id"] for row in statements.written["relations"] if row["type"] == "MENTIONS"]
    assert len(set(ids)) == 2
    assert sorted(ids) == [one.properties["id"] for one in record.made]


async def test_what_one_entry_refused_leaves_nothing_and_the_next_begins_anew() -> None:
    statements = Statements()
    change = ledger_of(statements, None)
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
    assert [row["label"] for row in statements.written["nodes"]] == ["Recognition", "State"]


moments = st.integers(-5000, 5000).map(lambda minutes: MOMENT + timedelta(minutes=minutes))


@given(st.lists(st.tuples(moments, st.sampled_from(["text", "author", "both"])), min_size=1, max_size=8))
def test_valid_time_never_runs_backwards_in_whatever_order_things_are_said_to_happen(
    steps: list[tuple[datetime, str]],
) -> None:
    change, _ = ledger()
    node = change.create(recognition())
    held = [node.valid_from]
    for number, (moment, what) in enumerate(steps, 2):
        later, _ = ledger(origin(moment))
        if what != "text":
            for relation in [one for one in node.relations if one.type == "RECEIVED_BY"]:
                if relation.open:
                    later.end(node, relation)
            later.relate(node, "RECEIVED_BY", "Person", uuid4())
        if what != "author":
            later.change(node, content=f"text {number}", status=list(RecognitionStatus)[number % 3])
        held.append(node.valid_from)
    assert node.properties["rev"] == len(steps) + 1
    assert held == sorted(moment for moment in held if moment is not None)
    never = datetime.max.replace(tzinfo=UTC)
    spans = [(span["validFrom"], span.get("validTo", never)) for span in of_type(node, "RECEIVED_BY")]
    assert all(begin <= end for begin, end in spans), "it ended before it began"
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans)), "two at one time"
    assert sum(end == never for _, end in spans) <= 1


def test_ids_are_derived_so_that_a_repeated_try_writes_the_same() -> None:
    said, entity, person = origin(), recognition(), UUID(int=7)
    made = []
    for _ in range(2):
        change, _ = ledger(said)
        node = change.create(entity)
        change.relate(node, "RECEIVED_BY", "Person", person)
        made.append([one.properties["id"] for one in node.relations])
    assert made[0] == made[1]


async def test_a_closed_ledger_writes_nothing_and_says_so() -> None:
    class Closed(Statements):
        async def rows(self, _: str, **parameters: Any) -> Sequence[Any]:
            return []

    change = ledger_of(Closed(), origin(), "recognition/x")
    change.create(recognition())
    with pytest.raises(LedgerClosedError, match="trm rebuild"):
        await change.write()


async def test_without_an_event_nothing_is_asked_of_the_graph() -> None:
    statements = Statements()
    await ledger_of(statements, None).flush()
    assert statements.written == {}


async def test_an_entry_that_writes_nothing_leaves_no_event() -> None:
    statements, said = Statements(), origin()
    change = ledger_of(statements, None)
    with change.entry(said):
        pass
    assert not change.holds(said.event_id)
    assert await change.write() == []
