"""People over HTTP as a staff office handles them: recorded, changed, listed, thanked, and imported from a file."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx


def sent(**more: str) -> dict[str, str]:
    """Headers of a request of its own that waits for what is written."""
    return {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10", **more}


async def write(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    """Write a thing; gives it as it was written."""
    answer = await client.post(path, json=body, headers=sent())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def patch(machine: httpx.AsyncClient, person: str, **values: Any) -> dict[str, Any]:
    """Change a person, whatever their revision."""
    answer = await machine.patch(f"/v1/people/{person}", json=values, headers=sent(**{"If-Match": "*"}))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def listed(machine: httpx.AsyncClient, name: str, **more: str) -> set[str]:
    """Ids of the people who are listed under a part of a name."""
    answer = (await machine.get("/v1/people", params={"name": name, "limit": "100", **more})).raise_for_status()
    return {one["id"] for one in answer.json()["items"]}


async def thank(machine: httpx.AsyncClient, whom: dict[str, str], **more: Any) -> httpx.Response:
    """Thank somebody."""
    body = {"receivers": [whom], "content": f"thanks {uuid4().hex}", **more}
    return await machine.post("/v1/recognitions", json=body, headers=sent())


async def reached(machine: httpx.AsyncClient, whom: dict[str, str]) -> str:
    """Id of the person whom thanks by a reference reach."""
    answer = await thank(machine, whom)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["receivers"][0]["id"])


async def import_people(folder: Path, *lines: str) -> int:
    """Import a staff list; gives the command's exit code."""
    return (await import_answer(folder, *lines))[0]


async def import_answer(folder: Path, *lines: str) -> tuple[int, str]:
    """Import a staff list; gives the command's exit code and what it said, in one line."""
    file = folder / "people.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "cli", "import", "people", str(file)]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, " ".join(output.decode().split())
