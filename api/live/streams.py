"""What a listener is sent, in which order: what they missed, what waits, signs of life, and why it ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.live import cursor as cursors
from api.live.hub import Listener, LiveHub
from api.live.schemas import FeedEventDTO
from runtime.clock import now


@dataclass(frozen=True)
class SignOfLife:
    """Nothing happened that the listener asked for; the place to go on from nevertheless."""

    cursor: str


@dataclass(frozen=True)
class End:
    """Nothing more comes: ``tooSlow``, ``tokenExpired`` or ``goingAway``."""

    why: str


async def sent(
    hub: LiveHub, listener: Listener, missed: AsyncIterator[FeedEventDTO], heartbeat: float
) -> AsyncIterator[FeedEventDTO | SignOfLife | End]:
    """Everything for a listener until it ends; it begins with a sign of life, whose cursor is where it begins.

    Parameters
    ----------
    hub, listener, missed
        As :meth:`LiveHub.listen` gives them.
    heartbeat
        Seconds of silence before a sign of life.
    """
    expiring = asyncio.create_task(_expire(listener))
    try:
        yield SignOfLife(cursors.written(listener.start))
        async for event in missed:
            if listener.ended.done():
                break
            yield event
        while not listener.ended.done():
            coming = await _next(listener, heartbeat)
            if coming is not None:
                yield coming
            elif not listener.ended.done():
                yield SignOfLife(hub.place_of(listener))
        yield End(listener.ended.result())
    finally:
        expiring.cancel()


async def _next(listener: Listener, heartbeat: float) -> FeedEventDTO | None:
    """The next event; None when none came in time, or the listener ended."""
    if not listener.waiting.empty():
        return listener.waiting.get_nowait()
    getting = asyncio.ensure_future(listener.waiting.get())
    either: set[asyncio.Future[Any]] = {getting, listener.ended}
    try:
        await asyncio.wait(either, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
        return getting.result() if getting.done() else None
    finally:
        getting.cancel()


async def _expire(listener: Listener) -> None:
    """End a listener whose token ends."""
    until: datetime | None = listener.principal.expires
    if until is not None:
        await asyncio.sleep(max((until - now()).total_seconds(), 0))
        listener.end("tokenExpired")
