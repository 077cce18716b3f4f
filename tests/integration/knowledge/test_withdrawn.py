"""Withdrawn texts on a real PostgreSQL: out of search for good, whoever comes late or at the same moment."""

import asyncio
import random
from uuid import UUID, uuid4

import pytest

from knowledge.pool import Pool
from knowledge.store import KnowledgeStore
from tests.clients import until
from tests.integration.knowledge.texts import Flat, document

pytestmark = pytest.mark.servers


@pytest.fixture
def store(pool: Pool) -> KnowledgeStore:
    return KnowledgeStore(pool, Flat())


async def stored(pool: Pool) -> set[UUID]:
    """Sources that anything is left of; words and statistics must tell of the same."""
    of_table = [
        {row["source_id"] for row in await pool.fetch(f"SELECT DISTINCT source_id FROM {table}")}
        for table in ("knowledge_snippet_embeddings", "search_documents", "search_postings")
    ]
    counted = await pool.fetchval("SELECT sum(documents) FROM search_statistics")
    words = await pool.fetchval("SELECT sum(words) FROM search_statistics")
    assert of_table == [of_table[0]] * 3
    assert (counted, words) == (
        len(of_table[0]),
        await pool.fetchval("SELECT coalesce(sum(length), 0) FROM search_documents"),
    )
    return of_table[0]


async def waits(pool: Pool) -> bool:
    """Whether somebody waits for a lock of a withdrawal."""
    return bool(await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


async def test_a_withdrawn_text_is_gone_and_no_later_revision_brings_it_back(pool: Pool, store: KnowledgeStore) -> None:
    secret, other = document("the pump secret"), document("another pump")
    await store.index_many([secret, other])
    for _ in range(2):
        await store.withdraw(secret.source_id)
        assert await stored(pool) == {other.source_id}
    late = secret.model_copy(update={"revision": 9, "text": "the pump secret again"})
    assert (await store.index(secret)).outcome == "same"
    assert (await store.index(late)).outcome == "same"
    assert await stored(pool) == {other.source_id}


async def test_a_text_withdrawn_before_it_came_is_not_stored(pool: Pool, store: KnowledgeStore) -> None:
    late = document("the pump secret")
    await store.withdraw(late.source_id)
    assert (await store.index(late)).outcome == "same"
    assert await store.index_many([late]) == 0
    assert await stored(pool) == set()


async def test_one_withdrawn_among_many_is_left_out_alone(pool: Pool, store: KnowledgeStore) -> None:
    texts = [document(f"text {n}") for n in range(9)]
    await store.withdraw(texts[4].source_id)
    assert await store.index_many(texts) == 8
    assert await stored(pool) == {one.source_id for one in texts} - {texts[4].source_id}


async def test_another_model_cannot_store_a_withdrawn_text_either(pool: Pool, store: KnowledgeStore) -> None:
    secret = document("the pump secret")
    await store.index(secret)
    await store.withdraw(secret.source_id)
    other = Flat()
    other.model = "other"
    assert (await KnowledgeStore(pool, other).index(secret)).outcome == "same"
    assert await stored(pool) == set()


async def test_a_deleted_text_may_come_back(pool: Pool, store: KnowledgeStore) -> None:
    text = document("the pump room")
    await store.index(text)
    await store.delete(text.source_id)
    assert await stored(pool) == set()
    assert (await store.index(text)).outcome == "stored"
    assert await stored(pool) == {text.source_id}


async def test_a_withdrawal_waits_for_a_text_that_is_being_stored(pool: Pool, store: KnowledgeStore) -> None:
    text = document("the pump secret")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO knowledge_snippet_embeddings "
            "(source_id, kind, content, language, model, content_hash, revision, visibility, embedding, occurred_at) "
            "VALUES ($1, 'note', 'x', 'en', 'flat', 'h', 1, 'everyone', "
            "array_fill(0.1::float8, ARRAY[1536])::vector::halfvec, now())",
            text.source_id,
        )
        withdrawing = asyncio.create_task(store.withdraw(text.source_id))
        await until(lambda: waits(pool), every=0.01)
        await transaction.commit()
    await withdrawing
    assert await stored(pool) == set()


@pytest.mark.parametrize("many", [False, True])
async def test_a_text_waits_for_its_withdrawal_and_is_then_not_stored(
    many: bool, pool: Pool, store: KnowledgeStore
) -> None:
    text = document("the pump secret")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT withdraw_snippet($1)", text.source_id)
        storing = asyncio.create_task(store.index_many([text]) if many else store.index(text))
        await until(lambda: waits(pool), every=0.01)
        await transaction.commit()
    await storing
    assert await stored(pool) == set()


async def test_many_writers_and_withdrawals_at_once_end_without_a_deadlock(pool: Pool, store: KnowledgeStore) -> None:
    chooser = random.Random(7)
    texts = [document(f"text {n % 7}") for n in range(40)]
    withdrawn = texts[:20]
    batches = [chooser.sample(texts, 30) for _ in range(6)]
    work = [
        *(store.index_many(batch) for batch in batches),
        *(store.withdraw(one.source_id) for one in withdrawn),
        *(store.index(one) for one in texts),
        *(store.withdraw(one.source_id) for one in withdrawn[:5]),
    ]
    chooser.shuffle(work)
    await asyncio.gather(*work)
    assert await stored(pool) == {one.source_id for one in texts[20:]}


async def test_an_unknown_source_is_withdrawn_without_a_trace_in_the_statistics(
    pool: Pool, store: KnowledgeStore
) -> None:
    await store.withdraw(uuid4())
    assert await stored(pool) == set()
