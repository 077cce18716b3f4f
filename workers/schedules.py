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
from temporalio.service import RPCError, RPCStatusCode

from runtime.settings import Settings
from workflows.file_imports import FileSweepWorkflow
from workflows.model import ModelWorkflow
from workflows.overdue import SweepWorkflow
from workflows.sweep import LedgerSweepWorkflow
from workflows.system_watch import GraphAuditWorkflow, SystemWatchWorkflow

log = logging.getLogger(__name__)

LEDGER_SWEEP, SWEEP, MODEL, SYSTEM_WATCH = "ledger-sweep", "sweep", "severity-model", "system-watch"
FILE_SWEEP, GRAPH_AUDIT = "file-sweep", "graph-audit"
"""Ids of the schedules, and of their runs with the time behind it."""

_TRY_EVERY = 5.0


_AGENTS: dict[str, type] = {
    LEDGER_SWEEP: LedgerSweepWorkflow,
    SWEEP: SweepWorkflow,
    MODEL: ModelWorkflow,
    SYSTEM_WATCH: SystemWatchWorkflow,
    FILE_SWEEP: FileSweepWorkflow,
    GRAPH_AUDIT: GraphAuditWorkflow,
}


def intervals(tree: Settings) -> dict[str, timedelta]:
    """Id of each schedule → how often it is due; one without an interval is not there."""
    return {
        LEDGER_SWEEP: tree.temporal.sweep_every,
        SWEEP: tree.tensions.sweep_every,
        MODEL: tree.judgement.learn_every,
        SYSTEM_WATCH: tree.temporal.watch_every,
        FILE_SWEEP: tree.imports.sweep_every,
        GRAPH_AUDIT: tree.temporal.audit_every,
    }


async def keep_schedules(client: Client, tree: Settings) -> None:
    """Bring every schedule about, trying until Temporal has taken it."""
    while True:
        try:
            for name, every in intervals(tree).items():
                await ensure(client, name, _AGENTS[name], tree.temporal.task_queue, every)
            return
        except RPCError as error:
            log.warning("the schedule is not brought about yet", extra={"cause": str(error)})
        await asyncio.sleep(_TRY_EVERY)


async def ensure(client: Client, name: str, agent: type, task_queue: str, every: timedelta) -> None:
    """Have a workflow run again and again; a schedule that stands gets the given interval, and stays paused if it is.

    Without an interval there is none, and one that stands is taken away.

    Raises
    ------
    RPCError
        Temporal is away, or refuses it.
    """
    if not every:
        return await _take_away(client, name)
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(agent.__name__, id=name, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )

    def renewed(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = found.description.schedule.state
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(renewed)


async def _take_away(client: Client, name: str) -> None:
    try:
        await client.get_schedule_handle(name).delete()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
