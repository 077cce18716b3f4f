"""Decisions that wait while every worker is killed: none is lost, and no timer."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from ontology.enums import DecisionPolicy
from runtime.settings import Settings
from runtime.temporal_client import connect
from stack.session import StackSession
from tests.clients import http_client, until
from tests.decisions import ask_by_agent
from tests.people import sent, write

pytestmark = [pytest.mark.faults, pytest.mark.long]

WAITING = 50


async def status(web: httpx.AsyncClient, decision: UUID) -> tuple[str | None, str | None, bool | None]:
    held = (await web.get(f"/v1/approvals/{decision}")).json()
    return held.get("status"), held.get("decidedAs"), held.get("reminded")


async def test_fifty_wait_through_a_kill_of_the_workers(stack: StackSession, tree: Settings) -> None:
    client = await connect(tree.temporal)
    async with http_client(tree, "machine") as machine, http_client(tree, "olga") as olga:
        people = [
            await write(machine, "/v1/people", fullName="Đỗ Văn Chờ", handle=f"wait-{number}") for number in range(2)
        ]

        async def ask(number: int) -> UUID:
            """Half are to be answered; the others are reminded while no worker is there, and end by their policy."""
            later: dict[str, Any] = (
                {"remind_at": timedelta(seconds=8), "deadline": timedelta(seconds=14)} if number % 2 else {}
            )
            first, second = (one["id"] for one in people)
            queue = tree.temporal.task_queue
            return await ask_by_agent(client, queue, first, second, policy=DecisionPolicy.REJECT, **later)

        decisions = await asyncio.gather(*(ask(number) for number in range(WAITING)))
        answered, timed = decisions[::2], decisions[1::2]

        async def all_stand() -> bool:
            return None not in {(await status(olga, one))[0] for one in decisions}

        await until(all_stand)
        restarts = stack.kill("agents")

        async def answer(decision: UUID) -> None:
            body, headers = {"outcome": "Reject", "reason": "two people"}, sent()

            async def taken() -> bool:
                path = f"/v1/approvals/{decision}/decision"
                return (await olga.post(path, json=body, headers=headers)).status_code == 200

            await until(taken, limit=180)

        await asyncio.gather(*(answer(one) for one in answered))
        await asyncio.to_thread(stack.wait_restarted, "agents", restarts)
        for one in timed:
            await asyncio.wait_for(client.get_workflow_handle(f"decision/{one}").result(), 60)
        assert {await status(olga, one) for one in answered} == {("Rejected", "Asked", False)}
        assert {await status(olga, one) for one in timed} == {("Rejected", "Policy", True)}
        for one in decisions:
            held = (await olga.get(f"/v1/approvals/{one}")).json()
            assert len(held["recordedBy"]) == held["rev"] == (3 if one in timed else 2), "each step once"
