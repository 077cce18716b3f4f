"""What somebody gave or wrote: corrected for an hour by them, withdrawn by them or a moderator, and nobody else."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from events.log import header_text, read_topic
from graph.database import GraphDatabase
from runtime.settings import Settings
from tests.clients import until

pytestmark = pytest.mark.servers

THINGS = ("recognitions", "knowledgeSnippets")


def said(what: str, **more: Any) -> dict[str, Any]:
    body = {"content": f"The valve {uuid4().hex} holds", "language": "en", **more}
    return body if what == "knowledgeSnippets" else {"receivers": [{"email": "bob@trm.test"}], **body}


async def written(client: httpx.AsyncClient, what: str, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    made = await client.post(f"/v1/{what}", json=said(what, **more), headers=headers)
    assert made.status_code == 201, made.text
    return made


async def ask(
    client: httpx.AsyncClient, made: httpx.Response, body: dict[str, Any], where: str = "", tag: str = "*"
) -> httpx.Response:
    """Send a patch, or with ``where`` a transition."""
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": tag, "Prefer": "wait=10"}
    address = made.headers["Location"] + where
    return await client.request("POST" if where else "PATCH", address, json=body, headers=headers)


async def withdraw(client: httpx.AsyncClient, made: httpx.Response, **more: Any) -> httpx.Response:
    return await ask(client, made, {"to": "Archived", **more}, "/transitions")


async def found(client: httpx.AsyncClient, words: str) -> list[str]:
    hits = (await client.get("/v1/search", params={"q": words})).raise_for_status().json()["hits"]
    return [hit["content"] for hit in hits if hit["content"] == words]


@pytest.mark.parametrize("what", THINGS)
async def test_who_said_it_corrects_it_and_it_is_found_as_it_is(alice: httpx.AsyncClient, what: str) -> None:
    made = await written(alice, what)
    before = made.json()["content"]
    await until(lambda: _seen(alice, before))
    after = f"The valve {uuid4().hex} is tight"
    changed = await ask(alice, made, {"content": after, "language": None}, tag=made.headers["ETag"])
    assert changed.status_code == 200, changed.text
    assert (changed.json()["content"], changed.json()["rev"], "language" in changed.json()) == (after, 2, False)
    assert await found(alice, after) == [after], "a run has ended once its text is found"
    assert await found(alice, before) == []
    newest, first = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert (newest["properties"]["content"], first["properties"]["content"]) == (after, before)
    stale = await ask(alice, made, {"content": "x"}, tag=made.headers["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "revisionStale")


async def _seen(client: httpx.AsyncClient, words: str) -> bool:
    return bool(await found(client, words))


@pytest.mark.parametrize("what", THINGS)
async def test_what_is_withdrawn_is_out_of_search_for_good(alice: httpx.AsyncClient, what: str) -> None:
    made = await written(alice, what)
    text, reason = made.json()["content"], "It was somebody else"
    gone = await withdraw(alice, made, reason=reason)
    assert (gone.status_code, gone.json()["status"]) == (200, "Archived"), gone.text
    assert await found(alice, text) == []
    read = await alice.get(made.headers["Location"])
    assert (read.status_code, read.json()["status"]) == (200, "Archived")
    [newest, _] = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert newest["madeBy"]["reason"] == reason
    again = await ask(alice, made, {"content": "Back again"})
    assert (again.status_code, again.json()["code"]) == (409, "archived")
    assert await found(alice, "Back again") == []


async def test_a_withdrawn_recognition_is_listed_only_when_asked_for(alice: httpx.AsyncClient) -> None:
    made = await written(alice, "recognitions")
    giver = made.json()["giver"]["id"]
    await withdraw(alice, made)

    async def listed(**filters: str) -> list[str]:
        page = await alice.get("/v1/recognitions", params={"giverId": giver, "limit": 100, **filters})
        return [one["id"] for one in page.raise_for_status().json()["items"]]

    assert made.json()["id"] not in await listed()
    assert made.json()["id"] in await listed(status="Archived")


async def test_others_may_not_and_a_moderator_withdraws(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await written(alice, "recognitions")
    for refused in (await ask(bob, made, {"content": "Mine"}), await withdraw(bob, made)):
        assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    corrected = await ask(olga, made, {"content": "Moderated"})
    assert (corrected.status_code, corrected.json()["code"]) == (403, "authorNeeded"), "words stay the giver's"
    gone = await withdraw(olga, made, reason="Not kind")
    assert (gone.status_code, gone.json()["status"]) == (200, "Archived"), gone.text


async def test_after_an_hour_it_can_only_be_withdrawn(alice: httpx.AsyncClient, tree: Settings) -> None:
    made = await written(alice, "recognitions")
    query = f"MATCH (r:Recognition {{id: '{made.json()['id']}'}}) SET r.createdAt = r.createdAt - duration('PT61M')"
    async with GraphDatabase(tree.graph) as graph:
        await graph.execute_schema(query)
        late = await ask(alice, made, {"content": "Later"})
        assert (late.status_code, late.json()["code"]) == (403, "authorNeeded")
        assert "60 minutes" in late.json()["detail"]
        assert (await withdraw(alice, made)).status_code == 200
        await graph.execute_schema(query.replace("- duration", "+ duration"))


async def test_an_end_is_an_end(alice: httpx.AsyncClient) -> None:
    made = await written(alice, "recognitions")
    assert (await withdraw(alice, made)).status_code == 200
    back = await ask(alice, made, {"to": "Granted"}, "/transitions")
    assert (back.status_code, back.json()["code"]) == (409, "archived")
    other = await written(alice, "recognitions")
    never = await ask(alice, other, {"to": "Proposed"}, "/transitions")
    assert (never.status_code, never.json()["code"], never.json()["errors"][0]["pointer"]) == (
        409,
        "illegalTransition",
        "/to",
    )
    assert "from Granted it goes to Archived" in never.json()["detail"]
    unknown = await ask(alice, made, {"to": "Elsewhere"}, "/transitions")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalidRequest")


async def test_other_systems_hear_of_a_corrected_text(alice: httpx.AsyncClient, tree: Settings) -> None:
    made = await written(alice, "recognitions")
    await ask(alice, made, {"content": "Said better"})
    told = [
        header_text(message, "ce_id")
        async for message in read_topic(tree.events, tree.events.knowledge_topic)
        if header_text(message, "ce_subject") == made.json()["id"]
    ]
    assert len(set(told)) == 2


async def test_who_may_not_see_it_learns_nothing_of_it(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    made = await written(alice, "recognitions", visibility="parties")
    stale = '"7.ab"'
    for refused in (
        await ask(olga, made, {"content": "Mine"}),
        await ask(olga, made, {"content": "Mine"}, tag=stale),
        await ask(olga, made, {"to": "Granted"}, "/transitions"),
        await withdraw(olga, made),
        await olga.get(f"{made.headers['Location']}/history"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "notFound"), refused.text
    why = await olga.get(f"/v1/why/{made.json()['id']}")
    assert why.status_code == 404 or why.json()["failure"]["code"] == "notFound", "of her own request, and no more"
