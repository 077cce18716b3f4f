"""A deployment changes over to another model: found by words meanwhile, by meaning once every text has its vector."""

import asyncio
import sys
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from auditing.equality import compare
from graph.database import GraphDatabase
from knowledge.e5_file import MODEL
from knowledge.pool import Pool, open_pool
from knowledge.providers import make_provider
from knowledge.search import HybridSearch
from knowledge.searched_model import SearchedModel, search_by
from knowledge.store import KnowledgeStore
from runtime.settings import KnowledgeSettings, Settings
from tests.clients import until
from tests.equality import equal_everywhere
from tests.integration.knowledge.texts import Flat, document, row_of
from tests.people import thank

pytestmark = pytest.mark.servers

FORMER = "all-MiniLM-L6-v2"


async def reindexed() -> str:
    """Run the command to its end; gives what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "knowledge", "reindex"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return " ".join(said.decode().split())


async def search(web: httpx.AsyncClient, words: str) -> dict[str, Any]:
    return dict((await web.get("/v1/search", params={"q": words})).raise_for_status().json())


async def test_texts_of_a_former_model_are_found_throughout(alice: httpx.AsyncClient, tree: Settings) -> None:
    word, lost = f"w{uuid4().hex[:8]}", f"w{uuid4().hex[:8]}"
    one, other = [
        (await thank(alice, {"handle": "reindexed"}, content=f"The boiler hums again {mark}")).json()["id"]
        for mark in (word, lost)
    ]
    async with open_pool(tree.knowledge) as pool, GraphDatabase(tree.graph) as graph:
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        await equal_everywhere(tree)
        await pool.execute("UPDATE knowledge_snippet_embeddings SET model = $1 WHERE model = $2", FORMER, MODEL)
        await store.delete(UUID(other))
        await search_by(pool, FORMER)

        async def noticed() -> bool:
            return bool((await search(alice, word))["model"] == FORMER)

        await until(noticed)
        meanwhile = await search(alice, word)
        assert (meanwhile["meaningAvailable"], [hit["sourceId"] for hit in meanwhile["hits"]]) == (False, [one])
        said = await reindexed()
        assert f"search asks {MODEL}" in said
        assert (await SearchedModel(pool, FORMER).get()) == MODEL

        async def by_meaning() -> bool:
            return bool((await search(alice, word))["meaningAvailable"])

        await until(by_meaning)
        [first, *_] = (await search(alice, lost))["hits"]
        assert first["sourceId"] == other, "a lost vector is repaired"
        assert (await compare(tree, graph, store)).holds
        assert "0 of" in await reindexed(), "nothing is left to do"


async def test_who_may_see_a_text_is_the_same_in_every_model(pool: Pool) -> None:
    def stored(model: str) -> KnowledgeStore:
        return KnowledgeStore(pool, Flat(model))

    said = document("loud")
    await stored(FORMER).index(said)
    await stored(MODEL).index(said.model_copy(update={"revision": 2, "visibility": "parties", "text": "quiet"}))
    rows = await pool.fetch("SELECT model, revision, visibility, content FROM knowledge_snippet_embeddings")
    assert {(row["model"], row["revision"]) for row in rows} == {(FORMER, 1), (MODEL, 2)}
    assert {(row["visibility"], row["content"]) for row in rows} == {("parties", "quiet")}


async def test_an_older_revision_that_another_model_writes_late_tells_nobody_what_became_private(
    tree: Settings,
) -> None:
    word, seer, source = f"w{uuid4().hex[:8]}", uuid4(), uuid4()
    async with open_pool(tree.knowledge) as pool:
        ours, theirs = Flat(MODEL), Flat("another")
        secret = document(f"{word} harassment", source_id=source, revision=2, visibility="parties", person_ids=[seer])
        await KnowledgeStore(pool, theirs).index(secret)
        await KnowledgeStore(pool, ours).index_many([document(f"{word} is loud", source_id=source, revision=1)])
        rows = await pool.fetch("SELECT * FROM knowledge_snippet_embeddings WHERE source_id = $1", source)
        assert {row["visibility"]: row["content"] for row in rows} == {"parties": f"{word} harassment"}
        search = HybridSearch(pool, ours, tree.knowledge)
        assert (await search.search(word, viewers=[])).hits == []
        [hit] = (await search.search(word, viewers=[seer])).hits
        assert hit.content == f"{word} harassment"
        await KnowledgeStore(pool, ours).delete(source)


async def test_workers_of_two_models_write_the_same_texts_at_once(pool: Pool) -> None:
    stores = [KnowledgeStore(pool, Flat(model)) for model in (MODEL, FORMER)]
    texts = [[document(f"text {n} of {rev}", source_id=uuid4(), revision=rev) for n in range(40)] for rev in (1, 2)]
    texts[1] = [late.model_copy(update={"source_id": one.source_id}) for one, late in zip(*texts, strict=True)]
    batches = [[*part, *part[::-1]] for revision in texts for part in (revision[:25], revision[15:])]
    await asyncio.gather(
        *(store.index_many(batch) for store in stores for batch in batches),
        *(store.index(one) for store in stores for revision in texts for one in revision[:10]),
    )
    rows = await pool.fetch("SELECT source_id, revision, content FROM knowledge_snippet_embeddings")
    assert len(rows) == 80
    assert {row["content"] for row in rows} == {one.text for one in texts[1]}
    assert await row_of(pool, "SELECT sum(documents), sum(words) FROM search_statistics") == (40, 160)
    assert await pool.fetchval("SELECT sum(frequency) FROM search_postings") == 160


async def test_a_text_whose_vector_is_of_an_older_revision_is_not_done(pool: Pool) -> None:
    ours, theirs = KnowledgeStore(pool, Flat(MODEL)), KnowledgeStore(pool, Flat(FORMER))
    said = document("loud")
    await ours.index(said)
    assert await ours.sources() == {str(said.source_id)}
    later = said.model_copy(update={"revision": 2, "text": "quiet"})
    await theirs.index(later)
    assert await ours.sources() == set()
    await ours.index(later)
    assert await ours.sources() == {str(said.source_id)}


async def test_a_text_of_any_model_is_found_by_its_words(pool: Pool, empty: KnowledgeSettings) -> None:
    said = document("The boiler hums again")
    await KnowledgeStore(pool, Flat("once upon a time")).index(said)
    [hit] = (await HybridSearch(pool, Flat(MODEL), empty).search("boiler", viewers=[])).hits
    assert (hit.source_id, hit.meaning) == (said.source_id, None)
