"""Every answer: safe headers and ids also when something breaks, who asks before what they send, and right methods."""

import logging
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from runtime.errors import RefusedError, UnavailableError
from tests.issuer import Issuer
from tests.unit.api.worlds import World, post

SAFE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
}
ID = "mine-1"


@pytest.fixture(scope="module", autouse=True)
def traced() -> None:
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())


def assert_framed(answer: httpx.Response, status: int, code: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == problem["requestId"] == ID
    assert len(problem["traceId"]) == 32
    assert SAFE.items() <= dict(answer.headers).items()
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("error", [KeyError("bug"), ZeroDivisionError(), ExceptionGroup("several", [ValueError("x")])])
async def test_a_bug_is_answered_as_everything_else(
    world: World, client: httpx.AsyncClient, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    world.graph.failing = error
    with caplog.at_level(logging.ERROR):
        answer = await client.get(f"/v1/people/{uuid4()}", headers={"X-Request-Id": ID})
    assert_framed(answer, 500, "internal")
    assert "bug" not in answer.text
    assert any(record.exc_info for record in caplog.records)


async def test_a_browser_may_read_what_broke(issuer: Issuer) -> None:
    world = World(issuer, cors_origins=["https://app.test"])
    world.graph.failing = KeyError("bug")
    async with world.client() as client:
        answer = await client.get("/v1/people", headers={"Origin": "https://app.test", "X-Request-Id": ID})
    assert_framed(answer, 500, "internal")
    assert answer.headers["access-control-allow-origin"] == "https://app.test"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "notFound"),
        ("GET", "/v1/people/", 404, "notFound"),
        ("POST", "/", 404, "notFound"),
        ("DELETE", "/v1/people", 405, "methodNotAllowed"),
        ("PUT", "/v1/people/3ed975c5-2c89-4e0a-b25e-85db2e03e52f", 405, "methodNotAllowed"),
        ("BREW", "/v1/search", 405, "methodNotAllowed"),
        ("GET", "/v1/knowledgeSnippets", 405, "methodNotAllowed"),
    ],
)
async def test_what_is_not_there_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    assert_framed(await client.request(method, path, headers={"X-Request-Id": ID}), status, code)


async def test_a_host_that_cannot_be_read_breaks_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/nothing", headers={"Host": "[::1", "X-Request-Id": ID})
    assert_framed(answer, 404, "notFound")


async def test_a_family_error_without_a_listed_code_has_its_familys(world: World, client: httpx.AsyncClient) -> None:
    class NewError(RefusedError):
        code = "neverListed"

    class NewAwayError(UnavailableError):
        code = "neverListedEither"

    for error, status, code in ((NewError("no"), 422, "refused"), (NewAwayError("no"), 503, "unavailable")):
        world.graph.failing = error
        answer = await client.get("/v1/people", headers={"X-Request-Id": ID})
        assert_framed(answer, status, code)


BAD_BODIES: list[tuple[dict[str, Any], int, str]] = [
    ({"content": b'{"fullName":', "headers": {"Content-Type": "application/json"}}, 422, "invalidRequest"),
    ({"content": b"\xff\xfe", "headers": {"Content-Type": "application/json"}}, 422, "invalidRequest"),
    ({"content": b"[" * 50_000, "headers": {"Content-Type": "application/json"}}, 422, "invalidRequest"),
    ({"content": b"9" * 10_000, "headers": {"Content-Type": "application/json"}}, 422, "invalidRequest"),
    ({"content": b"", "headers": {"Content-Type": "application/json"}}, 422, "invalidRequest"),
    ({}, 422, "invalidRequest"),
    ({"content": b"x" * 70_000, "headers": {"Content-Type": "application/json"}}, 413, "bodyTooLarge"),
    ({"json": {"fullName": "x" * 70_000}}, 413, "bodyTooLarge"),
    ({"data": {"fullName": "Mai"}}, 415, "mediaTypeUnsupported"),
    ({"files": {"fullName": "Mai"}}, 415, "mediaTypeUnsupported"),
    ({"content": b'{"fullName": "Mai"}'}, 415, "mediaTypeUnsupported"),
    ({"content": b"{}", "headers": {"Content-Type": "text/json"}}, 415, "mediaTypeUnsupported"),
    ({"content": b"{}", "headers": {"Content-Type": "application/json; charset=latin-1"}}, 415, "mediaTypeUnsupported"),
    ({"json": {}, "headers": {"Content-Encoding": "gzip"}}, 415, "mediaTypeUnsupported"),
]


@pytest.mark.parametrize(("sent", "status", "code"), BAD_BODIES)
async def test_a_body_that_cannot_be_read_is_told_why(
    client: httpx.AsyncClient, sent: dict[str, Any], status: int, code: str
) -> None:
    headers = {"Idempotency-Key": "k", "X-Request-Id": ID, **sent.get("headers", {})}
    answer = await client.post("/v1/people", **{**sent, "headers": headers})
    assert_framed(answer, status, code)
    if status == 415:
        assert "accept" in answer.headers or "accept-encoding" in answer.headers


@pytest.mark.parametrize("path", ["/v1/people", "/v1/recognitions", "/v1/knowledgeSnippets"])
@pytest.mark.parametrize(("sent", "status", "code"), BAD_BODIES)
async def test_who_asks_comes_before_what_they_send(
    world: World, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    headers = {"X-Request-Id": ID, **sent.get("headers", {})}
    async with world.client("") as nobody:
        assert_framed(await nobody.post(path, **{**sent, "headers": headers}), 401, "tokenMissing")
    async with world.client("nonsense") as stranger:
        assert_framed(await stranger.post(path, **{**sent, "headers": headers}), 401, "tokenInvalid")
    async with world.client(world.issuer.token(scope="r_win")) as reader:
        assert_framed(await reader.post(path, **{**sent, "headers": headers}), 403, "insufficientScope")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", "APPLICATION/JSON", "application/merge-patch+json"]
)
async def test_json_in_every_spelling_is_read(client: httpx.AsyncClient, kind: str) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": kind}
    assert (await client.post("/v1/people", content=b'{"fullName": "Mai"}', headers=headers)).status_code == 202


async def test_the_token_is_checked_once(
    world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = world.services.tokens.principal

    async def counted(token: str) -> Any:
        asked.append(token)
        return await real(token)

    monkeypatch.setattr(world.services.tokens, "principal", counted)
    assert (await post(client, "/v1/people", {"fullName": "Mai"})).status_code == 202
    assert len(asked) == 1


async def test_head_answers_as_get_without_the_body(world: World, client: httpx.AsyncClient) -> None:
    for path in (
        f"/v1/people/{world.graph.add_person()}",
        f"/v1/recognitions/{world.graph.add_recognition()}",
        "/v1/recognitions?limit=1",
        "/v1/search?q=x",
        "/openapi.json",
        "/v1/nothing",
        "/v1/people/3ed975c5-2c89-4e0a-b25e-85db2e03e52f",
        "/v1/knowledgeSnippets",
    ):
        headers = {"X-Request-Id": ID}
        get, head = await client.get(path, headers=headers), await client.head(path, headers=headers)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        if "etag" in get.headers:
            assert dict(head.headers) == dict(get.headers), path
            known = {"If-None-Match": get.headers["etag"]}
            assert (await client.head(path, headers=known)).status_code == 304
    async with world.client("") as nobody:
        assert (await nobody.head("/v1/people")).status_code == 401


async def test_allow_names_what_a_path_has(client: httpx.AsyncClient) -> None:
    assert (await client.delete("/v1/people")).headers["allow"] == "GET, HEAD, POST"
    assert (await client.delete("/v1/search")).headers["allow"] == "GET, HEAD"
    assert (await client.get("/v1/knowledgeSnippets")).headers["allow"] == "POST"
