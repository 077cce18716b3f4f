"""Tensions over HTTP as their people handle them: reported, changed, moved along."""

from typing import Any
from uuid import uuid4

import httpx

from tests.people import sent


async def report(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    """Report a tension; gives the answer with the written one."""
    body = {"title": f"The pump is loud {uuid4().hex[:8]}", **said}
    made = await client.post("/v1/tensions", json=body, headers=sent())
    assert made.status_code == 201, made.text
    return made


async def patch(client: httpx.AsyncClient, made: httpx.Response, **body: Any) -> httpx.Response:
    """Change what an answer made, whatever its revision."""
    return await client.patch(made.headers["Location"], json=body, headers=sent(**{"If-Match": "*"}))


async def move(
    client: httpx.AsyncClient, made: httpx.Response, to: str, reason: str | None = "because"
) -> httpx.Response:
    """Move what an answer made to another state."""
    where, body = f"{made.headers['Location']}/transitions", {"to": to, **({"reason": reason} if reason else {})}
    return await client.post(where, json=body, headers=sent(**{"If-Match": "*"}))
