"""Dead letters over REST: listed, read as far as everyone may, and tried again by who operates runs."""

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from cli.identity import machine_token
from ontology import ids
from runtime.settings import Settings
from tests.clients import foreign_headers, http_client, produce, until

pytestmark = pytest.mark.servers


async def refused(tree: Settings, client: httpx.AsyncClient, value: bytes) -> dict[str, Any]:
    """The letter of a recognition by another system that nobody can take."""
    return await refused_of(tree, client, uuid4().hex[:8], value)


async def refused_of(tree: Settings, client: httpx.AsyncClient, subject: str, value: bytes) -> dict[str, Any]:
    """The same of a recognition of a certain subject."""
    before = {one["id"] for one in await letters(client)}
    headers = foreign_headers(subject, event_id=f"letter-{uuid4()}")
    await produce(tree, tree.events.recognitions_topic, [(b"k", value, headers)])
    found: list[dict[str, Any]] = []

    async def buried() -> bool:
        found[:] = [one for one in await letters(client) if one["id"] not in before]
        return bool(found)

    await until(buried)
    return dict((await client.get(f"/v1/deadLetters/{found[0]['id']}")).raise_for_status().json())


async def letters(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    """Letters, over all pages."""
    found: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        answer = await client.get("/v1/deadLetters", params={"limit": "50", **asked, **more})
        page = answer.raise_for_status().json()
        found += page["items"]
        if "nextBefore" not in page:
            return found
        more = {"before": page["nextBefore"]}


def said(**more: Any) -> dict[str, Any]:
    handle = f"self-{uuid4().hex[:8]}"
    return {"giver": {"handle": handle}, "receivers": [{"handle": handle}], "content": f"canary {uuid4()}", **more}


async def test_a_letter_is_read_and_tried_again_once(tree: Settings, machine: httpx.AsyncClient) -> None:
    body = said()
    letter = await refused(tree, machine, orjson.dumps(body))
    assert (letter["code"], letter["status"], letter["whole"]) == ("selfRecognition", "Open", True)
    assert letter["message"]["value"] == body
    assert letter["message"]["headers"]["ce_type"] == "RECOGNITION_CREATED"
    assert letter["run"].startswith("recognition/")
    assert body["content"] not in str(await letters(machine))
    assert letter["id"] in {one["id"] for one in await letters(machine, status="Open", code="selfRecognition")}
    for _ in range(2):
        headers = {"Idempotency-Key": str(uuid4())}
        again = await machine.post(f"/v1/deadLetters/{letter['id']}/replay", headers=headers)
        assert (again.status_code, again.json()["status"]) == (200, "Replayed"), again.text
    assert letter["id"] in {one["id"] for one in await letters(machine, status="Replayed")}

    async def buried_again() -> bool:
        same = [one for one in await letters(machine, status="Open") if one["sha256"] == letter["sha256"]]
        return len(same) == 1

    await until(buried_again)


@pytest.mark.parametrize(
    "value",
    [
        orjson.dumps(said(visibility="parties")),
        orjson.dumps(said(visiblity="parties")),
        b"{not json canary",
        orjson.dumps(["canary"]),
        b"",
    ],
)
async def test_what_may_be_private_is_not_told(tree: Settings, machine: httpx.AsyncClient, value: bytes) -> None:
    letter = await refused(tree, machine, value)
    assert "message" not in letter
    assert "reason" not in letter
    assert "canary" not in str(letter)
    assert (letter["size"], "withheld" in letter) == (len(value), True)


async def test_what_became_private_since_is_not_told(
    tree: Settings, alice: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    subject, event = uuid4().hex[:8], f"letter-{uuid4()}"
    entity = ids.foreign_entity("Recognition", "urn:test:hr", subject)
    body = said(giver={"email": "alice@trm.test"}, receivers=[{"email": "bob@trm.test"}])
    headers = foreign_headers(subject, event_id=event)
    await produce(
        tree, tree.events.recognitions_topic, [(b"k", orjson.dumps({**body, "visibility": "parties"}), headers)]
    )

    async def stands() -> bool:
        return (await alice.get(f"/v1/recognitions/{entity}")).status_code == 200

    await until(stands)
    letter = await refused_of(tree, machine, subject, orjson.dumps({**body, "content": "canary, said otherwise"}))
    assert letter["code"] == "idempotencyConflict"
    assert ("message" in letter, "canary" in str(letter)) == (False, False)


async def test_who_may_not_operate_runs_may_not(tree: Settings, alice: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with http_client(tree, token=machine_token(tree, "r_run")) as reader:
        assert (await reader.get("/v1/deadLetters")).status_code == 200
        assert (await reader.post("/v1/deadLetters/x/replay", headers=headers)).json()["code"] == "insufficientScope"
        assert (await reader.get("/v1/deadLetters/none")).json()["code"] == "notFound"
        wrong = await reader.get("/v1/deadLetters", params={"before": "yesterday"})
        assert wrong.json()["code"] == "invalidRequest"
