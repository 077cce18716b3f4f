"""``/v1/people`` and ``/v1/knowledgeSnippets`` on real servers."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.clients import until

pytestmark = pytest.mark.servers


async def record(client: httpx.AsyncClient, path: str, body: dict[str, Any], key: str = "") -> httpx.Response:
    return await client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid4()), "Prefer": "wait=10"})


def new_person(**more: Any) -> dict[str, Any]:
    tag = uuid4().hex[:8]
    return {"fullName": f"Test Person {tag}", "email": f"{tag}@people.test", "handle": f"h-{tag}", **more}


async def test_person_is_written_and_found_by_accent_free_name(machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    answer = await record(machine, "/v1/people", new_person(fullName=f"Đặng Thị {tag}", role="Baker"))
    assert answer.status_code == 201
    assert answer.json()["provisional"] is False
    found = (await machine.get("/v1/people", params={"name": f"dang thi {tag}"})).json()["items"]
    assert [person["id"] for person in found] == [answer.json()["id"]]


async def test_taken_email_is_refused(machine: httpx.AsyncClient) -> None:
    person = new_person()
    await record(machine, "/v1/people", person)
    answer = await record(machine, "/v1/people", {**new_person(), "email": person["email"].upper()})
    assert (answer.status_code, answer.json()["code"]) == (409, "personExists")


async def test_person_known_only_by_email_keeps_their_id(machine: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    person = new_person()
    body = {"receivers": [{"email": person["email"]}], "content": "Welcome"}
    known = (await record(alice, "/v1/recognitions", body)).json()["receivers"][0]
    assert (await machine.get(f"/v1/people/{known['id']}")).json()["provisional"] is True
    answer = await record(machine, "/v1/people", person)
    assert answer.status_code == 201
    assert answer.json()["id"] == known["id"]
    assert answer.json()["fullName"] == person["fullName"]
    asked = (await machine.get(answer.headers["location"])).json()
    assert (asked["id"], asked["provisional"]) == (known["id"], False)


async def test_snippet_is_written_and_found(alice: httpx.AsyncClient) -> None:
    word = f"axolotl{uuid4().hex[:8]}"
    body = {"content": f"How to reset the {word} sensor after a flood", "tags": ["howto"]}
    answer = await record(alice, "/v1/knowledgeSnippets", body)
    assert answer.status_code == 201
    assert answer.json()["author"]["fullName"] == "Alice Nguyễn"

    async def found() -> bool:
        hits = (await alice.get("/v1/search", params={"q": word, "kind": "note"})).json()["hits"]
        return [hit["sourceId"] for hit in hits][:1] == [answer.json()["id"]]

    await until(found)


async def test_revision_beyond_every_reader_is_refused(alice: httpx.AsyncClient) -> None:
    answer = await record(alice, "/v1/knowledgeSnippets", {"content": "x", "revision": 10**20})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/revision")


async def test_unknown_ids_are_404(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    for client, path in ((alice, "recognitions"), (machine, "people"), (alice, "knowledgeSnippets")):
        answer = await client.get(f"/v1/{path}/{uuid4()}")
        assert (answer.status_code, answer.json()["code"]) == (404, "notFound")
