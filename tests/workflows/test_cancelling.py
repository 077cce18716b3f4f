"""A run that is cancelled stops while nothing stands; what stands is told to the end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.publishing import Publication
from graph.outcomes import WriteOutcome
from ontology.commands import RecordPerson
from ontology.events import EventType
from runtime.settings import TemporalSettings
from tests.workflows.servers import real_time
from tests.workflows.worlds import Worlds, origin, person
from workers.agents import make_worker
from workflows.person import PersonWorkflow


@pytest.fixture(scope="module")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    async with real_time() as environment:
        yield environment


class Moment:
    """A place in an activity: it says that it is there, and goes on when it is told to."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def here(self) -> None:
        self.reached.set()
        await self.goes_on.wait()


class Held(Worlds):
    """Worlds whose writes, or whose telling, can be held, from some attempt on.

    Parameters
    ----------
    fails
        Attempts to write that fail first.
    loses
        Whether the answer of the attempt that is held is lost, though it wrote.
    """

    def __init__(self, fails: int = 0, *, loses: bool = False, telling: bool = False) -> None:
        super().__init__()
        self.attempts, self.person = 0, UUID(int=0)
        self.moment, self._fails, self._loses, self._telling = Moment(), fails, loses, telling

    @activity.defn
    async def record_person(self, command: RecordPerson) -> WriteOutcome:
        self.attempts += 1
        self.person = command.id
        again = command.origin.event_id in self.events
        if self.attempts <= self._fails:
            raise ApplicationError("the graph is away", type="graphUnavailable")
        if not again and not self._telling:
            await self.moment.here()
        self.events.add(command.origin.event_id)
        if self._loses and not again:
            raise ApplicationError("the connection broke", type="graphUnavailable")
        return await super().record_person(command)

    @activity.defn
    async def publish(self, publication: Publication) -> None:
        if self._telling:
            await self.moment.here()
        self.published.append(publication)


@dataclass
class Running:
    """A run under way."""

    worlds: Held
    handle: WorkflowHandle[Any, Any]

    async def cancel(self, attempts: int = 0) -> None:
        """Ask it to stop, while its step is held; or, where none is, once so many attempts failed."""
        if attempts:
            while self.worlds.attempts < attempts:
                await asyncio.sleep(0.05)
        else:
            await self.worlds.moment.reached.wait()
        await self.handle.cancel()

    def is_told(self) -> bool:
        """Whether its write was told, however often: the server has a local try repeated that a cancellation meets."""
        return {one.event_id for said in self.worlds.published for one in said.records} == {str(self.worlds.person)}

    async def status(self) -> WorkflowExecutionStatus | None:
        with contextlib.suppress(WorkflowFailureError):
            await asyncio.wait_for(self.handle.result(), 20)
        return (await self.handle.describe()).status


@asynccontextmanager
async def running(temporal: WorkflowEnvironment, worlds: Held, *, foreign: bool = False) -> AsyncIterator[Running]:
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    command = person()
    if foreign:
        said = origin(command.id, EventType.PERSON_RECORDED, foreign=True)
        command = command.model_copy(update={"origin": said})
    async with make_worker(temporal.client, settings, worlds.activities()):
        handle = await temporal.client.start_workflow(
            PersonWorkflow.run, command, id=str(uuid4()), task_queue=settings.task_queue
        )
        yield Running(worlds, handle)


@pytest.mark.parametrize("foreign", [False, True], ids=["request", "event"])
async def test_what_nothing_stands_of_is_cancelled(temporal: WorkflowEnvironment, foreign: bool) -> None:
    async with running(temporal, Held(fails=1_000), foreign=foreign) as run:
        await run.cancel(attempts=2)
        assert await run.status() == WorkflowExecutionStatus.CANCELED
        assert run.worlds.published == []
        assert [(one.code, one.position.offset) for one in run.worlds.buried] == [("cancelled", 7)] * foreign


@pytest.mark.parametrize("fails", [0, 1], ids=["local try", "activity"])
async def test_an_attempt_under_way_that_writes_is_told(temporal: WorkflowEnvironment, fails: int) -> None:
    async with running(temporal, Held(fails)) as run:
        await run.cancel()
        run.worlds.moment.goes_on.set()
        assert await run.status() == WorkflowExecutionStatus.COMPLETED
        assert run.is_told()


@pytest.mark.parametrize("fails", [0, 1], ids=["local try", "activity"])
async def test_a_write_whose_answer_was_lost_is_told(temporal: WorkflowEnvironment, fails: int) -> None:
    async with running(temporal, Held(fails, loses=True)) as run:
        await run.cancel()
        run.worlds.moment.goes_on.set()
        assert await run.status() == WorkflowExecutionStatus.COMPLETED
        assert run.is_told()


async def test_what_stands_is_told_however_often_somebody_cancels(temporal: WorkflowEnvironment) -> None:
    async with running(temporal, Held(telling=True)) as run:
        await run.cancel()
        await run.cancel()
        run.worlds.moment.goes_on.set()
        assert await run.status() == WorkflowExecutionStatus.COMPLETED
        assert run.is_told()
