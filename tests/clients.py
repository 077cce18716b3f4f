"""How tests speak with a stack: tokens, HTTP clients, events of another system, and waiting for a condition."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from uuid import uuid4

import httpx
import orjson
import uvicorn
from aiokafka import AIOKafkaProducer
from starlette.types import ASGIApp

from cli.identity import machine_token, person_token
from runtime.settings import Settings
from stack.session import StackSession

_RENEWED_AFTER = 600.0  # seconds; the local issuer's tokens live 900


def settings_of(stack: StackSession) -> Settings:
    """Settings of a stack that is not this process's own."""
    kept = dict(os.environ)
    try:
        os.environ.update(stack.environment)
        return Settings(_env_file=None)
    finally:
        os.environ.clear()
        os.environ.update(kept)


class Bearer(httpx.Auth):
    """Tokens of ``alice``, ``bob``, ``olga`` or the ``machine``; a new one in good time before one expires."""

    def __init__(self, tree: Settings, who: str) -> None:
        self._tree, self._who = tree, who
        self._token, self._since = token_of(tree, who), time.monotonic()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with the token."""
        if time.monotonic() - self._since > _RENEWED_AFTER:
            self._token, self._since = token_of(self._tree, self._who), time.monotonic()
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def http_client(tree: Settings, who: str | None = None, *, token: str = "") -> httpx.AsyncClient:
    """A client of somebody with an account, for as long as it lives, or with one token."""
    return httpx.AsyncClient(
        base_url=tree.api.public_url,
        auth=Bearer(tree, who) if who else None,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=httpx.Timeout(30.0),
    )


def token_of(tree: Settings, who: str) -> str:
    """Token of ``alice``, ``bob``, ``olga`` or the ``machine``."""
    if who == "machine":
        return machine_token(tree)
    return person_token(tree, f"{who}@trm.test", tree.stack.user_password.get_secret_value())


async def until(condition: Callable[[], Awaitable[bool]], limit: float = 60.0, every: float = 0.1) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + limit
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not become true in {limit:.0f} s: {condition.__name__}")
        await asyncio.sleep(every)


def foreign_headers(
    subject: str,
    event_type: str = "RECOGNITION_CREATED",
    source: str = "urn:test:hr",
    event_id: str = "",
    schema: str = "recognition-created",
) -> list[tuple[str, bytes]]:
    """CloudEvents headers of another system's plain JSON event."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id or str(uuid4()),
        "ce_source": source,
        "ce_type": event_type,
        "ce_subject": subject,
        "ce_time": "2026-03-01T09:00:00+07:00",
        "ce_dataschema": f"schemas/{schema}.v1.json",
    }
    return [(name, value.encode()) for name, value in attributes.items()]


def foreign_recognition(content: str, receiver: str = "bob@trm.test") -> bytes:
    """Payload of another system's recognition."""
    return orjson.dumps(
        {"giver": {"email": "carol@partner.test"}, "receivers": [{"email": receiver}], "content": content}
    )


async def produce(
    tree: Settings, topic: str, messages: Sequence[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]]
) -> None:
    """Send messages (key, value, headers) as another system would."""
    producer = AIOKafkaProducer(bootstrap_servers=tree.events.bootstrap_servers, acks="all", max_request_size=4 * 2**20)
    await producer.start()
    try:
        for key, value, headers in messages:
            await producer.send_and_wait(topic, value, key=key, headers=headers)
    finally:
        await producer.stop()


@contextlib.asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port of this process; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving
