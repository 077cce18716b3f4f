"""The main job: the sample goes in through REST, and every number shown is read back from the stores."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx
from rich.console import Console

from auditing.equality import Equality, compare
from cli.following import Follower
from cli.identity import machine_token
from cli.seed.command import seed_with_progress
from cli.seed.posting import Seeded
from cli.seed.sample import sample
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology.enums import WinStatus
from ontology.kinds.recognition import RECOGNITION
from ontology.kinds.tension import TENSION
from runtime.clock import now
from runtime.errors import TrmError
from runtime.settings import Settings

QUERIES = (
    "who kept customers' personal data safe?",
    "máy bơm và nông dân vùng lũ",
    "quiet releases without night work",
    "ordering stock before the port strike",  # which is told in Vietnamese
)

_SETTLE_LIMIT = 120.0
_LOOK_EVERY = 0.5

Phase = Callable[[str], contextlib.AbstractContextManager[None]]


class MainJobError(TrmError):
    """The job could not be done; the message says where it stopped."""

    code = "jobStopped"


@dataclass(frozen=True)
class Hit:
    """A search hit as it is shown."""

    content: str
    kind: str
    score: float
    meaning_rank: int | None
    words_rank: int | None


@dataclass(frozen=True)
class Search:
    """A query and its hits."""

    query: str
    hits: list[Hit]


@dataclass(frozen=True)
class JobReport:
    """What happened, read back from the stores."""

    counts: dict[str, dict[str, int]]
    followed: list[dict[str, str]]
    searches: list[Search]
    worth: dict[str, Any] = field(default_factory=dict)
    """A published WIN as the gateway tells it, and under ``chain`` where it stands; empty where none is."""
    unexpected: list[str] = field(default_factory=list)

    @property
    def as_expected(self) -> bool:
        """Every number is what it should be."""
        return not self.unexpected

    def as_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {**asdict(self), "asExpected": self.as_expected}


async def do_main_job(tree: Settings, console: Console, phase: Phase) -> JobReport:
    """Post the sample, wait until every store has it, and read everything back.

    Raises
    ------
    MainJobError
        Not everything arrived in time.
    """
    began = now()
    with phase("seed"):
        seeded = await seed_with_progress(tree, console)
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        with phase("settle"), console.status("waiting until every store has it"):
            equality = await _settled(tree, graph, store, seeded)
        with phase("read"):
            async with await _client(tree) as web:
                follower = Follower(tree, store, web, began)
                followed = [
                    await follower.follow(RECOGNITION, seeded.recognitions[0]),
                    await follower.follow(TENSION, seeded.tensions[0]),
                ]
                searches = await _search(web)
                worth = await _worth(web)
    return JobReport(
        counts={
            "graph": equality.nodes,
            "events": {tree.events.changes_topic: equality.records, **equality.events},
            "vectors": equality.vectors,
        },
        followed=[one.shown for one in followed],
        searches=searches,
        worth=worth,
        unexpected=[*_unexpected(equality, seeded, searches), *(said for one in followed for said in one.problems)],
    )


async def _settled(tree: Settings, graph: GraphDatabase, store: KnowledgeStore, seeded: Seeded) -> Equality:
    """The stores' state once it is equal; the last one when time is up."""
    deadline = time.monotonic() + _SETTLE_LIMIT
    accepted = {*seeded.people, *seeded.recognitions, *seeded.tensions, *seeded.work, *filter(None, seeded.projects)}
    while True:
        equality = await compare(tree, graph, store, accepted)
        if equality.holds or time.monotonic() > deadline:
            return equality
        await asyncio.sleep(_LOOK_EVERY)


async def _worth(web: httpx.AsyncClient) -> dict[str, Any]:
    """The best of what was published, each point with its evidence, and the chain in which it stands."""
    page = (await web.get("/v1/wins", params={"status": WinStatus.PUBLISHED, "limit": 100})).raise_for_status().json()
    if not page["items"]:
        return {}
    win = max(page["items"], key=lambda one: float(one["score"]))
    chain = (await web.get(f"/v1/chain/{win['id']}")).raise_for_status().json()
    return {**win, "chain": chain["stations"]}


async def _search(web: httpx.AsyncClient) -> list[Search]:
    found = []
    for query in QUERIES:
        answer = await web.get("/v1/search", params={"q": query, "limit": 3})
        hits = [_hit(hit) for hit in answer.raise_for_status().json()["hits"]]
        found.append(Search(query, hits))
    return found


def _hit(hit: dict[str, Any]) -> Hit:
    ranks = [(hit.get(arm) or {}).get("rank") for arm in ("meaning", "words")]
    return Hit(hit["content"], hit["kind"], hit["score"], *ranks)


def _unexpected(equality: Equality, seeded: Seeded, searches: list[Search]) -> list[str]:
    organisation = sample()
    problems = [f"{difference.what}: {len(difference.ids)}" for difference in equality.differences]
    problems += [f"rule broken: {violation.rule}" for violation in equality.broken]
    for what, ids, wanted in (
        ("people", seeded.people, organisation["people"]),
        ("recognitions", seeded.recognitions, organisation["recognitions"]),
        ("tensions", seeded.tensions, organisation["tensions"]),
    ):
        if len(set(ids)) != len(wanted):
            problems.append(f"{len(set(ids))} {what} accepted, {len(wanted)} sent")
    if equality.nodes.get("Project", 0) < len(organisation["projects"]):
        problems.append(
            f"{equality.nodes.get('Project', 0)} projects, at least {len(organisation['projects'])} expected"
        )
    problems += [f"no hit for “{search.query}”" for search in searches if not search.hits]
    return problems


async def _client(tree: Settings) -> httpx.AsyncClient:
    token = await asyncio.to_thread(machine_token, tree)
    return httpx.AsyncClient(base_url=tree.api.public_url, headers={"Authorization": f"Bearer {token}"}, timeout=30.0)
