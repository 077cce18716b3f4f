"""What operators are told of runs, what is withheld from them, and the orders that they give."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from api.cursors import Cursors
from graph import runs
from graph.errors import GraphUnavailableError
from runtime.errors import RefusedError
from runtime.run_views import (
    RunDetail,
    RunEndedError,
    RunError,
    RunFilters,
    RunNotFailedError,
    RunOfTheSystemError,
    RunStatus,
    RunView,
    RunWrittenError,
    Step,
    Wait,
)
from tests.unit.api.worlds import MOMENT, World

QUOTED = RunError("graphUnavailable", "canary: what it says")
ORDER = {"Idempotency-Key": "k"}


def add(world: World, **more: object) -> RunDetail:
    """A run that tries to write a thing in vain."""
    thing = uuid4()
    run = RunView(
        workflow_id=f"tension/{thing}",
        run_id=str(uuid4()),
        agent="TensionWorkflow",
        status=RunStatus.RUNNING,
        started_at=MOMENT,
        label="Tension",
        entity=thing,
        waits_for=(Wait("step", "record", 3, MOMENT, MOMENT + timedelta(seconds=4), QUOTED),),
    )
    run = RunView(**{**vars(run), **more})
    detail = RunDetail(
        run,
        steps=(Step("record", "activity", "Waiting", 2, MOMENT, error=QUOTED),),
        trace_id="0" * 31 + "1",
    )
    world.runs.details[run.workflow_id] = detail
    return detail


def client_of(world: World, scope: str) -> httpx.AsyncClient:
    """A client with a token of one scope."""
    return world.client(world.issuer.token(scope=scope))


async def test_a_run_tells_its_steps_and_what_it_waits_for(world: World) -> None:
    run = add(world, private=False).run
    async with client_of(world, "r_run") as client:
        answer = (await client.get(f"/v1/runs/{run.workflow_id}")).raise_for_status().json()
    assert (answer["agent"], answer["status"], answer["about"]["label"]) == ("TensionWorkflow", "Running", "Tension")
    [wait], [step] = answer["waitsFor"], answer["steps"]
    assert (wait["on"], wait["name"], wait["attempt"]) == ("step", "record", 3)
    assert wait["error"] == {"code": "graphUnavailable", "text": QUOTED.text}
    assert (step["status"], step["attempts"], "withheld" in answer) == ("Waiting", 2, False)
    assert answer["links"]["run"].endswith(f"/{run.run_id}/history")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"private": True}, False),
        ({"private": None}, False),
        ({"private": False}, True),
        ({"private": False, "label": "Import"}, False),
        ({"workflow_id": "import/people/1/texts/2", "entity": None, "label": None}, False),
        ({"workflow_id": "ledger-sweep-1", "entity": None, "label": None}, True),
    ],
    ids=["private", "nobody said", "public", "a file's rows", "what follows a file's rows", "about everything"],
)
async def test_texts_are_told_only_where_they_quote_nothing_private(
    world: World, more: dict[str, object], told: bool
) -> None:
    run = add(world, **more).run
    async with client_of(world, "r_run") as client:
        one, page = await client.get(f"/v1/runs/{run.workflow_id}"), await client.get("/v1/runs")
    assert (one.status_code, page.status_code) == (200, 200)
    assert [("canary" in answer.text) for answer in (one, page)] == [told, told]
    assert ("withheld" in one.json()) is not told
    assert one.json()["waitsFor"][0]["error"]["code"] == "graphUnavailable"


async def test_who_may_see_the_thing_or_sent_it_reads_the_texts(world: World) -> None:
    seen, own = add(world, private=True).run, add(world, private=True, caller=world.identity()).run
    world.graph.standing = {seen.entity: True}
    async with client_of(world, "r_run") as client:
        texts = [(await client.get(f"/v1/runs/{run.workflow_id}")).text for run in (seen, own)]
    assert all("canary" in text for text in texts)


async def test_of_what_became_private_since_nobody_is_told_but_operators_and_they_no_texts(world: World) -> None:
    run = add(world, private=False).run
    world.graph.standing = {run.entity: False}
    for scope, seen in (("r_run", False), ("rw_run", True)):
        async with client_of(world, scope) as client:
            one, page = await client.get(f"/v1/runs/{run.workflow_id}"), await client.get("/v1/runs")
        assert one.status_code == (200 if seen else 404)
        assert ("canary" in one.text + page.text, "withheld" in one.text) == (False, seen)
        assert len(page.json()["items"]) == seen
    async with client_of(world, "r_run") as client:
        said = [(await client.get(f"/v1/runs/{one}")).json()["detail"] for one in (run.workflow_id, "nobody/knows")]
    assert said[0] == said[1]


async def test_who_sent_it_is_told_of_it_whatever_becomes_of_the_thing(world: World) -> None:
    run = add(world, private=False, caller=world.identity()).run
    world.graph.standing = {run.entity: False}
    async with client_of(world, "r_run") as client:
        assert "canary" in (await client.get(f"/v1/runs/{run.workflow_id}")).raise_for_status().text


async def test_a_run_that_scores_is_guarded_by_its_project(world: World) -> None:
    project = uuid4()
    run = add(world, private=False, workflow_id=f"winScore/{project}", label="WIN", entity=project).run
    world.graph.standing = {project: False}
    async with client_of(world, "r_run") as client:
        assert (await client.get(f"/v1/runs/{run.workflow_id}")).status_code == 404
    [asked] = [said["things"] for query, said in world.graph.asked if query == runs._STANDING]
    assert asked == [{"id": str(project), "label": "Project"}]


async def test_nothing_is_stopped_while_nobody_can_say_whether_it_wrote(world: World) -> None:
    run = add(world).run
    world.graph.failing = GraphUnavailableError("away")
    async with client_of(world, "rw_run") as client:
        answer = await client.post(f"/v1/runs/{run.workflow_id}/cancel", headers=ORDER)
    assert (answer.status_code, answer.json()["code"], world.runs.orders) == (503, "graphUnavailable", [])


async def test_while_the_graph_is_away_runs_are_told_without_texts(world: World) -> None:
    run = add(world, private=False).run
    world.graph.failing = GraphUnavailableError("away")
    async with client_of(world, "r_run") as client:
        answer = await client.get(f"/v1/runs/{run.workflow_id}")
    assert (answer.status_code, "canary" in answer.text) == (200, False)


async def test_a_page_is_asked_for_as_its_filters_say(world: World) -> None:
    add(world)
    world.runs.following = b"\x00place"
    thing = uuid4()
    asked = {"status": "Running", "agent": "TensionWorkflow", "id": str(thing), "limit": "7"}
    async with client_of(world, "r_run") as client:
        first = (await client.get("/v1/runs", params=asked)).raise_for_status().json()
        await client.get("/v1/runs", params={**asked, "cursor": first["nextCursor"]})
        assert world.runs.asked_page == (RunFilters(RunStatus.RUNNING, "TensionWorkflow", thing), b"\x00place", 7)
        forged = [Cursors("other").at(b"x", {}), first["nextCursor"][:-2], "é", "a" * 200]
        refused = [await client.get("/v1/runs", params={"cursor": one}) for one in (*forged, first["nextCursor"])]
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(400, "cursorInvalid")}


@pytest.mark.parametrize("agent", ["x' OR 1=1", "", "Workflow-1"])
async def test_no_filter_says_more_than_a_name(world: World, agent: str) -> None:
    async with client_of(world, "r_run") as client:
        answer = await client.get("/v1/runs", params={"agent": agent})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#query/agent")


async def test_orders_reach_the_run_and_answer_with_it(world: World) -> None:
    run = add(world).run
    async with client_of(world, "rw_run") as client:
        tried = await client.post(f"/v1/runs/{run.workflow_id}/retry", headers=ORDER)
        stopped = await client.post(
            f"/v1/runs/{run.workflow_id.replace('/', '%2F')}/cancel", headers=ORDER, json={"reason": "a mistake"}
        )
    assert [(one.status_code, one.json()["workflowId"]) for one in (tried, stopped)] == [(202, run.workflow_id)] * 2
    assert world.runs.orders == [("retry", run.workflow_id), ("cancel, a mistake", run.workflow_id)]


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ("retry", RunNotFailedError("it runs")),
        ("retry", RunOfTheSystemError("it comes again")),
        ("cancel", RunEndedError("it ended")),
        ("cancel", RunWrittenError("it wrote")),
    ],
)
async def test_an_order_that_is_not_for_the_run_is_refused(world: World, order: str, error: RefusedError) -> None:
    run = add(world).run
    world.runs.refusing_orders = error
    async with client_of(world, "rw_run") as client:
        answer = await client.post(f"/v1/runs/{run.workflow_id}/{order}", headers=ORDER)
    assert (answer.status_code, answer.json()["code"]) == (409, error.code)


async def test_what_has_written_is_not_asked_to_stop(world: World) -> None:
    run = add(world).run
    world.graph.written = {run.workflow_id}
    async with client_of(world, "rw_run") as client:
        answer = await client.post(f"/v1/runs/{run.workflow_id}/cancel", headers=ORDER)
    assert (answer.status_code, answer.json()["code"], world.runs.orders) == (409, "runWritten", [])


async def test_orders_need_their_scope_a_key_and_a_run(world: World) -> None:
    run = add(world).run
    async with client_of(world, "r_run") as reader, client_of(world, "rw_run") as client:
        weak = await reader.post(f"/v1/runs/{run.workflow_id}/retry", headers=ORDER)
        bare = await client.post(f"/v1/runs/{run.workflow_id}/cancel")
        unknown = [
            await client.get("/v1/runs/nobody/knows"),
            await client.get(f"/v1/runs/{run.workflow_id}", params={"runId": str(uuid4())}),
            await client.post("/v1/runs/nobody/retry", headers=ORDER),
            await client.post("/v1/runs/nobody/cancel", headers=ORDER),
        ]
    assert (weak.status_code, bare.json()["code"]) == (403, "idempotencyKeyMissing")
    assert {(one.status_code, one.json()["code"]) for one in unknown} == {(404, "notFound")}
