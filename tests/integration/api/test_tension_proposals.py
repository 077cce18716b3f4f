"""What is proposed about a tension over HTTP: who is asked, who learns of it, and what becomes of the tension."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import until
from tests.integration.api.test_approvals import decide
from tests.people import sent, write
from tests.tensions import move, patch, report

pytestmark = pytest.mark.servers

PRIVATE: dict[str, Any] = {"visibility": "parties", "visibleTo": [{"email": "bob@trm.test"}]}
"""Of a tension of alice that bob sees too."""


async def propose(
    web: httpx.AsyncClient, made: httpx.Response, what: str = "severity", key: str = "", **body: Any
) -> httpx.Response:
    """Propose something about a tension."""
    headers = sent(**({"Idempotency-Key": key} if key else {}))
    return await web.post(f"{made.headers['Location']}/{what}Proposals", json=body, headers=headers)


async def asked(web: httpx.AsyncClient, made: httpx.Response, what: str = "severity", **body: Any) -> dict[str, Any]:
    """The decision that a proposal asks for."""
    answer = await propose(web, made, what, **body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/approvals/{answer.json()['id']}"
    return dict(answer.json())


async def inbox(web: httpx.AsyncClient) -> list[str]:
    page = await web.get("/v1/approvals", params={"mine": True, "status": "Pending", "limit": 100})
    return [one["id"] for one in page.raise_for_status().json()["items"]]


async def becomes(web: httpx.AsyncClient, made: httpx.Response, **wanted: Any) -> dict[str, Any]:
    """Wait until a tension is as wanted; gives it."""

    async def there() -> bool:
        held = (await web.get(made.headers["Location"])).raise_for_status().json()
        return all(held.get(name) == value for name, value in wanted.items())

    await until(there)
    return dict((await web.get(made.headers["Location"])).json())


async def test_a_severity_is_proposed_approved_and_carried_out(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice)
    decision = await asked(bob, made, severity=3, reason="People go home deaf")
    assert (decision["kind"], decision["authorities"]) == ("TensionSeverity", ["moderator"])
    assert decision["proposal"] == {"severity": 3, "reason": "People go home deaf"}
    assert decision["subject"]["label"] == "Tension"
    assert [one["fullName"] for one in decision["asked"]] == ["Alice Nguyễn"]
    assert decision["form"]["properties"]["severity"]["description"]
    for web, waits in ((alice, True), (olga, True), (bob, False)):
        assert (decision["id"] in await inbox(web)) is waits
    own = await decide(bob, decision)
    assert (own.status_code, own.json()["code"]) == (403, "notAsked")
    bad = await decide(alice, decision, answer={"severity": 7})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/answer/severity")
    taken = await decide(alice, decision)
    assert (taken.status_code, taken.json()["answer"]) == (200, {"severity": 3}), taken.text
    await becomes(bob, made, severity=3, severityBy="human")
    history = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    newest = next(one for one in history if one["properties"].get("severityBy") == "human")  # the machine may say 3 too
    assert newest["madeBy"]["reason"].startswith("decided: ")


async def test_who_is_asked_may_say_another_severity(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice)
    await patch(alice, made, owner={"email": "bob@trm.test"})
    decision = await asked(alice, made, severity=4)
    assert [one["fullName"] for one in decision["asked"]] == ["Bob Iyer"], "who proposes it is not asked"
    assert (await decide(olga, decision, answer={"severity": 2})).json()["answer"] == {"severity": 2}
    await becomes(alice, made, severity=2)


async def test_a_private_tension_is_decided_by_its_people_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, **PRIVATE)
    decision = await asked(bob, made, severity=4)
    assert (decision["authorities"], len(decision["asked"])) == ([], 1)
    assert decision["id"] not in await inbox(olga)
    assert (await olga.get(f"/v1/approvals/{decision['id']}")).status_code == 404
    assert (await decide(olga, decision)).status_code == 404
    hidden = await propose(olga, made, severity=1)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "notFound")
    assert (await decide(alice, decision)).status_code == 200
    await becomes(bob, made, severity=4, severityBy="human")
    alone = await propose(alice, made, severity=1)
    assert (alone.status_code, alone.json()["code"]) == (409, "nobodyToAsk"), alone.text


async def test_authorities_learn_no_more_of_what_became_private(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice)
    decision = await asked(bob, made, severity=4)
    assert decision["id"] in await inbox(olga)
    assert (await patch(alice, made, **PRIVATE)).status_code == 200
    assert decision["id"] not in await inbox(olga)
    assert (await decide(olga, decision)).status_code == 404
    assert (await decide(alice, decision)).status_code == 200


async def private_from_now_on(web: httpx.AsyncClient, made: httpx.Response, **more: Any) -> str:
    """A tension becomes its people's alone; gives its new title."""
    secret = f"SECRET layoffs {uuid4().hex[:8]}"
    changed = await patch(web, made, visibility="parties", visibleTo=[], title=secret, **more)
    assert changed.status_code == 200, changed.text
    return secret


async def learns_nothing(web: httpx.AsyncClient, decision: dict[str, Any], *secrets: str) -> None:
    """Somebody who may not see what a decision is about reads it nowhere, and takes it in no way."""
    shown = (await web.get("/v1/approvals", params={"limit": 100})).text
    assert decision["id"] not in shown
    for path in (f"/v1/approvals/{decision['id']}", f"/v1/why/{decision['id']}"):
        answer = await web.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "notFound"), answer.text
    assert decision["id"] not in await inbox(web)
    refused = await decide(web, decision)
    assert (refused.status_code, refused.json()["code"]) == (404, "notFound"), refused.text
    me = (await web.get("/v1/me")).json()["person"]["id"]
    shown += refused.text + (await web.get(f"/v1/why/{me}")).text
    assert not [one for one in secrets if one in shown]


async def test_who_proposed_it_learns_no_more_of_what_became_private(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made, key = await report(bob), str(uuid4())
    decision = (await propose(alice, made, key=key, severity=4)).json()
    secret = await private_from_now_on(bob, made)
    await learns_nothing(alice, decision, secret)
    again = await propose(alice, made, key=key, severity=4)
    assert (again.status_code, again.json()["code"]) == (404, "notFound"), "its receipt says nothing either"
    taken = await decide(bob, decision, answer={"severity": 2}, reason="SECRET reason")
    assert (taken.status_code, taken.json()["subject"]["name"]) == (200, secret), taken.text
    await learns_nothing(alice, decision, secret, "SECRET reason")


async def test_who_was_asked_of_what_they_see_no_more_is_asked_no_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    made = await report(alice)
    await patch(alice, made, owner={"email": "bob@trm.test"})
    decision = await asked(olga, made, severity=4)
    assert decision["id"] in await inbox(bob)
    before = (await bob.get("/v1/me")).json()["decisionsAsked"]
    secret = await private_from_now_on(alice, made, owner=None)
    assert (await bob.get("/v1/me")).json()["decisionsAsked"] == before - 1
    await learns_nothing(bob, decision, secret)
    run = (await connect(tree.temporal)).get_workflow_handle(f"decision/{decision['id']}")
    await run.signal("approve", {"requestId": "1", "who": "bob@trm.test"})
    taken = await decide(alice, decision, answer={"severity": 1})
    assert (taken.status_code, taken.json()["decidedBy"]["fullName"]) == (200, "Alice Nguyễn"), taken.text
    await becomes(alice, made, severity=1)


async def test_a_long_title_is_quoted_to_its_end(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await report(alice, title="loud " * 50 + "pump")
    decision = await asked(bob, made, severity=4)
    assert decision["question"].endswith("…”?"), decision


async def test_what_is_archived_or_unknown_is_not_asked_about(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made, key = await report(alice), str(uuid4())
    first = await propose(bob, made, key=key, severity=2)
    assert (await move(alice, made, "Archived")).status_code == 200
    refused = await propose(bob, made, severity=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "archived"), refused.text
    again = await propose(bob, made, key=key, severity=2)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"]), "a repetition is answered the same"
    answer = await bob.post(f"/v1/tensions/{uuid4()}/severityProposals", json={"severity": 2}, headers=sent())
    assert (answer.status_code, answer.json()["code"]) == (404, "notFound")
    bad = await propose(bob, made, severity=9)
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/severity")


async def namesakes(machine: httpx.AsyncClient) -> tuple[str, list[str]]:
    """A name that two people have, and their ids."""
    name = f"Vũ Thị Dung {uuid4().hex[:6]}"
    return name, [(await write(machine, "/v1/people", fullName=name))["id"] for _ in range(2)]


async def mentions(web: httpx.AsyncClient, made: httpx.Response, *wanted: str) -> None:
    """Wait until a tension mentions some people, and nobody else."""

    async def there() -> bool:
        held = (await web.get(made.headers["Location"])).raise_for_status().json()
        return {one["id"] for one in held["mentionedPeople"]} == set(wanted)

    await until(there)


async def test_who_is_meant_by_a_name_is_asked_and_added(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    (name, both), (other, [third, _]) = await namesakes(machine), await namesakes(machine)
    made = await report(alice, facts=f"{name.upper()}, and {other}, said so")
    decision = await asked(bob, made, "mention", name=name)
    assert (decision["kind"], decision["authorities"]) == ("PersonMention", ["moderator"])
    assert decision["proposal"]["name"] == name
    assert {one["id"]: one["fullName"] for one in decision["proposal"]["candidates"]} == dict.fromkeys(both, name)
    own = await decide(bob, decision, answer={"personId": both[0]})
    assert (own.status_code, own.json()["code"]) == (403, "notAsked"), "nobody decides what they proposed"
    for answer in ({}, {"personId": third}):
        bad = await decide(alice, decision, answer=answer)
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/answer/personId"), bad.text
    second = await asked(bob, made, "mention", name=other)
    taken = await asyncio.gather(
        decide(alice, decision, answer={"personId": both[0]}), decide(olga, second, answer={"personId": third})
    )
    assert [one.status_code for one in taken] == [200, 200], [one.text for one in taken]
    await mentions(bob, made, both[0], third)
    items = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert sorted(one["type"] for item in items[:2] for one in item["made"]) == ["MENTIONS", "MENTIONS"]
    again = await asked(bob, made, "mention", name=name)
    assert (await decide(alice, again, answer={"personId": both[1]})).status_code == 200
    await mentions(bob, made, *both, third)


async def test_who_is_mentioned_does_not_see_what_is_private(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    me = (await olga.get("/v1/me")).json()["person"]
    made = await report(alice, facts=f"It was {me['fullName']}", **PRIVATE)
    decision = await asked(bob, made, "mention", name=me["fullName"])
    assert decision["authorities"] == []
    signal = {"requestId": "1", "who": "alice@trm.test"}
    run = (await connect(tree.temporal)).get_workflow_handle(f"decision/{decision['id']}")
    await run.signal("approve", {**signal, "answer": {"personId": str(uuid4())}})
    await run.signal("approve", {**signal, "requestId": "2", "answer": {"personId": me["id"]}})
    assert (await run.result())["followed"] == 1
    await mentions(bob, made, me["id"])
    assert (await olga.get(made.headers["Location"])).status_code == 404
    assert (await olga.get(f"/v1/approvals/{decision['id']}")).status_code == 404


async def test_a_name_stands_in_the_words_and_fits_somebody(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    name, _ = await namesakes(machine)
    made = await report(alice, need="Ask Nobody Whoever")
    away = await propose(bob, made, "mention", name=name)
    assert (away.status_code, away.json()["errors"][0]["pointer"]) == (422, "/name"), away.text
    nobody = await propose(bob, made, "mention", name="Nobody Whoever")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "nameRefused"), nobody.text
    assert nobody.json()["errors"][0]["pointer"] == "/name"
