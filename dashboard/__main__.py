"""The dashboard's process: one port that serves the page."""

import asyncio
import sys

import uvicorn

from dashboard.site import create_site
from runtime import lifecycle, telemetry
from runtime.settings import settings


async def main() -> int:
    """Serve until told to stop."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-dashboard")
    folder = tree.dashboard.folder
    if not (folder / "index.html").is_file():
        print(f"{folder} holds no built page; `make ui` builds one, TRM_DASHBOARD__FOLDER names it", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        create_site(tree, folder),
        host=tree.dashboard.host,
        port=tree.dashboard.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=tree.api.keep_alive,
        timeout_graceful_shutdown=2,
    )
    server = lifecycle.serve_quietly(config)
    stop = lifecycle.stop_event()
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
