"""What happened, page by page: everything once, filtered, and what is private to its parties alone."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.identity import machine_token
from graph.database import GraphDatabase
from graph.feed import FeedFilters, happenings
from graph.visibility import Viewer
from runtime.settings import Settings
from tests.clients import http_client
from tests.tensions import report, support

pytestmark = pytest.mark.servers


async def feed(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    """Every event asked for, over all pages."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = await client.get("/v1/feed", params={"limit": 7, **asked, "cursor": cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if "nextCursor" not in page:
            return found
        cursor = page["nextCursor"]


async def test_what_happened_to_a_thing_is_told_newest_first_and_says_who_and_what(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await report(alice)
    assert (await support(bob, made)).status_code == 200
    told = await feed(alice, id=made.json()["id"])
    assert [one["type"] for one in told] == ["TENSION_CHANGED", "TENSION_ANALYSED", "TENSION_REPORTED"]
    changed, _, first = told
    assert changed["specversion"] == "1.0"
    assert {"subject": changed["subject"], "name": changed["data"]["subject"]["name"]} == {
        "subject": made.json()["id"],
        "name": made.json()["title"],
    }
    assert changed["data"]["sentBy"]["id"] == (await bob.get("/v1/me")).json()["person"]["id"]
    assert [thing["rev"] for thing in changed["data"]["things"] if thing["label"] == "Tension"] == [3]
    assert ("SUPPORTED_BY", False) in {(one["type"], one["ended"]) for one in changed["data"]["relations"]}
    [thing] = [one for one in first["data"]["things"] if one["label"] == "Tension"]
    assert thing["properties"]["title"] == made.json()["title"]
    assert "requestHash" not in str(told)


async def test_filters_leave_what_was_asked_for_and_pages_repeat_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    since = datetime.now(UTC).isoformat()
    made = [(await report(one)).json()["id"] for one in (alice, alice, bob)]
    everything = await feed(alice, since=since)
    assert len({one["id"] for one in everything}) == len(everything)
    moments = [one["data"]["recordedAt"] for one in everything]
    assert moments == sorted(moments, reverse=True)
    reported = await feed(alice, since=since, type="TENSION_REPORTED", kind="Tension")
    assert {one["subject"] for one in reported} >= set(made)
    assert {one["type"] for one in reported} == {"TENSION_REPORTED"}
    mine = {one["subject"] for one in await feed(alice, since=since, type="TENSION_REPORTED", mine="true")}
    assert (mine & set(made)) == set(made[:2])
    assert await feed(alice, since=since, kind="WIN") == []
    wrong = {"kind": "invalidRequest", "type": "invalidRequest", "id": "invalidRequest", "cursor": "cursorInvalid"}
    for name, code in wrong.items():
        refused = await alice.get("/v1/feed", params={name: "x"})
        assert refused.json()["code"] == code, refused.text


async def test_what_is_private_is_told_to_its_parties_alone_by_page_and_by_rule(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    canary = uuid4().hex
    secret = await report(alice, title=f"canary {canary}", visibility="parties", visibleTo=[{"email": "bob@trm.test"}])
    about = secret.json()["id"]
    for client, sees in ((alice, True), (bob, True), (olga, False)):
        assert bool(await feed(client, id=about)) is sees
        newest = (await client.get("/v1/feed", params={"limit": 100})).text
        assert (canary in newest) is sees
        assert (about in newest) is sees
    people = [UUID((await one.get("/v1/me")).json()["person"]["id"]) for one in (alice, bob)]
    async with GraphDatabase(tree.graph) as graph:
        told = await happenings(graph, [one["id"] for one in await feed(alice, id=about)])
        assert len(told) == 2
        for one in told:
            seen = [
                one.asked_for(FeedFilters(), Viewer(person, None), frozenset({"Tension"}))
                for person in (*people, uuid4())
            ]
            assert seen == [True, True, False]
            assert not one.asked_for(FeedFilters(), Viewer(people[0], None), frozenset({"Recognition"}))


async def test_a_token_is_told_of_what_it_reads(alice: httpx.AsyncClient, tree: Settings) -> None:
    made = (await report(alice)).json()["id"]
    token = machine_token(tree, "r_recognition")
    async with http_client(tree, token=token) as narrow:
        assert await feed(narrow, id=made) == []
        page = (await narrow.get("/v1/feed", params={"limit": 100})).json()
        assert {one["data"]["subject"]["label"] for one in page["items"]} <= {"Recognition"}
