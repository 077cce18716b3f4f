"""The word arm on a real PostgreSQL: names, emoji, scripts without spaces, accents and phrases; words indexed anew."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from knowledge import arms
from knowledge.e5_file import MODEL
from knowledge.migrate import migrate
from knowledge.pool import Pool, connection_arguments
from knowledge.reindex import reindex
from knowledge.search import HybridSearch, SearchHit
from knowledge.store import KnowledgeStore
from knowledge.text import FORM
from knowledge.vectors import Purpose, Vector
from runtime.settings import KnowledgeSettings
from tests.integration.knowledge.texts import Flat, document, row_of

pytestmark = pytest.mark.servers
MIGRATIONS = Path(__file__).parents[3] / "migrations"

TEXTS = {
    "An": "An stayed late and fixed the valve",
    "apple": "He brought an apple and an orange for the team",
    "taco": "Thanks for the Friday lunch 🌮",
    "C#": "The parser was rewritten in C# without a bug",
    "C": "The driver is plain C",
    "水漏れ": "会議室の水漏れをすぐに直してくれた",
    "máy": "Ngọc đã sửa máy in trong phòng họp",
    "mây": "Trời nhiều mây nên không chụp được ảnh",
    "phrase": "The pump room was dry",
    "apart": "The room beside the pump was dry",
}


@pytest.fixture
async def stored(pool: Pool, empty: KnowledgeSettings) -> tuple[HybridSearch, dict[str, UUID]]:
    provider = Flat(MODEL)
    documents = {name: document(text) for name, text in TEXTS.items()}
    await KnowledgeStore(pool, provider).index_many(list(documents.values()))
    return HybridSearch(pool, provider, empty), {name: one.source_id for name, one in documents.items()}


async def worded(stored: tuple[HybridSearch, dict[str, UUID]], query: str) -> list[str]:
    """Names of the texts found by word, best first."""
    search, sources = stored
    names = {source: name for name, source in sources.items()}
    return [names[hit.source_id] for hit in by_word((await search.search(query, viewers=[])).hits)]


def by_word(hits: Sequence[SearchHit]) -> list[SearchHit]:
    return sorted((hit for hit in hits if hit.words), key=lambda hit: hit.words.rank if hit.words else 0)


@pytest.mark.parametrize(
    ("query", "first", "others"),
    [
        ("An", "An", {"apple"}),
        ("thanks to An", "taco", {"An"}),
        ("🌮", "taco", set()),
        ("C#", "C#", set()),
        ("C", "C", set()),
        ("水漏れ", "水漏れ", set()),
        ("水", "水漏れ", set()),
        ("máy", "máy", {"mây"}),
        ("mây", "mây", {"máy"}),
        ('"pump room"', "phrase", set()),
        ('"the pump was dry"', "apart", set()),
    ],
)
async def test_what_identifies_is_found_by_word_and_first(
    stored: tuple[HybridSearch, dict[str, UUID]], query: str, first: str, others: set[str]
) -> None:
    found = await worded(stored, query)
    assert found[0] == first
    assert set(found[1:]) == others


async def test_accents_nobody_typed_find_all_spellings_alike(stored: tuple[HybridSearch, dict[str, UUID]]) -> None:
    assert set(await worded(stored, "may")) == {"máy", "mây"}


async def test_a_phrase_binds_the_meaning_arm_too(stored: tuple[HybridSearch, dict[str, UUID]]) -> None:
    search, sources = stored
    hits = (await search.search('"pump room"', viewers=[])).hits
    assert [hit.source_id for hit in hits] == [sources["phrase"]]
    assert hits[0].meaning is not None


@pytest.mark.parametrize("query", ["the of and", "  ", '"  "', "?!"])
async def test_a_query_that_says_nothing_finds_nothing(
    stored: tuple[HybridSearch, dict[str, UUID]], query: str
) -> None:
    assert (await stored[0].search(query, viewers=[])).hits == []


async def test_an_explanation_adds_up_to_the_score_and_shows_words_as_they_matched(
    stored: tuple[HybridSearch, dict[str, UUID]], pool: Pool
) -> None:
    search, sources = stored
    seen = await search.explain("máy in", sources["máy"], viewers=[])
    assert seen.words is not None
    assert sum(one.score for one in seen.matched) == pytest.approx(seen.words.score)
    assert {one.term for one in seen.matched} == {"máy", "may", "in"}
    assert set(seen.words.terms) == {"máy", "in"}
    shown = await KnowledgeStore(pool, Flat(MODEL)).words(sources["máy"])
    assert {one.term for one in shown} == {"ngoc", "da", "sua", "may", "in", "trong", "phong", "hop"}


async def test_a_filter_leaves_all_it_should_of_a_word_that_many_texts_have(
    pool: Pool, empty: KnowledgeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arms, "_MOST_BROUGHT", 20)
    provider, project = Flat(MODEL), uuid4()
    others = [document(f"the pump {n}") for n in range(100)]
    wanted = [document(f"the pump of the project {n}", project_ids=[project]) for n in range(15)]
    await KnowledgeStore(pool, provider).index_many([*others, *wanted])
    search, filters = HybridSearch(pool, provider, empty), arms.SearchFilters(project_id=project)
    hits = (await search.search("pump", viewers=[], filters=filters, limit=50)).hits
    assert {hit.source_id for hit in by_word(hits)} == {one.source_id for one in wanted}


async def test_a_phrase_is_found_among_many_texts_that_have_its_words(pool: Pool, empty: KnowledgeSettings) -> None:
    provider, wanted = Flat(MODEL), document("dry was the pump room " + "of the old mill " * 20)
    alike = [document(f"room pump {n}") for n in range(600)]
    await KnowledgeStore(pool, provider).index_many([*alike, wanted])
    search = HybridSearch(pool, provider, empty)
    assert [hit.source_id for hit in (await search.search('"pump room"', viewers=[])).hits] == [wanted.source_id]


async def test_a_text_of_one_word_is_found_by_that_word_alone(pool: Pool, empty: KnowledgeSettings) -> None:
    provider, pump, taco = Flat(MODEL), document("the pump room"), document("🌮")
    await KnowledgeStore(pool, provider).index_many([pump, taco])
    search = HybridSearch(pool, provider, empty)
    assert [hit.source_id for hit in (await search.search("pump", viewers=[])).hits] == [pump.source_id]
    assert taco.source_id in {hit.source_id for hit in (await search.search("🌮", viewers=[])).hits}


async def test_how_rare_a_word_is_tells_nothing_of_what_others_may_see(pool: Pool, empty: KnowledgeSettings) -> None:
    provider, seer = Flat(MODEL), uuid4()
    shown = document("the harassment policy was read aloud")
    secret = document("harassment by the shift lead", visibility="parties", person_ids=[seer])
    store, search = KnowledgeStore(pool, provider), HybridSearch(pool, provider, empty)
    await store.index(shown)
    before = await search.explain("harassment", shown.source_id, viewers=[])
    await store.index(secret)
    for viewers, documents in (([], 1), ([seer], 2)):
        seen = await search.explain("harassment", shown.source_id, viewers=viewers)
        assert [one.documents for one in seen.matched] == [documents]
    assert [one.documents for one in before.matched] == [1]


class Broken(Flat):
    """Fails as no provider should."""

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """Raises what nobody foresaw."""
        raise KeyError(purpose)


async def test_words_find_what_they_find_whatever_the_provider_does(
    pool: Pool, empty: KnowledgeSettings, stored: tuple[HybridSearch, dict[str, UUID]]
) -> None:
    found = await HybridSearch(pool, Broken(MODEL), empty).search("valve", viewers=[])
    assert ([hit.source_id for hit in found.hits], found.by_meaning) == ([stored[1]["An"]], False)


_WORDS = """
SELECT (SELECT array_agg(p::text ORDER BY term, source_id) FROM search_postings p),
  (SELECT array_agg((source_id, revision, length, form)::text ORDER BY source_id) FROM search_documents),
  (SELECT array_agg(s::text ORDER BY shard) FROM search_statistics s)
"""
_SPOIL = """
UPDATE search_postings SET term = 'old' || term;
UPDATE search_postings SET frequency = 1, length = 3;
UPDATE search_documents SET length = 3 WHERE source_id IN (SELECT source_id FROM search_postings);
UPDATE search_statistics AS s SET words = (
  SELECT coalesce(sum(length), 0) FROM search_documents WHERE abs(hashtext(source_id::text) % 16) = s.shard
);
"""


async def test_words_of_another_form_are_indexed_anew_and_vectors_stay(
    pool: Pool, empty: KnowledgeSettings, stored: tuple[HybridSearch, dict[str, UUID]]
) -> None:
    before = await row_of(pool, _WORDS)
    vectors = await pool.fetchval("SELECT array_agg(e::text ORDER BY source_id) FROM knowledge_snippet_embeddings e")
    older: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(**connection_arguments(empty))
    await older.execute(_SPOIL)  # by somebody who names no form, as an earlier version does
    assert await older.fetchval("SELECT array_agg(DISTINCT form) FROM search_documents") == [1]
    await migrate(empty, MIGRATIONS, MODEL)
    assert await row_of(pool, _WORDS) == before
    assert vectors == await pool.fetchval(
        "SELECT array_agg(e::text ORDER BY source_id) FROM knowledge_snippet_embeddings e"
    )
    assert await reindex(older) == 0
    await older.close()


async def test_words_are_indexed_anew_beside_writers_and_withdrawals(
    pool: Pool, empty: KnowledgeSettings, stored: tuple[HybridSearch, dict[str, UUID]]
) -> None:
    store = KnowledgeStore(pool, Flat(MODEL))
    some = [document(f"text {n} with words") for n in range(60)]
    await store.index_many(some)
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(**connection_arguments(empty))
    await connection.execute("UPDATE search_documents SET revision = revision")
    later = [one.model_copy(update={"revision": 2, "text": f"{one.text} again"}) for one in some[:30]]
    await asyncio.gather(
        reindex(connection, batch=7),
        *(store.withdraw(one.source_id) for one in some[20:40]),
        *(store.index(one) for one in later[:10]),
        store.index_many(later),
        store.index_many([document(f"new {n}", source_id=uuid4()) for n in range(20)]),
    )
    await reindex(connection)
    await connection.close()
    assert await pool.fetchval("SELECT array_agg(DISTINCT form) FROM search_documents") == [FORM]
    counts = "SELECT sum(documents), sum(words) FROM search_statistics"
    stands = "SELECT count(*), sum(length) FROM search_documents"
    assert await row_of(pool, counts) == await row_of(pool, stands)
    assert await pool.fetchval(stands.replace("count(*), ", "")) == await pool.fetchval(
        "SELECT sum(frequency) FROM search_postings"
    )
