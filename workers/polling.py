"""A worker's connection to Temporal, and whether it polls: a live process with no poller does no work."""

import asyncio
import contextlib
import logging
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from events.outlets import Outlets
from runtime.clock import now
from runtime.operations import Readiness
from runtime.settings import Settings
from runtime.temporal_client import connect

log = logging.getLogger(__name__)

_POLLER_FRESH = timedelta(seconds=90)

_POLLED = (
    ("workflowPollers", TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    ("activityPollers", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
)


class PollerProbe:
    """Whether Temporal has lately seen this process poll for workflows, where it has any, and for activities.

    What keeps it from telling others is said too, and makes it no less ready: runs write, and wait to tell.

    Parameters
    ----------
    client, task_queue
        Who polls, and for what.
    outlets
        Where it tells others; None where it tells nobody.
    workflows
        Whether it has any.
    """

    def __init__(
        self, client: Client, task_queue: str, outlets: Outlets | None = None, *, workflows: bool = True
    ) -> None:
        self._client = client
        self._queue = task_queue
        self._outlets = outlets
        self._polled = _POLLED if workflows else _POLLED[1:]

    async def __call__(self) -> Readiness:
        """Ask Temporal."""
        checks = {}
        for name, kind in self._polled:
            try:
                checks[name] = "ok" if await self._polls(kind) else "not polling"
            except RPCError as error:
                checks[name] = f"temporal: {error.status.name}"
        ready = all(state == "ok" for state in checks.values())
        return Readiness(ready, {**checks, **(self._outlets.found if self._outlets else {})})

    async def _polls(self, kind: TaskQueueType.ValueType) -> bool:
        answer = await self._client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=self._client.namespace, task_queue=TaskQueue(name=self._queue), task_queue_type=kind
            ),
            timeout=timedelta(seconds=2),
        )
        return any(
            poller.identity == self._client.identity
            and now() - poller.last_access_time.ToDatetime(now().tzinfo) < _POLLER_FRESH
            for poller in answer.pollers
        )


async def connect_patiently(tree: Settings, stop: asyncio.Event, metrics_address: str | None = None) -> Client | None:
    """Connect, waiting for Temporal as long as it takes; None when told to stop before."""
    while not stop.is_set():
        try:
            return await connect(tree.temporal, metrics_address=metrics_address)
        except (RuntimeError, RPCError) as error:
            log.warning("Temporal is away, trying again", extra={"cause": str(error)})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), timeout=1.0)
    return None
