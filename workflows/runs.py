"""Temporal behind the port of runs."""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client

from ontology.commands import Command
from ontology.kinds import KINDS
from runtime.run_views import RunDetail, RunFilters, RunPage
from runtime.runs import Accepted, Runs, Started
from runtime.settings import Settings
from workflows import answers, run_orders, run_views, starts, waking
from workflows.outcomes import CALL_ERRORS, meaning_of
from workflows.search_attributes import ENTITY_ID

_MOST = 10


class TemporalRuns(Runs):
    """Runs of one namespace and task queue.

    Parameters
    ----------
    client
        Client of the namespace; it may connect with its first call.
    tree
        Settings: the agents' queue, and how long is waited for an answer.
    """

    def __init__(self, client: Client, tree: Settings) -> None:
        self._client = client
        self._queue = tree.temporal.task_queue
        self._start_timeout = tree.api.start_timeout
        self._timeout = tree.api.describe_timeout
        self._patience = tree.api.wait_limit

    async def start(self, command: Command) -> Started:
        """Start a command's run once."""
        return await starts.start(
            self._client, command, self._queue, timeout=self._start_timeout, describe_timeout=self._timeout
        )

    async def started_before(self, command: Command) -> Started | None:
        """The run that this very command had before."""
        return await starts.started_before(self._client, command, timeout=self._timeout)

    async def look_up(self, workflow_id: str) -> Accepted | None:
        """What Temporal knows of a write."""
        return await starts.look_up(self._client, workflow_id, timeout=self._timeout)

    async def ended(self, started: Started, *, timeout: float) -> bool:
        """Wait until a run has ended."""
        return await starts.ended(self._client, started, timeout=timeout)

    async def decide(self, asked: Command, answer: Command, *, timeout: float) -> None:
        """Take a decision in the run that asks for it."""
        await answers.decide(self._client, asked, answer, self._queue, timeout=timeout)

    async def wake(self, command: Command) -> str:
        """Wake what looks after a thing."""
        try:
            return await waking.wake(self._client, self._queue, command, timeout=self._start_timeout)
        except CALL_ERRORS as error:
            raise meaning_of(error) or error from error

    async def accepted_writes(self, entity_id: UUID) -> list[Accepted]:
        """What Temporal knows of the writes of an id.

        Runs that a request starts have ids that follow from the entity's, and are known at once; the others, which
        other systems' events start, are found by search attribute, a moment after their start.
        """
        derived = {kind.run_id(entity_id, kind.record_event(entity_id)) for kind in KINDS.values()}
        wanted = sorted(derived | await self._by_attribute(entity_id))
        found = await asyncio.gather(*(self.look_up(workflow_id) for workflow_id in wanted))
        return sorted((run for run in found if run), key=lambda run: run.accepted_at, reverse=True)

    async def page(self, filters: RunFilters, *, place: bytes, limit: int) -> RunPage:
        """Some runs."""
        return await run_views.page(self._client, filters, place=place, limit=limit, timeout=self._timeout)

    async def detail(self, workflow_id: str, run_id: str | None) -> RunDetail | None:
        """A run with its steps."""
        return await run_views.detail(self._client, workflow_id, run_id, timeout=self._timeout)

    async def retry(self, workflow_id: str, by: UUID, key: str) -> bool:
        """Begin a failed run again."""
        return await run_orders.retry(self._client, workflow_id, by, key, timeout=self._timeout)

    async def cancel(self, workflow_id: str, reason: str) -> bool:
        """Stop a run that has written nothing."""
        return await run_orders.cancel(
            self._client, workflow_id, reason, timeout=self._timeout, patience=self._patience
        )

    async def serving(self) -> bool:
        """Whether Temporal says that it is well."""
        return await self._client.service_client.check_health()

    async def _by_attribute(self, entity_id: UUID) -> set[str]:
        query, limit = f"{ENTITY_ID.name} = '{entity_id}'", timedelta(seconds=self._timeout)
        try:
            async with asyncio.timeout(2 * self._timeout):
                runs = self._client.list_workflows(query, page_size=_MOST, limit=_MOST, rpc_timeout=limit)
                return {run.id async for run in runs}
        except CALL_ERRORS as error:
            raise meaning_of(error) or error from error
