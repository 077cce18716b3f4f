"""How soon, and how surely, what happens reaches those who listen: many sockets, and a gateway replaced under load.

Run by ``make bench-live``: ``python -m tests.load.live`` starts a stack of its own and a second gateway, opens half of
the sockets at each, reports tensions at a steady rate, and half-way stops the second gateway and starts another in its
place. Every socket must hear every report once; its time is from when the event was recorded until the socket has it.
"""

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import http_client, settings_of, token_of, until
from tests.load.recognitions import quantile

console = Console()
_TYPE = "TENSION_REPORTED"
_AGAIN = 0.2
_WARM_UP = 20
"""Reports that are not measured: the first ones load models and plan queries."""


class Gateway:
    """A further gateway of a stack, on a port of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port, operations = free_port(), free_port()
        own = {"TRM_API__PORT": str(self.port), "TRM_API__OPERATIONS_PORT": str(operations)}
        self._environment = {**os.environ, **environment, **own}
        self._ready = f"http://127.0.0.1:{operations}/readyz"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and wait until it follows what happens."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api"), env=self._environment, stdout=asyncio.subprocess.DEVNULL
        )
        async with httpx.AsyncClient() as web:

            async def ready() -> bool:
                try:
                    return bool((await web.get(self._ready)).json()["checks"]["live"] == "ok")
                except (httpx.HTTPError, KeyError, ValueError):
                    return False

            await until(ready)

    async def stop(self) -> None:
        """Stop it in order, as a deployment does."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


class Ear:
    """A socket that is opened again, where it broke off, for as long as it listens."""

    def __init__(self, port: int, token: str) -> None:
        self._address = f"ws://127.0.0.1:{port}/ws/live?type={_TYPE}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self.place = ""
        self.heard: list[tuple[str, datetime, float]] = []
        self.opened = asyncio.Event()

    async def listen(self) -> None:
        """Hear until cancelled."""
        while True:
            try:
                asked = f"{self._address}&cursor={self.place}" if self.place else self._address
                async with connect(asked, additional_headers=self._headers, compression=None) as one:
                    async for frame in one:
                        self._take(json.loads(frame))
            except (OSError, WebSocketException, TimeoutError):
                pass
            await asyncio.sleep(_AGAIN)

    def _take(self, said: dict[str, object]) -> None:
        self.place = str(said["cursor"])
        self.opened.set()
        if "specversion" in said:
            data = said["data"]
            assert isinstance(data, dict)
            recorded = datetime.fromisoformat(data["recordedAt"])
            self.heard.append((str(said["id"]), recorded, (datetime.now(UTC) - recorded).total_seconds()))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def measure(tree: Settings, environment: dict[str, str], count: int, rate: float, seconds: float) -> None:
    """Open the sockets, report, replace a gateway, and show what each heard."""
    second = Gateway(environment)
    await second.start()
    token = token_of(tree, "alice")
    ears = [Ear((tree.api.port, second.port)[number % 2], token) for number in range(count)]
    listening = [asyncio.create_task(ear.listen()) for ear in ears]
    await asyncio.gather(*(ear.opened.wait() for ear in ears))
    reports = int(rate * seconds)
    async with http_client(tree, "bob") as web:
        with Progress(console=console) as progress:
            task = progress.add_task("report", total=reports)
            replacing: asyncio.Task[None] | None = None
            warm = since = datetime.max.replace(tzinfo=UTC)
            for number in range(reports):
                if number == _WARM_UP:
                    warm = datetime.now(UTC)
                if number == reports // 2:
                    since = datetime.now(UTC)
                    replacing = asyncio.create_task(_replace(second))
                headers = {"Idempotency-Key": str(uuid4())}
                (await web.post("/v1/tensions", json={"title": f"No {number}"}, headers=headers)).raise_for_status()
                progress.advance(task)
                await asyncio.sleep(1 / rate)
        if replacing:
            await replacing

    async def all_heard() -> bool:
        return all(len({event for event, *_ in ear.heard}) >= reports for ear in ears)

    try:
        await until(all_heard, limit=60.0)
    finally:
        for one in listening:
            one.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        await second.stop()
        _show(ears, reports, warm, since)


async def _replace(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start()


def _show(ears: list[Ear], reports: int, warm: datetime, replaced: datetime) -> None:
    heard = [
        (recorded >= replaced, place % 2, late)
        for place, ear in enumerate(ears)
        for _, recorded, late in ear.heard
        if recorded >= warm
    ]
    rows = {
        "undisturbed": [late for after, _, late in heard if not after],
        "another gateway is replaced": [late for after, odd, late in heard if after and not odd],
        "their gateway is replaced": [late for after, odd, late in heard if after and odd],
    }
    table = Table("sockets that are", "heard", "p50 ms", "p95 ms", "p99 ms", box=None)
    for name, lates in rows.items():
        table.add_row(name, str(len(lates)), *(f"{quantile(lates, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99)))
    console.print(table)
    counted = [Counter(event for event, *_ in ear.heard) for ear in ears]
    missed = sum(reports - len(events) for events in counted)
    repeated = sum(events.total() - len(events) for events in counted)
    console.print(f"{len(ears)} sockets, {reports} reports: {missed} missed, {repeated} repeated")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=120.0)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="trm-live-") as folder,
        StackSession(Path(folder), environment={"TRM_LIVE__PER_SUBJECT": str(chosen.sockets)}) as stack,
    ):
        asyncio.run(measure(settings_of(stack), stack.environment, chosen.sockets, chosen.rate, chosen.seconds))


if __name__ == "__main__":
    main()
