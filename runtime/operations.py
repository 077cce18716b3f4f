"""The operations port of a process: ``/livez``, ``/readyz`` and ``/metrics``; never public."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import orjson
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Receive, Scope, Send

from runtime.lifecycle import serve_quietly


@dataclass(frozen=True)
class Readiness:
    """Answer to ``/readyz``.

    Parameters
    ----------
    ready
        Whether the process can do its work now.
    checks
        Name of a dependency → what is wrong with it, or ``ok``; a part may be away while the process is ready.
    """

    ready: bool
    checks: dict[str, str] = field(default_factory=dict)

    @property
    def degraded(self) -> bool:
        """Ready, but something it can do without is away."""
        return self.ready and any(state != "ok" for state in self.checks.values())


ReadinessProbe = Callable[[], Awaitable[Readiness]]


class OperationsApp:
    """The three answers, as a bare ASGI application so that it never shares the gateway's middleware."""

    def __init__(self, probe: ReadinessProbe) -> None:
        self._probe = probe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        status, content_type, body = await self._answer(scope["path"])
        headers = [(b"content-type", content_type.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/livez":
            return 200, "application/json", b'{"status":"alive"}'
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest()
        if path != "/readyz":
            return 404, "application/json", b'{"status":"unknown"}'
        readiness = await self._probe()
        status = "degraded" if readiness.degraded else "ready" if readiness.ready else "unready"
        body = orjson.dumps({"status": status, "checks": readiness.checks})
        return 200 if readiness.ready else 503, "application/json", body


@contextlib.asynccontextmanager
async def operations(host: str, port: int, probe: ReadinessProbe) -> AsyncIterator[None]:
    """Serve the operations port while the block runs.

    Raises
    ------
    OSError
        The port is taken, or the address is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family)
    config = uvicorn.Config(OperationsApp(probe), log_config=None, lifespan="off", access_log=False)
    server = serve_quietly(config)
    task = asyncio.create_task(server.serve([listening]), name=f"operations:{port}")
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
