"""Telling others of a write: one that a rebuild of the graph has lost meanwhile is written again first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.dead_letters import DeadLetterActivities, RefusedEvent
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
    """
    written = await _written(command, write)
    steps = [_tell(write, publication, written), *([beside(written)] if beside else [])]
    await asyncio.gather(*steps)
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
        written = await write()
        if written.outcome == "conflict":
            raise policies.refuse_conflict()
    except FailureError as error:
        cause = policies.cause_of(error)
        if command.origin.position and isinstance(cause, ApplicationError):
            details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
            refused = RefusedEvent(
                position=command.origin.position,
                code=cause.type or "failed",
                reason=cause.message,
                pointer=details.get("pointer"),
            )
            await policies.short_step(DeadLetterActivities.bury, refused)
        raise
    return written


async def _tell(write: Callable[[], Awaitable[W]], publication: Callable[[W], Publication], written: W) -> None:
    current = written

    async def tell() -> None:
        await policies.short_step(PublishingActivities.publish, publication(current))

    async def again() -> None:
        nonlocal current
        current = await write()

    await repeated_while_lost(tell, again)
