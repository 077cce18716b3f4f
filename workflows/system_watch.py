"""What is wrong with the system itself: by schedule it is reported, and settled when it is not any more."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.audit import AuditActivities
    from activities.system_watch import Marking, NextStep, SystemWatchActivities, Watched
    from ontology.base import OntologyModel
    from workflows import policies
    from workflows.carrying_out import carried_out

P = TypeVar("P")

_OUTLIVES = workflow.ParentClosePolicy.ABANDON

_STEPS = 5
"""Most steps from any state of a tension to its end."""


class WatchReport(OntologyModel):
    """What a pass found and did."""

    troubles: int = 0
    reported: int = 0
    settled: int = 0


@workflow.defn
class SystemWatchWorkflow:
    """One pass: a trouble becomes a tension once, for the operators; one whose trouble is gone comes to its end."""

    @workflow.run
    async def run(self) -> WatchReport:
        """Look, report and settle; what cannot be done now is left to the next pass."""
        return await _told(
            await workflow.execute_activity_method(
                SystemWatchActivities.find_troubles,
                start_to_close_timeout=policies.BULK_STEP,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PASS,
            )
        )


@workflow.defn
class GraphAuditWorkflow:
    """One audit: where the stores differ or a rule is broken, that becomes a tension, as any trouble of the system."""

    @workflow.run
    async def run(self) -> WatchReport:
        """Compare, report and settle."""
        return await _told(
            await workflow.execute_activity_method(
                AuditActivities.find_differences,
                start_to_close_timeout=policies.AUDIT,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PASS,
            )
        )


async def _told(found: Watched) -> WatchReport:
    reported = 0
    for cause, command in found.reports.items():
        await carried_out(command, _OUTLIVES)
        step = await _next(SystemWatchActivities.mark, Marking(tension=command.id, cause=cause))
        reported += bool(step.change and await carried_out(step.change, _OUTLIVES))
    settled = sum([await _settle(one) for one in found.settled])
    return WatchReport(troubles=found.troubles, reported=reported, settled=settled)


async def _settle(tension: UUID) -> bool:
    for _ in range(_STEPS):
        step = await _next(SystemWatchActivities.settle, tension)
        if step.change is None:
            return True
        if not await carried_out(step.change, _OUTLIVES):
            return False
    return False


async def _next(activity: Callable[[Any, P], Awaitable[NextStep]], argument: P) -> NextStep:
    """What an activity says is to be done; nothing where it cannot be said now."""
    try:
        return await workflow.execute_activity_method(
            activity,
            argument,
            start_to_close_timeout=policies.SHORT_STEP,
            retry_policy=policies.PASS,
        )
    except ActivityError as error:
        workflow.logger.warning("left to the next pass", extra={"cause": str(error.cause)})
        return NextStep(change=None)
