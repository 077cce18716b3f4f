"""The gateway's process: the public port, and beside it the operations port."""

import asyncio
import contextlib

import uvicorn

from api.app import create_app
from api.opening import opened
from api.services import Services
from runtime import lifecycle, telemetry
from runtime.errors import UnavailableError
from runtime.operations import Readiness, operations
from runtime.proxies import spare_own_servers
from runtime.settings import settings

_PROBE_LIMIT = 2.0


class GatewayProbe:
    """Ready when a request can be served: Temporal and the graph answer; search and the live feed may be away."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self) -> Readiness:
        """Ask each server."""
        names = ("temporal", "graph", "knowledge")
        answers = await asyncio.gather(self._temporal(), self._graph(), self._knowledge())
        live = "ok" if self._services.live.following else "away: it does not follow what happens"
        checks = {**dict(zip(names, answers, strict=True)), "live": live}
        return Readiness(checks["temporal"] == "ok" and checks["graph"] == "ok", checks)

    async def _temporal(self) -> str:
        try:
            async with asyncio.timeout(_PROBE_LIMIT):
                healthy = await self._services.runs.serving()
        except Exception as error:  # whatever the connection raises means that it is away
            return f"away: {type(error).__name__}"
        return "ok" if healthy else "not serving"

    async def _graph(self) -> str:
        try:
            async with asyncio.timeout(_PROBE_LIMIT):
                await self._services.graph.ping()
        except (UnavailableError, TimeoutError) as error:
            return f"away: {type(error).__name__}"
        return "ok"

    async def _knowledge(self) -> str:
        try:
            async with asyncio.timeout(_PROBE_LIMIT):
                await self._services.store.ping()
        except (UnavailableError, TimeoutError) as error:
            return f"away: {type(error).__name__}"
        return "ok"


async def main() -> int:
    """Serve until told to stop; running requests are finished first."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-gateway")
    spare_own_servers(tree)
    stop = lifecycle.stop_event()
    async with contextlib.AsyncExitStack() as stack:
        services = await stack.enter_async_context(opened(tree))
        await stack.enter_async_context(
            operations(tree.telemetry.operations_host, tree.api.operations_port, GatewayProbe(services))
        )
        config = uvicorn.Config(
            create_app(tree, services),
            host=tree.api.host,
            port=tree.api.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_keep_alive=tree.api.keep_alive,
            ws_max_size=tree.live.frame_limit,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=10,
        )
        server = lifecycle.serve_quietly(config)
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(stop.wait())
        following = asyncio.create_task(services.live.run())
        await asyncio.wait({serving, stopping, following}, return_when=asyncio.FIRST_COMPLETED)
        services.live.close()
        server.should_exit = True
        await serving
        following.cancel()
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
