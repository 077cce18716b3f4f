"""The main job: the sample goes in through REST, and every number shown is read back from the stores."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from cli.equality import Equality, compare
from cli.identity import machine_token
from cli.seed.command import seed_with_progress
from cli.seed.posting import Seeded
from cli.seed.sample import sample
from cli.traces import watch_trace
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime.clock import now
from runtime.errors import TrmError
from runtime.settings import Settings

QUERIES = (
    "who kept customers' personal data safe?",
    "máy bơm và nông dân vùng lũ",
    "quiet releases without night work",
)

_SETTLE_LIMIT = 120.0
_LOOK_EVERY = 0.5
_TRACE_LIMIT = 20.0

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
    followed: dict[str, str]
    searches: list[Search]
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
            followed, trace = await _follow(tree, store, seeded.recognitions[0], began)
            searches = await _search(tree)
    return JobReport(
        counts={
            "graph": equality.nodes,
            "events": {tree.events.changes_topic: equality.records, **equality.events},
            "vectors": equality.vectors,
        },
        followed=followed,
        searches=searches,
        unexpected=[*_unexpected(equality, seeded, searches), *trace],
    )


async def _settled(tree: Settings, graph: GraphDatabase, store: KnowledgeStore, seeded: Seeded) -> Equality:
    """The stores' state once it is equal; the last one when time is up."""
    deadline = time.monotonic() + _SETTLE_LIMIT
    accepted = {*seeded.people, *seeded.recognitions}
    while True:
        equality = await compare(tree, graph, store, accepted)
        if equality.holds or time.monotonic() > deadline:
            return equality
        await asyncio.sleep(_LOOK_EVERY)


async def _follow(
    tree: Settings, store: KnowledgeStore, recognition: str, began: datetime
) -> tuple[dict[str, str], list[str]]:
    """One recognition in every store, and what of its trace is not as it should be."""
    async with await _client(tree) as web:
        answer = (await web.get(f"/v1/recognitions/{recognition}")).raise_for_status().json()
        why = (await web.get(f"/v1/why/{recognition}")).raise_for_status().json()
    event = why["recordedBy"][0]
    [snippet] = await store.get(UUID(recognition))
    fresh = datetime.fromisoformat(event["recordedAt"]) >= began
    trace, whole = await _trace(tree, event, fresh=fresh)
    followed = {
        "recognition": recognition,
        "content": answer["content"],
        "giver": answer["giver"]["fullName"],
        "receivers": ", ".join(person["fullName"] for person in answer["receivers"]),
        "status": answer["status"],
        "event": event["eventId"],
        "recorded": event["recordedAt"],
        "workflow": event["workflowId"],
        "run": f"{event['runId']}, attempt {event.get('attempt', 'unknown')}",
        "vector": f"{snippet.model}, revision {snippet.revision}, text {snippet.content_hash[:12]}…",
        "in Temporal": event["links"]["run"],
        "trace": trace,
        "why": f"trm why {recognition}",
    }
    return followed, [] if whole or not fresh else ["the trace of the followed recognition is not whole"]


async def _trace(tree: Settings, event: dict[str, Any], *, fresh: bool) -> tuple[str, bool]:
    """What to say of a write's trace, and whether it is whole; one of an earlier start is looked for only once."""
    if "traceId" not in event:
        return "not traced", True
    try:
        seen = await watch_trace(tree.telemetry, event["traceId"], limit=_TRACE_LIMIT if fresh else 0.0)
    except httpx.TransportError:
        return "the trace viewer does not run", True
    if seen.spans == 0 and not fresh:
        return "not kept any more: the viewer holds traces in memory, and this one is of an earlier start", True
    return f"{event['links']['trace']} ({seen.spans} spans through {', '.join(seen.services)})", seen.whole


async def _search(tree: Settings) -> list[Search]:
    async with await _client(tree) as web:
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
