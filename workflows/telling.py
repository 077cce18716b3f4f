"""Telling others of a write: one that a rebuild of the graph has lost meanwhile is written again first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.dead_letters import DeadLetterActivities, RefusedEvent
    from activities.graph import GraphActivities
    from activities.publishing import Publication, PublishingActivities
    from graph.fence import WriteLostError
    from graph.outcomes import WriteOutcome
    from ontology.commands import Command
    from workflows import policies

W = TypeVar("W", bound=WriteOutcome)


async def write_and_tell(
    command: Command,
    write: Callable[[], Awaitable[W]],
    publication: Callable[[W], Publication],
    beside: Callable[[W], Awaitable[object]] | None = None,
) -> W:
    """Write to the graph, then publish, and do what else follows from the write beside it.

    A run that is cancelled stops for as long as nothing stands in the graph; what stands is told to the end.

    Parameters
    ----------
    command
        What is carried out; another system's event that is refused goes to the dead letters.
    write
        Writes, and answers the same when it is repeated.
    publication
        What a write has to tell.
    beside
        A step that needs the write, not the publication.

    Raises
    ------
    FailureError
        The write was refused for good; the id holds another request's content, for instance.
    CancelledError
        The run was cancelled before anything was written.
    """
    written = await _written(command, write)
    steps = [_tell(write, publication, written), *([beside(written)] if beside else [])]
    await policies.in_spite_of_cancellation(asyncio.gather(*steps))
    return written


async def repeated_while_lost(tell: Callable[[], Awaitable[None]], write: Callable[[], Awaitable[object]]) -> None:
    """Tell; as often as the graph turns out to have been made again without the write, write once more."""
    while True:
        try:
            return await tell()
        except FailureError as error:
            cause = policies.cause_of(error)
            if not isinstance(cause, ApplicationError) or cause.type != WriteLostError.code:
                raise
        workflow.logger.warning("the graph was made again without this write, which is repeated")
        await write()


async def _written(command: Command, write: Callable[[], Awaitable[W]]) -> W:
    try:
        written = await _unless_cancelled(command, write)
        if written.outcome == "conflict":
            raise policies.refuse_conflict()
    except FailureError as error:
        cause = policies.cause_of(error)
        if isinstance(cause, ApplicationError):
            details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
            await _bury(command, cause.type or "failed", cause.message, details.get("pointer"))
        raise
    return written


async def _unless_cancelled(command: Command, write: Callable[[], Awaitable[W]]) -> W:
    """Write; where the run is cancelled meanwhile, only what stands counts as written."""
    try:
        return await write()
    except (FailureError, asyncio.CancelledError) as error:
        if not policies.is_cancelled(error):
            raise
        if await policies.short_step(GraphActivities.is_written, command.origin.event_id):
            return await write()  # which says again what was written
        await _bury(command, "cancelled", "an operator cancelled its run", None)
        raise


async def _bury(command: Command, code: str, reason: str, pointer: str | None) -> None:
    """Another system's event goes to the dead letters, from where it can be replayed."""
    if command.origin.position:
        refused = RefusedEvent(position=command.origin.position, code=code, reason=reason, pointer=pointer)
        await policies.short_step(DeadLetterActivities.bury, refused)


async def _tell(write: Callable[[], Awaitable[W]], publication: Callable[[W], Publication], written: W) -> None:
    current = written

    async def tell() -> None:
        await policies.short_step(PublishingActivities.publish, publication(current))

    async def again() -> None:
        nonlocal current
        current = await write()

    await repeated_while_lost(tell, again)
