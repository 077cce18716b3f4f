"""Tensions over HTTP as their people handle them: reported, changed, moved along."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from events.publisher import EventPublisher
from graph.database import GraphDatabase, Transaction
from graph.ledger import Ledger, Run
from ontology.changes import ChangeRecord
from ontology.commands import Origin
from ontology.enums import WinStatus
from ontology.nodes import Win
from runtime.clock import now
from runtime.settings import Settings
from tests.clients import until
from tests.people import sent


async def report(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    """Report a tension, and wait until the machine has said what it thinks; gives the answer with the written one."""
    body = {"title": f"The pump is loud {uuid4().hex[:8]}", **said}
    made = await client.post("/v1/tensions", json=body, headers=sent())
    assert made.status_code == 201, made.text

    async def judged() -> bool:
        return "severityJudgement" in (await client.get(made.headers["Location"])).json()

    await until(judged)
    return made


async def support(client: httpx.AsyncClient, made: httpx.Response) -> httpx.Response:
    """Say that one feels it too."""
    return await client.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent())


async def patch(client: httpx.AsyncClient, made: httpx.Response, **body: Any) -> httpx.Response:
    """Change what an answer made, whatever its revision."""
    return await client.patch(made.headers["Location"], json=body, headers=sent(**{"If-Match": "*"}))


async def move(
    client: httpx.AsyncClient, made: httpx.Response, to: str, reason: str | None = "because"
) -> httpx.Response:
    """Move what an answer made to another state."""
    where, body = f"{made.headers['Location']}/transitions", {"to": to, **({"reason": reason} if reason else {})}
    return await client.post(where, json=body, headers=sent(**{"If-Match": "*"}))


async def resolving(tree: Settings, tension: UUID, project: UUID, status: WinStatus) -> None:
    """A project that resolves a tension, with a WIN."""

    async def work(transaction: Transaction) -> list[ChangeRecord]:
        moment = now()
        origin = Origin(
            event_id=uuid4(),
            event_type="WIN_PUBLISHED",
            source="urn:test",
            occurred_at=moment,
            sent_at=moment,
            request_hash="0" * 64,
        )
        ledger = Ledger(transaction, origin, Run("test", "test"))
        [node] = await ledger.load("Project", [project])
        parts = dict.fromkeys(("score", "score_low", "score_high", "wisdom", "intelligence", "networking"), 50.0)
        win = Win(
            id=uuid4(),
            rev=1,
            created_at=moment,
            updated_at=moment,
            rubric_version="1",
            inputs_hash="0" * 64,
            inputs="[]",
            evidence="{}",
            evaluated_at=moment,
            status=status,
            **parts,
        )
        ledger.create(win)
        if not node.held("RESOLVES"):
            ledger.relate(node, "RESOLVES", "Tension", tension)
        for old in node.held("RESULTS_IN"):
            ledger.end(node, old)
        ledger.relate(node, "RESULTS_IN", "WIN", win.id)
        return await ledger.write()

    async with GraphDatabase(tree.graph) as graph, EventPublisher(tree.events) as publisher:
        await publisher.publish(records=await graph.write(work), events=[])
