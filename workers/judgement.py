"""The judgement's worker: computes what the machine thinks of tensions, apart from the agents.

A process of its own, so that computing keeps no heartbeat waiting, and no other process holds the model and the
libraries that it is built on.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from temporalio.client import Client
from temporalio.worker import Worker

from activities.judging import JudgementActivities
from activities.learning import LearningActivities
from activities.mentioning import KnownNames
from graph.database import GraphDatabase
from knowledge.e5 import E5
from knowledge.pool import Pool, open_pool
from knowledge.severity_models import SeverityModels
from runtime import lifecycle, telemetry
from runtime.operations import operations
from runtime.proxies import spare_own_servers
from runtime.settings import Settings, settings
from scoring.learning import learn
from workers.polling import PollerProbe, connect_patiently
from workers.severity_model import PromotedModel, read_lesson
from workflows.analysis import judgement_queue

log = logging.getLogger(__name__)

Step: TypeAlias = Callable[..., Awaitable[Any]]


def make_worker(client: Client, tree: Settings, steps: Sequence[Step]) -> Worker:
    """Worker of the judgement's own queue."""
    return Worker(
        client,
        task_queue=judgement_queue(tree.temporal.task_queue),
        activities=steps,
        max_concurrent_activities=tree.judgement.at_once,
        graceful_shutdown_timeout=tree.temporal.graceful_shutdown,
    )


def steps_of(graph: GraphDatabase, pool: Pool, tree: Settings) -> list[Step]:
    """The judgement's steps, with the model that was promoted last."""
    embedding, models = tree.embedding, SeverityModels(pool)
    meaning = E5(embedding.threads, workers=1, windows=tree.judgement.windows)
    active = PromotedModel(graph, models, tree.judgement.promoted_every)
    judging = JudgementActivities(graph, active, meaning, KnownNames(graph), tree.decisions, tree.events.source)
    learning = LearningActivities(graph, models, active, meaning, read_lesson, learn, tree)
    return [judging.judge_tension, learning.find_labels, learning.learn]


async def main() -> int:
    """Run until told to stop, then drain."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-judgement")
    spare_own_servers(tree)
    stop = lifecycle.stop_event()
    client = await connect_patiently(tree, stop)
    if client is None:
        return 0
    async with contextlib.AsyncExitStack() as stack:
        graph = await stack.enter_async_context(GraphDatabase(tree.graph))
        pool = await stack.enter_async_context(open_pool(tree.knowledge))
        steps = await asyncio.to_thread(steps_of, graph, pool, tree)
        worker = make_worker(client, tree, steps)
        probe = PollerProbe(client, judgement_queue(tree.temporal.task_queue), workflows=False)
        port = tree.telemetry.judgement_port
        await stack.enter_async_context(operations(tree.telemetry.operations_host, port, probe))
        log.info("judgement ready", extra={"pid": os.getpid(), "host": socket.gethostname()})
        async with worker:
            await stop.wait()
            log.info("draining")
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
