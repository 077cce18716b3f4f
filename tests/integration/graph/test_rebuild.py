"""The graph can be emptied and rebuilt from the change records, equal to the hash; migrations refuse edits."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from cli.equality import compare
from cli.migrate import MIGRATIONS
from events.log import change_records
from graph import migrate as graph_migrations
from graph.database import GraphDatabase
from graph.merge import digests, merge, standing_elements
from graph.rebuild import GraphNotEmptyError, rebuild
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.migrations import MigrationEditedError
from runtime.settings import Settings
from tests.clients import until

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def test_emptied_graph_is_rebuilt_equal(tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient) -> None:
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Worth keeping", "project": {"name": "Memory"}}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await alice.post("/v1/recognitions", json=body, headers=headers)).status_code == 201
    snippet = {"content": "What a recognition taught us", "kind": "recognition"}
    assert (await alice.post("/v1/knowledgeSnippets", json=snippet, headers=headers)).status_code == 201
    async with open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))

        async def settled() -> bool:
            return (await compare(tree, graph, store)).holds

        await until(settled, every=1.0)
    before = await digests(standing_elements(graph))
    merged = merge((await change_records(tree.events)).values())
    with pytest.raises(GraphNotEmptyError):
        await rebuild(graph, merged, lambda _: None)
    await graph.execute_schema("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await rebuild(graph, merged, lambda _: None)
    assert await digests(standing_elements(graph)) == before


async def test_two_migrations_at_once_apply_once(tree: Settings, graph: GraphDatabase, tmp_path: Path) -> None:
    import asyncio

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
