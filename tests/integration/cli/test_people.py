"""``trm person merge`` and ``unmerge``, as an operator types them."""

import asyncio
import sys
from uuid import uuid4

import httpx
import pytest

from runtime.settings import Settings
from tests.people import sent

pytestmark = pytest.mark.servers


async def trm(*arguments: str, answer: str = "") -> tuple[int, str]:
    """Exit code and output of ``trm person …``, to whose question somebody answers; nobody does without an answer."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "person", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate(answer.encode())
    return process.returncode or 0, " ".join(output.decode().split())


async def record(machine: httpx.AsyncClient, path: str = "/v1/people", **body: object) -> str:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    return str((await machine.post(path, json=body, headers=headers)).raise_for_status().json()["id"])


async def standing(machine: httpx.AsyncClient, person: str) -> str:
    return str((await machine.get(f"/v1/people/{person}")).raise_for_status().json()["id"])


async def test_a_merge_shows_who_both_are_and_asks(
    tree: Settings, machine: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tag = uuid4().hex[:8]
    duplicate = await record(machine, fullName=f"Ana [b] {tag}", email=f"ana{tag}@merges.test", role="Baker")
    survivor = await record(machine, fullName=f"Ana Duarte {tag}", handle=f"ana-{tag}")
    thanks = {"giver": {"id": survivor}, "receivers": [{"id": duplicate}], "content": f"Thank you {tag}"}
    await record(machine, "/v1/recognitions", **thanks)
    await record(machine, "/v1/knowledgeSnippets", content=f"Written {tag}", author={"id": duplicate})
    felt = {"detector": {"id": duplicate}}
    tensions = [await record(machine, "/v1/tensions", title=f"Felt {number} {tag}", **felt) for number in range(2)]
    headers = sent(**{"If-Match": "*"})
    owned = await olga.patch(f"/v1/tensions/{tensions[0]}", json={"owner": {"id": survivor}}, headers=headers)
    assert owned.status_code == 200, owned.text
    await record(machine, f"/v1/tensions/{tensions[0]}/comments", text=f"Said {tag}", author={"id": duplicate})
    assert (await trm("link", duplicate, "--subject", f"u-{tag}"))[0] == 0

    for answer in ("n\n", "\n", "what\n"):
        code, said = await trm("merge", duplicate, survivor, answer=answer)
        assert (code, "Nothing was changed." in said) == (1, True), said
    for shown in (duplicate, survivor, f"Ana [b] {tag}", f"ana{tag}@merges.test", "Baker", f"ana-{tag}", f"u-{tag} of"):
        assert shown in said
    for shown in ("recognitions given 0 1", "received 1 0", "snippets 1 0", "known recorded recorded"):
        assert shown in said
    for shown in ("tensions detected 2 0", "owned 0 1", "comments 1 0"):
        assert shown in said
    code, said = await trm("merge", duplicate, survivor)
    assert (code, "--yes" in said) == (2, True), said
    assert await standing(machine, duplicate) == duplicate

    code, said = await trm("merge", duplicate, survivor, answer="y\n")
    assert (code, f"{duplicate} now leads to {survivor}" in said) == (0, True), said
    assert await standing(machine, duplicate) == survivor

    code, said = await trm("merge", duplicate, survivor, answer="y\n")
    assert (code, "mergeRefused" in said, "they one" in said) == (1, True, False), "refused before it asks"
    code, said = await trm("merge", survivor, str(uuid4()))
    assert (code, "notFound" in said, "no person" in said) == (1, True, True), said


async def test_an_undone_merge_says_what_stays_with_whom(tree: Settings, machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    duplicate = await record(machine, fullName=f"Bao {tag}", email=f"bao{tag}@merges.test", handle=f"bao-{tag}")
    survivor = await record(machine, fullName=f"Bảo {tag}")
    code, said = await trm("unmerge", duplicate)
    assert (code, "mergeRefused" in said) == (1, True), said
    assert (await trm("merge", duplicate, survivor, "--yes"))[0] == 0
    heir = await record(machine, fullName=f"Heir {tag}", email=f"bao{tag}@merges.test")
    code, said = await trm("unmerge", duplicate)
    assert (code, f"{duplicate} stands alone again" in said) == (0, True), said
    assert f"bao{tag}@merges.test is {heir}'s by now" in said
    assert await standing(machine, duplicate) == duplicate
