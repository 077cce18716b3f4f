"""The graph can be emptied and rebuilt from the change records, equal to the hash; migrations refuse edits."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from cli.migrate import MIGRATIONS
from graph import migrate as graph_migrations
from graph.database import GraphDatabase
from graph.elements import standing_elements
from graph.fence import GraphNotEmptyError, WriteLostError, check_written, is_empty, ledger_state
from graph.merge import MergedRecords
from graph.rebuild import rebuild
from runtime.migrations import MigrationEditedError
from runtime.settings import Settings
from tests.clients import until
from tests.equality import equal_everywhere
from tests.integration.api.test_resolving import accepted
from tests.integration.api.test_wins import completed, scored, scored_again
from tests.records import merged_records

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def test_emptied_graph_is_rebuilt_equal(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await completed(alice, olga, await accepted(alice, olga))
    await scored(alice, project, "UnderReview")
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Worth keeping", "project": {"name": "Memory"}}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await alice.post("/v1/recognitions", json=body, headers=headers)).status_code == 201
    snippet = {"content": "What a recognition taught us", "kind": "recognition"}
    assert (await alice.post("/v1/knowledgeSnippets", json=snippet, headers=headers)).status_code == 201
    await equal_everywhere(tree)
    before = await names(graph)
    records = partial(merged_records, tree.events)

    with pytest.raises(GraphNotEmptyError):
        await rebuild(graph, records, 0.0)
    state = await ledger_state(graph)
    assert state is not None
    assert state.open, "a rebuild that was refused closes nothing"
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    waiting = await alice.post("/v1/recognitions", json=body, headers={"Idempotency-Key": str(uuid4())})
    lost = await alice.get(f"/v1/people/{uuid4()}")
    assert (lost.status_code, lost.json()["code"]) == (503, "ledgerClosed"), "it may be there again"
    assert await migrated() == 0
    assert await ledger_state(graph) is None, "a wiped graph with records is not opened"
    await rebuild_in_two_goes(graph, records)
    again = await ledger_state(graph)
    assert again is not None
    assert again.open
    assert again.epoch > state.epoch

    async def written() -> bool:
        read = (await alice.get(waiting.headers["Location"])).json()
        return bool(read.get("writeStatus", "written") == "written")

    await until(written, every=0.5)
    after = await names(graph)
    assert before.items() <= after.items(), "what stood stands again, and what waited was written after it"
    await equal_everywhere(tree)
    assert await scored_again(alice, graph, project), "a score of a past day is that of the records of that day"


async def names(graph: GraphDatabase) -> dict[str, int]:
    """Everything that stands, by what it is called."""
    return {one.key: one.digest() async for one in standing_elements(graph)}


async def rebuild_in_two_goes(graph: GraphDatabase, records: Callable[[], Awaitable[MergedRecords]]) -> None:
    """The first is broken off in the middle."""

    class BrokenOffError(Exception):
        pass

    def break_off(done: int, total: int) -> None:
        if done > total / 2:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        await rebuild(graph, records, 0.0, break_off)
    assert not await is_empty(graph)
    state = await ledger_state(graph)
    assert state is not None
    assert not state.open
    await rebuild(graph, records, 0.0)


async def migrated() -> int:
    command = [sys.executable, "-m", "cli", "migrate"]
    done = await asyncio.to_thread(subprocess.run, command, check=False, capture_output=True, encoding="utf-8")
    assert "`trm rebuild` makes it again" in " ".join(done.stdout.split())
    return done.returncode


async def test_a_write_that_a_rebuild_lost_is_known_by_its_event(graph: GraphDatabase) -> None:
    [row] = await graph.read("MATCH (e:Event) RETURN e.id AS id LIMIT 1")
    await check_written(graph, [row["id"]])
    with pytest.raises(WriteLostError):
        await check_written(graph, [row["id"], str(uuid4())])


async def test_two_migrations_at_once_apply_once(tree: Settings, graph: GraphDatabase, tmp_path: Path) -> None:
    name = f"9{uuid4().int % 90 + 10}_probe"
    (tmp_path / f"{name}.cypher").write_text(
        "// a comment; with a semicolon\nCREATE INDEX probe IF NOT EXISTS FOR (n:Probe) ON (n.x);\n", encoding="utf-8"
    )
    shutil.copy(MIGRATIONS / "schema.cypher", tmp_path)
    await asyncio.gather(*(graph_migrations.migrate(graph, tmp_path) for _ in range(2)))
    rows = await graph.read("MATCH (m:Migration {id: $name}) RETURN count(m) AS n", name=name)
    assert rows == [{"n": 1}]
    (tmp_path / f"{name}.cypher").write_text("RETURN 1;\n", encoding="utf-8")
    with pytest.raises(MigrationEditedError):
        await graph_migrations.migrate(graph, tmp_path)
    await graph.execute_schema("MATCH (m:Migration) WHERE m.id ENDS WITH '_probe' DELETE m")
    await graph.execute_schema("DROP INDEX probe IF EXISTS")
