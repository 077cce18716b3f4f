"""The network provider against a local server that speaks its wire format and fails in every way it can."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from knowledge.errors import ProviderRefusalError, ProviderUnavailableError, TextRefusedError, WrongDimensionError
from knowledge.openai_provider import OpenAiEmbeddings
from runtime.settings import EmbeddingSettings
from tests.clients import served

Answer = Callable[[dict[str, Any]], Response]


def vectors(request: dict[str, Any], width: int = 1536, missing: int = 0) -> Response:
    data = [
        {"object": "embedding", "index": n, "embedding": [float(n + 1), *[0.0] * (width - 1)]}
        for n in reversed(range(len(request["input"]) - missing))
    ]
    return JSONResponse({"object": "list", "data": data, "model": request["model"], "usage": {}})


def refusal(status: int, code: str = "", **headers: str) -> Answer:
    body = {"error": {"message": f"refused {status}", "code": code, "type": code, "param": None}}
    return lambda _request: JSONResponse(body, status_code=status, headers=headers)


class Service:
    """Gives the next prepared answer to each request, the last one for ever; None hangs."""

    url = ""

    def __init__(self) -> None:
        self.answers: list[Answer | None] = [vectors]
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.closing = asyncio.Event()

    async def handle(self, request: Request) -> Response:
        self.requests.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await self.closing.wait()
            return Response()
        return answer(self.requests[-1])


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    app = Starlette(routes=[Route("/v1/embeddings", service.handle, methods=["POST"])])
    async with served(app) as address:
        service.url = f"{address}/v1"
        yield service
        service.closing.set()


def provider(service: Service, **settings: object) -> OpenAiEmbeddings:
    tree = EmbeddingSettings(
        provider="openai", openai_base_url=service.url, openai_api_key=SecretStr("sk-test"), **settings
    )
    return OpenAiEmbeddings(tree)


async def test_texts_go_in_one_call_and_vectors_come_in_their_order(service: Service) -> None:
    answer = await provider(service).embed(["one", "two"], "passage")
    assert [vector.shape for vector in answer] == [(1536,), (1536,)]
    [request] = service.requests
    assert (request["input"], request["dimensions"]) == (["one", "two"], 1536)
    assert service.keys == ["Bearer sk-test"]


async def test_what_is_too_long_for_the_model_is_cut(service: Service) -> None:
    await provider(service, openai_longest_text=10).embed(["x" * 50], "passage")
    assert service.requests[0]["input"] == ["x" * 10]


@pytest.mark.parametrize("retry_after", ["0.05", "Sat, 28 Nov 2026 03:46:30 GMT"])
async def test_a_busy_provider_is_asked_again_when_it_said(service: Service, retry_after: str) -> None:
    service.answers = [refusal(429, "rate_limit_exceeded", **{"Retry-After": retry_after}), vectors]
    assert len(await provider(service).embed(["one"], "passage")) == 1
    assert len(service.requests) == 2


async def test_a_long_wait_is_handed_on_instead_of_waited_for(service: Service) -> None:
    service.answers = [refusal(503, **{"Retry-After": "120"})]
    with pytest.raises(ProviderUnavailableError) as caught:
        await provider(service).embed(["one"], "passage")
    assert caught.value.retry_after == 120
    assert len(service.requests) == 1


async def test_server_errors_are_tried_a_few_times_only(service: Service) -> None:
    service.answers = [refusal(500, **{"Retry-After": "0"})]
    with pytest.raises(ProviderUnavailableError):
        await provider(service, openai_tries=3).embed(["one"], "passage")
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("status", "code"), [(401, "invalid_api_key"), (429, "insufficient_quota"), (404, "model_not_found")]
)
async def test_a_refused_account_is_asked_once_and_then_left_in_peace(service: Service, status: int, code: str) -> None:
    service.answers = [refusal(status, code)]
    with pytest.raises(ProviderRefusalError) as caught:
        await provider(service, openai_refusal_wait=77.0).embed(["one"], "passage")
    assert caught.value.retry_after == 77
    assert caught.value.transient
    assert len(service.requests) == 1


async def test_a_refused_text_is_told_apart_from_a_refused_account(service: Service) -> None:
    service.answers = [refusal(400, "context_length_exceeded")]
    with pytest.raises(TextRefusedError):
        await provider(service).embed(["one"], "passage")


async def test_a_text_of_too_many_tokens_is_shortened_until_it_is_taken(service: Service) -> None:
    service.answers = [refusal(400, "context_length_exceeded"), refusal(400, "context_length_exceeded"), vectors]
    assert len(await provider(service).embed(["字" * 8_000], "passage")) == 1
    assert [len(request["input"][0]) for request in service.requests] == [8_000, 4_000, 2_000]


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: vectors(request, width=384),
        lambda request: vectors(request, missing=1),
    ],
)
async def test_wrong_answers_are_never_taken_for_vectors(service: Service, answer: Answer) -> None:
    service.answers = [answer]
    with pytest.raises(WrongDimensionError):
        await provider(service).embed(["one", "two"], "passage")


@pytest.mark.parametrize(
    "body", [b"{}", b"<html>", b'{"data": [{"index": 0}]}', b'{"data": [{"index": 0, "embedding": {"a": 1}}]}']
)
async def test_an_answer_of_another_shape_counts_as_away(service: Service, body: bytes) -> None:
    service.answers = [lambda _request: Response(body, media_type="application/json")]
    with pytest.raises(ProviderUnavailableError):
        await provider(service, openai_tries=1).embed(["one"], "passage")


async def test_a_hanging_provider_counts_as_away(service: Service) -> None:
    service.answers = [None]
    with pytest.raises(ProviderUnavailableError):
        await provider(service, openai_timeout=0.1, openai_tries=1).embed(["one"], "passage")


async def test_vectors_are_brought_to_unit_length(service: Service) -> None:
    [vector, other] = await provider(service).embed(["one", "two"], "passage")
    assert np.linalg.norm(vector) == pytest.approx(1)
    assert np.linalg.norm(other) == pytest.approx(1)
