"""A gateway of this process on the session's servers, with a line to Temporal that can be cut."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from api.__main__ import GatewayProbe
from api.app import create_app
from api.opening import opened
from api.services import Services
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.clients import token_of

pytestmark = pytest.mark.servers


class Line:
    """A TCP line to a server: whole, deaf (what the server answers is lost), or cut."""

    def __init__(self, target: str) -> None:
        self.host, self.port = target.rsplit(":", 1)
        self.state = "whole"
        self._open: set[asyncio.StreamWriter] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        if self.state == "cut":
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(self.host, int(self.port))
        self._open |= {writer, far_writer}
        await asyncio.gather(self._carry(reader, far_writer, away=False), self._carry(far_reader, writer, away=True))

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, away: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if away and self.state == "deaf":
                    continue
                sink.write(data)
                await sink.drain()
        sink.close()

    def cut(self) -> None:
        """End every connection and take no other."""
        self.state = "cut"
        for writer in self._open:
            writer.close()


@pytest.fixture
async def line(tree: Settings) -> AsyncIterator[Line]:
    line = Line(tree.temporal.target)
    yield line
    line.cut()


@pytest.fixture
async def services(tree: Settings, line: Line) -> AsyncIterator[Services]:
    server = await asyncio.start_server(line.take, "127.0.0.1", 0)
    target = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    own = tree.model_copy(update={"temporal": tree.temporal.model_copy(update={"target": target})})
    async with server, opened(own) as services:
        yield services
        line.cut()


@pytest.fixture
async def web(tree: Settings, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(tree, services))
    headers = {"Authorization": f"Bearer {token_of(tree, 'alice')}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test", headers=headers) as web:
        yield web


def thanks() -> dict[str, object]:
    return {"receivers": [{"email": "bob@trm.test"}], "content": f"Thank you for holding the line {uuid4()}"}


async def test_a_write_without_temporal_is_refused_soon_and_says_when_to_try_again(
    web: httpx.AsyncClient, line: Line, services: Services
) -> None:
    line.cut()
    began = time.monotonic()
    answer = await web.post("/v1/recognitions", json=thanks(), headers={"Idempotency-Key": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (503, "temporalUnavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert time.monotonic() - began < 25, "an outage is not waited out"
    ready = await GatewayProbe(services)()
    assert not ready.ready
    assert ready.checks["graph"] == "ok"


async def test_a_start_whose_answer_was_lost_is_one_recognition_in_the_end(
    web: httpx.AsyncClient, line: Line, services: Services
) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, thanks()
    warm = await web.post("/v1/recognitions", json=thanks(), headers={"Idempotency-Key": str(uuid4())})
    assert warm.status_code == 202
    line.state = "deaf"
    lost = await web.post("/v1/recognitions", json=body, headers=key)
    assert lost.status_code == 503
    line.state = "whole"

    async def repeated() -> httpx.Response:
        while True:
            answer = await web.post("/v1/recognitions", json=body, headers={**key, "Prefer": "wait=10"})
            if answer.status_code != 503:
                return answer

    answer = await asyncio.wait_for(repeated(), 60)
    assert answer.status_code == 201
    client = await connect(services.settings.temporal)
    runs = [run async for run in client.list_workflows(f'WorkflowId = "recognition/{answer.json()["id"]}"')]
    assert len(runs) == 1
