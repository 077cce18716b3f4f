"""The whole gateway in this process: real application and tokens; runs, graph and search say what they are told."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from api.app import create_app
from api.live.hub import LiveHub
from api.live.tickets import Tickets
from api.services import Services
from graph import chain, fence, former_names, people_reads, recognitions, runs, snippets, things
from graph.errors import GraphUnavailableError
from knowledge.search import SearchHit, SearchResult
from ontology import ids
from ontology.commands import Command
from ontology.kinds import kind_recorded_by
from ontology.kinds.agents import run_id_of
from runtime.errors import RefusedError
from runtime.run_views import RunDetail, RunFilters, RunPage
from runtime.runs import Accepted, RunRefusedError, Started
from runtime.settings import Settings
from tests.issuer import Issuer
from tests.unit.api.files import FakeFiles

MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
EVERYTHING = "rw_recognition rw_recognition_onbehalf rw_person rw_knowledge"


def event(**more: Any) -> dict[str, Any]:
    """An event's properties as the graph has them."""
    said = {"id": str(uuid4()), "type": "RECOGNITION_CREATED", "source": "urn:test", "workflowId": "w", "runId": "r"}
    return {**said, "occurredAt": MOMENT, "recordedAt": MOMENT, **more}


class FakeGraph:
    """Holds rows by id; what the conditions of the queries mean is tried on a real server."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.recognitions: dict[str, dict[str, Any]] = {}
        self.snippets: dict[str, dict[str, Any]] = {}
        self.behind: str | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.failing: Exception | None = None
        self.anchors: dict[str, list[dict[str, Any]]] = {}
        self.written: set[str] = set()
        self.standing: dict[UUID | None, bool] = {}
        self.labels: dict[UUID, str] = {}

    async def read(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        self.asked.append((query, parameters))
        if self.failing:
            raise self.failing
        said = self._answers().get(query)
        if said is None and query.startswith((recognitions._ALL, recognitions._OF)):  # a page holds what was asked for
            said = lambda parameters: list(self.recognitions.values())[: parameters["limit"]]  # noqa: E731
        return said(parameters) if said else []

    async def write(self, _work: Any) -> Any:
        """Nothing is written in these worlds."""
        raise GraphUnavailableError("away")

    def _answers(self) -> dict[str, Callable[[dict[str, Any]], list[dict[str, Any]]]]:
        def one(rows: dict[str, dict[str, Any]]) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
            return lambda parameters: [rows[parameters["id"]]] if parameters["id"] in rows else []

        def page(rows: dict[str, dict[str, Any]]) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
            return lambda parameters: list(rows.values())[: parameters["limit"]]

        return {
            people_reads._GET: one(self.people),
            people_reads._PAGE: page(self.people),
            people_reads._BEHIND_SET: lambda _: [{"id": self.behind, "merged": [], "projects": []}],
            people_reads._FIND: lambda said: [{"id": said["id"] or self.behind}] if said["id"] or self.behind else [],
            recognitions._GET: one(self.recognitions),
            former_names._FORMERLY: lambda _: [{"merged": [], "had": [], "held": []}],
            former_names._PART: lambda _: [{"ids": []}],
            snippets._GET: one(self.snippets),
            chain._ANCHOR: lambda said: self.anchors.get(said["id"], []),
            runs._WRITTEN: lambda said: [{"id": "e"}] if said["workflowId"] in self.written else [],
            runs._STANDING: lambda _: [{"id": str(one), "seen": seen} for one, seen in self.standing.items()],
            things._LABELS: lambda _: [{"id": str(one), "label": label} for one, label in self.labels.items()],
            fence._STATE: lambda _: [{"epoch": 1, "open": True}],
        }

    def add_recognition(self, **more: Any) -> str:
        made = str(uuid4())
        said = {"id": made, "rev": 1, "content": "Thank you", "visibility": "everyone", "status": "Granted"}
        self.recognitions[made] = {
            "recognition": {**said, "occurredAt": MOMENT, "createdAt": MOMENT, **more},
            "giver": {"id": str(uuid4()), "fullName": "Alice"},
            "receivers": [{"id": str(uuid4()), "fullName": "new.one"}],
            "projects": [{"id": str(uuid4()), "name": "Calm releases"}],
            "tasks": [],
            "tensions": [],
            "events": [event()],
        }
        return made

    def add_person(self, **more: Any) -> str:
        made = str(uuid4())
        said = {"id": made, "rev": 1, "fullName": "Bob", "role": "Member", "provisional": False, "createdAt": MOMENT}
        self.people[made] = {"person": {**said, **more}, "events": [event(type="PERSON_RECORDED")]}
        return made

    def add_snippet(self, **more: Any) -> str:
        made = str(uuid4())
        said = {"id": made, "rev": 1, "content": "How to", "kind": "note", "revision": 1, "tags": []}
        self.snippets[made] = {
            "snippet": {**said, "occurredAt": MOMENT, "createdAt": MOMENT, **more},
            "authors": [{"id": str(uuid4()), "fullName": "Bob"}],
            "cited": [],
            "events": [event(type="KNOWLEDGE_SNIPPET_UPSERTED")],
        }
        return made


class FakeRuns:
    """Runs that are accepted and carried out only as far as they are told to be."""

    def __init__(self) -> None:
        self.runs: dict[str, Accepted] = {}
        self.commands: list[Command] = []
        self.failing: Exception | None = None
        self.refusing: RunRefusedError | None = None
        self.written = False
        self.details: dict[str, RunDetail] = {}
        self.asked_page: tuple[RunFilters, bytes, int] | None = None
        self.following = b""
        self.orders: list[tuple[str, str]] = []
        self.refusing_orders: RefusedError | None = None
        self._hashes: dict[str, str] = {}

    async def start(self, command: Command) -> Started:
        self._fail()
        run_id = run_id_of(command)
        if run_id in self.runs:
            same = self._hashes[run_id] == command.origin.request_hash
            return Started("running" if same else "conflict", run_id, self.runs[run_id].run_id)
        self.commands.append(command)
        self._hashes[run_id] = command.origin.request_hash
        caller = command.origin.caller
        identity = ids.identity(caller.issuer, caller.subject) if caller else None
        kind = kind_recorded_by(command)
        private = kind.private(kind.said_by(command)) if kind else False
        self.runs[run_id] = Accepted(run_id, str(uuid4()), MOMENT, identity, private, running=True, failed=False)
        return Started("started", run_id, self.runs[run_id].run_id)

    async def started_before(self, command: Command) -> Started | None:
        run_id = run_id_of(command)
        same = self._hashes.get(run_id) == command.origin.request_hash
        return Started("running", run_id, self.runs[run_id].run_id) if same else None

    async def look_up(self, workflow_id: str) -> Accepted | None:
        self._fail()
        return self.runs.get(workflow_id)

    async def ended(self, _started: Started, *, timeout: float) -> bool:
        if self.refusing:
            raise self.refusing
        return self.written

    async def decide(self, asked: Command, answer: Command, *, timeout: float) -> None:
        """No decision waits in these worlds."""
        raise AssertionError(f"{answer.id} answers nothing")

    async def wake(self, command: Command) -> str:
        self._fail()
        self.commands.append(command)
        return run_id_of(command)

    async def accepted_writes(self, entity_id: UUID) -> list[Accepted]:
        return [run for run_id, run in self.runs.items() if f"/{entity_id}" in run_id]

    async def page(self, filters: RunFilters, *, place: bytes, limit: int) -> RunPage:
        self._fail()
        self.asked_page = (filters, place, limit)
        return RunPage(tuple(detail.run for detail in self.details.values())[:limit], self.following)

    async def detail(self, workflow_id: str, run_id: str | None) -> RunDetail | None:
        self._fail()
        detail = self.details.get(workflow_id)
        return detail if detail and run_id in {None, detail.run.run_id} else None

    async def retry(self, workflow_id: str, by: UUID, key: str) -> bool:
        return self._ordered("retry", workflow_id)

    async def cancel(self, workflow_id: str, reason: str) -> bool:
        return self._ordered(f"cancel, {reason.split(': ', 1)[1]}", workflow_id)

    def _ordered(self, order: str, workflow_id: str) -> bool:
        self._fail()
        if self.refusing_orders:
            raise self.refusing_orders
        self.orders.append((order, workflow_id))
        return workflow_id in self.details

    async def serving(self) -> bool:
        return self.failing is None

    def _fail(self) -> None:
        if self.failing:
            raise self.failing


class FakeSearch:
    """Finds one text."""

    model = "fake"

    async def search(self, query: str, **_: Any) -> SearchResult:
        return SearchResult([SearchHit(UUID(int=1), "note", query, "en", MOMENT, 0.5, None, None)])

    async def searched_model(self) -> str:
        return self.model

    async def get(self, _source: UUID) -> list[Any]:
        return []


class World:
    """A gateway and the worlds it reaches."""

    def __init__(self, issuer: Issuer, **api: Any) -> None:
        self.issuer = issuer
        self.graph = FakeGraph()
        self.runs = FakeRuns()
        self.files = FakeFiles()
        tree = Settings(_env_file=None)
        self.settings = tree.model_copy(
            update={
                "api": tree.api.model_copy(update={"wait_limit": 0.2, **api}),
                "identity": issuer.settings(),
            }
        )
        search: Any = FakeSearch()
        graph: Any = self.graph
        pool: Any = None
        self.services = Services(
            self.settings,
            self.runs,
            graph,
            search,
            search,
            issuer.verifier(),
            LiveHub(self.settings, graph),
            Tickets(pool, self.settings.live.ticket_age),
            self.files,
            asyncio.Semaphore(1),
        )
        self.app = create_app(self.settings, self.services)

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """A client with a token that may do everything, or the one given; an empty one is none."""
        chosen = self.issuer.token(scope=EVERYTHING) if token is None else token
        headers = {"Authorization": f"Bearer {chosen}"} if chosen else {}
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://gateway.test", headers=headers)

    def identity(self, subject: str = "u") -> UUID:
        return ids.identity(self.issuer.url, subject)


async def post(client: httpx.AsyncClient, path: str, body: Any, **headers: str) -> httpx.Response:
    """A write with a key of its own."""
    return await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4()), **headers})
