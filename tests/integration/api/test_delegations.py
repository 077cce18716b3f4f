"""Delegations over HTTP: who is away lets another decide, for a time and no more than they may themselves."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.opening import opened
from api.security import TokenVerifier
from api.services import Services
from runtime.clock import now, rfc3339
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import token_of, until
from tests.decisions import ask_by_agent
from tests.integration.api.test_approvals import decide, proposed, two
from tests.integration.api.test_tension_proposals import asked as asked_about
from tests.people import sent
from tests.tensions import report

pytestmark = pytest.mark.servers

ALICE, BOB = ({"email": f"{name}@trm.test"} for name in ("alice", "bob"))


def soon(**span: int) -> str:
    return rfc3339(now() + timedelta(**span))


LATER = soon(hours=2)


async def handed_on(web: httpx.AsyncClient, **body: Any) -> httpx.Response:
    """A delegation for an hour."""
    return await web.post("/v1/delegations", json={"endAt": soon(hours=1), **body}, headers=sent())


@pytest.fixture
async def services(tree: Settings) -> AsyncIterator[Services]:
    """What a gateway of this process reaches."""
    async with opened(tree) as services:
        yield services


async def withdrawn(web: httpx.AsyncClient, delegation: Mapping[str, Any]) -> httpx.Response:
    path = f"/v1/delegations/{delegation['id']}/transitions"
    return await web.post(path, json={"to": "Archived"}, headers=sent(**{"If-Match": "*"}))


async def asked(tree: Settings, olga: httpx.AsyncClient, machine: httpx.AsyncClient, whom: str) -> dict[str, Any]:
    """A merge that one person is asked about by name, by an agent."""
    survivor, duplicate = await two(machine)
    client = await connect(tree.temporal)
    entity = await ask_by_agent(client, tree.temporal.task_queue, survivor["id"], duplicate["id"], asked=whom)

    async def there() -> bool:
        return "status" in (await olga.get(f"/v1/approvals/{entity}")).json()  # and not how far its write is

    await until(there)
    return dict((await olga.get(f"/v1/approvals/{entity}")).json())


async def test_a_delegate_decides_in_the_place_of_who_is_asked(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
) -> None:
    decision = await asked(tree, olga, machine, "alice@trm.test")
    refused = await decide(bob, decision)
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")
    made = await handed_on(alice, delegate=BOB, kinds=["PersonMerge"], note="in Huế")
    assert made.status_code == 201, made.text
    given = made.json()
    giver, delegate = [(await web.get("/v1/me")).json()["person"] for web in (alice, bob)]
    assert (given["delegator"]["id"], given["delegate"]["id"]) == (giver["id"], delegate["id"]), given
    inbox = (await bob.get("/v1/approvals", params={"mine": True, "status": "Pending"})).json()["items"]
    assert decision["id"] in {one["id"] for one in inbox}
    told = (await decide(olga, decision)).json()["detail"]
    who = f"{giver['fullName']}, {delegate['fullName']} in the place of {giver['fullName']}"
    assert who in told, "a refusal says who may"
    taken = await decide(bob, decision)
    assert taken.status_code == 200, taken.text
    held = taken.json()
    assert (held["decidedAs"], held["decidedBy"]["id"], held["decidedFor"]["id"]) == (
        "Delegate",
        delegate["id"],
        giver["id"],
    )
    for web in (alice, bob):
        page = (await web.get("/v1/delegations", params={"mine": True, "limit": 100})).json()["items"]
        assert given["id"] in {one["id"] for one in page}
    assert given["id"] not in {
        one["id"] for one in (await olga.get("/v1/delegations", params={"mine": True})).json()["items"]
    }
    assert (await withdrawn(alice, given)).status_code == 200


async def test_what_is_withdrawn_begins_later_or_is_of_another_kind_lets_nobody_decide(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
) -> None:
    decision = await asked(tree, olga, machine, "alice@trm.test")
    over = (await handed_on(alice, delegate=BOB)).json()
    assert (await withdrawn(bob, over)).status_code == 403, "who did not give it does not take it back"
    assert (await withdrawn(alice, over)).status_code == 200
    later = (await handed_on(alice, delegate=BOB, startAt=soon(minutes=30))).json()
    other = (await handed_on(alice, delegate=BOB, kinds=["TensionSeverity"])).json()
    refused = await decide(bob, decision)
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked"), refused.text
    for one in (later, other):
        await withdrawn(alice, one)


async def test_nobody_decides_what_they_or_who_they_stand_in_for_proposed(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    given = (await handed_on(olga, delegate=ALICE, authorities=["operator"])).json()
    own = await proposed(alice, machine)
    assert (await decide(alice, own)).status_code == 403, "she proposed it"
    hers = await proposed(olga, machine)
    assert (await decide(alice, hers)).status_code == 403, "she decides what Olga may, and no more"
    onward = (await handed_on(alice, delegate=BOB)).json()
    theirs = await proposed(machine, machine)
    assert (await decide(bob, theirs)).status_code == 403, "what was handed on is not handed on further"
    taken = await decide(alice, theirs)
    assert (taken.status_code, taken.json()["decidedFor"]["fullName"]) == (200, "Olga Operator"), taken.text
    assert (await decide(olga, own)).json()["decidedAs"] == "Asked", "who is asked may meanwhile"
    for web, one in ((olga, given), (alice, onward)):
        await withdrawn(web, one)


async def test_an_authority_may_stand_in(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision = await asked(tree, olga, machine, "alice@trm.test")
    given = await handed_on(alice, authority="founder")
    assert given.json()["authority"] == "founder", given.text
    taken = await decide(olga, decision)
    assert (taken.status_code, taken.json()["decidedAs"]) == (200, "Delegate"), taken.text
    await withdrawn(alice, given.json())


async def test_a_refusal_names_nobody_who_may_not(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await report(alice)
    given = (await handed_on(alice, delegate=BOB)).json()
    decision = await asked_about(bob, made, severity=3)
    refused = (await decide(bob, decision)).json()["detail"]
    assert refused.startswith("nobody decides what they proposed; who may: Alice Nguyễn, whoever has")
    assert "Bob" not in refused, "he stands in for her, and is refused"
    await withdrawn(alice, given)


async def test_what_a_token_alone_says_is_not_handed_on(
    tree: Settings, alice: httpx.AsyncClient, services: Services
) -> None:
    members = {"board": ["email=alice@trm.test"], "founder": ["alice@trm.test"]}
    own = tree.model_copy(update={"identity": tree.identity.model_copy(update={"authorities": members})})
    services = replace(services, settings=own, tokens=TokenVerifier(own.identity))
    headers = {"Authorization": f"Bearer {token_of(tree, 'alice')}"}
    transport = httpx.ASGITransport(create_app(own, services))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test", headers=headers) as web:
        assert (await web.get("/v1/me")).json()["authorities"] == ["board", "founder"]
        refused = await handed_on(web, delegate=BOB, authorities=["founder", "board"])
        assert (refused.status_code, refused.json()["code"]) == (403, "authorityNeeded"), refused.text
        assert refused.json()["errors"][0]["pointer"] == "/authorities/1"
        assert "by a claim of your token alone" in refused.json()["detail"]
        given = await handed_on(web, delegate=BOB, authorities=["founder", "founder"], kinds=["PersonMerge"] * 2)
        assert given.status_code == 201, given.text
        assert (given.json()["authorities"], given.json()["kinds"]) == (["founder"], ["PersonMerge"])
    await withdrawn(alice, given.json())


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 422, "invalidRequest", "/"),
        ({"delegate": BOB, "authority": "founder"}, 422, "invalidRequest", "/"),
        ({"authority": "kings"}, 422, "referenceUnknown", "/authority"),
        ({"delegate": BOB, "authorities": ["operator"]}, 403, "authorityNeeded", "/authorities/0"),
        ({"delegate": BOB, "endAt": soon(days=365)}, 422, "periodRefused", "/endAt"),
        ({"delegate": BOB, "startAt": soon(hours=-3), "endAt": soon(hours=-2)}, 422, "periodRefused", "/endAt"),
        ({"delegate": BOB, "startAt": soon(hours=5)}, 422, "endBeforeStart", "/endAt"),
        ({"delegate": BOB, "startAt": LATER, "endAt": LATER}, 422, "endBeforeStart", "/endAt"),
        ({"delegate": ALICE}, 422, "selfDelegation", "/delegate"),
    ],
)
async def test_what_cannot_be_handed_on_is_refused(
    alice: httpx.AsyncClient, body: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    refused = await handed_on(alice, **body)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer, refused.text
