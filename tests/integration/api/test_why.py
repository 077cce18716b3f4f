"""Why a thing is so: its events, runs, attempts, people and traces, and how its text is found."""

import secrets
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.identity import machine_token
from runtime.settings import Settings
from tests.clients import http_client, until

pytestmark = pytest.mark.servers


async def give(who: httpx.AsyncClient, content: str, **changes: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=20", **changes.pop("headers", {})}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": content, **changes}
    answer = await who.post("/v1/recognitions", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def why(who: httpx.AsyncClient, thing: str, **params: str) -> dict[str, Any]:
    answer = await who.get(f"/v1/why/{thing}", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_node_names_event_run_attempt_person_and_trace(tree: Settings, alice: httpx.AsyncClient) -> None:
    trace_id = secrets.token_hex(16)
    carrier = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
    said = await give(alice, "Bob mended the weighbridge before the harvest", headers=carrier)
    page = await why(alice, said["id"])
    [cause] = page["recordedBy"]
    assert (page["label"], page["rev"], cause["agent"]) == ("Recognition", 1, "RecognitionWorkflow")
    assert cause["workflowId"] == f"recognition/{said['id']}"
    assert cause["attempt"] >= 1
    assert cause["local"] in {True, False}
    assert cause["traceId"] == trace_id
    assert cause["sentBy"]["person"]["id"] == said["giver"]["id"]
    assert cause["links"]["trace"] == tree.telemetry.trace_url.replace("{traceId}", trace_id)
    assert cause["runId"] in cause["links"]["run"]
    received = next(one for one in page["relations"] if one["type"] == "RECEIVED_BY")
    assert received["madeBy"]["eventId"] == cause["eventId"] == page["states"][0]["madeBy"]["eventId"]
    assert received["target"]["id"] == said["receivers"][0]["id"]


async def test_a_relation_a_state_and_an_event_have_a_why_of_their_own(alice: httpx.AsyncClient) -> None:
    said = await give(alice, "Bob drew the map everyone uses")
    page = await why(alice, said["id"])
    [held] = (await why(alice, f"{said['id']}/RECEIVED_BY/{said['receivers'][0]['id']}"))["held"]
    assert held["madeBy"] == page["recordedBy"][0]
    assert (await why(alice, page["states"][0]["id"]))["label"] == "State"
    event = await why(alice, page["recordedBy"][0]["eventId"])
    assert event["recordedBy"] == page["recordedBy"]
    assert "RECEIVED_BY" in {one["type"] for one in event["relations"]}
    absent = await alice.get(f"/v1/why/{said['id']}/EASES/{uuid4()}")
    assert (absent.status_code, absent.json()["code"]) == (404, "notFound")


async def test_it_says_how_a_text_is_found_and_what_each_word_counts(alice: httpx.AsyncClient) -> None:
    word = f"sluice{secrets.token_hex(4)}"
    content = f"Bob repaired the {word} in the rain"
    said = await give(alice, content)

    async def indexed() -> bool:
        return "text" in await why(alice, said["id"])

    await until(indexed)
    page = await why(alice, said["id"], q=f"{content}?")
    assert word in {one["term"] for one in page["text"]["words"]}
    found = page["found"]
    assert (found["rank"], found["words"]["rank"]) == (1, 1)
    share = {one["term"]: one for one in found["contributions"]}
    assert (share[word]["documents"], share[word]["frequency"]) == (1, 1)
    assert sum(one["score"] for one in found["contributions"]) == pytest.approx(found["words"]["score"], rel=1e-4)
    assert found["cosine"] == pytest.approx(found["meaning"]["score"], abs=1e-3)


async def test_what_is_private_has_no_why_for_others(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    bob_id = (await give(alice, "Known to all"))["receivers"][0]["id"]
    newcomer = f"{uuid4()}@partner.test"
    people = [{"email": "bob@trm.test"}, {"email": newcomer}]
    said = await give(alice, "Between us", visibility="parties", receivers=people)
    event = said["recordedBy"][0]["eventId"]
    assert (await why(bob, said["id"]))["recordedBy"][0]["eventId"] == event
    state = (await why(bob, said["id"]))["states"][0]["id"]
    for hidden in (said["id"], event, state, f"{said['id']}/RECEIVED_BY/{said['receivers'][0]['id']}"):
        assert (await machine.get(f"/v1/why/{hidden}")).status_code == 404, hidden
    [new] = {person["id"] for person in said["receivers"]} - {bob_id}
    page = await why(machine, new)
    assert page["recordedBy"] == []
    assert said["id"] not in {one[end]["id"] for one in page["relations"] for end in ("source", "target")}


async def test_a_refused_write_says_why_it_is_not_there(alice: httpx.AsyncClient) -> None:
    me = (await give(alice, "Bob asked the right question"))["giver"]["id"]
    body = {"receivers": [{"id": me}], "content": "I am great"}
    answer = await alice.post("/v1/recognitions", json=body, headers={"Idempotency-Key": str(uuid4())})
    made = answer.json()["id"]

    async def failed() -> bool:
        return bool((await why(alice, made))["writeStatus"] == "failed")

    await until(failed)
    page = await why(alice, made)
    assert (page["agent"], page["failure"]["code"]) == ("RecognitionWorkflow", "selfRecognition")
    assert page["runId"] in page["links"]["run"]


async def test_scopes_decide_what_is_told(tree: Settings, alice: httpx.AsyncClient) -> None:
    said = await give(alice, "Bob kept the minutes")
    async with http_client(tree, token=machine_token(tree, "r_person")) as clerk:
        assert (await clerk.get(f"/v1/why/{said['id']}")).status_code == 404
        person = await why(clerk, said["receivers"][0]["id"])
        assert person["label"] == "Person"
        assert {one[end]["label"] for one in person["relations"] for end in ("source", "target")} <= {
            "Person",
            "Identity",
            "Project",
        }
        refused = await clerk.get(f"/v1/why/{person['id']}", params={"q": "minutes"})
        assert (refused.status_code, refused.json()["code"]) == (403, "insufficientScope")
    unknown = await alice.get(f"/v1/why/{UUID(int=7)}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "notFound")
