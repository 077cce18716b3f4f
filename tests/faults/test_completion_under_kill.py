"""A project that completes while its worker is killed: every task and tension of it has followed, once."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from runtime.batches import pieces
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import http_client, until
from tests.people import sent, write

pytestmark = [pytest.mark.faults, pytest.mark.long]

TASKS, TENSIONS = 50, 5


async def moved(web: httpx.AsyncClient, path: str, *states: str) -> None:
    for to in states:
        headers = sent(**{"If-Match": "*", "Prefer": "wait=20"})
        answer = await web.post(f"{path}/transitions", json={"to": to, "reason": "a test"}, headers=headers)
        assert answer.status_code == 200, answer.text


async def history(web: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    return list((await web.get(f"{path}/history")).json()["items"])


async def begun(olga: httpx.AsyncClient, machine: httpx.AsyncClient, manager: str) -> str:
    """Path of a project at work, which somebody manages."""
    headers = sent(Prefer="wait=30")  # the first write of all takes its time
    made = await machine.post("/v1/projects", json={"name": f"Kill {uuid4().hex[:8]}"}, headers=headers)
    assert made.status_code == 201, made.text
    project = made.json()
    path = f"/v1/projects/{project['id']}"

    async def asked() -> bool:
        query = {"kind": "ProjectApproval", "status": "Pending"}
        items = (await olga.get("/v1/approvals", params=query)).json()["items"]
        for one in items:
            said = {"outcome": "Approve"}
            await olga.post(f"/v1/approvals/{one['id']}/decision", json=said, headers=sent())
        return bool(items)

    await until(asked)

    async def planned() -> bool:
        return bool((await olga.get(path)).json()["status"] == "Planning")

    await until(planned)
    said = {"person": {"email": manager}, "role": "Manager"}
    assert (await olga.post(f"{path}/participants", json=said, headers=sent())).status_code == 200
    await moved(olga, path, "Active")
    return path


async def at_work(
    olga: httpx.AsyncClient, machine: httpx.AsyncClient, manager: str, felt: int, planned: int
) -> tuple[str, list[str], list[str]]:
    """Paths of a project at work, of its tasks and of the tensions it resolves."""
    path, tensions = await begun(olga, machine, manager), []
    for number in range(felt):
        tension = await write(machine, "/v1/tensions", title=f"The pump is loud {number}")
        tensions.append(f"/v1/tensions/{tension['id']}")
        await moved(olga, tensions[-1], "UnderReview", "Accepted")
        added = await olga.post(f"{path}/tensions", json={"tensionId": tension["id"]}, headers=sent())
        assert added.status_code == 200, added.text
    tasks = []
    for numbers in pieces(range(planned), 5):
        plans = [
            write(olga, "/v1/tasks", projectId=path.rpartition("/")[2], title=f"Part {number}") for number in numbers
        ]
        tasks += [f"/v1/tasks/{one['id']}" for one in await asyncio.gather(*plans)]
    return path, tasks, tensions


async def test_each_follows_once_however_often_the_worker_dies(stack: StackSession, tree: Settings) -> None:
    async with http_client(tree, "olga") as olga, http_client(tree, "machine") as machine:
        path, tasks, tensions = await at_work(olga, machine, "olga@trm.test", TENSIONS, TASKS)
        body = {"to": "Completed", "reason": "done"}
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "Prefer": "wait=1"}
        answer = await olga.post(f"{path}/transitions", json=body, headers=headers)
        assert answer.status_code in {200, 202}, answer.text

        async def some() -> bool:
            states = [(await olga.get(task)).json()["status"] for task in tasks]
            return states.count("Cancelled") > 0

        await until(some)
        restarts = stack.kill("agents")
        await asyncio.to_thread(stack.wait_restarted, "agents", restarts)

        async def every() -> bool:
            found = [(await olga.get(one)).json()["status"] for one in (*tasks, *tensions)]
            return found == ["Cancelled"] * TASKS + ["Resolved"] * TENSIONS

        await until(every, limit=180)
        for one in tasks:
            assert [made["madeBy"]["type"] for made in await history(olga, one)] == ["TASK_FOLLOWED", "TASK_PLANNED"]
        for one in tensions:
            followed = [made for made in await history(olga, one) if made["madeBy"]["type"] == "TENSION_FOLLOWED"]
            assert [made["properties"].get("status") for made in followed] == ["Resolved", "InProgress"]
