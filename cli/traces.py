"""Whether a trace stands whole in the trace viewer that ``make run`` starts."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from runtime.settings import TelemetrySettings

_WANTED = {"trm-gateway", "trm-agents", "trm-bridge"}
_LOOK_EVERY = 0.5


@dataclass(frozen=True)
class TraceSeen:
    """A trace as the viewer has it.

    Parameters
    ----------
    spans
        Number of its spans; 0 when the viewer does not have it.
    services
        Which processes it went through.
    whole
        Whether every span's parent is there and all of our processes took part.
    """

    spans: int
    services: tuple[str, ...]
    whole: bool


async def watch_trace(telemetry: TelemetrySettings, trace_id: str, *, limit: float) -> TraceSeen:
    """Wait until a trace is whole in Zipkin: processes hand over their spans every few seconds.

    Raises
    ------
    httpx.TransportError
        The viewer does not answer.
    """
    url = telemetry.zipkin_url.removesuffix("/spans") + f"/trace/{trace_id}"
    deadline = time.monotonic() + limit
    async with httpx.AsyncClient(timeout=5.0) as web:
        while True:
            answer = await web.get(url)
            seen = _seen(answer.json() if answer.is_success else [])
            if seen.whole or time.monotonic() > deadline:
                return seen
            await asyncio.sleep(_LOOK_EVERY)


def _seen(spans: list[dict[str, Any]]) -> TraceSeen:
    known = {span["id"] for span in spans}
    services = {span["localEndpoint"]["serviceName"] for span in spans}
    closed = all(span["parentId"] in known for span in spans if "parentId" in span)
    return TraceSeen(len(spans), tuple(sorted(services)), closed and services >= _WANTED)
