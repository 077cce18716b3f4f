"""The knowledge store on a real PostgreSQL: vectors once ever, newer revisions only, two arms that say why."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import numpy as np
import orjson
import pytest
from pgvector import HalfVector

from knowledge.e5 import E5
from knowledge.e5_file import MODEL
from knowledge.errors import KnowledgeUnavailableError
from knowledge.migrate import migrate
from knowledge.pool import Pool, connection_arguments, open_pool
from knowledge.search import HybridSearch, SearchFilters, by_meaning
from knowledge.store import KnowledgeStore
from knowledge.vectors import DIMENSIONS, FLOORS, NO_FLOOR, Purpose, Vector
from ontology.documents import SnippetDocument
from runtime.migrations import MigrationEditedError
from runtime.settings import KnowledgeSettings
from tests.integration.knowledge.texts import document, row_of
from tests.unit.knowledge.labelled import TEXTS, UNRELATED

pytestmark = pytest.mark.servers
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MIGRATIONS = Path(__file__).parents[3] / "migrations"


class Counting:
    """The local model, counting the texts it is asked for."""

    model = MODEL

    def __init__(self) -> None:
        self._inner = E5()
        self.texts: list[str] = []

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        self.texts += texts
        return await self._inner.embed(texts, purpose)


@pytest.fixture(scope="module")
def provider() -> Counting:
    return Counting()


async def test_a_text_is_embedded_once_ever(pool: Pool, provider: Counting) -> None:
    provider.texts.clear()
    store = KnowledgeStore(pool, provider)
    first = await store.index(document("Mai wrote the checklist"))
    again = await store.index(document(" Mai  wrote the checklist\n"))
    other_replica = await KnowledgeStore(pool, provider).index(document("Mai wrote the checklist"))
    assert [first.cached, again.cached, other_replica.cached] == [False, True, True]
    assert provider.texts == ["Mai wrote the checklist"]


async def test_only_a_newer_revision_replaces_text_words_and_statistics(pool: Pool, provider: Counting) -> None:
    store = KnowledgeStore(pool, provider)
    source = uuid4()
    revisions = [("third and last words", 3), ("first", 1), ("third again", 3), ("second words", 2)]
    outcomes = [(await store.index(document(text, source_id=source, revision=n))).outcome for text, n in revisions]
    assert outcomes == ["stored", "same", "same", "same"]
    assert (await store.index(document("fourth", source_id=source, revision=4))).outcome == "stored"
    assert [stored.revision for stored in await store.get(source)] == [4]
    assert await pool.fetchval("SELECT array_agg(term) FROM search_postings WHERE source_id = $1", source) == ["fourth"]
    assert await row_of(pool, "SELECT sum(documents), sum(words) FROM search_statistics") == (1, 1)


async def test_concurrent_revisions_end_at_the_newest_and_are_counted_once(pool: Pool, provider: Counting) -> None:
    store = KnowledgeStore(pool, provider)
    source = uuid4()
    await asyncio.gather(
        *(store.index(document(f"revision {n}", source_id=source, revision=n)) for n in (3, 1, 5, 2, 4, 5))
    )
    assert [stored.revision for stored in await store.get(source)] == [5]
    assert await row_of(pool, "SELECT sum(documents), sum(words) FROM search_statistics") == (1, 2)
    await store.delete(source)
    assert await row_of(pool, "SELECT sum(documents), sum(words) FROM search_statistics") == (0, 0)
    assert await pool.fetchval("SELECT count(*) FROM search_postings") == 0


async def test_text_that_postgresql_cannot_hold_is_stored_without_what_it_refuses(
    pool: Pool, provider: Counting
) -> None:
    store = KnowledgeStore(pool, provider)
    assert (await store.index(document("a\x00b"))).outcome == "stored"
    assert await pool.fetchval("SELECT content FROM knowledge_snippet_embeddings") == "a b"


_STORED = """
SELECT (SELECT array_agg((to_jsonb(e) - '{id,created_at,updated_at}'::text[])::text ORDER BY source_id)
        FROM knowledge_snippet_embeddings e),
  (SELECT array_agg(d::text ORDER BY source_id) FROM search_documents d),
  (SELECT array_agg(p::text ORDER BY source_id, term) FROM search_postings p),
  (SELECT array_agg(s::text ORDER BY shard) FROM search_statistics s),
  (SELECT array_agg(content_hash ORDER BY content_hash) FROM embedding_cache)
"""


async def test_many_texts_are_stored_as_each_alone_would_be(pool: Pool, provider: Counting) -> None:
    chooser = random.Random(7)
    texts = ["Mai wrote the checklist", "Cảm ơn Ngọc đã sửa máy bơm", "the", "nul \x00 here", "Mai wrote the checklist"]
    sources = [uuid4() for _ in range(20)]
    people = [uuid4() for _ in range(3)]

    def some(revision: int) -> list[SnippetDocument]:
        return [
            document(
                f"{chooser.choice(texts)} {chooser.randint(1, 5)}",
                source_id=source,
                revision=chooser.choice((revision - 1, revision, revision + 1)) or 1,
                person_ids=chooser.sample(people, chooser.randint(0, 3)),
                project_ids=chooser.sample(people, chooser.randint(0, 1)),
                language=chooser.choice((None, "en")),
            )
            for source in chooser.sample(sources, 12)
        ]

    store = KnowledgeStore(pool, provider)
    batches = [some(revision) for revision in (1, 2, 2, 3)]
    for batch in batches:
        await store.index_many(batch)
    together = await row_of(pool, _STORED)
    await pool.execute(
        "TRUNCATE knowledge_snippet_embeddings, search_documents, search_postings, embedding_cache; "
        "UPDATE search_statistics SET documents = 0, words = 0"
    )
    for batch in batches:
        for each in batch:
            await store.index(each)
    alone = await row_of(pool, _STORED)
    assert together[1:] == alone[1:]
    assert [_without_vector(row) for row in together[0]] == [_without_vector(row) for row in alone[0]]


def _without_vector(row: str) -> dict[str, object]:
    """A stored row without its vector, whose last bits depend on the company it was computed in."""
    return {name: value for name, value in orjson.loads(row).items() if name != "embedding"}


async def test_many_texts_at_once_side_by_side_end_without_a_deadlock(pool: Pool, provider: Counting) -> None:
    store = KnowledgeStore(pool, provider)
    shared = [document(f"shared text {n % 5}") for n in range(30)]
    parts = [random.Random(seed).sample(shared, 25) for seed in range(6)]
    await asyncio.gather(*(store.index_many(part) for part in parts), *(store.index(one) for one in shared[:10]))
    distinct = {one.source_id for part in parts for one in part} | {one.source_id for one in shared[:10]}
    assert await pool.fetchval("SELECT sum(documents) FROM search_statistics") == len(distinct)
    assert await pool.fetchval("SELECT count(*) FROM embedding_cache") == 5


async def test_of_several_revisions_given_together_the_newest_stands(pool: Pool, provider: Counting) -> None:
    store, source = KnowledgeStore(pool, provider), uuid4()
    given = [document(f"revision {n}", source_id=source, revision=n) for n in (2, 3, 1)]
    assert await store.index_many(given) == 1
    assert await store.index_many(given) == 0
    assert [stored.revision for stored in await store.get(source)] == [3]
    assert await store.index_many([]) == 0


async def test_a_hit_says_how_each_arm_saw_it(pool: Pool, provider: Counting, empty: KnowledgeSettings) -> None:
    store = KnowledgeStore(pool, provider)
    leak, payroll, thanks = (
        document("Bob found the leak in the pump room before it flooded"),
        document("The salary run was late again"),
        document("Cảm ơn Ngọc đã sửa máy bơm"),
    )
    for each in (leak, payroll, thanks):
        await store.index(each)
    search = HybridSearch(pool, provider, empty)
    best, *_ = (await search.search("the flooded pump room leak", viewers=[])).hits
    assert best.source_id == leak.source_id
    assert best.meaning is not None
    assert (best.meaning.rank, 0 < best.meaning.score <= 1) == (1, True)
    assert best.words is not None
    assert set(best.words.terms) == {"flooded", "pump", "room", "leak"}
    folded, *_ = (await search.search("may bom", viewers=[])).hits
    assert folded.source_id == thanks.source_id
    assert folded.words is not None
    assert set(folded.words.terms) == {"may", "bom"}


async def test_every_filter_restricts_both_arms(pool: Pool, provider: Counting, empty: KnowledgeSettings) -> None:
    store = KnowledgeStore(pool, provider)
    mai, project = uuid4(), uuid4()
    text = "the pump room stayed dry"
    plain = document(text)
    autumn, before, after = (datetime(year, 9, 1, tzinfo=UTC) for year in (2026, 2025, 2027))
    variants = {
        "kinds": (document(text, kind="note"), SearchFilters(kinds=["note"])),
        "person": (document(text, person_ids=[mai]), SearchFilters(person_ids=[mai])),
        "project": (document(text, project_ids=[project]), SearchFilters(project_id=project)),
        "language": (document(text, language="vi"), SearchFilters(language="vi")),
        "since": (document(text, occurred_at=after), SearchFilters(since=autumn)),
        "until": (document(text, occurred_at=before), SearchFilters(until=before + timedelta(seconds=1))),
    }
    for each in (plain, *(one for one, _ in variants.values())):
        await store.index(each)
    search = HybridSearch(pool, provider, empty)
    for name, (wanted, filters) in variants.items():
        found = (await search.search("pump room", viewers=[], filters=filters)).hits
        assert [hit.source_id for hit in found] == [wanted.source_id], name
        assert found[0].meaning is not None, name
        assert found[0].words is not None, name


async def test_private_texts_are_found_by_their_people_only(
    pool: Pool, provider: Counting, empty: KnowledgeSettings
) -> None:
    mai = uuid4()
    private = document("the pump room secret", visibility="parties", person_ids=[mai])
    await KnowledgeStore(pool, provider).index(private)
    search = HybridSearch(pool, provider, empty)

    async def seen_by(*viewers: UUID) -> list[UUID]:
        return [hit.source_id for hit in (await search.search("pump room secret", viewers=viewers)).hits]

    assert await seen_by(mai) == [private.source_id]
    assert await seen_by(uuid4()) == []
    assert await seen_by() == []
    assert await seen_by(uuid4(), mai) == [private.source_id], "one person may have several ids"


async def test_the_vector_arm_is_planned_on_the_partial_index_of_its_model(pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO knowledge_snippet_embeddings "
        "(source_id, kind, content, language, model, content_hash, revision, visibility, embedding, occurred_at) "
        "SELECT gen_random_uuid(), 'note', 'x', 'en', $1, 'h', 1, 'everyone', "
        "array_fill(n::float8, ARRAY[1536])::vector::halfvec, now() FROM generate_series(1, 300) AS n",
        MODEL,
    )
    vector = (await E5().embed(["anything"], "query"))[0]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await connection.fetch("EXPLAIN " + by_meaning(MODEL), MODEL, vector, *[None] * 7, 100, ["x"], *NO_FLOOR)
    assert any("embeddings_multilingual_e5_small_en_vi" in row[0] for row in plan)


class Given:
    """The query's number says which of the vectors it has."""

    model = MODEL

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self._vectors = vectors

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        return [self._vectors[int(text.split()[-1])] for text in texts]


async def test_order_and_scores_agree_behind_a_filter_among_many(pool: Pool, empty: KnowledgeSettings) -> None:
    numbers, mai, count = np.random.default_rng(7), uuid4(), 20_000
    common, clusters = numbers.normal(size=384), numbers.normal(size=(20, 384))
    vectors = np.zeros((count, DIMENSIONS), np.float32)
    vectors[:, :384] = common + 0.3 * clusters[np.arange(count) % 20] + 0.2 * numbers.normal(size=(count, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    hers = set(numbers.choice(count, 60, replace=False).tolist())
    rows = [
        (uuid4(), "note", "x", "en", MODEL, "h", 1, "everyone", [mai] if n in hers else [], HalfVector(vector), NOW)
        for n, vector in enumerate(vectors)
    ]
    named = "source_id kind content language model content_hash revision visibility person_ids embedding occurred_at"
    index = "embeddings_multilingual_e5_small_en_vi"
    definition = await pool.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = $1", index)
    async with pool.acquire() as connection:
        await connection.execute(f"DROP INDEX {index}", timeout=120)
        await connection.copy_records_to_table(
            "knowledge_snippet_embeddings", records=rows, columns=named.split(), timeout=120
        )
        await connection.execute("SET maintenance_work_mem = '256MB'")
        await connection.execute(definition, timeout=120)
        await connection.execute("ANALYZE", timeout=120)
        await connection.execute(f"ALTER DATABASE {empty.database} SET enable_seqscan = off")
    async with open_pool(empty) as indexed:
        search = HybridSearch(indexed, Given(list(vectors)), empty.model_copy(update={"search_timeout": 30.0}))
        for number in range(8):
            filters = SearchFilters(person_ids=[mai])
            hits = (await search.search(f"query {number}", viewers=[], filters=filters, limit=50)).hits
            seen = [hit.meaning for hit in hits if hit.meaning]
            assert [one.rank for one in seen] == [*range(1, 51)]
            scores = [one.score for one in seen]
            assert scores == sorted(scores, reverse=True)
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_what_is_neither_near_nor_shares_a_word_is_not_shown(
    pool: Pool, provider: Counting, empty: KnowledgeSettings
) -> None:
    store, search = KnowledgeStore(pool, provider), HybridSearch(pool, provider, empty)
    await store.index_many([document(text) for text in TEXTS.values()])
    for query in (*UNRELATED[:6], "the of and", "  "):  # in English: folded, a Vietnamese word is many
        assert (await search.search(query, viewers=[])).hits == [], query
    found = (await search.search("late wages", viewers=[])).hits
    assert found != []
    for hit in found:
        assert hit.words or (hit.meaning and hit.meaning.score >= FLOORS[MODEL].known)


async def test_what_a_query_names_stands_before_all_that_is_near(
    pool: Pool, provider: Counting, empty: KnowledgeSettings
) -> None:
    named = {
        "An": document("An stayed late and fixed the valve"),
        "🌮": document("Thanks for the Friday lunch 🌮"),
        "水漏れ": document("会議室の水漏れをすぐに直してくれた"),
    }
    await KnowledgeStore(pool, provider).index_many([*map(document, TEXTS.values()), *named.values()])
    search = HybridSearch(pool, provider, empty)
    for query, wanted in named.items():
        first, *_ = (await search.search(query, viewers=[])).hits
        assert (first.source_id, first.words is not None) == (wanted.source_id, True), query


async def test_two_migrations_at_once_apply_each_file_once(empty: KnowledgeSettings) -> None:
    done = await asyncio.gather(*(migrate(empty, MIGRATIONS, MODEL) for _ in range(3)))
    assert sorted(done) == [
        [],
        [],
        sorted(file.stem for file in MIGRATIONS.glob("*.sql")),
    ]
    assert await migrate(empty, MIGRATIONS, "some/other-Model 2") == []


async def test_an_edited_migration_is_refused(empty: KnowledgeSettings, tmp_path: Path) -> None:
    for file in MIGRATIONS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    await migrate(empty, tmp_path, MODEL)
    with (tmp_path / "001_knowledge.sql").open("a", encoding="utf-8") as edited:
        edited.write("-- edited\n")
    with pytest.raises(MigrationEditedError, match="001_knowledge"):
        await migrate(empty, tmp_path, MODEL)


async def test_postgresql_away_is_told_by_name_and_lost_connections_are_replaced(
    pool: Pool, provider: Counting, empty: KnowledgeSettings
) -> None:
    store = KnowledgeStore(pool, provider)
    await store.ping()
    killer = await asyncpg.connect(**connection_arguments(empty))
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await killer.close()
    with contextlib.suppress(KnowledgeUnavailableError):  # the one that finds the lost connection out
        await store.ping()
    await store.ping()
    async with open_pool(empty.model_copy(update={"port": 1})) as nowhere:
        with pytest.raises(KnowledgeUnavailableError):
            await KnowledgeStore(nowhere, provider).ping()
