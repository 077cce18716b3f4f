"""What runs by Temporal Schedule, brought about whenever a worker starts."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from runtime.settings import TemporalSettings
from workflows.sweep import LedgerSweepWorkflow

log = logging.getLogger(__name__)

LEDGER_SWEEP = "ledger-sweep"
"""Id of the schedule, and of its runs with the time behind it."""

_TRY_EVERY = 5.0


async def keep_schedules(client: Client, tree: TemporalSettings) -> None:
    """Bring every schedule about, trying until Temporal has taken it."""
    while True:
        try:
            return await ensure_sweep(client, tree.task_queue, tree.sweep_every)
        except RPCError as error:
            log.warning("the schedule is not brought about yet", extra={"cause": str(error)})
        await asyncio.sleep(_TRY_EVERY)


async def ensure_sweep(client: Client, task_queue: str, every: timedelta) -> None:
    """Have the ledger swept again and again; a schedule that stands gets the given interval, and stays paused if it is.

    Raises
    ------
    RPCError
        Temporal is away, or refuses it.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(LedgerSweepWorkflow.run, id=LEDGER_SWEEP, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )

    def renewed(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = found.description.schedule.state
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(LEDGER_SWEEP, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(LEDGER_SWEEP).update(renewed)
