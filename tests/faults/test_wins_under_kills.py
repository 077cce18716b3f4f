"""The whole loop while one server after another dies: each kind written once, each score in one order, published."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from graph.database import GraphDatabase
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import http_client, until
from tests.equality import settle
from tests.faults.storm import VICTIMS, Ledger, answered
from tests.faults.test_completion_under_kill import at_work

pytestmark = [pytest.mark.faults, pytest.mark.long]


KINDS = {"Person", "Project", "Tension", "Task", "Recognition", "Comment", "Decision", "WIN", "KnowledgeSnippet"}


async def read(web: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """Read as often as it takes until somebody answers."""
    return dict((await answered(web, "GET", path, {}, str(uuid4()), Ledger())).raise_for_status().json())


async def win_of(web: httpx.AsyncClient, project: str, status: str) -> dict[str, Any]:
    """What a project was worth, once that has a state, and somebody is asked where it waits for one."""
    path = f"/v1/wins?projectId={project.rpartition('/')[2]}"

    async def there() -> bool:
        found = [(one["status"], bool(one["approval"])) for one in (await read(web, path))["items"]]
        return found == [(status, status == "UnderReview")]

    await until(there, limit=240)
    return dict((await read(web, path))["items"][0])


@pytest.mark.timeout(1800)
async def test_each_server_dies_once_between_a_projects_end_and_its_published_score(
    stack: StackSession, tree: Settings, graph: GraphDatabase, store: KnowledgeStore
) -> None:
    ledger, published = Ledger(), []
    async with http_client(tree, "olga") as olga, http_client(tree, "machine") as machine:
        for victim in VICTIMS:
            project, [task], [tension] = await at_work(olga, machine, "alice@trm.test", 1, 1)
            body = {"to": "Completed", "reason": "done"}
            ended = await answered(olga, "POST", f"{project}/transitions", body, str(uuid4()), ledger, {202, 503})
            assert ended.status_code == 200, ended.text
            restarts = stack.kill(victim)
            said: dict[str, Any] = {"author": {"handle": "mai"}, "text": f"Done in spite of {victim}"}
            await answered(machine, "POST", f"{tension}/comments", said, str(uuid4()), ledger)
            said = {"receivers": [{"handle": "mai"}], "content": f"Thanks {victim}", "project": {"id": project[-36:]}}
            await answered(machine, "POST", "/v1/recognitions", said, str(uuid4()), ledger)
            win = await win_of(olga, project, "UnderReview")
            path = f"/v1/approvals/{win['approval']}/decision"
            decided = await answered(olga, "POST", path, {"outcome": "Approve"}, str(uuid4()), ledger, {202, 503})
            assert decided.status_code == 200, decided.text
            published.append(await win_of(olga, project, "Published"))
            await asyncio.to_thread(stack.wait_restarted, victim, restarts)
            body = {"to": "Closed", "reason": "it was worth it"}
            closed = await answered(olga, "POST", f"{tension}/transitions", body, str(uuid4()), ledger, {202, 503})
            assert closed.status_code == 200, closed.text
            assert (await read(olga, task))["status"] == "Cancelled"
        found = await settle(tree, graph, store)
        assert found.holds, (found.differences, found.broken)
        assert found.nodes.keys() >= KINDS
        assert found.nodes["WIN"] == len({one["id"] for one in published}) == len(VICTIMS)
        for win in published:
            kept = (await read(olga, f"/v1/wins/{win['id']}/evaluations"))["items"]
            moments = [one["evaluatedAt"] for one in kept]
            assert moments == sorted(moments, reverse=True)
            assert len({one["inputsHash"] for one in kept}) == len(kept), "none is kept twice"
