"""``/v1/recognitions`` on real servers."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from graph.database import GraphDatabase
from runtime.settings import Settings
from tests.clients import until

pytestmark = pytest.mark.servers


def said(content: str = "Thank you for the careful review", **more: Any) -> dict[str, Any]:
    return {"receivers": [{"email": "bob@trm.test"}], "content": content, **more}


async def give(client: httpx.AsyncClient, body: dict[str, Any], wait: int = 10, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4()), **({"Prefer": f"wait={wait}"} if wait else {})}
    return await client.post("/v1/recognitions", json=body, headers=headers)


async def test_accepted_write_has_receipt_and_location(alice: httpx.AsyncClient) -> None:
    answer = await give(alice, said(), wait=0)
    assert answer.status_code == 202
    receipt = answer.json()
    assert receipt["writeStatus"] == "pending"
    assert answer.headers["location"] == f"/v1/recognitions/{receipt['id']}"
    assert receipt["workflowId"] == f"recognition/{receipt['id']}"


async def test_waiting_writer_gets_the_written_entity(alice: httpx.AsyncClient) -> None:
    answer = await give(alice, said(values=["care"], type="Effort", project={"name": "Calm releases"}))
    assert answer.status_code == 201
    written = answer.json()
    assert written["writeStatus"] == "written"
    assert written["status"] == "Granted"
    assert written["giver"]["fullName"] == "Alice Nguyễn"
    assert written["project"]["name"] == "Calm releases"
    [event] = written["recordedBy"]
    assert event["workflowId"] == f"recognition/{written['id']}"
    assert answer.headers["etag"].startswith('"1.')


async def test_read_right_after_the_write_never_says_404(alice: httpx.AsyncClient) -> None:
    for _ in range(5):
        location = (await give(alice, said(), wait=0)).headers["location"]
        answer = await alice.get(location)
        assert answer.status_code == 200
        assert answer.json()["writeStatus"] in {"pending", "written"}


async def test_same_key_and_body_give_the_same_answer(alice: httpx.AsyncClient) -> None:
    key = str(uuid4())
    first = await give(alice, said(), wait=0, key=key)
    second = await give(alice, said(), wait=0, key=key)
    assert (second.status_code, second.json()) == (first.status_code, first.json())


async def test_same_key_with_another_body_is_refused(alice: httpx.AsyncClient) -> None:
    key = str(uuid4())
    await give(alice, said(), key=key)
    answer = await give(alice, said("something else"), key=key)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotencyConflict"


async def test_another_subjects_key_is_another_write(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    key = str(uuid4())
    ours = await give(alice, said(), wait=0, key=key)
    theirs = await give(bob, {"receivers": [{"email": "alice@trm.test"}], "content": "x"}, wait=0, key=key)
    assert ours.json()["id"] != theirs.json()["id"]


async def test_concurrent_posts_with_one_key_make_one_recognition(alice: httpx.AsyncClient, tree: Settings) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(give(alice, said(), key=key) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    [only] = {answer.json()["id"] for answer in answers}
    async with GraphDatabase(tree.graph) as graph:
        query = "MATCH (r:Recognition {id: $id})-[:RECORDED_BY]->(e) RETURN count(e) AS events"
        assert await graph.read(query, id=only) == [{"events": 1}]


async def test_forgotten_write_still_refuses_another_body(alice: httpx.AsyncClient, tree: Settings) -> None:
    """Beyond Temporal's retention the graph's own request hash answers."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest

    from runtime.temporal_client import connect
    from workflows.starts import look_up

    key = str(uuid4())
    written = (await give(alice, said(), key=key)).json()
    client = await connect(tree.temporal)
    workflow_id = f"recognition/{written['id']}"
    await client.get_workflow_handle(workflow_id).result()
    execution = WorkflowExecution(workflow_id=workflow_id)
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace=tree.temporal.namespace, workflow_execution=execution)
    )

    async def forgotten() -> bool:
        return await look_up(client, workflow_id, timeout=2) is None

    await until(forgotten)
    assert (await give(alice, said("something else"), key=key)).status_code == 422
    same = await give(alice, said(), key=key)
    assert (same.status_code, same.json().get("id")) == (201, written["id"]), same.text


async def test_missing_key_says_how(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/v1/recognitions", json=said())
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "idempotencyKeyMissing"
    assert problem["errors"][0]["pointer"] == "#header/Idempotency-Key"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (said(unknown=1), "/unknown"),
        ({"content": "x"}, "/receivers"),
        (said(" "), "/content"),
        (said(occurredAt="2026-01-01T10:00:00"), "/occurredAt"),
        (said(occurredAt=12), "/occurredAt"),
        (said(occurredAt="0001-01-01T00:00:00+14:00"), "/occurredAt"),
        (said("NUL \0 is not text"), "/content"),
        (said(type="Praise"), "/type"),
        ({"receivers": [{"email": "no"}], "content": "x"}, "/receivers/0/email"),
        ({"receivers": [{"email": "a@b.c", "handle": "x1"}], "content": "x"}, "/receivers/0"),
    ],
)
async def test_invalid_body_names_the_field(alice: httpx.AsyncClient, body: dict[str, Any], pointer: str) -> None:
    answer = await give(alice, body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalidRequest"
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_self_recognition_is_refused(alice: httpx.AsyncClient) -> None:
    answer = await give(alice, {"receivers": [{"email": "alice@trm.test"}], "content": "I am great"})
    assert (answer.status_code, answer.json()["code"]) == (422, "selfRecognition")


async def test_self_recognition_under_another_name_fails_in_the_write(alice: httpx.AsyncClient) -> None:
    me = (await give(alice, said())).json()["giver"]["id"]
    answer = await give(alice, {"receivers": [{"id": me}], "content": "I am great"}, wait=0)
    assert answer.status_code == 202

    async def failed() -> bool:
        read = (await alice.get(answer.headers["location"])).json()
        return bool(read["writeStatus"] == "failed" and read["failure"]["code"] == "selfRecognition")

    await until(failed)


async def test_giver_may_only_be_named_with_the_scope(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    body = said(giver={"email": "carol@trm.test"})
    refused = await give(alice, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "onBehalfForbidden")
    assert "rw_recognition_onbehalf" in refused.headers["www-authenticate"]
    assert (await give(machine, body)).status_code == 201


async def test_own_email_as_giver_needs_no_scope(alice: httpx.AsyncClient) -> None:
    assert (await give(alice, said(giver={"email": "ALICE@trm.test"}))).status_code == 201


async def test_ambiguous_name_is_refused_with_candidates(alice: httpx.AsyncClient, machine: httpx.AsyncClient) -> None:
    name = f"Nguyễn Văn Sơn {uuid4().hex[:6]}"
    for number in range(2):
        person = {"fullName": name, "handle": f"son-{uuid4().hex[:8]}-{number}"}
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        assert (await machine.post("/v1/people", json=person, headers=headers)).status_code == 201
    folded = name.replace("ễ", "e").replace("ă", "a").replace("ơ", "o").upper()
    answer = await give(alice, {"receivers": [{"name": folded}], "content": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "nameRefused")
    assert answer.json()["errors"][0]["pointer"] == "/receivers/0/name"
    assert len(answer.json()["candidates"]) == 2


async def test_private_recognition_is_for_its_parties(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    word = f"zebrafish{uuid4().hex[:8]}"
    written = (await give(alice, said(f"A private thank you about {word}", visibility="parties"))).json()

    async def found_by(client: httpx.AsyncClient) -> bool:
        hits = (await client.get("/v1/search", params={"q": word, "limit": 50})).json()["hits"]
        return written["id"] in {hit["sourceId"] for hit in hits}

    await until(lambda: found_by(alice))
    assert await found_by(bob)
    assert not await found_by(machine)
    for client, status in ((alice, 200), (bob, 200), (machine, 404)):
        assert (await client.get(f"/v1/recognitions/{written['id']}")).status_code == status
        listed = {item["id"] for item in (await client.get("/v1/recognitions?limit=100")).json()["items"]}
        assert (written["id"] in listed) == (status == 200)


async def test_pages_hold_everything_once(alice: httpx.AsyncClient) -> None:
    project = f"Paging {uuid4().hex[:6]}"
    written = [(await give(alice, said(f"Page {n}", project={"name": project}))).json() for n in range(5)]
    query = {"projectId": written[0]["project"]["id"], "limit": 2}
    seen: list[str] = []
    cursor = None
    while True:
        page = (await alice.get("/v1/recognitions", params={**query, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page.get("nextCursor")
        if not cursor:
            break
    assert seen == [item["id"] for item in reversed(written)]


async def test_pages_are_ordered_by_when_it_happened_whenever_it_came_in(alice: httpx.AsyncClient) -> None:
    project = f"History {uuid4().hex[:6]}"
    days = ["2023-05-05", "2025-11-30", "2024-01-15", "2025-11-30", "2023-12-24", "2024-08-08"]
    for day in days:
        body = said(f"Happened on {day}", project={"name": project}, occurredAt=f"{day}T00:00:00Z")
        answer = await give(alice, body)
    query = {"projectId": answer.json()["project"]["id"], "limit": 2}
    seen: list[tuple[str, str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await alice.get("/v1/recognitions", params={**query, **({"cursor": cursor} if cursor else {})})).json()
        seen += [(item["occurredAt"], item["createdAt"], item["id"]) for item in page["items"]]
        cursor = page.get("nextCursor")
    assert seen == sorted(seen, reverse=True)
    assert [moment[:10] for moment, _, _ in seen] == sorted(days, reverse=True)


async def test_cursor_of_other_filters_or_forged_is_refused(alice: httpx.AsyncClient) -> None:
    for number in range(2):
        await give(alice, said(f"Cursor {number}"))
    cursor = (await alice.get("/v1/recognitions", params={"limit": 1})).json()["nextCursor"]
    forged = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    for params in ({"cursor": cursor, "giverId": str(UUID(int=1))}, {"cursor": forged}, {"cursor": "%%"}):
        answer = await alice.get("/v1/recognitions", params=params)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursorInvalid")


async def test_unchanged_entity_is_not_sent_again(alice: httpx.AsyncClient) -> None:
    written = await give(alice, said())
    answer = await alice.get(written.headers["location"], headers={"If-None-Match": written.headers["etag"]})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_moment_in_a_query_is_written_out_and_in_range(alice: httpx.AsyncClient) -> None:
    for path in ("/v1/recognitions", "/v1/search?q=x"):
        for since in ("0.5", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"):
            answer = await alice.get(path, params={**httpx.URL(path).params, "since": since})
            assert (answer.status_code, answer.json()["code"]) == (422, "invalidRequest"), since


async def test_body_limit(alice: httpx.AsyncClient, tree: Settings) -> None:
    answer = await give(alice, said("x" * tree.api.body_limit))
    assert (answer.status_code, answer.json()["code"]) == (413, "bodyTooLarge")


async def test_request_id_comes_back(alice: httpx.AsyncClient) -> None:
    answer = await alice.get("/v1/recognitions", headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert (await alice.get("/v1/nothing", headers={"X-Request-Id": "mine-2"})).json()["requestId"] == "mine-2"


async def test_operations_are_not_on_the_public_port(alice: httpx.AsyncClient) -> None:
    for path in ("/metrics", "/livez", "/readyz"):
        assert (await alice.get(path)).status_code == 404


async def test_search_says_why(alice: httpx.AsyncClient) -> None:
    word = f"quokka{uuid4().hex[:8]}"
    written = (await give(alice, said(f"Nice work with the {word} in the hay"))).json()

    async def first_hit() -> dict[str, Any]:
        hits = (await alice.get("/v1/search", params={"q": word})).json()["hits"]
        return hits[0] if hits else {}

    async def found() -> bool:
        return bool((await first_hit()).get("sourceId") == written["id"])

    await until(found)
    hit = await first_hit()
    assert hit["words"]["rank"] == 1
    assert hit["words"]["terms"]
    assert hit["words"]["score"] > 0
    assert hit["meaning"] is None or -1 <= hit["meaning"]["score"] <= 1
