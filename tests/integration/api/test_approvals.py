"""Decisions over HTTP: asked, found in the inbox, taken once by who was asked, and carried out."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.decisions import DecisionActivities
from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.ledger import Run
from ontology.commands import Change, Origin
from ontology.decisions import taking
from ontology.enums import DecisionPolicy
from ontology.events import EventType
from ontology.references import Caller
from runtime.authorities import Authorities
from runtime.clock import now, rfc3339
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import http_client, until
from tests.decisions import ask_by_agent
from tests.equality import swept
from tests.people import sent, write

pytestmark = pytest.mark.servers

_HOUR = timedelta(hours=1)


async def two(machine: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two people who may be one."""
    name = f"Vũ Thị Dung {uuid4().hex[:6]}"
    first = await write(machine, "/v1/people", fullName=name, handle=f"d{uuid4().hex[:8]}")
    return first, await write(machine, "/v1/people", fullName=name, email=f"{uuid4().hex}@trm.test")


async def proposed(web: httpx.AsyncClient, machine: httpx.AsyncClient) -> dict[str, Any]:
    """A proposal to merge two people."""
    survivor, duplicate = await two(machine)
    body = {"duplicateId": duplicate["id"]}
    answer = await web.post(f"/v1/people/{survivor['id']}/mergeProposals", json=body, headers=sent())
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/approvals/{answer.json()['id']}"
    return {**answer.json(), "duplicate": duplicate["id"], "survivor": survivor["id"]}


def taken(decision: dict[str, Any], email: str, authorities: list[str], **values: Any) -> Change:
    """The change by which somebody decides, whose token says no more than their address."""
    moment = now()
    origin = Origin(
        event_id=uuid4(),
        event_type=EventType.DECISION_TAKEN,
        source="urn:test",
        occurred_at=moment,
        sent_at=moment,
        request_hash="0" * 64,
        caller=Caller(issuer="urn:test", subject=email, email=email),
    )
    return taking(UUID(decision["id"]), origin, {"decidedAs": "Asked", **values}, authorities)


async def decide(web: httpx.AsyncClient, decision: dict[str, Any], **more: Any) -> httpx.Response:
    """Decide, to approve where nothing else is said."""
    headers = sent(**more.pop("headers", {}))
    body = {"outcome": "Approve", **more}
    return await web.post(f"/v1/approvals/{decision['id']}/decision", json=body, headers=headers)


async def test_a_merge_is_proposed_approved_and_carried_out(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    decision = await proposed(alice, machine)
    assert (decision["status"], decision["kind"], decision["authorities"]) == ("Pending", "PersonMerge", ["operator"])
    assert decision["subject"] == {"label": "Person", "id": decision["survivor"], "name": decision["subject"]["name"]}
    inbox = (await olga.get("/v1/approvals", params={"mine": True, "status": "Pending"})).json()["items"]
    assert decision["id"] in {one["id"] for one in inbox}
    before = (await olga.get("/v1/me")).json()["decisionsAsked"]
    mine = (await alice.get("/v1/approvals", params={"mine": True})).json()["items"]
    assert decision["id"] not in {one["id"] for one in mine}, "nobody decides what they proposed"
    taken = await decide(olga, decision, reason="same badge")
    assert taken.status_code == 200, taken.text
    told = taken.json()
    assert (told["status"], told["decidedAs"], told["reason"]) == ("Approved", "Asked", "same badge")
    assert told["decidedBy"]["fullName"] == "Olga Operator"
    waiting = (await olga.get("/v1/approvals", params={"mine": True, "status": "Pending"})).json()["items"]
    assert decision["id"] not in {one["id"] for one in waiting}, "the inbox knows at once"
    assert (await olga.get("/v1/me")).json()["decisionsAsked"] == before - 1

    async def merged() -> bool:
        return bool((await machine.get(f"/v1/people/{decision['duplicate']}")).json()["id"] == decision["survivor"])

    await until(merged)
    why = (await olga.get(f"/v1/people/{decision['survivor']}/history")).json()["items"]
    assert why, "its history tells the merge"


async def test_a_rejection_changes_nothing(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision = await proposed(alice, machine)
    taken = await decide(olga, decision, outcome="Reject", reason="two people")
    assert taken.json()["status"] == "Rejected"
    run = (await connect(tree.temporal)).get_workflow_handle(f"decision/{decision['id']}")
    assert (await run.result())["followed"] == 0
    assert (await machine.get(f"/v1/people/{decision['duplicate']}")).json()["id"] == decision["duplicate"]


async def test_only_who_was_asked_decides_and_each_refusal_says_who_may(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    decision = await proposed(alice, machine)
    for web, said in ((alice, "nobody decides what they proposed"), (bob, "you were not asked")):
        refused = await decide(web, decision)
        assert (refused.status_code, refused.json()["code"]) == (403, "notAsked"), refused.text
        assert said in refused.json()["detail"]
        assert "operator" in refused.json()["detail"], "it says who may"
    own = await proposed(olga, machine)
    refused = await decide(olga, own)
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")
    assert (await decide(olga, {"id": str(uuid4())})).status_code == 404
    bad = await decide(olga, decision, answer={"severity": 9})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/answer/severity"), bad.text


async def test_it_is_decided_once(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    decision = await proposed(alice, machine)
    same = {"headers": {"Idempotency-Key": str(uuid4())}}
    twice = await asyncio.gather(*(decide(olga, decision, **{"headers": dict(same["headers"])}) for _ in range(2)))
    assert [one.status_code for one in twice] == [200] * 2, [one.text for one in twice]
    assert [one["type"] for one in twice[1].json()["recordedBy"]].count("DECISION_TAKEN") == 1
    again = await decide(olga, decision, outcome="Reject")
    assert (again.status_code, again.json()["code"]) == (409, "alreadyDecided")
    assert "Olga Operator" in again.json()["detail"], "it says by whom"
    other = await proposed(alice, machine)
    answers = await asyncio.gather(decide(olga, other), decide(olga, other, outcome="Reject"))
    assert sorted(one.status_code for one in answers) == [200, 409], "of two at once one counts"


async def test_a_lost_run_begins_again_from_the_graph(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision = await proposed(alice, machine)
    client = await connect(tree.temporal)
    await client.get_workflow_handle(f"decision/{decision['id']}").terminate("lost")
    taken = await decide(olga, decision)
    assert (taken.status_code, taken.json()["status"]) == (200, "Approved"), taken.text
    assert (await client.get_workflow_handle(f"decision/{decision['id']}").result())["followed"] == 1
    async with GraphDatabase(tree.graph) as graph:
        await swept(tree, graph)


async def test_what_is_approved_is_done_though_its_run_is_lost(
    alice: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The graph says Approved, and the run is gone before it did anything about it."""
    monkeypatch.setattr("activities.decisions._YOUNG", timedelta(seconds=-60))
    waits, decision = await proposed(alice, machine), await proposed(alice, machine)
    client, run = await connect(tree.temporal), f"decision/{decision['id']}"
    for one in (waits, decision):
        await client.get_workflow_handle(f"decision/{one['id']}").terminate("lost")
    approves = taken(decision, "nobody@trm.test", ["operator"], status="Approved", answer="{}")
    async with GraphDatabase(tree.graph) as graph:
        await change_thing(graph, approves, Run("test", "run"), timedelta(), Authorities({}))
        assert (await olga.get(f"/v1/approvals/{decision['id']}")).json()["followed"] == "Due"
        refused = await decide(olga, decision, outcome="Reject")
        assert (refused.status_code, refused.json()["code"]) == (409, "alreadyDecided")
        ended = await client.get_workflow_handle(run).describe()
        assert ended.status == WorkflowExecutionStatus.TERMINATED, "who is refused begins nothing"
        steps = DecisionActivities(graph, client, Authorities({}), "urn:test", 1_000)

        async def found() -> bool:
            return {UUID(waits["id"]), UUID(decision["id"])} <= set((await steps.find_lost()).ids)

        await until(found)  # Temporal's list comes a moment later
        few = DecisionActivities(graph, client, Authorities({}), "urn:test", 1)
        assert len((await few.find_lost()).ids) == 1
        again = (await steps.asked_again(UUID(decision["id"]))).command
        assert again is not None
        await swept(tree, graph)
    lost = await client.start_workflow("DecisionWorkflow", again, id=run, task_queue=tree.temporal.task_queue)
    assert (await lost.result())["followed"] == 1
    assert (await olga.get(f"/v1/approvals/{decision['id']}")).json()["followed"] == "Done"
    assert (await machine.get(f"/v1/people/{decision['duplicate']}")).json()["id"] == decision["survivor"]


async def test_who_is_refused_takes_no_place_in_the_run_and_the_key_counts_later(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
) -> None:
    decision, key = await proposed(alice, machine), {"Idempotency-Key": str(uuid4())}
    refused = await decide(bob, decision, headers=dict(key))
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")
    run = (await connect(tree.temporal)).get_workflow_handle(f"decision/{decision['id']}")
    taken = [one async for one in run.fetch_history_events()]
    assert not any(one.HasField("workflow_execution_update_accepted_event_attributes") for one in taken)
    given = {"delegate": {"email": "bob@trm.test"}, "authorities": ["operator"], "endAt": rfc3339(now() + _HOUR)}
    delegation = await olga.post("/v1/delegations", json=given, headers=sent(Prefer="wait=5"))
    assert delegation.status_code == 201, delegation.text
    counts = await decide(bob, decision, headers=dict(key))
    assert (counts.status_code, counts.json().get("decidedAs")) == (200, "Delegate"), counts.text
    path = f"/v1/delegations/{delegation.json()['id']}/transitions"
    await olga.post(path, json={"to": "Archived"}, headers=sent(**{"If-Match": "*"}))


async def test_a_key_stands_for_one_answer(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    for at_once in (True, False):
        decision, key = await proposed(alice, machine), {"Idempotency-Key": str(uuid4())}
        both = [decide(olga, decision, outcome=outcome, headers=dict(key)) for outcome in ("Approve", "Reject")]
        answers = list(await asyncio.gather(*both)) if at_once else [await one for one in both]
        counts, other = sorted(answers, key=lambda one: one.status_code)
        assert (counts.status_code, other.status_code) == (200, 422), other.text
        assert other.json()["code"] == "idempotencyConflict"


async def test_at_the_deadline_the_policy_decides(machine: httpx.AsyncClient, tree: Settings) -> None:
    """By the timers of a real server: reminded, then decided, each once, and what follows is done."""
    survivor, duplicate = await two(machine)
    client = await connect(tree.temporal)
    decision = await ask_by_agent(
        client,
        tree.temporal.task_queue,
        survivor["id"],
        duplicate["id"],
        policy=DecisionPolicy.APPROVE,
        remind_at=timedelta(seconds=1),
        deadline=timedelta(seconds=2),
    )
    assert (await client.get_workflow_handle(f"decision/{decision}").result())["followed"] == 1
    async with http_client(tree, "olga") as olga:
        held = (await olga.get(f"/v1/approvals/{decision}")).json()
        late = await decide(olga, held)
    assert (late.status_code, late.json()["code"]) == (409, "alreadyDecided"), late.text
    assert "Approved already: the policy decided at the deadline" in late.json()["detail"]
    assert (held["status"], held["decidedAs"], held["reminded"], held["rev"]) == ("Approved", "Policy", True, 4)
    types = ["DECISION_ASKED", "DECISION_REMINDED", "DECISION_TAKEN", "DECISION_FOLLOWED"]
    assert [one["type"] for one in held["recordedBy"]] == types
    assert (await machine.get(f"/v1/people/{duplicate['id']}")).json()["id"] == survivor["id"]


async def temporal_cli(tree: Settings, *arguments: str) -> str:
    """What an operator types."""
    command = [
        str(Path(sys.executable).parent / "temporal"),
        *arguments,
        "--address",
        tree.temporal.target,
        "--namespace",
        tree.temporal.namespace,
    ]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    return told.decode()


async def test_an_operator_decides_from_the_command_line(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision = await proposed(alice, machine)
    run = f"decision/{decision['id']}"

    async def status() -> tuple[str, str | None]:
        held = (await olga.get(f"/v1/approvals/{decision['id']}")).json()
        return held["status"], held.get("decidedAs")

    waiting = "TrmAskedOf = 'operator' AND ExecutionStatus = 'Running'"

    async def listed() -> bool:
        return decision["id"] in await temporal_cli(tree, "workflow", "list", "--query", waiting, "--output", "json")

    await until(listed)
    refused = orjson.dumps({"requestId": "1", "who": "alice@trm.test", "why": "it is mine"}).decode()
    await temporal_cli(tree, "workflow", "signal", "--workflow-id", run, "--name", "approve", "--input", refused)

    async def shown() -> bool:
        query = ["workflow", "metadata", "--workflow-id", run]
        return "nobody decides what they proposed" in await temporal_cli(tree, *query, "--output", "json")

    await until(shown)
    assert await status() == ("Pending", None), "a refused signal changes nothing"
    good = orjson.dumps({"requestId": "2", "who": "olga@trm.test", "why": "same badge"}).decode()
    await temporal_cli(tree, "workflow", "signal", "--workflow-id", run, "--name", "approve", "--input", good)

    async def decided() -> bool:
        return await status() == ("Approved", "Operator")

    await until(decided)


async def test_what_cannot_be_merged_is_not_proposed(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    survivor, _ = await two(machine)
    for duplicate in (survivor["id"], str(uuid4())):
        path = f"/v1/people/{survivor['id']}/mergeProposals"
        answer = await alice.post(path, json={"duplicateId": duplicate}, headers=sent())
        assert (answer.status_code, answer.json()["code"]) == (409, "mergeRefused"), answer.text
