"""The named timeouts and retry policies, and the shape of a short step."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, FailureError

P = TypeVar("P")
R = TypeVar("R")

ONCE = RetryPolicy(maximum_attempts=1)
"""A local try: what fails goes on as a regular activity, visible in the Temporal UI."""

UNTIL_DONE = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
"""Attempts without limit: a server that is away comes back."""

PASS = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
    maximum_attempts=6,
)
"""Attempts of what comes again by schedule, and must not stand in the next one's way."""

PROVIDER = RetryPolicy(
    initial_interval=timedelta(seconds=2), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=5)
)
"""Attempts without limit at an embedding provider, which sets its own pace."""

LOCAL_TRY = timedelta(seconds=2)
"""How long the local try of a short step may take."""

SHORT_STEP = timedelta(seconds=15)
"""How long one attempt of a short step may take."""

EMBEDDING = timedelta(seconds=90)
"""How long one attempt of an embedding may take: three provider tries with their waits."""

BULK_STEP = timedelta(minutes=10)
"""How long one attempt of a step over a whole batch may take; its heartbeat tells much sooner that it died."""

LEARNING = timedelta(hours=1)
"""How long one attempt to learn may take: some minutes for thousands of texts."""

AUDIT = timedelta(hours=6)
"""How long one attempt of an audit may take: some minutes for a hundred thousand things."""

HEARTBEAT = timedelta(seconds=15)
"""Silence after which a long step's worker is taken for dead."""

JUDGEMENT = timedelta(seconds=60)
"""How long one attempt of a judgement may take: computed beside others, on a busy machine."""

JUDGEMENT_HEARTBEAT = timedelta(seconds=6)
"""Silence after which the judgement's worker is taken for dead: somebody may be waiting for what it says."""


async def short_step(activity: Callable[[Any, P], Awaitable[R]], argument: P) -> R:
    """Run a short idempotent step: one local try, then the same function as a regular activity without limit.

    A local try costs no round trip to the server, which is what a workflow's cost consists of; the regular
    activity is for the day something is away.

    A run that is asked to cancel meanwhile waits for the attempt that is under way, and begins no other: what the
    attempt did is answered as if nobody had asked.

    Raises
    ------
    ActivityError, ApplicationError
        The step was refused for good, or cancelled: :func:`is_cancelled`.
    CancelledError
        The run is cancelled, and no attempt is under way.
    """
    trying = workflow.start_local_activity_method(
        activity, argument, schedule_to_close_timeout=LOCAL_TRY, retry_policy=ONCE
    )
    try:
        return await asyncio.shield(trying)
    except asyncio.CancelledError:
        return await _or_cancelled(trying)
    except FailureError as error:
        # A local activity raises its own error unwrapped, and on replay its time-out too: any failure may come here.
        cause = cause_of(error)
        if isinstance(cause, CancelledError) or (isinstance(cause, ApplicationError) and cause.non_retryable):
            raise
        workflow.logger.warning("local try failed, going on as a regular activity", extra={"cause": str(cause)})
    return await workflow.execute_activity_method(
        activity,
        argument,
        start_to_close_timeout=SHORT_STEP,
        retry_policy=UNTIL_DONE,
        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    )


async def in_spite_of_cancellation(work: "asyncio.Future[R]") -> R:
    """Wait for the end of work that goes on though the run is asked to cancel."""
    while True:
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if work.cancelled():
                raise


async def _or_cancelled(work: "asyncio.Future[R]") -> R:
    """What comes of work under way; its failure ends what is asked to cancel."""
    try:
        return await in_spite_of_cancellation(work)
    except FailureError:
        raise asyncio.CancelledError from None


def is_cancelled(error: BaseException) -> bool:
    """Whether a step ended since the run is asked to cancel."""
    return isinstance(error, asyncio.CancelledError) or (
        isinstance(error, FailureError) and isinstance(cause_of(error), CancelledError)
    )


def cause_of(error: FailureError) -> BaseException | None:
    """What went wrong in a step: a regular activity wraps it, a local one does not."""
    return error.cause if isinstance(error, ActivityError) else error


def refuse_conflict() -> ApplicationError:
    """What ends a run whose id already holds another request's content."""
    return ApplicationError(
        "this id already holds another request's content", type="idempotencyConflict", non_retryable=True
    )
