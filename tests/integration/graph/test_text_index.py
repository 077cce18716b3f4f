"""Parts of tensions' texts: found by an index, in graphs of earlier versions too, and equal in those made again."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from neo4j import GraphDatabase as Driver

from cli.migrate import MIGRATIONS
from graph.audit import violations
from graph.database import GraphDatabase
from graph.derived import LONG
from graph.migrate import migrate
from graph.paging import position
from graph.tensions import TensionFilters, list_tensions, page_query
from graph.visibility import Viewer
from runtime.settings import Settings
from tests.people import sent

pytestmark = pytest.mark.servers

NOBODY = Viewer(None, None)


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


def operators(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and details of every step of a plan, the last one first."""
    yield plan["operatorType"].partition("@")[0], plan["args"].get("Details", "")
    for child in plan.get("children", []):
        yield from operators(child)


def steps(tree: Settings, filters: TensionFilters, *, by_text: bool) -> list[tuple[str, str]]:
    """What the server would do for a page."""
    query, parameters = page_query(filters, filters.text or "", by_text=by_text)
    asked = {**NOBODY.parameters(), **parameters, **position(None), "limit": 20}
    secret = tree.graph.password.get_secret_value()
    with Driver.driver(tree.graph.uri, auth=(tree.graph.user, secret)) as driver:
        plan = driver.execute_query("EXPLAIN " + query, asked).summary.plan
    assert plan
    return list(operators(plan))


@pytest.mark.parametrize("filters", [TensionFilters(text="pump"), TensionFilters(status="Open", text="pump")])
def test_a_text_that_few_have_is_found_by_its_index_and_another_along_the_pages_order(
    tree: Settings, graph: GraphDatabase, filters: TensionFilters
) -> None:
    few = steps(tree, filters, by_text=True)
    assert next(what for kind, what in few if kind == "NodeIndexContainsScan").startswith(
        "TEXT INDEX t:Tension(foldedText)"
    )
    assert not [what for kind, what in few if kind in {"NodeByLabelScan", "AllNodesScan"} and "t:" in what]
    many = steps(tree, filters, by_text=False)
    assert [what for kind, what in many if kind.startswith("NodeIndexSeek") and "occurredAt" in what]
    assert not [kind for kind, _ in many if kind in {"NodeIndexContainsScan", "NodeByLabelScan", "AllNodesScan"}]
    before_limit = [kind for kind, what in many if kind == "Top" or (kind == "Sort" and "LIMIT" in what)]
    assert not before_limit, "twenty are taken in the order of the index, not all put in order"


async def test_a_graph_of_an_earlier_version_is_brought_to_it_and_what_is_wrong_is_audited(
    graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    word = uuid4().hex[:10]
    said = {"title": f"Ống nước {word}", "facts": "\U00013000" * 9_000}
    made = [
        (await alice.post("/v1/tensions", json=one, headers=sent())).json()["id"] for one in (said, {"title": word})
    ]
    held = "MATCH (t:Tension) WHERE t.id IN $ids RETURN t.foldedText AS text, t.foldedLong AS long ORDER BY text"
    before = await graph.read(held, ids=made)
    assert [row["text"] for row in before] == [LONG, word]

    async def listed() -> set[UUID]:
        rows = await list_tensions(graph, NOBODY, TensionFilters(text=f"{word}"), limit=10)
        return {row["tension"]["id"] for row in rows}

    assert await listed() == set(made)
    await graph.execute_schema("MATCH (m:Migration {id: 'derived'}) DELETE m")
    await graph.execute_schema("MATCH (t:Tension) REMOVE t.foldedText, t.foldedLong")
    await graph.execute_schema("DROP INDEX tension_folded_text")
    broken = {one.rule: one.ids for one in await violations(graph)}
    assert set(made) <= set(broken["Tension has its mandatory properties"])
    done = await migrate(graph, MIGRATIONS)
    assert done[0] == "tension_folded_text"
    assert done[1].endswith("can be found by parts of their texts")
    await graph.read("CALL db.awaitIndexes(60)")
    assert (await graph.read(held, ids=made), await listed()) == (before, set(made))
    assert await migrate(graph, MIGRATIONS) == [], "repeating does nothing"
    assert await violations(graph) == []
