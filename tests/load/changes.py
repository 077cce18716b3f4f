"""What a change costs beside a recognition: CPU of every process of one stack, in blocks that take turns.

Run by ``make bench-changes``. Both are requests that are waited for; the ratio of the blocks' medians is the figure.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from stack.session import StackSession
from tests.clients import http_client, settings_of
from tests.load.recognitions import cpu_seconds

console = Console()
_AT_ONCE = 4
_PEOPLE = 40

Step = Callable[[httpx.AsyncClient, int], Awaitable[None]]


async def recognise(web: httpx.AsyncClient, number: int) -> None:
    """Give a recognition among people and projects that are known."""
    body = {
        "giver": {"handle": f"giver{number % 17}"},
        "receivers": [{"handle": f"receiver{number % 23}"}],
        "content": f"Thank you for work item {number}: {uuid4()} was finished with care",
        "project": {"name": f"Bench {number % 5}"},
    }
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await web.post("/v1/recognitions", json=body, headers=headers)).status_code == 201


class People:
    """People to be changed, each by one request at a time."""

    def __init__(self) -> None:
        self._places: list[str] = []

    async def make(self, web: httpx.AsyncClient) -> None:
        """Record them."""
        for number in range(_PEOPLE):
            headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
            made = await web.post("/v1/people", json={"fullName": f"Bench {number}"}, headers=headers)
            self._places.append(made.raise_for_status().headers["Location"])

    async def change(self, web: httpx.AsyncClient, number: int) -> None:
        """Change one of them."""
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "Prefer": "wait=10"}
        body = {"role": f"Baker {uuid4()}"}
        answer = await web.patch(self._places[number % _PEOPLE], json=body, headers=headers)
        assert answer.status_code == 200, answer.text


async def block(stack: StackSession, web: httpx.AsyncClient, step: Step, count: int, title: str) -> float:
    """CPU milliseconds of all processes for each of ``count`` requests."""
    numbers = iter(range(count))
    before = cpu_seconds(stack)
    with Progress(console=console) as bars:
        bar = bars.add_task(title, total=count)

        async def one_after_another() -> None:
            for number in numbers:
                await step(web, number)
                bars.advance(bar)

        await asyncio.gather(*(one_after_another() for _ in range(_AT_ONCE)))
    after = cpu_seconds(stack)
    return 1000 * sum(after[name] - before[name] for name in after if name in before) / count


async def measure(stack: StackSession, count: int, blocks: int) -> dict[str, list[float]]:
    """Milliseconds per block, after a warm-up of each."""
    tree, people = settings_of(stack), People()
    found: dict[str, list[float]] = {"recognition": [], "change": []}
    async with http_client(tree, "machine") as web:
        await people.make(web)
        steps: tuple[tuple[str, Step], ...] = (("recognition", recognise), ("change", people.change))
        for name, step in steps:
            await block(stack, web, step, count, f"{name}, warm-up")
        for _ in range(blocks):
            for name, step in steps:
                found[name].append(await block(stack, web, step, count, name))
    return found


def main() -> None:
    """Print both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="requests per block")
    parser.add_argument("--blocks", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, StackSession(Path(folder)) as stack:
        found = asyncio.run(measure(stack, chosen.count, chosen.blocks))
    table = Table("what", "CPU ms, median", "blocks", box=None)
    for name, values in found.items():
        table.add_row(name, f"{statistics.median(values):.1f}", ", ".join(f"{value:.1f}" for value in values))
    console.print(table)
    ratio = statistics.median(found["change"]) / statistics.median(found["recognition"])
    console.print(f"a change costs {ratio:.2f} of a recognition", highlight=False)


if __name__ == "__main__":
    main()
