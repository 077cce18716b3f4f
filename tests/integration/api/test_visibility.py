"""What is private shows nowhere to others, and everything else stays current: on real servers."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.identity import machine_token
from runtime.settings import Settings
from tests.clients import http_client, until

pytestmark = pytest.mark.servers


async def record(client: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=20"}
    answer = await client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def thank(client: httpx.AsyncClient, *receivers: dict[str, Any], **more: Any) -> httpx.Response:
    body = {"receivers": list(receivers), "content": "Thank you", **more}
    return await record(client, "/v1/recognitions", **body)


async def lists(client: httpx.AsyncClient, made: str) -> bool:
    page = (await client.get("/v1/recognitions?limit=100")).json()
    return made in {item["id"] for item in page["items"]}


def sources(person: dict[str, Any]) -> str:
    return str(person["recordedBy"])


async def test_a_name_that_changes_changes_the_tag_of_what_embeds_it(
    alice: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    email = f"new.one.{uuid4().hex[:8]}@etag23.example"
    given = await thank(alice, {"email": email})
    written = await record(machine, "/v1/knowledgeSnippets", content="How to", author={"email": email})
    known = [(alice, answer.headers["location"], answer.headers["etag"]) for answer in (given, written)]
    person = f"/v1/people/{given.json()['receivers'][0]['id']}"
    known.append((machine, person, (await machine.get(person)).headers["etag"]))
    for client, path, tag in known:
        assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 304, path
    await record(machine, "/v1/people", fullName="Nguyễn Mới", email=email)
    for client, path, tag in known:
        answer = await client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, "Nguyễn Mới" in answer.text) == (200, True), path
        assert answer.headers["etag"] != tag


@pytest.mark.parametrize("giver", [{"email": "alice@trm.test"}, {"handle": "giver-unknown"}, None])
async def test_who_recorded_what_is_private_can_always_read_it(
    machine: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, giver: dict[str, Any] | None
) -> None:
    named = {"giver": giver} if giver else {}
    answer = await thank(machine, {"email": "bob@trm.test"}, visibility="parties", **named)
    made = answer.json()["id"]
    for client, status in ((machine, 200), (bob, 200), (olga, 404)):
        read = await client.get(answer.headers["location"])
        assert (read.status_code, await lists(client, made)) == (status, status == 200)
        assert (await client.get(f"/v1/why/{made}")).status_code == status
    assert (await machine.get(answer.headers["location"])).json()["recordedBy"]


async def test_the_provenance_of_people_hides_what_is_private(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    handle, project = f"h-{uuid4().hex[:8]}", f"Quiet {uuid4().hex[:6]}"
    said = await thank(
        alice, {"handle": handle}, {"email": "bob@trm.test"}, visibility="parties", project={"name": project}
    )
    made, person = said.json()["id"], next(one["id"] for one in said.json()["receivers"] if one.get("handle") == handle)
    async with http_client(tree, token=machine_token(tree, "r_person r_project r_knowledge")) as clerk:
        for client, seen in ((alice, True), (bob, True), (machine, False), (clerk, False)):
            one = (await client.get(f"/v1/people/{person}")).json()
            page = (await client.get("/v1/people", params={"name": handle})).json()["items"]
            assert [item["id"] for item in page] == [person]
            assert sources(page[0]) == sources(one)
            assert (made in sources(one)) == seen
            why = (await client.get(f"/v1/why/{person}")).text + (
                await client.get(f"/v1/why/{said.json()['project']['id']}")
            ).text
            assert (made in why) == seen
    public = await thank(alice, {"handle": handle})
    assert public.json()["id"] not in sources((await machine.get(f"/v1/people/{person}")).json())
    await record(machine, "/v1/people", fullName="Somebody", handle=handle)
    shown = (await machine.get(f"/v1/people/{person}")).json()["recordedBy"]
    assert [event["type"] for event in shown] == ["PERSON_RECORDED"]


async def test_private_texts_are_found_by_their_parties_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    word = f"narwhal{uuid4().hex[:8]}"
    content = f"Between us about the {word}"
    said = await thank(
        machine, {"email": "bob@trm.test"}, giver={"email": "alice@trm.test"}, visibility="parties", content=content
    )

    async def found(client: httpx.AsyncClient, **more: str) -> bool:
        hits = (await client.get("/v1/search", params={"q": word, "limit": 50, **more})).json()["hits"]
        return said.json()["id"] in {hit["sourceId"] for hit in hits}

    await until(lambda: found(alice))
    assert await found(bob)
    assert not await found(olga)
    assert not await found(olga, personId=said.json()["receivers"][0]["id"])
    assert not await found(machine)
