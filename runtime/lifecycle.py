"""An orderly life: uvloop, one stop event for SIGTERM and SIGINT, and servers that leave signals to us."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from typing import Any

import uvicorn
import uvloop


class _QuietServer(uvicorn.Server):
    """uvicorn without its own signal handlers, so that several servers share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process."""
        yield


def serve_quietly(config: uvicorn.Config) -> uvicorn.Server:
    """Make a uvicorn server that does not touch the process's signals."""
    return _QuietServer(config)


def stop_event() -> asyncio.Event:
    """Event that is set by SIGTERM or SIGINT; call inside the running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run a process's main coroutine on uvloop; returns its exit code."""
    return uvloop.run(main)
