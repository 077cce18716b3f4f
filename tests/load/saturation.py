"""Recognitions a second when nothing holds them back, beside a bare workflow of the same shape on the same servers.

The bare one has the same input, memo, search attributes and steps (two local activities and a regular one), which do
nothing: it is what durable execution alone costs. Blocks of both take turns on one stack, so that a noisy machine
spoils neither, and the ratio of their medians is the figure. Run by ``python -m tests.load.saturation``.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from ontology.commands import Origin, RecordRecognition
from ontology.events import EventType, RecognitionContent
from ontology.references import PersonRef, ProjectRef
from runtime import lifecycle
from runtime.clock import now
from runtime.hashing import request_hash
from runtime.settings import Settings, settings
from runtime.temporal_client import connect
from stack.processes import dying_with_us
from stack.servers import CHECKOUT
from stack.session import StackSession
from tests.clients import settings_of
from workflows import policies
from workflows.recognition import RecognitionWorkflow
from workflows.search_attributes import ENTITY_ID, ENTITY_KIND, EVENT_ID, SOURCE

console = Console()
BARE_QUEUE = "trm-bare"


@activity.defn
async def nothing(command: RecordRecognition) -> None:
    """Do nothing."""


@workflow.defn
class BareWorkflow:
    """The shape of ``RecognitionWorkflow`` without its work."""

    @workflow.run
    async def run(self, command: RecordRecognition) -> None:
        """Take the same steps."""
        await self._local(command)
        await asyncio.gather(
            self._local(command),
            workflow.execute_activity(
                nothing,
                command,
                start_to_close_timeout=policies.EMBEDDING,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PROVIDER,
            ),
        )

    async def _local(self, command: RecordRecognition) -> None:
        await workflow.execute_local_activity(
            nothing, command, schedule_to_close_timeout=policies.LOCAL_TRY, retry_policy=policies.ONCE
        )


def command(number: int) -> RecordRecognition:
    """A recognition like any other, its text new."""
    said = RecognitionContent(
        giver=PersonRef(handle=f"giver{number % 17}"),
        receivers=[PersonRef(handle=f"receiver{number % 23}")],
        content=f"Thank you for work item {number}: {uuid4()} was finished with care and everyone could go home",
        project=ProjectRef(name=f"Bench {number % 5}"),
    )
    origin = Origin(
        event_id=uuid4(),
        event_type=EventType.RECOGNITION_CREATED,
        source="urn:trm:gateway",
        occurred_at=now(),
        sent_at=now(),
        request_hash=request_hash(said),
    )
    return RecordRecognition(id=uuid4(), origin=origin, recognition=said)


Run = Callable[[Client, RecordRecognition, Settings], Awaitable[None]]


async def real(client: Client, what: RecordRecognition, tree: Settings) -> None:
    """One recognition, until it stands in every store."""
    await _execute(client, RecognitionWorkflow.run, f"recognition/{what.id}", tree.temporal.task_queue, what)


async def bare(client: Client, what: RecordRecognition, _tree: Settings) -> None:
    """One run of the bare workflow."""
    await _execute(client, BareWorkflow.run, f"bare/{what.id}", BARE_QUEUE, what)


async def _execute(
    client: Client, run: Callable[..., Awaitable[object]], name: str, queue: str, what: RecordRecognition
) -> None:
    await client.execute_workflow(
        run,
        what,
        id=name,
        task_queue=queue,
        memo={"requestHash": what.origin.request_hash, "caller": "", "private": False},
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(ENTITY_ID, str(what.id)),
                SearchAttributePair(ENTITY_KIND, "Recognition"),
                SearchAttributePair(EVENT_ID, str(what.origin.event_id)),
                SearchAttributePair(SOURCE, what.origin.source),
            ]
        ),
    )


async def block(client: Client, run: Run, tree: Settings, count: int, at_once: int, title: str) -> float:
    """Completed runs a second while ``at_once`` are always under way."""
    numbers = iter(range(count))
    with Progress(console=console) as bars:
        bar = bars.add_task(title, total=count)

        async def one_after_another() -> None:
            for number in numbers:
                await run(client, command(number), tree)
                bars.advance(bar)

        began = time.monotonic()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return count / (time.monotonic() - began)


async def measure(tree: Settings, count: int, at_once: int, blocks: int) -> dict[str, list[float]]:
    """Rates of alternating blocks, after a warm-up of each."""
    client = await connect(tree.temporal)
    rates: dict[str, list[float]] = {"bare": [], "real": []}
    for name, run in (("bare", bare), ("real", real)):
        await block(client, run, tree, count // 2, at_once, f"{name}, warm-up")
    for _ in range(blocks):
        for name, run in (("bare", bare), ("real", real)):
            rates[name].append(await block(client, run, tree, count, at_once, name))
    return rates


async def work() -> int:
    """The bare worker, with the limits of the agents' own."""
    tree, stop = settings().temporal, lifecycle.stop_event()
    async with Worker(
        await connect(tree),
        task_queue=BARE_QUEUE,
        workflows=[BareWorkflow],
        activities=[nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=tree.max_cached_workflows,
        max_concurrent_workflow_tasks=tree.max_concurrent_workflow_tasks,
        max_concurrent_activities=tree.max_concurrent_activities,
        max_concurrent_local_activities=tree.max_concurrent_local_activities,
    ):
        await stop.wait()
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=400, help="runs per block")
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.worker:
        raise SystemExit(lifecycle.run(work()))
    with tempfile.TemporaryDirectory(prefix="trm-bench-") as folder, StackSession(Path(folder)) as stack:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.load.saturation", "--worker"],
            cwd=CHECKOUT,
            env={**os.environ, **stack.environment},
            preexec_fn=dying_with_us(),  # noqa: PLW1509 - two system calls, no locks
        )
        try:
            rates = asyncio.run(measure(settings_of(stack), chosen.count, chosen.at_once, chosen.blocks))
        finally:
            worker.terminate()
            worker.wait()
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name, found in rates.items():
        console.print(f"{name}: median {medians[name]:.1f}/s of {', '.join(f'{rate:.1f}' for rate in found)}")
    console.print(f"ratio real to bare {medians['real'] / medians['bare']:.2f}")


if __name__ == "__main__":
    main()
