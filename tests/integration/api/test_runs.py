"""Runs over REST on real servers: what they wait for, another try, a stop before the write, and nothing private."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from cli.identity import machine_token
from ontology import ids
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import foreign_headers, http_client, produce, until
from tests.tensions import report
from workers.schedules import LEDGER_SWEEP

pytestmark = pytest.mark.servers


def order() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def run_of(client: httpx.AsyncClient, workflow_id: str) -> dict[str, Any]:
    return dict((await client.get(f"/v1/runs/{workflow_id}")).raise_for_status().json())


async def waiting(tree: Settings, client: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    """The run of another system's recognition that waits for a task which nobody knows."""
    subject = str(uuid4())
    content = {"giver": {"handle": "a.giver"}, "receivers": [{"handle": "a.receiver"}], "content": "canary", **said}
    value = orjson.dumps({**content, "taskId": str(uuid4())})
    await produce(tree, tree.events.recognitions_topic, [(b"k", value, foreign_headers(subject, event_id=subject))])
    entity, found = ids.foreign_entity("Recognition", "urn:test:hr", subject), list[dict[str, Any]]()

    async def waits() -> bool:
        page = (await client.get("/v1/runs", params={"id": str(entity)})).raise_for_status().json()
        found[:] = [run for run in page["items"] if any("error" in wait for wait in run["waitsFor"])]
        return bool(found)

    await until(waits)
    return found[0]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/recognitions", {"receivers": [{"handle": "a.receiver"}], "content": "canary", "taskId": str(uuid4())}),
        ("/v1/knowledgeSnippets", {"content": "canary", "citesIds": [str(uuid4())]}),
    ],
    ids=["taskId", "citesIds"],
)
async def test_the_run_of_a_receipt_says_which_thing_it_waits_for(
    machine: httpx.AsyncClient, path: str, said: dict[str, Any]
) -> None:
    receipt = await machine.post(path, json=said, headers=order())
    assert (receipt.status_code, receipt.json()["writeStatus"]) == (202, "pending"), receipt.text
    run = receipt.json()["workflowId"]

    async def told() -> bool:
        waits = (await run_of(machine, run))["waitsFor"]
        return [one["error"]["code"] for one in waits if "error" in one] == ["referenceUnknown"]

    await until(told)
    assert (await machine.post(f"/v1/runs/{run}/cancel", headers=order(), json={})).status_code == 202


async def test_a_run_that_waits_is_stopped_and_tried_again(tree: Settings, machine: httpx.AsyncClient) -> None:
    run = await waiting(tree, machine)
    path = f"/v1/runs/{run['workflowId']}"
    [wait] = run["waitsFor"]
    assert (run["agent"], run["status"], run["about"]["label"]) == ("RecognitionWorkflow", "Running", "Recognition")
    assert (wait["on"], wait["name"], wait["error"]["code"]) == ("step", "record_recognition", "referenceUnknown")
    assert "Task" in wait["error"]["text"]
    tried, again, *_ = (await run_of(machine, run["workflowId"]))["steps"]
    assert (tried["how"], tried["status"], again["how"], again["status"]) == ("local", "Failed", "activity", "Waiting")

    early = await machine.post(f"{path}/retry", headers=order())
    assert (early.status_code, early.json()["code"]) == (409, "runNotFailed")
    stopped = await machine.post(f"{path}/cancel", headers=order(), json={"reason": "the task is of another system"})
    assert stopped.status_code == 202, stopped.text

    async def cancelled() -> bool:
        return bool((await run_of(machine, run["workflowId"]))["status"] == "Canceled")

    await until(cancelled)
    letters = (await machine.get("/v1/deadLetters", params={"code": "cancelled"})).raise_for_status().json()
    assert f"{run['workflowId']}/{run['runId']}" in {one.get("run") for one in letters["items"]}
    late = await machine.post(f"{path}/cancel", headers=order())
    assert (late.status_code, late.json()["status"]) == (202, "Canceled"), "it is as was asked"

    key = order()
    begun = [(await machine.post(f"{path}/retry", headers=key)).raise_for_status().json() for _ in range(2)]
    assert [one["status"] for one in begun] == ["Running", "Running"]
    assert begun[0]["runId"] == begun[1]["runId"] != run["runId"]
    older = (await machine.get(path, params={"runId": run["runId"]})).raise_for_status().json()
    assert (older["status"], older["failure"]["code"]) == ("Canceled", "cancelled")
    (await machine.post(f"{path}/cancel", headers=order())).raise_for_status()


async def test_an_operator_sees_the_run_and_not_what_is_private(tree: Settings, machine: httpx.AsyncClient) -> None:
    hidden = await waiting(tree, machine, visibility="parties")
    whole = await machine.get(f"/v1/runs/{hidden['workflowId']}")
    [wait] = hidden["waitsFor"]
    assert wait["error"] == {"code": "referenceUnknown"}
    assert all(step.get("error", {}).keys() <= {"code"} for step in whole.json()["steps"])
    assert ("canary" in whole.text, "withheld" in whole.json()) == (False, True)
    (await machine.post(f"/v1/runs/{hidden['workflowId']}/cancel", headers=order())).raise_for_status()


async def test_what_is_written_is_told_and_cannot_be_stopped(machine: httpx.AsyncClient) -> None:
    thing = (await report(machine, title=f"The pump is loud {uuid4()}")).json()["id"]
    path = f"/v1/runs/tension/{thing}"

    async def ended() -> bool:
        return bool((await run_of(machine, f"tension/{thing}"))["status"] == "Completed")

    await until(ended)
    run = await run_of(machine, f"tension/{thing}")
    assert run["about"] == {"label": "Tension", "id": thing}
    done = {step["name"] for step in run["steps"] if step["status"] == "Done"}
    assert {"record", "publish", "index", "judge_tension"} <= done
    assert run["links"]["trace"]
    refused = [await machine.post(f"{path}/{what}", headers=order()) for what in ("cancel", "retry")]
    assert [one.json()["code"] for one in refused] == ["runWritten", "runNotFailed"]


async def test_what_an_operator_ended_by_force_is_carried_out_after_all(
    tree: Settings, machine: httpx.AsyncClient
) -> None:
    run = await waiting(tree, machine)
    client = await connect(tree.temporal)
    await client.get_workflow_handle(run["workflowId"]).terminate("by hand")
    ended = await run_of(machine, run["workflowId"])
    assert (ended["status"], ended["failure"]["code"], ended["waitsFor"]) == ("Terminated", "terminated", [])
    stopped = await machine.post(f"/v1/runs/{run['workflowId']}/cancel", headers=order())
    assert (stopped.status_code, stopped.json()["code"]) == (409, "runEnded")
    begun = await machine.post(f"/v1/runs/{run['workflowId']}/retry", headers=order())
    assert begun.json()["status"] == "Running"
    (await machine.post(f"/v1/runs/{run['workflowId']}/cancel", headers=order())).raise_for_status()


async def test_runs_of_a_schedule_are_listed_and_not_ordered_about(tree: Settings, machine: httpx.AsyncClient) -> None:
    await (await connect(tree.temporal)).get_schedule_handle(LEDGER_SWEEP).trigger()
    found = list[dict[str, Any]]()

    async def listed() -> bool:
        page = await machine.get("/v1/runs", params={"agent": "LedgerSweepWorkflow", "limit": "1"})
        found[:] = page.raise_for_status().json()["items"]
        return bool(found)

    await until(listed)
    assert "about" not in found[0]
    refused = await machine.post(f"/v1/runs/{found[0]['workflowId']}/cancel", headers=order())
    assert refused.json()["code"] in {"runEnded", "runOfTheSystem"}


async def test_a_page_follows_another(tree: Settings, machine: httpx.AsyncClient) -> None:
    seen, cursor = list[tuple[str, str]](), ""
    for _ in range(3):
        page = (await machine.get("/v1/runs", params={"limit": "2", "cursor": cursor})).raise_for_status().json()
        seen += [(run["workflowId"], run["runId"]) for run in page["items"]]
        cursor = page.get("nextCursor", "")
        if not cursor:
            break
    assert len(set(seen)) == len(seen) >= 2
    async with http_client(tree, token=machine_token(tree, "r_tension")) as stranger:
        assert (await stranger.get("/v1/runs")).status_code == 403
    assert UUID(seen[0][1])
