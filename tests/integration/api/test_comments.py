"""Comments on tensions: said by who sees the tension, read in order, corrected and withdrawn by who said them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from runtime.settings import Settings
from tests.people import sent
from tests.tensions import move, patch, report

pytestmark = pytest.mark.servers


async def comment(client: httpx.AsyncClient, tension: httpx.Response, text: str, **more: Any) -> httpx.Response:
    where = f"{tension.headers['Location']}/comments"
    return await client.post(where, json={"text": text, **more}, headers=sent())


async def said(client: httpx.AsyncClient, tension: httpx.Response, **params: Any) -> list[str]:
    answer = await client.get(f"{tension.headers['Location']}/comments", params=params)
    return [one["text"] for one in answer.raise_for_status().json()["items"]]


async def test_a_conversation_is_read_in_order_and_counted(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await report(alice)
    where = f"{made.headers['Location']}/comments"
    for client, text in ((bob, "Since when?"), (alice, "Since Monday"), (bob, "It is the bearing 🐛")):
        answer = await comment(client, made, text)
        assert (answer.status_code, answer.json()["tensionId"]) == (201, made.json()["id"]), answer.text
    assert answer.json()["author"]["fullName"].startswith("Bob")
    assert await said(alice, made) == ["Since when?", "Since Monday", "It is the bearing 🐛"]
    first = (await alice.get(where, params={"limit": 2})).json()
    rest = (await alice.get(where, params={"limit": 2, "cursor": first["nextCursor"]})).json()
    assert [one["text"] for one in rest["items"]] == ["It is the bearing 🐛"]
    assert rest["nextCursor"] is None
    tension = (await alice.get(made.headers["Location"])).json()
    assert (tension["comments"], tension["rev"]) == (3, 2)


async def test_the_same_request_says_it_once(alice: httpx.AsyncClient) -> None:
    made, headers = await report(alice), sent()
    where = f"{made.headers['Location']}/comments"
    answers = [await alice.post(where, json={"text": "Once"}, headers=headers) for _ in range(3)]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await said(alice, made) == ["Once"]
    other = await alice.post(where, json={"text": "Twice"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")


async def test_only_who_said_it_corrects_it_and_a_moderator_withdraws_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    made = await report(alice)
    [mine, other] = [await comment(bob, made, text) for text in ("Teh bearing", "Rude words")]
    refused = await patch(alice, mine, text="Nonsense")
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    corrected = await patch(bob, mine, text="The bearing")
    assert (corrected.status_code, corrected.json()["rev"]) == (200, 2), corrected.text
    history = (await alice.get(f"{mine.headers['Location']}/history")).json()["items"]
    assert [one["properties"]["text"] for one in history] == ["The bearing", "Teh bearing"]
    assert (await move(alice, other, "Archived")).status_code == 403
    assert (await move(olga, other, "Archived")).json()["status"] == "Archived"
    assert await said(alice, made) == ["The bearing"]
    assert (await alice.get(made.headers["Location"])).json()["comments"] == 1
    async with GraphDatabase(tree.graph) as graph:
        assert await violations(graph) == []


async def test_what_is_private_is_commented_on_by_its_parties_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, visibility="parties", visibleTo=[{"email": "bob@trm.test"}])
    mine = await comment(bob, made, "Between us")
    assert mine.status_code == 201, mine.text
    assert await said(alice, made) == ["Between us"]
    for refused in (
        await olga.get(f"{made.headers['Location']}/comments"),
        await comment(olga, made, "What is it?"),
        await olga.get(mine.headers["Location"]),
        await olga.get(f"{mine.headers['Location']}/history"),
        await move(olga, mine, "Archived"),
        await patch(olga, mine, text="Mine"),
        await olga.get("/v1/why", params={"id": mine.json()["id"]}),
    ):
        assert refused.status_code == 404, refused.text
    assert (await patch(alice, made, visibleTo=[])).status_code == 200
    assert (await bob.get(mine.headers["Location"])).status_code == 404, "it is between others now"


async def test_nobody_attaches_anything_to_what_they_may_not_see(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, visibility="parties")
    there = {"receivers": [{"email": "bob@trm.test"}], "content": "thanks", "tensionId": made.json()["id"]}
    nowhere = {**there, "tensionId": str(uuid4())}
    answers = [
        await olga.post("/v1/recognitions", json=body, headers=sent(Prefer="wait=1")) for body in (there, nowhere)
    ]
    shown = [(answer.status_code, answer.json().get("code"), answer.json().get("writeStatus")) for answer in answers]
    assert shown[0] == shown[1], "one learns nothing of what is there"
    receipts = [(await olga.get(answer.headers["Location"])).json() for answer in answers]
    assert [one["writeStatus"] for one in receipts] == ["pending"] * 2, "both wait for what may come yet"


async def test_what_is_archived_or_nobodys_is_not_commented_on(alice: httpx.AsyncClient) -> None:
    made = await report(alice)
    assert (await move(alice, made, "Archived")).status_code == 200
    rests = await comment(alice, made, "Still loud")
    assert rests.status_code in {202, 409}, rests.text
    unknown = await alice.post(f"/v1/tensions/{uuid4()}/comments", json={"text": "?"}, headers=sent())
    assert (unknown.status_code, unknown.json()["code"]) == (404, "notFound")
    for body, pointer in (({}, "/text"), ({"text": " "}, "/text"), ({"text": "x" * 50_000}, "/text")):
        bad = await alice.post(f"{made.headers['Location']}/comments", json=body, headers=sent())
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, pointer), bad.text
