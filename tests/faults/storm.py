"""Load that repeats itself until it is accepted, while servers are killed one after another."""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from stack.session import StackSession

VICTIMS = ("agents", "judgement", "bridge", "gateway", "neo4j", "kafka", "postgres", "temporal")


@dataclass
class Ledger:
    """What the clients know: ids that were accepted, answers that were neither 202 nor 503, and tries in vain."""

    accepted: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    in_vain: int = 0


async def answered(
    web: httpx.AsyncClient,
    method: str,
    path: str,
    body: Mapping[str, object],
    key: str,
    ledger: Ledger,
    again: Collection[int] = frozenset({503}),
) -> httpx.Response:
    """Send a request again and again with the same key, until its answer is none of those after which one repeats it.

    Where 202 is one of these, it waits for the outcome.
    """
    headers = {"Idempotency-Key": key, "If-Match": "*", **({"Prefer": "wait=5"} if 202 in again else {})}
    while True:
        try:
            answer = await web.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            ledger.in_vain += 1
            await asyncio.sleep(0.3)
            continue
        if answer.status_code not in again:
            return answer
        ledger.in_vain += answer.status_code == 503
        await asyncio.sleep(0.5)


async def post_until_accepted(web: httpx.AsyncClient, number: int, at: float, ledger: Ledger) -> None:
    """Post a recognition at its time, and again with the same key until it is accepted."""
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    body: dict[str, object] = {
        "giver": {"handle": f"giver{number % 7}"},
        "receivers": [{"handle": f"receiver{number % 11}"}],
        "content": f"Recognition number {number}: thank you for the careful work on subject {number % 17}",
        "project": {"name": f"Project {number % 3}"},
    }
    answer = await answered(web, "POST", "/v1/recognitions", body, f"storm-{number}", ledger)
    if answer.status_code == 202:
        ledger.accepted.add(answer.json()["id"])
    else:
        ledger.refused.append(f"{answer.status_code} {answer.text}")


async def kill_in_turn(
    stack: StackSession,
    victims: Sequence[str],
    chooser: random.Random,
    tell: Callable[[str, float | None], None] = lambda _name, _seconds: None,
) -> None:
    """Kill each server as a crash would and wait until it is back; ``tell`` hears of both, then with the seconds."""
    for victim in victims:
        await asyncio.sleep(chooser.uniform(1.0, 3.0))
        tell(victim, None)
        began, restarts = time.monotonic(), stack.kill(victim)
        await asyncio.to_thread(stack.wait_restarted, victim, restarts)
        tell(victim, time.monotonic() - began)
