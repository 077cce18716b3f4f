"""Tensions over HTTP as their people handle them: reported, changed, moved along."""

from typing import Any
from uuid import uuid4

import httpx

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
