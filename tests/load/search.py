"""How well and how fast search finds: sixty questions, duplicates of real issue reports, a hundred thousand texts.

Run by ``make bench-search``: ``python -m tests.load.search`` asks the questions of ``questions.yaml`` and measures the
speed. With ``--data FOLDER`` it also looks for duplicates; the folder holds ``hadoop_issues.csv.gz`` (id, title,
description) and ``hadoop_duplicates.csv`` (id, duplicate_of) of the public GitBugs set (arXiv:2504.09651, CC BY 4.0),
which is not part of the product. It starts a PostgreSQL of its own each time.
"""

import argparse
import asyncio
import csv
import gzip
import math
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import yaml
from pgvector import HalfVector
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cli.seed.sample import recognitions, sample, tensions
from knowledge.e5_file import MODEL
from knowledge.migrate import migrate
from knowledge.pool import Pool, open_pool
from knowledge.providers import make_provider
from knowledge.search import HybridSearch, SearchHit
from knowledge.store import KnowledgeStore
from knowledge.text import frequencies
from knowledge.vectors import DIMENSIONS, EmbeddingProvider, Purpose, Vector
from ontology.documents import SnippetDocument
from ontology.kinds.tension import WORDS
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import settings_of
from tests.load.recognitions import quantile

console = Console()
_MIGRATIONS = Path(__file__).parents[2] / "migrations"
_SPACE = UUID("7b0b43ad-7b1e-4c52-8a1f-4e4e1c1d9c01")
_DEEP, _TOP, _AT_ONCE = 100, 10, 32
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = 6_000  # of the made vocabulary, drawn by Zipf's law
_CENTRES = 500
_QUESTIONS = Path(__file__).with_name("questions.yaml")
_ARMS = ("meaning", "words", "both")


@asynccontextmanager
async def database() -> AsyncIterator[tuple[Settings, Pool]]:
    """An empty, migrated PostgreSQL."""
    with (
        tempfile.TemporaryDirectory(prefix="trm-search-") as folder,
        StackSession(Path(folder), only="postgres") as stack,
    ):
        tree = settings_of(stack)
        await migrate(tree.knowledge, _MIGRATIONS, MODEL)
        async with open_pool(tree.knowledge) as pool:
            yield tree, pool


def ndcg(found: Sequence[UUID], relevant: set[UUID]) -> float:
    """Normalised discounted cumulative gain at 10, binary relevance; Järvelin and Kekäläinen 2002."""
    gain = sum(1 / math.log2(rank + 1) for rank, one in enumerate(found[:_TOP], 1) if one in relevant)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), _TOP) + 1))


def graded(found: Sequence[UUID], grades: Mapping[UUID, int]) -> float:
    """Normalised discounted cumulative gain at 10 of graded relevance, gain 2^grade - 1; Burges et al. 2005."""

    def worth(row: Sequence[int]) -> float:
        return sum((int(2**grade) - 1) / math.log2(rank + 1) for rank, grade in enumerate(row[:_TOP], 1))

    return worth([grades.get(one, 0) for one in found]) / worth(sorted(grades.values(), reverse=True))


def by(rank: Callable[[SearchHit], int | None], hits: Sequence[SearchHit]) -> list[UUID]:
    """Sources in the order of one arm."""
    ranked = [(place, hit.source_id) for hit in hits if (place := rank(hit)) is not None]
    return [source for _, source in sorted(ranked)]


def arms_of(hits: Sequence[SearchHit]) -> dict[str, list[UUID]]:
    """What each arm found, and both together, best first."""
    return {
        "meaning": by(lambda hit: hit.meaning.rank if hit.meaning else None, hits),
        "words": by(lambda hit: hit.words.rank if hit.words else None, hits),
        "both": [hit.source_id for hit in hits],
    }


async def questions() -> None:
    """nDCG@10 of the questions to the sample organisation, by their sort."""
    organisation = sample()
    texts = {f"r{n}": wanted.body["content"] for n, wanted in enumerate(recognitions(organisation))}
    for number, wanted in enumerate(tensions(organisation)):
        texts[f"t{number}"] = "\n".join(wanted.body[name] for name in WORDS if wanted.body.get(name))
    asked: dict[str, list[Any]] = yaml.safe_load(_QUESTIONS.read_text(encoding="utf-8"))
    table = Table("questions", "meaning", "words", "both", "found nothing", title="nDCG@10", box=None)
    overall: dict[str, list[float]] = defaultdict(list)
    async with database() as (tree, pool):
        provider = make_provider(tree.embedding)
        search = HybridSearch(pool, provider, tree.knowledge)
        documents = [_document({"id": name, "title": text, "description": ""}) for name, text in texts.items()]
        await KnowledgeStore(pool, provider).index_many(documents)
        for sort, some in asked.items():
            scores: dict[str, list[float]] = defaultdict(list)
            nothing = 0
            for question, *judged in some:
                hits = (await search.search(question, viewers=[], limit=_DEEP)).hits
                nothing += not hits
                for name, found in arms_of(hits).items():
                    scores[name] += [
                        graded(found, {uuid5(_SPACE, one): grade for one, grade in grades.items()}) for grades in judged
                    ]
            for name, values in scores.items():
                overall[name] += values
            table.add_row(sort, *(f"{statistics.mean(scores[name]):.3f}" for name in _ARMS), str(nothing))
    table.add_row("all", *(f"{statistics.mean(overall[name]):.3f}" for name in _ARMS))
    console.print(table)


async def quality(data: Path) -> None:
    """nDCG@10 of both arms and of their fusion: a report's title must find the reports it duplicates."""
    with gzip.open(data / "hadoop_issues.csv.gz", "rt", encoding="utf-8", newline="") as file:
        issues = list(csv.DictReader(file))
    with (data / "hadoop_duplicates.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["id"], row["duplicate_of"]) for row in csv.DictReader(file)]
    relevant: dict[str, set[UUID]] = defaultdict(set)
    for one, other in pairs:
        relevant[one].add(uuid5(_SPACE, other))
        relevant[other].add(uuid5(_SPACE, one))
    async with database() as (tree, pool):
        provider = make_provider(tree.embedding)
        store, search = KnowledgeStore(pool, provider), HybridSearch(pool, provider, tree.knowledge)
        with Progress(console=console) as bars:
            bar = bars.add_task("index", total=len(issues))
            for first in range(0, len(issues), _AT_ONCE):
                some = issues[first : first + _AT_ONCE]
                await asyncio.gather(*(store.index(_document(issue)) for issue in some))
                bars.advance(bar, len(some))
        scores: dict[str, list[float]] = defaultdict(list)
        for issue in issues:
            if not relevant[issue["id"]]:
                continue
            own = uuid5(_SPACE, issue["id"])
            found = (await search.search(issue["title"], viewers=[], limit=2 * _DEEP)).hits
            hits = [hit for hit in found if hit.source_id != own]
            for name, sources in arms_of(hits).items():
                scores[name].append(ndcg(sources, relevant[issue["id"]]))
    for name, values in scores.items():
        console.print(f"{name:8} nDCG@10 {statistics.mean(values):.3f} over {len(values)} queries")


def _document(issue: dict[str, str]) -> SnippetDocument:
    return SnippetDocument(
        source_id=uuid5(_SPACE, issue["id"]),
        kind="tension",
        text=f"{issue['title']}\n{issue['description']}",
        revision=1,
        visibility="everyone",
        occurred_at=_MOMENT,
    )


class Corpus:
    """Made texts: words by Zipf's law, vectors in clusters as real ones are."""

    def __init__(self, seed: int = 1) -> None:
        self._chooser = random.Random(seed)
        self._numbers = np.random.default_rng(seed)
        self._words = [f"w{n}" for n in range(_WORDS)]
        self._weights = np.cumsum([1 / (n + 1) for n in range(_WORDS)]).tolist()
        self._centres = self._numbers.normal(size=(_CENTRES, 384)).astype(np.float32)

    def text(self, words: int = 40) -> str:
        """A text."""
        return " ".join(self._chooser.choices(self._words, cum_weights=self._weights, k=words))

    def vector(self) -> Vector:
        """A vector near one of the centres."""
        narrow = self._centres[self._chooser.randrange(_CENTRES)] + 0.7 * self._numbers.normal(size=384)
        wide = np.zeros(DIMENSIONS, np.float32)
        wide[:384] = narrow / np.linalg.norm(narrow)
        return wide


class Standing:
    """A provider that takes as long as the one that is set, and gives vectors of the corpus."""

    model = MODEL

    def __init__(self, corpus: Corpus, provider: EmbeddingProvider) -> None:
        self._corpus = corpus
        self._provider = provider

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """A vector per text."""
        await self._provider.embed(texts, purpose)
        return [self._corpus.vector() for _ in texts]


async def fill(pool: Pool, corpus: Corpus, count: int) -> None:
    """Put texts, words and vectors in place with COPY, then build the index, as a restore would."""
    index = "embeddings_multilingual_e5_small_en_vi"
    definition = await pool.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = $1", index)
    await pool.execute(f"DROP INDEX {index}")
    snippets, postings = [], []
    with Progress(console=console) as bars:
        bar = bars.add_task("make texts", total=count)
        for number in range(count):
            source, text = uuid5(_SPACE, str(number)), corpus.text()
            counted = frequencies(text)
            length = counted.total()
            vector = HalfVector(corpus.vector())
            snippets.append((source, "note", text, "und", MODEL, str(number), 1, "everyone", vector, _MOMENT))
            postings += [(term, source, often, length) for term, often in counted.items()]
            bars.advance(bar)
    columns = "source_id kind content language model content_hash revision visibility embedding occurred_at"
    async with pool.acquire() as connection:
        for name, records, named in (
            ("knowledge_snippet_embeddings", snippets, columns.split()),
            ("search_postings", postings, ["term", "source_id", "frequency", "length"]),
        ):
            console.print(f"copy {len(records)} rows to {name}")
            await connection.copy_records_to_table(name, records=records, columns=named, timeout=3600)
        words = sum(row[2] for row in postings)
        await connection.execute(
            "UPDATE search_statistics SET documents = $1, words = $2 WHERE shard = 0", count, words
        )
        console.print("build the index")
        await connection.execute("SET maintenance_work_mem = '1GB'")
        await connection.execute(definition, timeout=3600)
        await connection.execute("VACUUM (ANALYZE)", timeout=600)  # as autovacuum does in the course of a day


async def speed(count: int, queries: int) -> None:
    """Milliseconds of a search among ``count`` texts, embedding included: queries of three words, one after another."""
    corpus = Corpus()
    async with database() as (tree, pool):
        await fill(pool, corpus, count)
        patient = tree.knowledge.model_copy(update={"search_timeout": 60.0})  # the first ones find everything cold
        search = HybridSearch(pool, Standing(corpus, make_provider(tree.embedding)), patient)
        seconds = []
        for number in range(queries + 20):
            words = corpus.text(3)
            began = time.perf_counter()
            await search.search(words, viewers=[])
            if number >= 20:
                seconds.append(time.perf_counter() - began)
    table = Table("texts", "queries", "p50 ms", "p95 ms", "p99 ms", box=None)
    shown = [f"{quantile(seconds, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99)]
    table.add_row(str(count), str(queries), *shown)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("questions", "quality", "speed"), help="leave the others out")
    parser.add_argument("--data", type=Path, help="folder of the issue reports")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    chosen = parser.parse_args()
    if chosen.only in (None, "questions"):
        asyncio.run(questions())
    if chosen.data and chosen.only in (None, "quality"):
        asyncio.run(quality(chosen.data))
    if chosen.only in (None, "speed"):
        asyncio.run(speed(chosen.count, chosen.queries))


if __name__ == "__main__":
    main()
