"""One trace per recognition, from the request to the bridge; figures and log lines that name the run."""

import re
import secrets
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from runtime.settings import Settings
from stack.monitoring import ALERTS, PANELS
from stack.session import StackSession
from tests.clients import foreign_headers, foreign_recognition, produce, until

pytestmark = pytest.mark.servers

STEPS = {
    ("trm-gateway", "post /v1/recognitions"),
    ("trm-gateway", "startworkflow:recognitionworkflow"),
    ("trm-agents", "runworkflow:recognitionworkflow"),
    ("trm-agents", "runactivity:record_recognition"),
    ("trm-agents", "neo4j write"),
    ("trm-agents", "runactivity:publish"),
    ("trm-agents", "kafka send"),
    ("trm-agents", "runactivity:index"),
    ("trm-agents", "embed"),
    ("trm-agents", "postgresql index"),
    ("trm-bridge", "process trm.recognitions"),
}


def new_trace() -> tuple[str, str]:
    """A trace id, and the header that carries it."""
    trace_id = secrets.token_hex(16)
    return trace_id, f"00-{trace_id}-{secrets.token_hex(8)}-01"


async def spans_of(tree: Settings, trace_id: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient() as web:
        answer = await web.get(f"http://127.0.0.1:{tree.stack.zipkin_port}/api/v2/trace/{trace_id}")
    return answer.json() if answer.status_code == 200 else []


async def until_whole(tree: Settings, trace_id: str, wanted: set[tuple[str, str]]) -> list[dict[str, Any]]:
    async def whole() -> bool:
        spans = await spans_of(tree, trace_id)
        return wanted <= {(span["localEndpoint"]["serviceName"], span["name"]) for span in spans}

    await until(whole, every=0.5)
    return await spans_of(tree, trace_id)


async def figure(port: int, name: str, *labels: str) -> float:
    """Sum of a metric's samples that carry the labels."""
    async with httpx.AsyncClient() as web:
        lines = (await web.get(f"http://127.0.0.1:{port}/metrics")).text.splitlines()
    found = [line for line in lines if line.startswith(name) and all(label in line for label in labels)]
    return sum(float(line.rsplit(" ", 1)[1]) for line in found)


async def test_a_request_is_one_trace_to_the_last_step(tree: Settings, alice: httpx.AsyncClient) -> None:
    trace_id, carrier = new_trace()
    headers = {"Idempotency-Key": str(uuid4()), "traceparent": carrier}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": f"Followed from end to end {uuid4()}"}
    assert (await alice.post("/v1/recognitions", json=body, headers=headers)).status_code == 202
    spans = await until_whole(tree, trace_id, STEPS)
    known = {span["id"] for span in spans} | {carrier.split("-")[2]}
    assert all(span.get("parentId") in known for span in spans)


async def test_an_event_of_another_system_carries_its_trace_on(tree: Settings) -> None:
    trace_id, carrier = new_trace()
    subject = str(uuid4())
    headers = [*foreign_headers(subject), ("traceparent", carrier.encode())]
    await produce(tree, tree.events.recognitions_topic, [(subject.encode(), foreign_recognition("Traced"), headers)])
    steps = {step for step in STEPS if step[0] == "trm-agents"} | {("trm-bridge", "process trm.recognitions")}
    await until_whole(tree, trace_id, steps)


async def test_the_processes_tell_their_figures(tree: Settings, alice: httpx.AsyncClient) -> None:
    worker, written = tree.telemetry.worker_port, "trm_recognition_to_graph_seconds_count"
    before = await figure(worker, written, 'source="request"')
    embedded = await figure(worker, "trm_embeddings_total", 'cached="true"')
    for _ in range(2):
        body = {"receivers": [{"email": "bob@trm.test"}], "content": "Counted twice, embedded once"}
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        made = await alice.post("/v1/recognitions", json=body, headers=headers)
        assert made.status_code == 201

        async def searchable(made: httpx.Response = made) -> bool:
            return "text" in (await alice.get(f"/v1/why/{made.json()['id']}")).json()

        await until(searchable)
    assert await figure(worker, written, 'source="request"') == before + 2

    async def counted() -> bool:
        return await figure(worker, "trm_embeddings_total", 'cached="true"') > embedded

    await until(counted)
    assert await figure(tree.api.operations_port, "trm_request_seconds_count", 'route="/v1/recognitions"') >= 2
    assert await figure(tree.telemetry.worker_runtime_port, "temporal_num_pollers") > 0
    assert await figure(tree.stack.temporal_metrics_port, "service_requests") > 0


async def test_log_lines_name_request_trace_and_run(
    tree: Settings, stack: StackSession, alice: httpx.AsyncClient
) -> None:
    trace_id, carrier = new_trace()
    request, key = str(uuid4()), str(uuid4())
    headers = {"Idempotency-Key": key, "traceparent": carrier, "X-Request-Id": request, "Prefer": "wait=10"}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Found again in the logs"}
    made = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["id"]

    def lines(server: str) -> list[dict[str, Any]]:
        text = (stack.folder / "data" / "logs" / f"{server}.log").read_bytes()
        return [orjson.loads(line) for line in text.splitlines() if line.startswith(b"{") and trace_id.encode() in line]

    async def logged() -> bool:
        return bool(lines("gateway")) and bool(lines("agents"))

    await until(logged)
    assert lines("gateway")[-1]["requestId"] == request
    [written] = [line for line in lines("agents") if line["message"] == "recognition written"]
    assert (written["workflowId"], written["attempt"]) == (f"recognition/{made}", 1)


async def test_what_is_drawn_and_alerted_on_is_told_by_a_process(tree: Settings, alice: httpx.AsyncClient) -> None:
    await alice.get("/v1/recognitions")
    told = "up process_resident_memory_bytes "
    ports = (
        tree.api.operations_port,
        tree.telemetry.worker_port,
        tree.telemetry.worker_runtime_port,
        tree.telemetry.bridge_port,
    )
    async with httpx.AsyncClient() as web:
        for port in ports:
            told += (await web.get(f"http://127.0.0.1:{port}/metrics")).text
    drawn = [query for panel in PANELS for query in panel.queries.values()]
    used = set(re.findall(r"\b(?:trm|temporal|process)_\w+", " ".join([*drawn, *(a.expression for a in ALERTS)])))
    seldom = {"temporal_activity_execution_failed"}  # the SDK tells it after the first failure
    assert {name for name in used - seldom if name not in told} == set()
