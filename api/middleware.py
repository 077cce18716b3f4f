"""What happens to every request: an id, a size limit, safe headers, one log line and one measurement."""

import logging
import re
import time
from collections.abc import Mapping
from uuid import uuid4

from opentelemetry.trace import SpanKind
from prometheus_client import Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.telemetry import carrying_on, request_id

log = logging.getLogger("trm.requests")

REQUEST_SECONDS = Histogram(
    "trm_request_seconds",
    "Time from a request's first byte to its answer's last",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.15, 0.3, 0.6, 1.0, 2.0, 5.0, 10.0),
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted by name; a client may send any other word."""

_REQUEST_ID = re.compile(rb"^[\x21-\x7e]{1,128}$")
_SAFE_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
]


class RequestFrame:
    """The outermost layer around the application; a HEAD is served as the GET it asks about.

    Parameters
    ----------
    app
        What is within.
    body_limit
        Largest body, bytes.
    larger
        Path → the same, where files are sent.
    """

    def __init__(self, app: ASGIApp, body_limit: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._limit = body_limit
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        chosen = given if _REQUEST_ID.match(given) else str(uuid4()).encode()
        state = scope.setdefault("state", {})
        state["request_id"] = chosen.decode()
        state["silent"] = scope["method"] == "HEAD"
        request_id.set(chosen.decode())
        answer = _Answer(send, chosen, silent=state["silent"])
        served = {**scope, "method": "GET"} if answer.silent else scope
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        limit = self._larger.get(scope["path"], self._limit)
        began = time.perf_counter()
        with carrying_on(f"{scope['method']} {scope['path']}", carrier, SpanKind.SERVER):
            try:
                await self._app(served, self._limited(receive, headers, limit), answer)
            finally:
                self._measure(scope["method"], served, answer.status, time.perf_counter() - began)

    @staticmethod
    def _limited(receive: Receive, headers: dict[bytes, bytes], limit: int) -> Receive:
        declared = headers.get(b"content-length", b"0")
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            if declared.isdigit() and int(declared) > limit:
                raise HTTPException(413, f"The body may have {limit} bytes.")
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, f"The body may have {limit} bytes.")
            return message

        return limited

    @staticmethod
    def _measure(method: str, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        REQUEST_SECONDS.labels(method if method in _METHODS else "other", route, status).observe(seconds)
        log.info(
            "request",
            extra={
                "method": method,
                "path": scope["path"],
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
            },
        )


class _Answer:
    """Adds our headers and remembers the status; a silent one sends no body (HEAD, RFC 9110, section 9.3.2)."""

    def __init__(self, send: Send, request_id: bytes, *, silent: bool) -> None:
        self._send = send
        self._request_id = request_id
        self.silent = silent
        self.status = 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name for name, _ in message.get("headers", [])}
            extra = [pair for pair in _SAFE_HEADERS if pair[0] not in present]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self._request_id), *extra]
        elif self.silent and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
